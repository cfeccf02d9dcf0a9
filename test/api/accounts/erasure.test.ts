import assert from 'node:assert/strict'
import { test } from 'node:test'
import { empty, raw, sql } from '../../../src/database/database.ts'
import { eraseClosed } from '../../../src/database/erasure.ts'
import { createSweeper, sweepAll, type Sweep } from '../../../src/database/sweep.ts'
import { tableNames, tables } from '../../../src/database/tables.ts'
import { withToken } from '../../api-tokens.ts'
import { postgresUrl } from '../../databases.ts'
import { assertProblem, docket, password, type Docket, type User } from '../../harness.ts'
import { everything, logIn, refresh, tryLogin } from './accounts.ts'

test('a closed account is found by nothing, before any of its rows is erased', async (t) => {
  const server = await docket(t)
  const { alice } = server
  const phone = await logIn(server, alice)
  const bob = await server.register('bob')
  const kept = await bob.createTask({ title: 'Stay' })
  await fill(alice)
  const { ticket } = (await alice.post('/events/tickets')).body
  const script = await withToken(server, alice, ['tasks:write'])

  assert.equal((await alice.post('/me/deletion', { password })).status, 204)

  for (const user of [alice, phone]) {
    assertProblem(await user.get('/me'), 401, 'invalid-token')
    assertProblem(await user.get('/changes'), 401, 'invalid-token')
    assertProblem(await user.post('/tasks', { title: 'x' }), 401, 'invalid-token')
    assertProblem(await user.post('/me/deletion', { password }), 401, 'invalid-token')
    assertProblem(await refresh(server, user.refreshToken), 401, 'invalid-token')
  }
  assertProblem(await server.request('GET', `/events?ticket=${ticket}`), 401, 'invalid-token')
  assertProblem(await script.get('/changes'), 401, 'invalid-token')
  assertProblem(await script.post('/tasks', { title: 'x' }), 401, 'invalid-token')
  assertProblem(await tryLogin(server, alice.email), 401, 'invalid-credentials')
  const again = await server.register('alice')
  assert.deepEqual((await again.get('/tasks')).body.items, [])
  assert.equal((await again.get('/me/sessions')).body.items.length, 1)
  assert.equal((await bob.read(kept)).title, 'Stay')

  await t.test('and its address and name are gone at once', async () => {
    const row = await server.database.first(sql`
      select email, password_hash as hash, name from users join owners on owner_id = id where id = ${alice.id}`)
    assert.deepEqual(row, { email: alice.id, hash: '', name: '' })
  })
  await t.test('and later every row is gone, and nobody else’s', async () => {
    const mine = await again.createTask({ title: 'Mine' })
    await sweepAll(server.database, [eraseClosed], server.now)
    for (const [table, text] of await everything(server)) assert.ok(!text.includes(alice.id), table)
    assert.equal((await again.read(mine)).title, 'Mine')
    assert.equal((await bob.get('/changes')).body.items.length, 1)
  })
})

test('an erasure deletes a bounded number of rows at a time, and goes on after a restart', async (t) => {
  const server = await docket(t)
  const [carol, dave] = [await server.register('carol'), await server.register('dave')]
  for (const user of [carol, dave]) {
    await fill(user)
    await user.post('/me/deletion', { password })
  }
  const others = await countAll(server.database, server.alice)
  const total = (await countAll(server.database)) - others
  assert.ok(total > 40)

  let left = total
  for (let step = 1; left > 0; step++) {
    assert.ok(step <= total, 'each step erases something')
    if (step === 4) await server.restart()
    assert.notEqual(await server.database.transaction((tx) => eraseClosed(tx, server.now(), 3)), 0)
    const rest = (await countAll(server.database)) - others
    assert.ok(rest < left && rest >= left - 3, `step ${step}: from ${left} to ${rest}`)
    left = rest
  }

  assert.equal(await server.database.transaction((tx) => eraseClosed(tx, server.now(), 3)), 0)
  assert.equal(await countAll(server.database, server.alice), others)
})

