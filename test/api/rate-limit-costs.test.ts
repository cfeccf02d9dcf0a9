import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../../src/database/database.ts'
import { openStream } from '../event-stream.ts'
import { assertProblem, docket, password, userOf, type Answer, type Docket } from '../harness.ts'

const now = Date.UTC(2026, 10, 22, 9, 30)
const leftOf = ({ headers }: Answer) => Number(/r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1])

/** Counts what the server asks of its database from now on. */
function watch({ database }: Docket) {
  const { first, query, transaction } = database
  const asked = { reads: 0, writes: 0 }
  database.first = (statement) => {
    asked.reads += 1
    return first(statement)
  }
  database.query = (statement) => {
    asked.reads += 1
    return query(statement)
  }
  database.transaction = (verb) => {
    asked.writes += 1
    return transaction(verb)
  }
  return asked
}

test('a request over the limit costs no statement and uses up no ticket', async (t) => {
  const server = await docket(t, { env: { RATE_LIMIT: '3' }, now, isStill: true })
  const { alice } = server
  await alice.get('/me')
  server.advance(30_000)
  const { ticket } = (await alice.post('/events/tickets')).body
  await alice.get('/me')

  const asked = watch(server)
  for (const path of ['/me', '/tasks', '/changes'])
    assertProblem(await alice.get(path), 429, 'too-many-requests')
  assertProblem(await alice.post('/tasks', { title: 'Buy milk' }), 429, 'too-many-requests')
  assert.deepEqual(asked, { reads: 0, writes: 0 })

  const refused = await server.request('GET', `/events?ticket=${ticket}`)
  assertProblem(refused, 429, 'too-many-requests')
  assert.equal(refused.headers.get('retry-after'), '30')
  assert.equal(asked.writes, 0)

  server.advance(29_999 + 1)
  server.advance(-1) // the ticket is 29.999 s old, and the window of the limit has a millisecond left
  assertProblem(await server.request('GET', `/events?ticket=${ticket}`), 429, 'too-many-requests')
  server.advance(1)
  const stream = await openStream(`${server.url}/events?ticket=${ticket}`)
  assert.equal(stream.status, 200)
  stream.close()
})

test('a bad ticket writes nothing and counts against its address', async (t) => {
  const env = { RATE_LIMIT: '3', TRUST_PROXY: '127.0.0.1' }
  const server = await docket(t, { env, now, isStill: true })
  const headers = { 'x-forwarded-for': '203.0.113.9' }
  const asked = watch(server)

  for (const left of [2, 1, 0]) {
    const answer = await server.request('GET', '/events?ticket=x', { headers })
    assertProblem(answer, 401, 'invalid-token')
    assert.equal(leftOf(answer), left)
  }
  assertProblem(await server.request('GET', '/events?ticket=x', { headers }), 429, 'too-many-requests')

  assert.equal(asked.writes, 0)
  assert.equal(leftOf(await server.alice.get('/me')), 2)
})

test('a ticket counts against its user, whatever the address', async (t) => {
  const server = await docket(t, { env: { RATE_LIMIT: '9' }, now, isStill: true })
  const { ticket } = (await server.alice.post('/events/tickets')).body

  const head = await server.request('HEAD', `/events?ticket=${ticket}`)

  assert.equal(leftOf(head), 7)
  assert.equal(leftOf(await server.alice.get('/me')), 6)
})

test('the token of a session that has ended counts against its address, not its user', async (t) => {
  const server = await docket(t, { env: { RATE_LIMIT: '9' }, now, isStill: true })
  const { alice } = server
  const login = await server.request('POST', '/auth/login', { body: { email: alice.email, password } })
  const other = userOf(login.body, server.request)
  assert.equal(leftOf(await other.post('/auth/logout')), 8)

  const ended = await other.get('/me')

  assertProblem(ended, 401, 'invalid-token')
  assert.equal(leftOf(ended), 6, 'after registration and login from the same address')
  assert.equal(leftOf(await alice.get('/me')), 7)
})

test('a ticket is used up only by a stream that opens', async (t) => {
  const server = await docket(t)
  const { alice } = server
  const { ticket } = (await alice.post('/events/tickets')).body
  const ask = (more = '', headers = {}) => openStream(`${server.url}/events?ticket=${ticket}${more}`, headers)
  const isKept = async () => (await server.database.query(sql`select hash from event_tickets`)).length === 1

  assert.equal((await server.request('HEAD', `/events?ticket=${ticket}`)).status, 200)
  assert.equal((await ask('&since=-1')).status, 400)
  assert.equal((await ask('&nonsense=1')).status, 400)
  assert.equal((await ask('&since=999999')).status, 410)
  assert.equal((await ask('', { 'last-event-id': '999999' })).status, 410)
  assert.equal((await ask('', { 'last-event-id': 'x' })).status, 400)

  const tickets = await Promise.all(Array.from({ length: 10 }, () => alice.post('/events/tickets')))
  const streams = await Promise.all(
    tickets.map(({ body }) => openStream(`${server.url}/events?ticket=${body.ticket}`)),
  )
  assert.equal((await ask()).status, 429, 'ten are open')
  assert.ok(await isKept())
  streams.forEach((stream) => stream.close())

  let stream = await ask()
  for (let i = 0; i < 100 && stream.status === 429; i++) stream = await ask()
  assert.equal(stream.status, 200)
  assert.ok(!(await isKept()))
  assert.equal((await ask()).status, 401)
  stream.close()
})
