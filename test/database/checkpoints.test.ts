import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { createCheckpoints } from '../../src/database/checkpoints.ts'
import { sql, type Queryable } from '../../src/database/database.ts'
import { openConnection } from '../../src/database/sqlite-connection.ts'
import { migrateSqlite, openSqlite } from '../../src/database/sqlite.ts'
import { temporaryFolder } from '../process.ts'

const megabyte = 2 ** 20

/** A row that fills most of a page. */
const addRow = (db: Queryable, id: string) =>
  db.query(sql`
    insert into users (id, email, password_hash, created_at) values (${id}, ${id}, ${'x'.repeat(3000)}, 0)`)

test('the log stays short however much is written and read, and the event loop turns meanwhile', async (t) => {
  const path = join(temporaryFolder(t), 'docket.db')
  migrateSqlite(path)
  const database = openSqlite(path)
  t.after(database.close)
  const written = new AbortController()
  const reading = (async () => {
    while (!written.signal.aborted) {
      await database.first(sql`select count(*) as users from users`)
      await nextTurn()
    }
  })()

  for (let batch = 0; batch < 80; batch++) {
    const rows = Array.from({ length: 100 }, (_, i) => `${batch}-${i}`)
    await Promise.all(rows.map((id) => database.transaction((tx) => addRow(tx, id))))
  }
  written.abort()
  await reading

  const sizeOf = (file: string) => statSync(file).size / megabyte
  assert.ok(sizeOf(path) > 24, `the database file has ${sizeOf(path)} MB`)
  assert.ok(sizeOf(`${path}-wal`) < 8, `the log has ${sizeOf(`${path}-wal`)} MB`)
})

test('where the thread fails, writes go on, and the log is copied at last all the same', async (t) => {
  const path = join(temporaryFolder(t), 'docket.db')
  migrateSqlite(path)
  const writer = openConnection(path, 0)
  t.after(() => writer.close())
  const checkpoints = createCheckpoints(join(path, 'not-there.db'), writer)
  t.after(checkpoints.close)

  const db: Queryable = { query: async (statement) => writer.all(statement), first: async () => undefined }
  for (let commit = 0; commit < 12; commit++) {
    writer.exec('begin immediate')
    for (let i = 0; i < 1000; i++) await addRow(db, `${commit}-${i}`)
    writer.exec('commit')
    await checkpoints.keepUp()
  }

  const [pages] = writer.all<{ log: number }>(sql`pragma wal_checkpoint(noop)`)
  assert.ok((pages?.log ?? Infinity) < 10_000, `the log has ${pages?.log} pages, and began anew`)
})
