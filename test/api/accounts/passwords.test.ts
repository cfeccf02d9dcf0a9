import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../../../src/database/database.ts'
import { assertProblem, docket, password } from '../../harness.ts'
import { everything, hashWith, logIn, storedHash, tryLogin, write } from './accounts.ts'

const composed = 'caf\u00e9-cr\u00e8me'
const decomposed = composed.normalize('NFD')
const phc = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/

test('which passwords may be chosen', async (t) => {
  const server = await docket(t)
  let count = 0
  const register = (secret: string, localPart = `user${(count += 1)}`) =>
    server.request('POST', '/auth/register', {
      body: { email: `${localPart}@example.com`, password: secret },
    })

  const taken: [what: string, password: string, localPart?: string][] = [
    ['8 characters', 'x9!kQ2#z'],
    ['8 emoji, each two UTF-16 units', '🦊🐻🐼🐨🐯🦁🐮🐷'],
    ['256 emoji', '🦊'.repeat(256)],
    ['letters only, since there are no rules of composition', 'zebrafishwandering'],
    ['spaces around, kept as they are', '   padded   '],
    ['tabs and line breaks', 'one\ttwo\nthree'],
    ['a local part of 4 characters within', 'xx-anna-xx', 'anna'],
    ['the part after the @ within', 'xx-example.com-xx'],
    ['a common password as a part of a longer one', 'password-but-longer-7'],
  ]
  for (const [what, secret, localPart] of taken) {
    await t.test(`takes ${what}`, async () => {
      const answer = await register(secret, localPart)
      assert.equal(answer.status, 201, answer.text)
      assert.equal((await tryLogin(server, answer.body.user.email, secret)).status, 200)
    })
  }

  const refused: [what: string, password: string, words: RegExp, localPart?: string][] = [
    ['nothing', '', /at least 8 characters/],
    ['7 characters', 'x9!kQ2#', /at least 8 characters/],
    ['7 emoji, which are 14 UTF-16 units', '🦊🐻🐼🐨🐯🦁🐮', /at least 8 characters/],
    ['7 letters, each written as two code points', 'é'.normalize('NFD').repeat(7), /at least 8 characters/],
    ['257 characters', 'x'.repeat(257), /at most 256 characters/],
    ['257 emoji', '🦊'.repeat(257), /at most 256 characters/],
    ['a common password', 'iloveyou', /common/],
    ['a common password in other letter case', 'PassWord1', /common/],
    ['a common password of many digits', '123456789987654321', /common/],
    ['the local part of the address within', 'xx-annab-xx', /e-mail address/, 'annab'],
    ['the local part in other letter case', 'XX-ANNAB-XX', /e-mail address/, 'annab'],
    ['the local part with a letter composed otherwise', 'xx-ren\u00e9e-xx', /e-mail address/, 'rene\u0301e'],
    ['U+0000', 'abc\0defgh', /U\+0000/],
  ]
  for (const [what, secret, words, localPart] of refused) {
    await t.test(`refuses ${what}, at registration and at a change`, async () => {
      const { errors = [] } = assertProblem(await register(secret, localPart), 422, 'validation-failed')
      assert.equal(errors.length, 1)
      assert.ok(errors[0] && 'pointer' in errors[0] && errors[0].pointer === '/password')
      assert.match(errors[0].detail, words)
      if (localPart) return

      const change = await server.alice.put('/me/password', {
        currentPassword: password,
        newPassword: secret,
      })
      const [fault] = assertProblem(change, 422, 'validation-failed').errors ?? []
      assert.ok(fault && 'pointer' in fault && fault.pointer === '/newPassword')
    })
  }

  await t.test("refuses one's own local part at a change too", async () => {
    const change = { currentPassword: password, newPassword: 'xx-Alice-xx' }
    const answer = await server.alice.put('/me/password', change)
    const { errors } = assertProblem(answer, 422, 'validation-failed')
    assert.deepEqual(errors, [{ pointer: '/newPassword', detail: 'must not contain the e-mail address' }])
  })

  await t.test('refuses lone surrogates in any password', async () => {
    const headers = { 'content-type': 'application/json' }
    const calls: [method: string, path: string, body: string][] = [
      ['POST', '/auth/register', '{"email":"s@example.com","password":"\\ud800-12345678"}'],
      ['POST', '/auth/login', '{"email":"s@example.com","password":"\\udfff-12345678"}'],
      ['PUT', '/me/password', '{"currentPassword":"\\ud83d","newPassword":"\\ud83d-12345678"}'],
      ['POST', '/me/deletion', '{"password":"\\ud83d"}'],
    ]
    for (const [method, path, body] of calls) {
      assertProblem(await server.alice.request(method, path, { body, headers }), 422, 'validation-failed')
    }
  })
})

test('a password logs in however its accents are composed', async (t) => {
  const server = await docket(t, { withAlice: false })
  for (const [i, [chosen, typed]] of [
    [composed, decomposed],
    [decomposed, composed],
  ].entries()) {
    const email = `accent${i}@example.com`
    assert.notEqual(chosen, typed)
    const registered = await server.request('POST', '/auth/register', { body: { email, password: chosen } })
    assert.equal(registered.status, 201)
    assert.equal((await tryLogin(server, email, typed)).status, 200)
    assert.equal((await tryLogin(server, email, composed.replace('é', 'e'))).status, 401)
  }
})

test('only a PHC string of the password is kept, with a salt of its own', async (t) => {
  const server = await docket(t)
  await server.register('bob') // with alice's very password

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

test('a hash of lower cost is made anew at the next login', async (t) => {
  const server = await docket(t)
  const { email } = server.alice
  const weaker = [
    { memory: 8 * 1024, passes: 2, parallelism: 1 },
    { memory: 19 * 1024, passes: 1, parallelism: 1 },
  ]
  for (const cost of weaker) {
    const weak = hashWith(cost)
    await write(server, sql`update users set password_hash = ${weak} where email = ${email}`)

    assert.equal((await tryLogin(server, email, 'not the password')).status, 401)
    assert.equal(await storedHash(server, email), weak) // a wrong password teaches nothing
    await logIn(server, server.alice)
    const strong = await storedHash(server, email)
    assert.match(strong, phc)
    await logIn(server, server.alice)
    assert.equal(await storedHash(server, email), strong)
  }
})

test('a hash of higher cost stays', async (t) => {
  const server = await docket(t)
  const stronger = hashWith({ memory: 20 * 1024, passes: 3, parallelism: 1 })
  await write(server, sql`update users set password_hash = ${stronger} where email = ${server.alice.email}`)

  await logIn(server, server.alice)

  assert.equal(await storedHash(server, server.alice.email), stronger)
})
