import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { setPassword } from '../../../src/accounts/accounts.ts'
import { sql } from '../../../src/database/database.ts'
import { assertProblem, docket, password, type Answer, type Docket } from '../../harness.ts'
import { everything, hour, minute, refresh, second, tryLogin, write } from './accounts.ts'

const wrong = 'not the password'
const here = '192.0.2.1'

/** A server behind a proxy with a clock that stands still, so that a test chooses addresses and times. */
const proxied = (t: TestContext) => docket(t, { env: { TRUST_PROXY: '127.0.0.1' }, isStill: true })

const fail = (server: Docket, email = server.alice.email, from = here) => tryLogin(server, email, wrong, from)

async function failTimes(server: Docket, count: number, email?: string, from?: string): Promise<void> {
  for (let i = 0; i < count; i += 1)
    assertProblem(await fail(server, email, from), 401, 'invalid-credentials')
}

/** Asserts that a login is refused for this many seconds. */
function assertPaused(answer: Answer, seconds: number): void {
  assertProblem(answer, 429, 'too-many-requests')
  assert.equal(answer.headers.get('retry-after'), String(seconds))
}

test('after five free failures each further one doubles a pause, from 1 second up to 15 minutes', async (t) => {
  const server = await proxied(t)
  await failTimes(server, 5)
  for (const pause of [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]) {
    await failTimes(server, 1)
    assertPaused(await fail(server), pause)
    assertPaused(await tryLogin(server, server.alice.email, password, here), pause)
    server.advance(pause * second)
  }
  const { status } = await tryLogin(server, server.alice.email, password, here)
  assert.equal(status, 200) // never a permanent lock
})

test('a login refused with 429 does not count as a failure', async (t) => {
  const server = await proxied(t)
  await failTimes(server, 6)
  for (let i = 0; i < 20; i += 1) assertPaused(await fail(server), 1)

  server.advance(second)
  await failTimes(server, 1)
  assertPaused(await fail(server), 2)
})

test('concurrent failures are counted too', async (t) => {
  const server = await proxied(t)
  const answers = await Promise.all(Array.from({ length: 30 }, () => fail(server)))

  const checked = answers.filter(({ status }) => status === 401).length
  assert.ok(checked >= 6 && checked <= 8, `${checked} were checked`)
  assert.equal(answers.filter(({ status }) => status === 429).length, 30 - checked)
})

test('a success clears the count of its address from its network', async (t) => {
  const server = await proxied(t)
  await failTimes(server, 5)
  assert.equal((await tryLogin(server, server.alice.email, password, here)).status, 200)

  await failTimes(server, 6)
  assertPaused(await fail(server), 1)
})

test('an hour without failure clears the count', async (t) => {
  const server = await proxied(t)
  await failTimes(server, 6)
  server.advance(hour - minute)
  await failTimes(server, 1)
  assertPaused(await fail(server), 2) // because it was the seventh

  server.advance(hour + second)
  await failTimes(server, 6)
  assertPaused(await fail(server), 1)
})

test('a pause applies to one address from one network', async (t) => {
  const server = await proxied(t)
  await server.register('bob')
  await failTimes(server, 6)

  assertPaused(await fail(server), 1)
  assertPaused(await fail(server, ' ALICE@Example.com'), 1)
  assert.equal((await tryLogin(server, 'bob@example.com', password, here)).status, 200)
  assert.equal((await tryLogin(server, server.alice.email, password, '192.0.2.2')).status, 200)
  assertPaused(await fail(server), 1) // a success elsewhere clears nothing here
})

test('an unknown address is throttled in the same way', async (t) => {
  const server = await proxied(t)
  await failTimes(server, 6, 'nobody@example.com')
  assertPaused(await fail(server, 'nobody@example.com'), 1)
})

test('a network is one IPv4 address or an IPv6 /64', async (t) => {
  const server = await proxied(t)
  const networks = ['2001:db8:0:1::1', '2001:db8:0:1:ffff:ffff:ffff:ffff', '2001:DB8::1:0:0:0:5']
  for (const address of networks) await failTimes(server, 2, server.alice.email, address)

  for (const address of networks) assertPaused(await fail(server, server.alice.email, address), 1)
  const others = ['2001:db8:0:2::1', '2001:db8::1', '::ffff:192.0.2.7']
  for (const address of others) assert.equal((await fail(server, server.alice.email, address)).status, 401)
})

