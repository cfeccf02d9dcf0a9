import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertProblem, docket, type Answer, type Docket } from '../harness.ts'

const now = Date.UTC(2026, 10, 22, 9, 30)
const policyOf = ({ headers }: Answer) => headers.get('ratelimit-policy')
const limitOf = ({ headers }: Answer) => headers.get('ratelimit')

/** A server where three requests a minute are allowed and the clock stands still. */
const strict = { env: { RATE_LIMIT: '3' }, now, isStill: true }

test('a user may send a number of requests a minute', async (t) => {
  const server = await docket(t, strict)
  const { alice } = server

  await t.test('and reads how many are left, and for how long', async () => {
    const first = await alice.get('/me')
    assert.equal(policyOf(first), '"default";q=3;w=60')
    assert.equal(limitOf(first), '"default";r=2;t=60')
    server.advance(20_000)
    assert.equal(limitOf(await alice.get('/tasks?x')), '"default";r=1;t=40', 'a refused request counts too')
    assert.equal(limitOf(await alice.get('/me')), '"default";r=0;t=40')
  })

  await t.test('and is then refused, with the time to wait', async () => {
    const refused = await alice.get('/me')
    assertProblem(refused, 429, 'too-many-requests')
    assert.equal(refused.headers.get('retry-after'), '40')
    assert.equal(policyOf(refused), '"default";q=3;w=60')
    assert.equal(limitOf(refused), '"default";r=0;t=40')
    assertProblem(await alice.post('/tasks', { title: 'a' }), 429, 'too-many-requests')
  })

  await t.test('and may ask again after the minute, however often it was refused', async () => {
    server.advance(39_999)
    assertProblem(await alice.get('/me'), 429, 'too-many-requests')
    server.advance(1)
    const again = await alice.get('/tasks')
    assert.equal(limitOf(again), '"default";r=2;t=60')
    assert.equal(again.body.items.length, 0, 'the refused POST wrote nothing')
  })

  await t.test('health and metrics do not count and are never refused', async () => {
    for (let i = 0; i < 5; i++) assert.equal((await alice.get('/livez')).status, 200)
    assert.equal((await alice.get('/readyz')).status, 200)
    assert.equal((await alice.get('/metrics')).status, 404)
    assert.equal(limitOf(await alice.get('/me')), '"default";r=1;t=60')
  })
})

test('each user has a limit of their own, and so has each address without a user', async (t) => {
  const server = await docket(t, {
    ...strict,
    env: { RATE_LIMIT: '3', TRUST_PROXY: '127.0.0.1' },
    withAlice: false,
  })
  const from = (address: string, path = '/problems/not-found') =>
    server.request('GET', path, { headers: { 'x-forwarded-for': address } })
  const alice = await server.register('alice')
  const bob = await server.register('bob')

  await t.test('two users at one address do not share a limit', async () => {
    for (let i = 0; i < 3; i++) assert.equal((await alice.get('/me')).status, 200)
    assertProblem(await alice.get('/me'), 429, 'too-many-requests')
    assert.equal((await bob.get('/me')).status, 200)
  })

  await t.test('strangers share a limit with their address, or their /64, only', async () => {
    for (const [i, address] of ['2001:db8::1', '2001:db8::2', '2001:db8:0:0:ffff::3'].entries()) {
      assert.equal(limitOf(await from(address)), `"default";r=${2 - i};t=60`)
    }
    assertProblem(await from('2001:db8::4'), 429, 'too-many-requests')
    assert.equal((await from('2001:db8:0:1::1')).status, 200)
    assert.equal((await from('198.51.100.7')).status, 200)
    assert.equal(
      limitOf(await from('::ffff:198.51.100.7')),
      '"default";r=1;t=60',
      'the same address, written otherwise',
    )
  })

  await t.test('a bad token, an unknown path and a wrong method count against the address', async () => {
    const stranger = { 'x-forwarded-for': '203.0.113.9' }
    assertProblem(
      await server.request('GET', '/me', { headers: { ...stranger, authorization: 'Bearer x' } }),
      401,
      'invalid-token',
    )
    assertProblem(await server.request('GET', '/nope', { headers: stranger }), 404, 'not-found')
    assertProblem(await server.request('DELETE', '/tasks', { headers: stranger }), 405, 'method-not-allowed')
    assertProblem(
      await server.request('GET', '/me', { headers: { ...stranger, authorization: 'Bearer x' } }),
      429,
      'too-many-requests',
    )
  })
})

test('RATE_LIMIT=off counts nothing', async (t) => {
  const { alice } = await docket(t)

  const answer = await alice.get('/me')

  assert.equal(policyOf(answer), null)
  assert.equal(limitOf(answer), null)
})

test('the default limit is three thousand requests a minute', async (t) => {
  const { alice } = await docket(t, { env: { RATE_LIMIT: '' }, now, isStill: true })

  assert.equal(limitOf(await alice.get('/me')), '"default";r=2999;t=60')
})

const warnings = ({ logs }: Docket) =>
  logs.filter(({ level, msg }) => level === 40 && String(msg).includes('X-Forwarded-For'))
const addresses = ({ logs }: Docket) =>
  logs.filter(({ msg }) => msg === 'request').map(({ address }) => address)
const forwarded = { headers: { 'x-forwarded-for': '203.0.113.9' } }

test('X-Forwarded-For is ignored if no proxy is trusted, and one warning says so', async (t) => {
  const server = await docket(t, { ...strict, withAlice: false })
  await server.request('GET', '/nope')
  assert.equal(warnings(server).length, 0)

  for (let i = 0; i < 3; i++)
    await server.request('GET', '/nope', { headers: { 'x-forwarded-for': `203.0.113.${i}` } })

  assertProblem(await server.request('GET', '/nope', forwarded), 429, 'too-many-requests')
  assert.equal(warnings(server).length, 1)
  assert.ok(addresses(server).every((address) => address === '127.0.0.1'))
})

test('X-Forwarded-For from an untrusted address is ignored', async (t) => {
  const server = await docket(t, { env: { TRUST_PROXY: '10.0.0.0/8, ::1' }, withAlice: false })

  await server.request('GET', '/nope', forwarded)

  assert.deepEqual(addresses(server), ['127.0.0.1'])
  assert.equal(warnings(server).length, 1)
})

test('X-Forwarded-For from a trusted proxy names the client: its last untrusted address', async (t) => {
  const server = await docket(t, { env: { TRUST_PROXY: '127.0.0.0/8,10.0.0.1' }, withAlice: false })
  const rows = [
    ['203.0.113.9', '203.0.113.9'],
    ['198.51.100.1, 203.0.113.9', '203.0.113.9'], // the first part is the client's own word
    ['203.0.113.9, 10.0.0.1', '203.0.113.9'],
    ['2001:db8::1', '2001:db8::1'],
    ['nonsense', '127.0.0.1'],
    ['"><script>', '127.0.0.1'],
  ] as const
  for (const [header] of rows)
    await server.request('GET', '/nope', { headers: { 'x-forwarded-for': header } })

  assert.deepEqual(
    addresses(server),
    rows.map(([, address]) => address),
  )
  assert.equal(warnings(server).length, 0)
})
