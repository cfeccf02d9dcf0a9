import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { backupInto } from '../../src/database/backup-folder.ts'
import { checkSqlite } from '../../src/database/backup.ts'
import { migrations } from '../../src/database/migrate.ts'
import { createMigrated } from '../databases.ts'
import { temporaryFolder } from '../process.ts'

test('backups in a folder have their time in their names, and only the newest stay', async (t) => {
  const { env, drop } = await createMigrated()
  t.after(drop)
  const path = env['DATABASE_URL']?.replace('sqlite:', '') ?? ''
  const folder = temporaryFolder(t)
  for (const name of ['docket-notes.db', 'a.db']) writeFileSync(join(folder, name), 'precious')

  for (const day of ['01', '02', '03'])
    assert.deepEqual((await backupInto(path, folder, Date.parse(`2026-12-${day}T09:30:00.000Z`))).dropped, [])
  const { file, dropped } = await backupInto(path, folder, Date.parse('2026-12-04T09:30:00.000Z'), 2)

  assert.equal(file, join(folder, 'docket-2026-12-04T09-30-00Z.db'))
  assert.deepEqual(
    dropped,
    ['01', '02'].map((day) => join(folder, `docket-2026-12-${day}T09-30-00Z.db`)),
  )
  const copies = ['03', '04'].map((day) => `docket-2026-12-${day}T09-30-00Z.db`)
  assert.deepEqual(readdirSync(folder).toSorted(), ['a.db', ...copies, 'docket-notes.db'])
  await assert.rejects(backupInto(path, folder, Date.parse('2026-12-04T09:30:00.999Z'), 2), /exists already/)
  assert.deepEqual(checkSqlite(file), { isBackup: true, schema: migrations.length, users: 0, tasks: 0 })
  assert.equal(checkSqlite(path).isBackup, false)
})

test('--keep deletes backups alone, and never the one that was just made', async (t) => {
  const { env, drop } = await createMigrated()
  t.after(drop)
  const path = env['DATABASE_URL']?.replace('sqlite:', '') ?? ''
  const folder = temporaryFolder(t)
  const at = (day: string) => join(folder, `docket-2026-12-${day}T09-30-00Z.db`)
  copyFileSync(path, at('01'))
  writeFileSync(at('02'), 'precious')
  mkdirSync(at('03'))
  symlinkSync('nowhere', at('05'))
  // As after a clock that was wrong.
  await backupInto(path, folder, Date.parse('2026-12-30T09:30:00.000Z'))

  const { file, dropped } = await backupInto(path, folder, Date.parse('2026-12-04T09:30:00.000Z'), 1)

  assert.deepEqual(dropped, [at('30')])
  assert.deepEqual(
    readdirSync(folder)
      .toSorted()
      .map((name) => join(folder, name)),
    [at('01'), at('02'), at('03'), file, at('05')],
  )
})

test('backups at once to one name leave one that is whole, and what a crash left goes after a day', async (t) => {
  const { env, drop } = await createMigrated()
  t.after(drop)
  const path = env['DATABASE_URL']?.replace('sqlite:', '') ?? ''
  const folder = temporaryFolder(t)
  const left = (day: string) => `docket-2026-12-${day}T09-30-00Z.db.0123abcd.partial`
  for (const name of [left('01'), left('04'), 'mine.partial']) writeFileSync(join(folder, name), 'half')

  const at = Date.parse('2026-12-04T12:00:00.000Z')
  const made = await Promise.allSettled(Array.from({ length: 8 }, () => backupInto(path, folder, at)))

  assert.equal(made.filter(({ status }) => status === 'fulfilled').length, 1)
  const name = 'docket-2026-12-04T12-00-00Z.db'
  assert.deepEqual(readdirSync(folder).toSorted(), [left('04'), name, 'mine.partial'])
  assert.equal(checkSqlite(join(folder, name)).schema, migrations.length)
})

test('a check finds a damaged file, and what is no database of Docket', async (t) => {
  const { env, drop } = await createMigrated()
  t.after(drop)
  const folder = temporaryFolder(t)
  const bytes = readFileSync(env['DATABASE_URL']?.replace('sqlite:', '') ?? '')
  const damaged = join(folder, 'damaged.db')
  writeFileSync(damaged, bytes.fill(0xff, 3 * 4096, 5 * 4096))
  const text = join(folder, 'text.db')
  writeFileSync(text, 'This is no database, and never was one.'.repeat(20))
  const empty = join(folder, 'empty.db')
  writeFileSync(empty, '')

  assert.throws(() => checkSqlite(damaged), /^Error: \S+damaged\.db is (damaged|no database)/)
  assert.throws(
    () => checkSqlite(text),
    /^Error: \S+text\.db is no database of Docket: file is not a database\.$/,
  )
  assert.throws(() => checkSqlite(empty), /is no database of Docket/)
  assert.throws(() => checkSqlite(join(folder, 'none.db')), /^Error: There is no file/)
})
