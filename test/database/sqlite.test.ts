import assert from 'node:assert/strict'
import { join } from 'node:path'
import { constants, DatabaseSync } from 'node:sqlite'
import { test, type TestContext } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { AppError, OperatorError } from '../../src/core/errors.ts'
import { sql, type Queryable } from '../../src/database/database.ts'
import { lockSqlite, migrateSqlite, openSqlite } from '../../src/database/sqlite.ts'
import { temporaryFolder } from '../process.ts'

function open(t: TestContext) {
  const path = join(temporaryFolder(t), 'docket.db')
  migrateSqlite(path)
  const database = openSqlite(path)
  t.after(() => database.close())
  return { path, database }
}

const addUser = (db: Queryable, id: string) =>
  db.query(sql`insert into users (id, email, password_hash, created_at) values (${id}, ${id}, '', 0)`)
const countUsers = async (db: Queryable) =>
  (await db.first<{ users: number }>(sql`select count(*) as users from users`))?.users

test('a read sees every committed write and no uncommitted one', async (t) => {
  const { database } = open(t)
  const seen: unknown[] = [await countUsers(database)]

  await database.transaction(async (tx) => {
    await addUser(tx, 'alice')
    seen.push(await countUsers(tx), await countUsers(database))
  })
  seen.push(await countUsers(database))

  assert.deepEqual(seen, [0, 1, 0, 1])
})

test('a statement is prepared once, whatever limits are bound to it', async (t) => {
  const prepare = DatabaseSync.prototype.prepare
  let compiled = 0
  const count = () => {
    compiled += 1
    return constants.SQLITE_OK
  }
  t.mock.method(DatabaseSync.prototype, 'prepare', function (this: DatabaseSync, text: string) {
    if (text.includes('limit')) this.setAuthorizer(count)
    return prepare.call(this, text)
  })
  const { database } = open(t)
  const read = (limit: number) => database.query(sql`select id from users where id > ${'a'} limit ${limit}`)

  await read(1)
  assert.notEqual(compiled, 0)
  compiled = 0
  for (const limit of [1, 2, 500]) await read(limit)
  assert.equal(compiled, 0)
})

test('reads in one turn of the event loop share a snapshot, and the next turn gets a new one', async (t) => {
  const { path, database } = open(t)
  const other = new DatabaseSync(path)
  t.after(() => other.close())

  const first = countUsers(database)
  other.exec("insert into users (id, email, password_hash, created_at) values ('bob', 'bob', '', 0)")
  const second = countUsers(database)
  const sameTurn = await Promise.all([first, second])
  await nextTurn()

  assert.deepEqual(sameTurn, [0, 0])
  assert.equal(await countUsers(database), 1)
})

test('rows are plain objects, and a write outside a transaction is refused', async (t) => {
  const { database } = open(t)
  await database.transaction((tx) => addUser(tx, 'alice'))

  const row = await database.first(sql`select id, created_at as "createdAt" from users`)

  assert.deepEqual(row, { id: 'alice', createdAt: 0 })
  assert.equal(Object.getPrototypeOf(row), Object.prototype)
  assert.equal(await database.first(sql`select id from users where id = 'bob'`), undefined)
  await assert.rejects(addUser(database, 'bob'))
  assert.equal(await countUsers(database), 1)
})

test('the file has a write-ahead log, and foreign keys are enforced', async (t) => {
  const { path, database } = open(t)
  const other = new DatabaseSync(path)
  t.after(() => other.close())

  assert.deepEqual({ ...other.prepare('pragma journal_mode').get() }, { journal_mode: 'wal' })
  await assert.rejects(
    database.transaction((tx) =>
      tx.query(sql`insert into owners (owner_id, name, time_zone) values ('nobody', '', 'UTC')`),
    ),
    /FOREIGN KEY constraint failed/,
  )
})

test('the database does not open if SQLite ignores a pragma', () => {
  assert.throws(
    () => openSqlite(':memory:'),
    (error: unknown) =>
      error instanceof OperatorError &&
      error.message === 'SQLite did not accept journal_mode = wal: it stays at memory.',
  )
})

test('a schema older than the program does not open until it is migrated', (t) => {
  const path = join(temporaryFolder(t), 'docket.db')
  new DatabaseSync(path).close()

  assert.throws(() => openSqlite(path), /run `docket migrate` first/)
  assert.ok(migrateSqlite(path).length > 0)
  assert.deepEqual(migrateSqlite(path), [])
})

test('a migration that fails midway changes nothing', (t) => {
  const path = join(temporaryFolder(t), 'docket.db')
  const file = new DatabaseSync(path)
  t.after(() => file.close())
  file.exec('create table changes (somebody_elses text)') // one of the later tables

  assert.throws(() => migrateSqlite(path), /table changes already exists/)
  assert.deepEqual({ ...file.prepare('pragma user_version').get() }, { user_version: 0 })
  assert.deepEqual(
    file
      .prepare("select name from sqlite_master where type = 'table'")
      .all()
      .map(({ name }) => name),
    ['changes'],
  )
})

test('a second lock on a file is refused until the first is released', (t) => {
  const path = join(temporaryFolder(t), 'docket.db')
  const lock = lockSqlite(path)

  assert.throws(() => lockSqlite(path), /Another Docket is using/)
  lock.release()
  lockSqlite(path).release()
})

test('a closed database refuses everything', async (t) => {
  const { path } = open(t)
  const database = openSqlite(path)
  await database.ping()

  await database.close()

  await assert.rejects(database.transaction((tx) => addUser(tx, 'alice')))
  await assert.rejects(countUsers(database))
  await assert.rejects(database.ping())
})

test('ping rejects while a failed write can not be undone, and reads go on', async (t) => {
  const { database } = open(t)
  const { prepare } = DatabaseSync.prototype
  const planted = t.mock.method(
    DatabaseSync.prototype,
    'prepare',
    function (this: DatabaseSync, text: string) {
      if (text === 'rollback') throw new Error('planted')
      return prepare.call(this, text)
    },
  )
  await database.ping()

  const failing = database.transaction(async (tx) => {
    await addUser(tx, 'alice')
    throw new Error('a rule does not hold')
  })
  await assert.rejects(failing, isUnavailable)

  await assert.rejects(database.ping(), isUnavailable)
  await assert.rejects(
    database.transaction((tx) => addUser(tx, 'bob')),
    isUnavailable,
  )
  assert.equal(await countUsers(database), 0)

  planted.mock.restore()
  await database.ping() // no write has to come first
  await database.transaction((tx) => addUser(tx, 'carol'))
  assert.equal(await countUsers(database), 1)
})

const isUnavailable = (error: unknown) => error instanceof AppError && error.slug === 'unavailable'