test('X-Forwarded-For is ignored without TRUST_PROXY', async (t) => {
  const server = await docket(t, { isStill: true }) // TRUST_PROXY is unset
  for (let i = 0; i < 6; i += 1) await failTimes(server, 1, server.alice.email, `192.0.2.${i}`)
  assertPaused(await fail(server, server.alice.email, '192.0.2.99'), 1)
})

// Each free failure costs a password hash, so these tests write most of the count into the table.
const wider: { what: string; free: number; next: (i: number) => [email: string, from: string] }[] = [
  {
    what: 'one address from any network',
    free: 50,
    next: (i) => ['alice@example.com', `198.51.100.${i}`],
  },
  { what: 'one network, whatever the address', free: 100, next: (i) => [`someone${i}@example.com`, here] },
]
for (const { what, free, next } of wider) {
  test(`${free} failures are free for ${what}`, async (t) => {
    const server = await proxied(t)
    await failTimes(server, 1, ...next(0))
    await failTimes(server, 1, ...next(1))
    // After two failures only the row that both share has a count of 2.
    await write(server, sql`update failed_logins set failures = ${free - 1} where failures = 2`)

    await failTimes(server, 1, ...next(2)) // the last free one
    await failTimes(server, 1, ...next(3))
    assertPaused(await fail(server, ...next(4)), 1)
    assertPaused(await tryLogin(server, next(5)[0], password, next(5)[1]), 1)
    server.advance(second)
    await failTimes(server, 1, ...next(6))
    assertPaused(await fail(server, ...next(7)), 2)
    assert.equal((await fail(server, 'elsewhere@example.com', '203.0.113.9')).status, 401)
  })
}

test('the counts survive a restart', async (t) => {
  const server = await proxied(t)
  await failTimes(server, 6)
  await server.restart()
  assertPaused(await fail(server), 1)
  server.advance(second)
  await failTimes(server, 1)
  await server.restart()
  assertPaused(await fail(server), 2)
})

test('wrong passwords of a logged-in user count too, and do not affect their sessions', async (t) => {
  const server = await proxied(t)
  const { alice } = server
  const headers = { 'x-forwarded-for': here }
  const calls = [
    () =>
      alice.put('/me/password', { currentPassword: wrong, newPassword: 'a quite different one' }, headers),
    () => alice.post('/me/deletion', { password: wrong }, headers),
  ]
  for (const call of [...calls, ...calls, ...calls]) assertProblem(await call(), 403, 'wrong-password')

  for (const call of calls) assertPaused(await call(), 1)
  assertPaused(await tryLogin(server, alice.email, password, here), 1)
  assert.equal((await alice.get('/me')).status, 200)
  assert.equal((await refresh(server, alice.refreshToken)).status, 200)

  server.advance(second)
  const right = { currentPassword: password, newPassword: 'a quite different one' }
  assert.equal((await alice.put('/me/password', right, headers)).status, 200)
  for (const call of calls) assertProblem(await call(), 403, 'wrong-password') // the count is cleared
})

// Without the secret, as the operator may run the command: it is in the environment of the service alone.
test('a password set by the operator ends the pauses of its address on every network', async (t) => {
  const server = await proxied(t)
  const newPassword = 'another horse, another battery'
  await failTimes(server, 6)
  await failTimes(server, 6, server.alice.email, '192.0.2.2')
  await failTimes(server, 6, 'nobody@example.com', '192.0.2.3')
  await write(server, sql`update failed_logins set failures = 60 where failures = 12`) // those of Alice's address
  assertPaused(await fail(server, server.alice.email, '192.0.2.4'), 512)

  await setPassword(server.database, server.alice.email, newPassword)

  for (const from of [here, '192.0.2.2', '192.0.2.4']) {
    assert.equal((await tryLogin(server, server.alice.email, newPassword, from)).status, 200)
  }
  assertPaused(await fail(server, 'nobody@example.com', '192.0.2.3'), 1)
  await failTimes(server, 6)
  assertPaused(await fail(server), 1) // later failures count as ever
})

test('the counts contain no addresses', async (t) => {
  const server = await proxied(t)
  await failTimes(server, 1, 'canary@example.com', '192.0.2.77')
  const text = (await everything(server)).get('failed_logins') ?? ''
  assert.equal(JSON.parse(text).length, 3)
  for (const { key } of JSON.parse(text)) assert.match(key, /^[\w-]{43}$/)
  assert.ok(!text.includes('canary') && !text.includes('192.0.2'))
})
