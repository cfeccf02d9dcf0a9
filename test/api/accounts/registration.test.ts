import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isId } from '../../../src/core/id.ts'
import { assertProblem, docket, password } from '../../harness.ts'
import { assertFields, tokenFields, tryLogin, userFields } from './accounts.ts'

test('registration', async (t) => {
  const server = await docket(t, { withAlice: false, isStill: true, now: Date.UTC(2026, 10, 22, 9, 30) })
  const register = (body: object) => server.request('POST', '/auth/register', { body })

  await t.test('returns exactly the user and tokens', async () => {
    const answer = await register({ email: 'ada@example.com', password })

    assert.equal(answer.status, 201)
    assert.equal(answer.headers.get('location'), '/me')
    assert.equal(answer.headers.get('cache-control'), 'no-store')
    assertFields(answer.body, ['user', ...tokenFields])
    assertFields(answer.body.user, userFields)
    const { user } = answer.body
    assert.ok(isId(user.id))
    assert.equal(user.id[14], '7') // RFC 9562 §5.7
    assert.equal(user.email, 'ada@example.com')
    assert.equal(user.name, '')
    assert.equal(user.timeZone, 'UTC')
    assert.equal(user.createdAt, '2026-11-22T09:30:00.000Z')
    assert.equal(answer.body.tokenType, 'Bearer')
    assert.equal(answer.body.expiresIn, 3600)
    const authorization = `Bearer ${answer.body.accessToken}`
    const me = await server.request('GET', '/me', { headers: { authorization } })
    assert.deepEqual(me.body, user)
  })

  await t.test('accepts a name and a time zone', async () => {
    const name = '🦊'.repeat(100)
    const answer = await register({ email: 'fox@example.com', password, name, timeZone: 'Asia/Kathmandu' })

    assert.equal(answer.status, 201)
    assert.equal(answer.body.user.name, name)
    assert.equal(answer.body.user.timeZone, 'Asia/Kathmandu')
  })

  await t.test('trims and lower-cases the address', async () => {
    const answer = await register({ email: ' \t Grace.HOPPER@Example.COM\n', password })

    assert.equal(answer.status, 201)
    assert.equal(answer.body.user.email, 'grace.hopper@example.com')
    assert.equal((await tryLogin(server, 'GRACE.hopper@EXAMPLE.com ')).status, 200)
  })

  await t.test('accepts an address of 254 characters and refuses 255', async () => {
    const longest = `${'l'.repeat(254 - 12)}@example.com`

    assert.equal((await register({ email: `  ${longest}  `, password })).status, 201)
    const problem = assertProblem(
      await register({ email: `l${longest}`, password }),
      422,
      'validation-failed',
    )
    assert.deepEqual(problem.errors, [{ pointer: '/email', detail: 'must have at most 254 characters' }])
  })

  await t.test('refuses a taken address in any spelling', async () => {
    for (const email of ['ada@example.com', 'ADA@EXAMPLE.COM', '  Ada@Example.com ']) {
      assertProblem(await register({ email, password }), 409, 'email-taken')
    }
  })

  await t.test('exactly one of many concurrent registrations of an address succeeds', async () => {
    const spellings = ['race@example.com', 'RACE@example.com', ' race@EXAMPLE.com ']
    const rivals = Array.from({ length: 12 }, (_, i) => register({ email: spellings[i % 3], password }))

    const answers = await Promise.all(rivals)

    assert.equal(answers.filter(({ status }) => status === 201).length, 1)
    for (const answer of answers.filter(({ status }) => status !== 201))
      assertProblem(answer, 409, 'email-taken')
  })

  const faults: { what: string; body: unknown; pointers: string[] }[] = [
    { what: 'an empty body', body: {}, pointers: ['/email', '/password'] },
    { what: 'an address without @', body: { email: 'ada', password }, pointers: ['/email'] },
    { what: 'an address with two @', body: { email: 'a@b@example.com', password }, pointers: ['/email'] },
    { what: 'nothing before the @', body: { email: '@example.com', password }, pointers: ['/email'] },
    { what: 'nothing after the @', body: { email: 'ada@', password }, pointers: ['/email'] },
    { what: 'a space in the address', body: { email: 'a da@example.com', password }, pointers: ['/email'] },
    {
      what: 'a no-break space in the address',
      body: { email: 'a\u00a0da@example.com', password },
      pointers: ['/email'],
    },
    {
      what: 'a control character in the address',
      body: { email: 'a\u0007da@example.com', password },
      pointers: ['/email'],
    },
    {
      what: 'a C1 control character in the address',
      body: { email: 'a\u0085da@example.com', password },
      pointers: ['/email'],
    },
    { what: 'U+0000 in the address', body: { email: 'a\0da@example.com', password }, pointers: ['/email'] },
    {
      what: 'a lone surrogate in the address',
      body: '{"email":"\\ud800@example.com","password":"x9-x9-x9-x9"}',
      pointers: ['/email'],
    },
    { what: 'an address that is null', body: { email: null, password }, pointers: ['/email'] },
    { what: 'an address in a list', body: { email: ['ada@example.com'], password }, pointers: ['/email'] },
    {
      what: 'a password that is a number',
      body: { email: 'new@example.com', password: 1234567890 },
      pointers: ['/password'],
    },
    {
      what: 'a name of 101 characters',
      body: { email: 'new@example.com', password, name: 'n'.repeat(101) },
      pointers: ['/name'],
    },
    {
      what: 'a name on two lines',
      body: { email: 'new@example.com', password, name: 'Ada\nLovelace' },
      pointers: ['/name'],
    },
    {
      what: 'a name that is null',
      body: { email: 'new@example.com', password, name: null },
      pointers: ['/name'],
    },
    {
      what: 'a time zone that does not exist',
      body: { email: 'new@example.com', password, timeZone: 'Mars/Olympus' },
      pointers: ['/timeZone'],
    },
    {
      what: 'an offset as time zone',
      body: { email: 'new@example.com', password, timeZone: '+01:00' },
      pointers: ['/timeZone'],
    },
    {
      what: 'an unknown field',
      body: { email: 'new@example.com', password, role: 'admin' },
      pointers: ['/role'],
    },
    {
      what: 'an id chosen by the client',
      body: { email: 'new@example.com', password, id: 'x' },
      pointers: ['/id'],
    },
    {
      what: 'several faults at once',
      body: { email: 'ada', password: 'short', timeZone: 'Nowhere', extra: 1 },
      pointers: ['/email', '/extra', '/password', '/timeZone'],
    },
  ]
  for (const { what, body, pointers } of faults) {
    await t.test(`refuses ${what}`, async () => {
      const headers = { 'content-type': 'application/json' }
      const answer = await server.request('POST', '/auth/register', { body, headers })

      const { errors = [] } = assertProblem(answer, 422, 'validation-failed')
      const named = errors.map((fault) => ('pointer' in fault ? fault.pointer : ''))
      assert.deepEqual([...new Set(named)].toSorted(), pointers)
    })
  }
})

test('closed registration refuses new users and does not affect existing ones', async (t) => {
  const server = await docket(t)
  await server.restart({ REGISTRATION: 'closed' })

  const body = { email: 'late@example.com', password }
  assertProblem(await server.request('POST', '/auth/register', { body }), 403, 'registration-closed')
  assert.equal((await tryLogin(server, 'late@example.com')).status, 401)
  assert.equal((await server.alice.get('/me')).status, 200)
  assert.equal((await tryLogin(server, server.alice.email)).status, 200)
})
