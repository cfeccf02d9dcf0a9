import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../../../src/database/database.ts'
import { assertProblem, docket, password } from '../../harness.ts'
import { everything, hashWith, logIn, storedHash, tryLogin, write } from './accounts.ts'

const composed = 'caf\u00e9-cr\u00e8me'
const decomposed = composed.normalize('NFD')
const phc = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/

test('rules for a new password', async (t) => {
  const server = await docket(t, { hasRealHashes: true })
  let count = 0
  const register = (secret: string, localPart = `user${(count += 1)}`) =>
    server.request('POST', '/auth/register', {
      body: { email: `${localPart}@example.com`, password: secret },
    })

  const accepted: { what: string; secret: string; localPart?: string }[] = [
    { what: '8 characters', secret: 'x9!kQ2#z' },
    { what: '8 emoji, each two UTF-16 units', secret: '🦊🐻🐼🐨🐯🦁🐮🐷' },
    { what: '256 emoji', secret: '🦊'.repeat(256) },
    { what: 'only letters, since there are no composition rules', secret: 'zebrafishwandering' },
    { what: 'leading and trailing spaces, which are kept', secret: '   padded   ' },
    { what: 'tabs and line breaks', secret: 'one\ttwo\nthree' },
    {
      what: 'a password that contains a local part of 4 characters',
      secret: 'xx-anna-xx',
      localPart: 'anna',
    },
    { what: 'a password that contains the domain of the address', secret: 'xx-example.com-xx' },
    { what: 'a longer password that contains a common one', secret: 'password-but-longer-7' },
  ]
  for (const { what, secret, localPart } of accepted) {
    await t.test(`accepts ${what}`, async () => {
      const answer = await register(secret, localPart)
      assert.equal(answer.status, 201, answer.text)
      assert.equal((await tryLogin(server, answer.body.user.email, secret)).status, 200)
    })
  }

  const refused: { what: string; secret: string; reason: RegExp; localPart?: string }[] = [
    { what: 'nothing', secret: '', reason: /at least 8 characters/ },
    { what: '7 characters', secret: 'x9!kQ2#', reason: /at least 8 characters/ },
    { what: '7 emoji, which are 14 UTF-16 units', secret: '🦊🐻🐼🐨🐯🦁🐮', reason: /at least 8 characters/ },
    {
      what: '7 letters, each written as two code points',
      secret: 'é'.normalize('NFD').repeat(7),
      reason: /at least 8 characters/,
    },
    { what: '257 characters', secret: 'x'.repeat(257), reason: /at most 256 characters/ },
    { what: '257 emoji', secret: '🦊'.repeat(257), reason: /at most 256 characters/ },
    { what: 'a common password', secret: 'iloveyou', reason: /common/ },
    { what: 'a common password in another letter case', secret: 'PassWord1', reason: /common/ },
    { what: 'a common password of many digits', secret: '123456789987654321', reason: /common/ },
    {
      what: 'a password that contains the local part of the address',
      secret: 'xx-annab-xx',
      reason: /e-mail address/,
      localPart: 'annab',
    },
    {
      what: 'the local part in another letter case',
      secret: 'XX-ANNAB-XX',
      reason: /e-mail address/,
      localPart: 'annab',
    },
    {
      what: 'the local part in another Unicode normalization',
      secret: 'xx-ren\u00e9e-xx',
      reason: /e-mail address/,
      localPart: 'rene\u0301e',
    },
    { what: 'U+0000', secret: 'abc\0defgh', reason: /U\+0000/ },
  ]
  for (const { what, secret, reason, localPart } of refused) {
    await t.test(`refuses ${what}, at registration and at a change`, async () => {
      const { errors = [] } = assertProblem(await register(secret, localPart), 422, 'validation-failed')
      assert.equal(errors.length, 1)
      assert.ok(errors[0] && 'pointer' in errors[0] && errors[0].pointer === '/password')
      assert.match(errors[0].detail, reason)
      if (localPart) return

      const change = await server.alice.put('/me/password', {
        currentPassword: password,
        newPassword: secret,
      })
      const [fault] = assertProblem(change, 422, 'validation-failed').errors ?? []
      assert.ok(fault && 'pointer' in fault && fault.pointer === '/newPassword')
    })
  }

  await t.test('refuses the user’s own local part at a change too', async () => {
    const change = { currentPassword: password, newPassword: 'xx-Alice-xx' }
    const answer = await server.alice.put('/me/password', change)
    const { errors } = assertProblem(answer, 422, 'validation-failed')
    assert.deepEqual(errors, [{ pointer: '/newPassword', detail: 'must not contain the e-mail address' }])
  })

  await t.test('refuses lone surrogates in any password', async () => {
    const headers = { 'content-type': 'application/json' }
    const calls = {
      'POST /auth/register': '{"email":"s@example.com","password":"\\ud800-12345678"}',
      'POST /auth/login': '{"email":"s@example.com","password":"\\udfff-12345678"}',
      'PUT /me/password': '{"currentPassword":"\\ud83d","newPassword":"\\ud83d-12345678"}',
      'POST /me/deletion': '{"password":"\\ud83d"}',
    }
    for (const [route, body] of Object.entries(calls)) {
      const [method = '', path = ''] = route.split(' ')
      assertProblem(await server.alice.request(method, path, { body, headers }), 422, 'validation-failed')
    }
  })
})

