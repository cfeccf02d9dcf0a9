import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfig } from '../../src/config.ts'
import { sweepsOf } from '../../src/app.ts'
import { sql } from '../../src/database/database.ts'
import { sweepAll } from '../../src/database/sweep.ts'
import { assertProblem, docket, password } from '../harness.ts'

const day = 24 * 60 * 60_000
const sweeps = sweepsOf(readConfig({}))

test('after 30 days the trash is empty, and clients that synced before the deletion must start over', async (t) => {
  const server = await docket(t)
  const { alice } = server
  const kept = await alice.createTask({ title: 'Buy milk' })
  const gone = await alice.createTask({ title: 'Buy bread' })
  await alice.delete(`/tasks/${gone.id}`)
  server.advance(29 * day)
  const login = async () => {
    const { body } = await server.request('POST', '/auth/login', { body: { email: alice.email, password } })
    alice.accessToken = body.accessToken
  }
  await login()
  await sweepAll(server.database, sweeps, server.now)
  assert.equal((await alice.get('/tasks?deleted=true')).body.items.length, 1)

  server.advance(day + 1)
  await login()
  await sweepAll(server.database, sweeps, server.now)

  assert.equal((await alice.get('/tasks?deleted=true')).body.items.length, 0)
  assertProblem(await alice.post(`/tasks/${gone.id}/restore`), 404, 'not-found')
  assertProblem(await alice.get('/changes?since=2'), 410, 'sync-too-old')
  // Without `since` too: its second page would look like the request of a client that still has the removed task.
  const { detail } = assertProblem(await alice.get('/changes'), 410, 'sync-too-old')
  assert.match(detail, /GET \/tasks.*Docket-Revision/)

  const list = await alice.get('/tasks')
  assert.deepEqual([list.body.items[0].id, list.headers.get('docket-revision')], [kept.id, '3'])
  assert.equal((await alice.get('/changes?since=3')).status, 200)
})

test('after 90 days changes are removed but not their tasks, and clients that synced before must start over', async (t) => {
  const server = await docket(t)
  const { alice } = server
  const task = await alice.createTask({ title: 'Buy milk' })
  server.advance(90 * day + 1)
  const { body } = await server.request('POST', '/auth/login', { body: { email: alice.email, password } })
  alice.accessToken = body.accessToken
  await sweepAll(server.database, sweeps, server.now)
  assertProblem(await alice.post('/changes/1/undo'), 404, 'not-found')
  assert.deepEqual((await alice.get(`/tasks/${task.id}/history`)).body.items, [])
  assertProblem(await alice.get('/changes'), 410, 'sync-too-old')
  const list = await alice.get('/tasks')
  assert.deepEqual([list.body.items[0].id, list.headers.get('docket-revision')], [task.id, '1'])
  assert.deepEqual((await alice.get('/changes?since=1')).body, { items: [], revision: 1, more: false })
})

test('a sweep removes everything that has expired', async (t) => {
  const server = await docket(t)
  await server.alice.post('/tasks', { title: 'Buy milk' }, { 'idempotency-key': 'a' })
  await server.alice.post('/events/tickets')
  await server.request('POST', '/auth/login', { body: { email: 'alice@example.com', password: 'wrong' } })
  server.advance(31 * day)
  const removed = await sweepAll(server.database, sweeps, server.now)
  assert.equal(removed, 1 + 1 + 1 + 3) // a session, a key, a ticket, three counts of failures
  assert.deepEqual(await server.database.query(sql`select * from idempotency_things`), [])
})
