import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../../../src/database/database.ts'
import { assertProblem, docket, password, type Answer, type Docket } from '../../harness.ts'
import {
  assertFields,
  hashWith,
  logIn,
  refresh,
  storedHash,
  tokenFields,
  tryLogin,
  withoutInstance,
  write,
} from './accounts.ts'

test('a login returns exactly the user and new tokens', async (t) => {
  const server = await docket(t)
  const answer = await tryLogin(server, ' ALICE@example.com')

  assert.equal(answer.status, 200)
  assert.equal(answer.headers.get('cache-control'), 'no-store')
  assertFields(answer.body, ['user', ...tokenFields])
  assert.deepEqual(answer.body.user, (await server.alice.get('/me')).body)
  assert.equal(answer.body.tokenType, 'Bearer')
  assert.equal(answer.body.expiresIn, 3600)
  assert.notEqual(answer.body.accessToken, server.alice.accessToken)
  assert.notEqual(answer.body.refreshToken, server.alice.refreshToken)
})

test('an unknown address and a wrong password get the same response', async (t) => {
  const server = await docket(t)
  const wrong = await tryLogin(server, 'alice@example.com', 'not the password')
  const unknown = await tryLogin(server, 'nobody@example.com', 'not the password')

  assertProblem(wrong, 401, 'invalid-credentials')
  assertProblem(unknown, 401, 'invalid-credentials')
  assert.deepEqual(withoutInstance(unknown), withoutInstance(wrong))
  const names = (headers: Headers) => [...headers.keys()]
  assert.deepEqual(names(unknown.headers), names(wrong.headers))
  assert.equal(wrong.headers.get('www-authenticate'), 'Bearer realm="docket"') // RFC 9110 §15.5.2
})

test('an invalid login body is refused with 422 that names each field', async (t) => {
  const { request } = await docket(t, { withAlice: false })
  const faults = [
    { body: {}, pointers: ['/email', '/password'] },
    { body: { email: 'alice', password }, pointers: ['/email'] },
    { body: { email: 'alice@example.com', password: null }, pointers: ['/password'] },
    { body: { email: 'alice@example.com', password: 'abc\0defgh' }, pointers: ['/password'] },
    { body: { email: 'alice@example.com', password, remember: true }, pointers: ['/remember'] },
  ]
  for (const { body, pointers } of faults) {
    const { errors = [] } = assertProblem(
      await request('POST', '/auth/login', { body }),
      422,
      'validation-failed',
    )
    assert.deepEqual(
      errors.map((fault) => 'pointer' in fault && fault.pointer),
      pointers,
    )
  }
})

test('a login accepts passwords that the current rules would refuse', async (t) => {
  const { request } = await docket(t, { withAlice: false })
  for (const weak of ['', 'short', 'password', 'x'.repeat(1000)]) {
    const answer = await request('POST', '/auth/login', { body: { email: 'a@example.com', password: weak } })
    assertProblem(answer, 401, 'invalid-credentials')
  }
})

test('logout ends only the session that it is called with', async (t) => {
  const server = await docket(t)
  const phone = await logIn(server, server.alice)

  const answer = await phone.post('/auth/logout')

  assert.equal(answer.status, 204)
  assert.equal(answer.text, '')
  assertProblem(await phone.get('/me'), 401, 'invalid-token')
  assertProblem(await phone.post('/auth/logout'), 401, 'invalid-token')
  assertProblem(await refresh(server, phone.refreshToken), 401, 'invalid-token')
  assert.equal((await server.alice.get('/me')).status, 200)
})

test('a login during the deletion of its account is refused with 401', async (t) => {
  const server = await docket(t, { hasRealHashes: true })

  const login = await meanwhile(server, () => write(server, sql`delete from users`))

  assertProblem(login, 401, 'invalid-credentials')
})

test('a login during a password change is checked against the new password', async (t) => {
  const server = await docket(t, { hasRealHashes: true })
  // The login replaces this weak hash, and must not restore the old password by that.
  const weak = hashWith({ memory: 19 * 1024, passes: 1, parallelism: 1 })
  await write(server, sql`update users set password_hash = ${weak}`)
  const changed = hashWith({ memory: 19 * 1024, passes: 2, parallelism: 1 }, 'a quite different one')

  const login = await meanwhile(server, () => write(server, sql`update users set password_hash = ${changed}`))

  assertProblem(login, 401, 'invalid-credentials')
  assert.equal(await storedHash(server, server.alice.email), changed)
  assert.equal((await tryLogin(server, server.alice.email, 'a quite different one')).status, 200)
})

/** Starts alice's login, and calls `happen` while other logins keep it waiting for its turn to hash. */
async function meanwhile(server: Docket, happen: () => Promise<void>): Promise<Answer> {
  const strangers = Array.from({ length: 8 }, (_, i) => tryLogin(server, `stranger${i}@example.com`))
  const login = tryLogin(server, server.alice.email)
  for (const _ of strangers) await server.request('GET', '/livez')
  await happen()
  await Promise.all(strangers)
  return login
}
