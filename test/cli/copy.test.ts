import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { readConfig } from '../../src/config.ts'
import { copyDatabase } from '../../src/database/copy.ts'
import { raw, sql, type Database } from '../../src/database/database.ts'
import { tables } from '../../src/database/tables.ts'
import { openStorage } from '../../src/storage.ts'
import { createDatabase, postgresUrl } from '../databases.ts'
import { docket, send, userOf, type Docket } from '../harness.ts'
import { runCommand, startServer, temporaryFolder } from '../process.ts'
import { awkward, everything, fill, register, type Request } from './copy-data.ts'

// Each test copies a SQLite file into a database of the engine that the tests run on.

const secret = 'a secret of thirty-two bytes or more for tests'
const onSqlite = { DATABASE_URL: 'sqlite:docket.db', DOCKET_SECRET: secret }
test('a server on the copy accepts the same tokens, returns the same data and continues from there', async (t) => {
  const folder = temporaryFolder(t)
  const target = await emptyTarget(t)
  const source = await startServer(t, folder, { env: onSqlite })
  const users = await fill(at(source.origin))
  const before = await Promise.all(users.map(everything))
  const [alice, bob] = users
  const made = await alice.post('/tasks', { title: 'Just once' }, { 'idempotency-key': 'once' })
  const firstPage = (await alice.get('/tasks?sort=-title&limit=7')).body
  before[0] = await everything(alice)
  source.kill('SIGTERM')
  await source.exited

  const copied = await copy(folder, onSqlite.DATABASE_URL, target.url)

  assert.equal(copied.code, 0, copied.stderr)
  for (const table of Object.keys(tables)) {
    assert.match(copied.stdout, new RegExp(`^${table} +\\d+  [0-9a-f]{64}$`, 'm'))
  }
  assert.match(copied.stdout, /^users +3 /m)
  assert.match(copied.stderr, /tasks 500 \/ 6\d\d/) // progress

  const moved = await startServer(t, folder, { env: target.env })
  const request = at(moved.origin)
  const there = users.map((user) => userOf({ user, ...user }, request))
  assert.deepEqual(await Promise.all(there.map(everything)), before)

  await t.test('a cursor from before the copy continues its list', async () => {
    const path = '/tasks?sort=-title&limit=100'
    const whole = (await there[0]?.get(path))?.body
    const rest = (await there[0]?.get(`${path}&cursor=${firstPage.nextCursor}`))?.body
    const ids = (page: { items: { id: string }[] }) => page.items.map(({ id }) => id)
    assert.deepEqual([...ids(firstPage), ...ids(rest)].slice(0, 100), ids(whole))
  })

  await t.test('a retry with an Idempotency-Key from before the copy gets the stored response', async () => {
    const again = await there[0]?.post('/tasks', { title: 'Just once' }, { 'idempotency-key': 'once' })
    assert.equal(again?.text, made.text)
    assert.equal(again?.headers.get('idempotent-replayed'), 'true')
  })

  await t.test('the next change takes the next revision', async () => {
    const next = await there[0]?.post('/tasks', { title: 'After the move' })
    assert.equal(next?.body.revision, made.body.revision + 1)
    assert.equal((await there[0]?.post(`/changes/${made.body.revision}/undo`))?.status, 204)
  })

  await t.test('sessions can be refreshed, and failed logins still count', async () => {
    const body = { refreshToken: bob.refreshToken }
    assert.equal((await request('POST', '/auth/refresh', { body })).status, 200)
    const login = { email: bob.email, password: 'not this one' }
    await request('POST', '/auth/login', { body: login }) // the pause from before the copy may be over
    assert.equal((await request('POST', '/auth/login', { body: login })).status, 429)
  })
})

test('copy is refused while a server runs on the source', async (t) => {
  const folder = temporaryFolder(t)
  const target = await emptyTarget(t)
  const { variables } = await onFile(t, folder)

  const { code, stderr } = await copy(folder, variables['DATABASE_URL'] ?? '', target.url)

  assert.equal(code, 1)
  assert.match(stderr, /Another Docket is using .*docket\.db: stop it first/)
})

test('copy into a database with data is refused and changes nothing', async (t) => {
  const folder = temporaryFolder(t)
  const target = await emptyTarget(t)
  const server = await startServer(t, folder, { env: target.env })
  await register(at(server.origin), 'alice')
  server.kill('SIGTERM')
  await server.exited

  const { code, stderr } = await copy(folder, 'sqlite:new.db', target.url)

  assert.equal(code, 1)
  assert.match(stderr, /The target is not empty/)
  const storage = await openStorage(readConfig(target.env), unheard)
  const { users, sessions } = await contents(storage.database)
  assert.deepEqual([users?.length, sessions?.length], [1, 1])
  await storage.close()
})

