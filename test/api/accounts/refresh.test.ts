import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertProblem, docket, userOf, type Answer, type Docket } from '../../harness.ts'
import { assertFields, day, hour, logIn, refresh, second, tokenFields } from './accounts.ts'

test('a refresh returns exactly new tokens', async (t) => {
  const server = await docket(t, { isStill: true })
  const answer = await refresh(server, server.alice.refreshToken)

  assert.equal(answer.status, 200)
  assert.equal(answer.headers.get('cache-control'), 'no-store')
  assertFields(answer.body, tokenFields)
  assert.equal(answer.body.tokenType, 'Bearer')
  assert.equal(answer.body.expiresIn, 3600)
  assert.notEqual(answer.body.refreshToken, server.alice.refreshToken)
  const renewed = userOf({ user: server.alice, ...answer.body }, server.request)
  assert.equal((await renewed.get('/me')).status, 200)
  assert.equal((await server.alice.get('/me')).status, 200) // the old access token stays valid for its hour
})

test('a refresh works after the access token has expired', async (t) => {
  const server = await docket(t, { isStill: true })
  server.advance(2 * hour)
  const expired = await server.alice.get('/me')
  assert.match(assertProblem(expired, 401, 'invalid-token').detail, /\/auth\/refresh/)

  server.alice.accessToken = (await refresh(server, server.alice.refreshToken)).body.accessToken
  assert.equal((await server.alice.get('/me')).status, 200)
})

test('a hundred uses of a refresh token at once get the same new token', async (t) => {
  const server = await docket(t, { isStill: true })
  const uses = Array.from({ length: 100 }, () => refresh(server, server.alice.refreshToken))

  const answers = await Promise.all(uses)

  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
  const successors = new Set(answers.map(({ body }) => body.refreshToken))
  assert.equal(successors.size, 1)
  const [successor = ''] = successors
  assert.equal((await refresh(server, successor)).status, 200)
})

test('a retry within ten seconds gets the same new refresh token', async (t) => {
  const server = await docket(t, { isStill: true })
  const first = await refresh(server, server.alice.refreshToken)
  for (const wait of [0, 3 * second, 7 * second]) {
    server.advance(wait)
    const retry = await refresh(server, server.alice.refreshToken)
    assert.equal(retry.status, 200)
    assert.equal(retry.body.refreshToken, first.body.refreshToken)
  }
})

test('retries do not extend the ten seconds', async (t) => {
  const server = await docket(t, { isStill: true })
  await refresh(server, server.alice.refreshToken)
  server.advance(10 * second)
  assert.equal((await refresh(server, server.alice.refreshToken)).status, 200)
  server.advance(1)
  assertProblem(await refresh(server, server.alice.refreshToken), 401, 'invalid-token')
})

test('reuse of a refresh token ends its session and no other', async (t) => {
  const stale: [what: string, use: (server: Docket) => Promise<Answer>][] = [
    [
      'after ten seconds',
      async (server) => {
        const { body } = await refresh(server, server.alice.refreshToken)
        server.advance(10 * second + 1)
        return { ...(await refresh(server, server.alice.refreshToken)), body }
      },
    ],
    [
      'at once, if the new token was used too',
      async (server) => {
        const next = await refresh(server, server.alice.refreshToken)
        const { body } = await refresh(server, next.body.refreshToken)
        return { ...(await refresh(server, server.alice.refreshToken)), body }
      },
    ],
  ]
  for (const [what, use] of stale) {
    await t.test(what, async (inner) => {
      const server = await docket(inner, { isStill: true })
      const phone = await logIn(server, server.alice)

      const { status, headers, body } = await use(server)

      assert.equal(status, 401)
      assert.equal(headers.get('www-authenticate'), 'Bearer realm="docket", error="invalid_token"')
      const newest = { authorization: `Bearer ${body.accessToken}` }
      assertProblem(await server.request('GET', '/me', { headers: newest }), 401, 'invalid-token')
      assertProblem(await server.alice.get('/me'), 401, 'invalid-token')
      assertProblem(await refresh(server, body.refreshToken), 401, 'invalid-token')
      assert.equal((await phone.get('/me')).status, 200)
      assert.equal((await refresh(server, phone.refreshToken)).status, 200)
    })
  }
})

test('an invalid refresh token is refused and ends no session', async (t) => {
  const server = await docket(t, { isStill: true })
  const bob = await server.register('bob')
  const [session, counter, mac] = server.alice.refreshToken.split('.')
  const [bobsSession] = bob.refreshToken.split('.')
  assert.ok(session && counter === '0' && mac?.length === 43 && bobsSession)
  const next = String.fromCharCode(mac.charCodeAt(42) + 1) // differs in the unused bits of the last character, or in others
  const foreign = [
    '',
    'x',
    server.alice.accessToken,
    `${session}.${counter}`,
    `${session}.1.${mac}`,
    `${session}.00.${mac}`,
    `${session}.-1.${mac}`,
    `${session}.1e9.${mac}`,
    `${bobsSession}.0.${mac}`,
    `${session.toUpperCase()}.0.${mac}`,
    `${session}.0.${mac.slice(0, -1)}`,
    `${session}.0.${mac.slice(0, -1)}${next}`,
    `${session}.0.${mac}=`,
    `${session}.0.${mac}.0`,
    ` ${server.alice.refreshToken}`,
    `${server.alice.refreshToken}\n`,
    `'; drop table sessions; --.0.${mac}`,
    'x'.repeat(100_000),
  ]
  for (const token of foreign) {
    const answer = await refresh(server, token)
    assertProblem(answer, 401, 'invalid-token')
    assert.equal(answer.headers.get('www-authenticate'), 'Bearer realm="docket", error="invalid_token"')
  }
  assert.equal((await server.alice.get('/me')).status, 200)
  assert.equal((await refresh(server, server.alice.refreshToken)).status, 200)
})

test('a body other than one refresh token is refused with 422', async (t) => {
  const { alice, request } = await docket(t, { isStill: true })
  for (const body of [
    {},
    { refreshToken: null },
    { refreshToken: 1 },
    { refreshToken: alice.refreshToken, more: 1 },
  ]) {
    assertProblem(await request('POST', '/auth/refresh', { body }), 422, 'validation-failed')
  }
})

test('a session ends after 14 days without a refresh', async (t) => {
  const server = await docket(t, { isStill: true })
  const phone = await logIn(server, server.alice)

  server.advance(14 * day - 1)
  const renewed = await refresh(server, server.alice.refreshToken)
  assert.equal(renewed.status, 200)
  server.advance(1)

  assertProblem(await refresh(server, phone.refreshToken), 401, 'invalid-token')
  assert.equal((await refresh(server, renewed.body.refreshToken)).status, 200)
})

test('a session and its access tokens end after 30 days, however often it is refreshed', async (t) => {
  const server = await docket(t, { isStill: true })
  let { refreshToken } = server.alice
  for (const wait of [10 * day, 10 * day, 10 * day - 1]) {
    server.advance(wait)
    const { status, body } = await refresh(server, refreshToken)
    assert.equal(status, 200)
    refreshToken = body.refreshToken
    server.alice.accessToken = body.accessToken
  }
  assert.equal((await server.alice.get('/me')).status, 200)

  server.advance(1)

  assertProblem(await server.alice.get('/me'), 401, 'invalid-token') // before its own hour is over
  assertProblem(await refresh(server, refreshToken), 401, 'invalid-token')
})