test('a password works in any Unicode normalization', async (t) => {
  const server = await docket(t, { hasRealHashes: true, withAlice: false })
  for (const [i, { chosen, typed }] of [
    { chosen: composed, typed: decomposed },
    { chosen: decomposed, typed: composed },
  ].entries()) {
    const email = `accent${i}@example.com`
    assert.notEqual(chosen, typed)
    const registered = await server.request('POST', '/auth/register', { body: { email, password: chosen } })
    assert.equal(registered.status, 201)
    assert.equal((await tryLogin(server, email, typed)).status, 200)
    assert.equal((await tryLogin(server, email, composed.replace('é', 'e'))).status, 401)
  }
})

test('a password is stored only as a PHC string with a salt of its own', async (t) => {
  const server = await docket(t, { hasRealHashes: true })
  await server.register('bob') // with the same password as alice

  const [ofAlice, ofBob] = [
    await storedHash(server, 'alice@example.com'),
    await storedHash(server, 'bob@example.com'),
  ]

  assert.match(ofAlice, phc)
  assert.match(ofBob, phc)
  assert.notEqual(ofAlice, ofBob)
  for (const [table, text] of await everything(server)) {
    assert.ok(!text.includes(password) && !text.includes(server.alice.refreshToken), table)
    if (table !== 'users') assert.ok(!text.includes('$argon2'), table)
  }
})

test('a login replaces a password hash of lower cost', async (t) => {
  const server = await docket(t, { hasRealHashes: true })
  const { email } = server.alice
  const weaker = [
    { memory: 8 * 1024, passes: 2, parallelism: 1 },
    { memory: 19 * 1024, passes: 1, parallelism: 1 },
  ]
  for (const cost of weaker) {
    const weak = hashWith(cost)
    await write(server, sql`update users set password_hash = ${weak} where email = ${email}`)

    assert.equal((await tryLogin(server, email, 'not the password')).status, 401)
    assert.equal(await storedHash(server, email), weak) // a failed login replaces nothing
    await logIn(server, server.alice)
    const strong = await storedHash(server, email)
    assert.match(strong, phc)
    await logIn(server, server.alice)
    assert.equal(await storedHash(server, email), strong)
  }
})

test('a login keeps a password hash of higher cost', async (t) => {
  const server = await docket(t, { hasRealHashes: true })
  const stronger = hashWith({ memory: 20 * 1024, passes: 3, parallelism: 1 })
  await write(server, sql`update users set password_hash = ${stronger} where email = ${server.alice.email}`)

  await logIn(server, server.alice)

  assert.equal(await storedHash(server, server.alice.email), stronger)
})
