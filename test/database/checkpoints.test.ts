import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { createCheckpoints } from '../../src/database/checkpoints.ts'
import { sql, type Queryable } from '../../src/database/database.ts'
import { openConnection, type SqliteConnection } from '../../src/database/sqlite-connection.ts'
import { migrateSqlite, openSqlite } from '../../src/database/sqlite.ts'
import { temporaryFolder } from '../process.ts'

const megabyte = 2 ** 20

/** A row that fills most of a page. */
const addRow = (db: Queryable, id: string) =>
  db.query(sql`
    insert into users (id, email, password_hash, created_at) values (${id}, ${id}, ${'x'.repeat(3000)}, 0)`)

test('the write-ahead log stays short under constant reads and writes', async (t) => {
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

test('a checkpoint does not block the event loop', async (t) => {
  const { writer, path, write } = openWriter(t)
  const checkpoints = createCheckpoints(path, writer)
  t.after(checkpoints.close)
  await write(1)
  let isDone = false

  const copied = checkpoints.keepUp().then(() => (isDone = true))
  await nextTurn()
  assert.equal(isDone, false)
  await copied

  const { log, checkpointed } = pagesOf(writer)
  assert.ok(log > 1000 && checkpointed === log, `${checkpointed} of ${log} pages are copied`)
})

test('if the checkpoint thread fails, writes continue and the log is still copied in the end', async (t) => {
  const { writer, path, write } = openWriter(t)
  const checkpoints = createCheckpoints(join(path, 'not-there.db'), writer)
  t.after(checkpoints.close)

  for (let commit = 0; commit < 12; commit++) {
    await write(commit)
    await checkpoints.keepUp()
  }

  const { log } = pagesOf(writer)
  assert.ok(log < 10_000, `the log has ${log} pages, so it was never reset`)
})

/** Opens a migrated database, and returns a function that commits a thousand pages to it. */
function openWriter(t: TestContext) {
  const path = join(temporaryFolder(t), 'docket.db')
  migrateSqlite(path)
  const writer = openConnection(path, 0)
  t.after(() => writer.close())
  const db: Queryable = { query: async (statement) => writer.all(statement), first: async () => undefined }
  const write = async (commit: number) => {
    writer.exec('begin immediate')
    for (let i = 0; i < 1000; i++) await addRow(db, `${commit}-${i}`)
    writer.exec('commit')
  }
  return { path, writer, write }
}

function pagesOf(writer: SqliteConnection): { log: number; checkpointed: number } {
  const [pages] = writer.all<{ log: number; checkpointed: number }>(sql`pragma wal_checkpoint(noop)`)
  return pages ?? assert.fail('SQLite reports nothing about its log')
}