test('copy from PostgreSQL to SQLite is refused with a clear message', async (t) => {
  const { code, stderr } = await copy(temporaryFolder(t), 'postgres://localhost/docket', 'sqlite:docket.db')
  assert.deepEqual([code, stderr.includes('A copy from PostgreSQL must go to PostgreSQL')], [1, true])
})

test('a copy that fails midway leaves nothing behind', async (t) => {
  const { alice, database: source } = await onFile(t, temporaryFolder(t))
  for (const title of awkward) await alice.createTask({ title })
  const target = await emptyTarget(t)
  const storage = await openStorage(readConfig(target.env), unheard)
  t.after(() => storage.close())

  await t.test('the source fails', async () => {
    const breaking = withQuery(source, async (text, query) => {
      if (text.includes('from changes where')) throw new Error('the disk is gone')
      return query()
    })
    await assert.rejects(
      copyDatabase(breaking, storage.database, () => undefined),
      /the disk is gone/,
    )
  })

  await t.test('the source changes during the copy', async () => {
    const growing = withQuery(source, async (text, query) => {
      const rows = await query()
      return text.startsWith('select * from changes') ? rows.slice(0, -1) : rows
    })
    await assert.rejects(
      copyDatabase(growing, storage.database, () => undefined),
      /copy of changes differs/,
    )
  })

  for (const rows of Object.values(await contents(storage.database))) assert.deepEqual(rows, [])
  await copyDatabase(source, storage.database, () => undefined)
  assert.deepEqual(await contents(storage.database), await contents(source))
})

test('every table of the schema is copied, in the order of its primary key', async (t) => {
  const target = await emptyTarget(t)
  const { database, close } = await openStorage(readConfig(target.env), unheard)
  t.after(close)
  const columns = await database.query<{ name: string; key: string }>(
    postgresUrl === undefined
      ? sql`
        select tables.name, columns.name as key from sqlite_schema as tables, pragma_table_info(tables.name) as columns
        where tables.type = 'table' and pk > 0 order by pk`
      : sql`
        select table_name as name, column_name as key
        from information_schema.key_column_usage natural join information_schema.table_constraints
        where constraint_type = 'PRIMARY KEY' and table_schema = current_schema() and table_name <> 'schema_versions'
        order by ordinal_position`,
  )

  const keys = Object.groupBy(columns, ({ name }) => name)
  const expected = Object.entries(keys).map(([name, own = []]) => [name, own.map(({ key }) => key)])

  const declared = Object.entries(tables).map(([name, { key }]) => [name, key])
  assert.deepEqual(Object.fromEntries(declared), Object.fromEntries(expected))
})

const unheard = () => undefined

const at =
  (origin: string): Request =>
  (method, path, call) =>
    send(origin, method, path, call)

/** Creates an empty database. Returns its URL and the variables of a server on it. */
async function emptyTarget(t: TestContext): Promise<{ url: string; env: Record<string, string> }> {
  const { env, drop } = await createDatabase()
  t.after(drop)
  return { url: env['DATABASE_URL'] ?? '', env: { ...env, DOCKET_SECRET: secret } }
}

/** Starts a server in this process, on a file in the folder. */
const onFile = (t: TestContext, folder: string): Promise<Docket> =>
  docket(t, { env: { ...onSqlite, DATABASE_URL: `sqlite:${join(folder, 'docket.db')}` } })

const copy = (folder: string, from: string, to: string) =>
  runCommand(folder, ['copy', '--from', from, '--to', to])

/** Returns every row of every table. */
async function contents(database: Database): Promise<Record<string, unknown[]>> {
  const read = async (name: string) => [
    name,
    await database.query(sql`select * from ${raw(name)} order by 1, 2`),
  ]
  return Object.fromEntries(await Promise.all(Object.keys(tables).map(read)))
}

/** Returns the database with its `query` intercepted. */
function withQuery(
  database: Database,
  answer: (text: string, query: () => Promise<unknown[]>) => Promise<unknown[]>,
): Database {
  return {
    ...database,
    query: <Row>(statement: Parameters<Database['query']>[0]) =>
      answer(statement.sql, () => database.query(statement)) as Promise<Row[]>,
  }
}
