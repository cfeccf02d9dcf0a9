import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertProblem, docket, password, userOf, type User } from '../../harness.ts'
import { assertFields, hour, logIn, minute, refresh, withoutInstance } from './accounts.ts'

const noon = Date.UTC(2026, 10, 22, 12)

/** Returns the session that the user's access token belongs to. */
const sessionOf = async (user: User) => {
  const { items } = (await user.get('/me/sessions')).body
  return items.find(({ current }: { current: boolean }) => current)
}

test('the list shows only where the user is logged in', async (t) => {
  const server = await docket(t, { isStill: true, now: noon, env: { TRUST_PROXY: '127.0.0.1' } })
  server.advance(5 * minute)
  const login = await server.request('POST', '/auth/login', {
    body: { email: server.alice.email, password },
    headers: { 'user-agent': 'Phone/1.0 (ünïque)', 'x-forwarded-for': '2001:db8::7' },
  })
  const phone = userOf(login.body, server.request)
  await server.register('bob')

  const { status, body } = await phone.get('/me/sessions')

  assert.equal(status, 200)
  assertFields(body, ['items'])
  assert.equal(body.items.length, 2)
  const [first, other] = body.items // the last used comes first
  assertFields(first, ['id', 'createdAt', 'lastUsedAt', 'userAgent', 'ipAddress', 'current'])
  assert.equal(first.createdAt, '2026-11-22T12:05:00.000Z')
  assert.equal(first.lastUsedAt, first.createdAt)
  assert.match(first.userAgent, /^Phone\/1\.0/)
  assert.equal(first.ipAddress, '2001:db8::7')
  assert.equal(first.current, true)
  assert.equal(other.createdAt, '2026-11-22T12:00:00.000Z')
  assert.equal(other.ipAddress, '127.0.0.1')
  assert.equal(other.current, false)
  assert.deepEqual((await sessionOf(server.alice))?.id, other.id)
})

test('a session was last used at its last login or refresh', async (t) => {
  const server = await docket(t, { isStill: true, now: noon })
  const { alice } = server
  const lastUsed = async () => (await sessionOf(alice)).lastUsedAt
  assert.equal(await lastUsed(), '2026-11-22T12:00:00.000Z')

  server.advance(10 * minute)
  await alice.get('/me')
  await alice.createTask({ title: 'Not a login' })
  await alice.patch('/me', { name: 'Alice' })
  await alice.put('/me/password', { currentPassword: 'wrong', newPassword: 'a quite different one' })
  await logIn(server, alice)
  assert.equal(await lastUsed(), '2026-11-22T12:00:00.000Z')

  const change = await alice.put('/me/password', {
    currentPassword: password,
    newPassword: 'another password',
  })
  Object.assign(alice, change.body)
  assert.equal(await lastUsed(), '2026-11-22T12:00:00.000Z')

  server.advance(10 * minute)
  Object.assign(alice, (await refresh(server, alice.refreshToken)).body)
  assert.equal(await lastUsed(), '2026-11-22T12:20:00.000Z')
})

test('an expired session is not listed', async (t) => {
  const server = await docket(t, { isStill: true, now: noon })
  server.advance(13 * 24 * hour)
  const phone = await logIn(server, server.alice)
  assert.equal((await phone.get('/me/sessions')).body.items.length, 2)

  server.advance(24 * hour)
  Object.assign(phone, (await refresh(server, phone.refreshToken)).body)

  assert.equal((await phone.get('/me/sessions')).body.items.length, 1)
})

test('ending a session invalidates its tokens from the next request on, and no others', async (t) => {
  const server = await docket(t)
  const phone = await logIn(server, server.alice)
  const { id } = await sessionOf(phone)

  const answer = await server.alice.delete(`/me/sessions/${id}`)

  assert.equal(answer.status, 204)
  assert.equal(answer.text, '')
  assertProblem(await phone.get('/me'), 401, 'invalid-token')
  assertProblem(await refresh(server, phone.refreshToken), 401, 'invalid-token')
  assertProblem(await server.alice.delete(`/me/sessions/${id}`), 404, 'not-found')
  assert.equal((await server.alice.get('/me')).status, 200)
})

test('a user can end the current session', async (t) => {
  const { alice } = await docket(t)
  const { id } = await sessionOf(alice)

  assert.equal((await alice.delete(`/me/sessions/${id}`)).status, 204)
  assertProblem(await alice.get('/me/sessions'), 401, 'invalid-token')
})

test('another user’s session gives the same response as an unknown one', async (t) => {
  const server = await docket(t)
  const bob = await server.register('bob')
  const { id } = await sessionOf(server.alice)

  const foreign = await bob.delete(`/me/sessions/${id}`)
  const missing = await bob.delete('/me/sessions/00000000-0000-7000-8000-000000000000')

  assertProblem(foreign, 404, 'not-found')
  assertProblem(missing, 404, 'not-found')
  assert.deepEqual(withoutInstance(foreign), withoutInstance(missing))
  for (const name of ['x', id.toUpperCase(), `${id}0`, 'x'.repeat(5000), '%2e%2e']) {
    assertProblem(await bob.delete(`/me/sessions/${name}`), 404, 'not-found')
  }
  assert.equal((await server.alice.get('/me')).status, 200)
})

test('an access token is valid for an hour, plus a minute for clock skew', async (t) => {
  const server = await docket(t, { isStill: true, now: noon })
  server.advance(hour + minute - 1)
  assert.equal((await server.alice.get('/me')).status, 200)

  server.advance(1)

  const answer = await server.alice.get('/me')
  assert.match(assertProblem(answer, 401, 'invalid-token').detail, /\/auth\/refresh/)
  assert.equal(answer.headers.get('www-authenticate'), 'Bearer realm="docket", error="invalid_token"')
})

test('an access token contains exactly these claims', async (t) => {
  const server = await docket(t, { isStill: true, now: noon })
  const [head = '', claims = ''] = server.alice.accessToken.split('.')
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())

  const header = read(head)
  assertFields(header, ['alg', 'typ', 'kid'])
  assert.equal(header.alg, 'HS256')
  assert.equal(header.typ, 'at+jwt')
  const payload = read(claims)
  assertFields(payload, ['iss', 'aud', 'sub', 'sid', 'jti', 'iat', 'exp'])
  assert.equal(payload.iss, 'docket')
  assert.equal(payload.aud, 'docket')
  assert.equal(payload.sub, server.alice.id)
  assert.equal(payload.sid, (await sessionOf(server.alice)).id)
  assert.equal(payload.iat, noon / 1000)
  assert.equal(payload.exp, payload.iat + 3600)
})