test('of writes during a deletion, those before it are erased and those after it get 401', async (t) => {
  const server = await docket(t)
  const { alice } = server
  const write = () => alice.post('/tasks', { title: 'Hurry' })
  const writing = { current: true }
  const statuses = new Set<number>()
  const writers = Array.from({ length: 8 }, async () => {
    while (writing.current) statuses.add((await write()).status)
  })

  const { status } = await alice.post('/me/deletion', { password })
  const after = (await write()).status
  writing.current = false
  await Promise.all(writers)

  assert.deepEqual([status, after], [204, 401])
  assert.deepEqual(statuses, new Set([201, 401]))
  await sweepAll(server.database, [eraseClosed], server.now)
  assert.equal(await countAll(server.database, alice), 0)
})

test('every table that belongs to owners is declared as such', async (t) => {
  const { database } = await docket(t, { withAlice: false })
  const columns = await database.query<{ name: string; column: string }>(
    postgresUrl === undefined
      ? sql`
        select tables.name, columns.name as "column"
        from sqlite_schema as tables, pragma_table_info(tables.name) as columns
        where tables.type = 'table' and columns.name = 'owner_id'
        union
        select tables.name, keys."from" as "column"
        from sqlite_schema as tables, pragma_foreign_key_list(tables.name) as keys
        where tables.type = 'table' and keys."table" in ('owners', 'users')`
      : sql`
        select table_name as name, column_name as "column" from information_schema.columns
        where table_schema = current_schema() and column_name = 'owner_id'
        union
        select conrelid::regclass::text as name, attname as "column"
        from pg_constraint join pg_attribute on attrelid = conrelid and attnum = any (conkey)
        where contype = 'f' and connamespace = current_schema()::regnamespace
          and confrelid in ('owners'::regclass, 'users'::regclass)`,
  )

  const found = columns.map(({ name, column }) => [name, column])
  const declared = tableNames.flatMap((name) => {
    const { owner } = tables[name]
    return owner === undefined || name === 'users' ? [] : [[name, owner]]
  })
  assert.deepEqual(Object.fromEntries(found), Object.fromEntries(declared))
  assert.equal(found.length, declared.length)
})

test('a sweeper that is woken sweeps again at once, also if it was sweeping', async (t) => {
  const { database, now } = await docket(t, { withAlice: false })
  let calls = 0
  let reached = Promise.withResolvers<void>()
  let during: () => void = () => undefined
  const sweep = async () => {
    calls += 1
    during()
    reached.resolve()
    return 0
  }
  const sweeper = createSweeper(database, [sweep], now, (error) => assert.fail(String(error)))
  t.after(sweeper.stop)
  const nextCall = async () => {
    await reached.promise
    reached = Promise.withResolvers()
  }

  during = () => calls === 1 && sweeper.wake()
  sweeper.start()
  await nextCall()
  await nextCall()
  sweeper.wake()
  await nextCall()

  assert.equal(calls, 3)
})

test('a sweep is never asked for more than a thousand rows at once', async (t) => {
  const { database, now } = await docket(t, { withAlice: false })
  const limits: number[] = []
  const sweep: Sweep = async (_tx, _now, limit) => (limits.push(limit) < 10 ? limit : 0)

  const total = await sweepAll(database, [sweep], now)

  assert.equal(limits.length, 10)
  assert.ok(Math.min(...limits) === 200 && Math.max(...limits) <= 1000)
  assert.equal(
    total,
    limits.slice(0, -1).reduce((sum, limit) => sum + limit, 0),
  )
})

/** Gives the user rows in every table. */
async function fill(user: User): Promise<void> {
  for (let n = 0; n < 5; n++) {
    const task = await user.createTask({ title: `Task ${n}` })
    await user.patch(`/tasks/${task.id}`, { status: 'complete' })
    await user.post('/tasks', { title: 'Once' }, { 'idempotency-key': String(n) })
    await user.post('/events/tickets')
    await user.post('/me/tokens', { name: 'x', scopes: ['tasks:read'] })
  }
}

/** Returns how many rows there are; with a user, only theirs. */
async function countAll(database: Docket['database'], user?: User): Promise<number> {
  let total = 0
  for (const name of tableNames) {
    const { owner } = tables[name]
    if (owner === undefined) continue
    const theirs = user ? sql`where ${raw(owner)} = ${user.id}` : empty
    const row = await database.first<{ rows: number }>(
      sql`select count(*) as rows from ${raw(name)} ${theirs}`,
    )
    total += row?.rows ?? 0
  }
  return total
}
