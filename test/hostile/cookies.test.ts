import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertProblem, docket, password, type Answer, type Docket } from '../harness.ts'
import { refresh, second } from '../api/accounts/accounts.ts'

const plain = 'docket_refresh'
const secure = '__Secure-docket_refresh'
const inCookie = { refreshToken: 'cookie' }

/** The cookie that an answer sets: its value, and its other attributes in their order. */
function cookieOf(answer: Answer, name = plain): { value: string; attributes: string[] } {
  assert.ok(answer.status < 300, answer.text)
  const [cookie = '', ...others] = answer.headers.getSetCookie()
  assert.deepEqual(others, [])
  const [pair = '', ...attributes] = cookie.split('; ')
  assert.ok(pair.startsWith(`${name}=`), cookie)
  return { value: pair.slice(name.length + 1), attributes }
}

const logIn = (server: Docket, headers = {}) =>
  server.request('POST', '/auth/login', {
    body: { email: server.alice.email, password, ...inCookie },
    headers,
  })

const refreshBy = ({ request }: Pick<Docket, 'request'>, cookie: string, headers = {}): Promise<Answer> =>
  request('POST', '/auth/refresh', { body: inCookie, headers: { cookie, ...headers } })

const isAlive = async (server: Docket, { body }: Answer) =>
  (await server.request('GET', '/me', { headers: { authorization: `Bearer ${body.accessToken}` } }))
    .status === 200

test('the refresh token in a cookie', async (t) => {
  const server = await docket(t, { isStill: true })
  const attributes = ['Max-Age=1209600', 'Path=/auth', 'HttpOnly', 'SameSite=Strict']

  await t.test('is set by registration, login, refresh and a new password, and is in no answer', async () => {
    const email = 'page@example.com'
    const registered = await server.request('POST', '/auth/register', {
      body: { email, password, ...inCookie },
    })
    const loggedIn = await server.request('POST', '/auth/login', { body: { email, password, ...inCookie } })
    const first = cookieOf(loggedIn)
    const refreshed = await refreshBy(server, `theme=dark; ${plain}=${first.value}; a=b`)
    const authorization = `Bearer ${refreshed.body.accessToken}`
    const changed = await server.request('PUT', '/me/password', {
      body: { currentPassword: password, newPassword: 'another good long one', ...inCookie },
      headers: { authorization },
    })
    for (const answer of [registered, loggedIn, refreshed, changed]) {
      const { value, attributes: own } = cookieOf(answer)
      assert.match(value, /^[\w.-]{77,}$/)
      assert.deepEqual(own, attributes)
      assert.ok(!('refreshToken' in answer.body) && !answer.text.includes(value))
      assert.ok(answer.body.accessToken)
    }
    assert.notEqual(cookieOf(refreshed).value, first.value)
    const after = await refreshBy(server, `${plain}=${cookieOf(changed).value}`)
    assert.equal(after.status, 200, after.text)

    const newest = { authorization: `Bearer ${after.body.accessToken}` }
    const out = await server.request('POST', '/auth/logout', { headers: newest })
    assert.deepEqual(cookieOf(out), {
      value: '',
      attributes: ['Max-Age=0', 'Path=/auth', 'HttpOnly', 'SameSite=Strict'],
    })
    assertProblem(await refreshBy(server, `${plain}=${cookieOf(after).value}`), 401, 'invalid-token')
  })

  await t.test('is not set unless it is asked for', async () => {
    const { email } = server.alice
    const login = await server.request('POST', '/auth/login', { body: { email, password } })
    assert.equal(login.headers.get('set-cookie'), null)
    assert.ok(login.body.refreshToken)
    const renewed = await server.request('POST', '/auth/refresh', {
      body: { refreshToken: login.body.refreshToken },
      headers: { cookie: `${plain}=x` },
    })
    assert.equal(renewed.headers.get('set-cookie'), null)
    for (const refreshToken of ['Cookie', '', true, null]) {
      const body = { email, password, refreshToken }
      assertProblem(await server.request('POST', '/auth/login', { body }), 422, 'validation-failed')
    }
  })

  await t.test('lets nobody in anywhere else', async () => {
    const cookie = `${plain}=${cookieOf(await logIn(server)).value}`
    for (const [method, path] of [
      ['GET', '/me'],
      ['GET', '/tasks'],
      ['POST', '/auth/logout'],
      ['GET', '/events'],
    ] as const)
      assertProblem(await server.request(method, path, { headers: { cookie } }), 401, 'invalid-token')
    assert.equal((await refreshBy(server, cookie)).status, 200)
  })

  const strange: [what: string, cookie: (value: string) => string][] = [
    ['none', () => 'theme=dark'],
    ['an empty one', () => `${plain}=`],
    ['one of another name', (value) => `x${plain}=${value}`],
    ['the name in upper case', (value) => `${plain.toUpperCase()}=${value}`],
    ['the name for TLS, over plain HTTP', (value) => `${secure}=${value}`],
    ['one in quotes', (value) => `${plain}="${value}"`],
    ['one within another', (value) => `theme="; ${plain}=${value}x"`],
    ['two, as a sibling domain could add', (value) => `${plain}=${value}; ${plain}=x`],
    ['the same one twice', (value) => `${plain}=${value}; ${plain}=${value}`],
  ]
  for (const [what, cookie] of strange) {
    await t.test(`${what} is refused, and the session goes on`, async () => {
      const session = await logIn(server)
      const { value } = cookieOf(session)
      assertProblem(await refreshBy(server, cookie(value)), 401, 'invalid-token')
      assert.ok(await isAlive(server, session))
      assert.equal((await refreshBy(server, `${plain}=${value}`)).status, 200)
    })
  }

  await t.test('only the one that the body names is used, whatever else comes along', async () => {
    const bob = await server.register('bob')
    const session = await logIn(server)
    const cookie = `${plain}=${cookieOf(session).value}`
    const both = await refreshBy(server, cookie, { authorization: `Bearer ${bob.accessToken}` })
    const me = await server.request('GET', '/me', {
      headers: { authorization: `Bearer ${both.body.accessToken}`, cookie: `${plain}=${bob.refreshToken}` },
    })
    assert.equal(me.body.email, server.alice.email)

    const byBody = await server.request('POST', '/auth/refresh', {
      body: { refreshToken: bob.refreshToken },
      headers: { cookie },
    })
    assert.equal(byBody.headers.get('set-cookie'), null)
    assert.equal(byBody.body.refreshToken.split('.')[0], bob.refreshToken.split('.')[0])
    assertProblem(
      await server.request('POST', '/auth/refresh', { body: { refreshToken: 'x' }, headers: { cookie } }),
      401,
      'invalid-token',
    )
  })

  await t.test('fifty refreshes at once from five tabs leave one session that lives on', async () => {
    const session = await logIn(server)
    let jar = cookieOf(session).value
    const sessions = async () => (await server.alice.get('/me/sessions')).body.items.length
    const before = await sessions()
    for (let hour = 0; hour < 3; hour += 1) {
      server.advance(3600 * second)
      const sent = jar
      const tab = async () => {
        const answers = await Promise.all(
          Array.from({ length: 10 }, () => refreshBy(server, `${plain}=${sent}`)),
        )
        for (const answer of answers) jar = cookieOf(answer).value
        return answers
      }
      const answers = (await Promise.all(Array.from({ length: 5 }, tab))).flat()
      assert.equal(new Set(answers.map((answer) => cookieOf(answer).value)).size, 1)
      assert.notEqual(jar, sent)
      assert.ok(await isAlive(server, answers[0] ?? session))
    }
    Object.assign(server.alice, (await refresh(server, server.alice.refreshToken)).body)
    assert.equal(await sessions(), before)
  })
})

test('a refresh by cookie is taken from the server’s own pages alone', async (t) => {
  const server = await docket(t)
  const own = server.url
  const json = { 'content-type': 'application/json' }
  const body = JSON.stringify(inCookie)
  const hostile: [what: string, headers: Record<string, string>, body?: string][] = [
    ['fetch of another site', { ...json, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['fetch of a browser without fetch metadata', { ...json, origin: 'https://evil.example' }],
    ['fetch of a sibling subdomain', { ...json, 'sec-fetch-site': 'same-site' }],
    ['a page on another port', { ...json, origin: own.replace(/\d+$/, '1') }],
    ['a page in clear, of a host with TLS', { ...json, origin: own.replace('http:', 'https:') }],
    ['a sandboxed frame', { ...json, origin: 'null' }],
    ['a host that begins alike', { ...json, origin: `${own}.evil.example` }],
    ['an origin with a path', { ...json, origin: `${own}/` }],
    ['another site that claims our origin', { ...json, origin: own, 'sec-fetch-site': 'cross-site' }],
    [
      'another origin that claims our site',
      { ...json, origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
    ],
    ['a navigation', { ...json, 'sec-fetch-site': 'none' }],
    ['a form of plain text', { 'content-type': 'text/plain' }],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'refreshToken=cookie'],
    ['a form with files', { 'content-type': 'multipart/form-data; boundary=x' }, '--x--'],
    ['a beacon without type', { 'content-type': '' }],
    ['text that only begins like JSON', { 'content-type': 'application/jsonp' }],
    [
      'a form of another site',
      { 'content-type': 'text/plain', origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    ],
  ]
  for (const [what, headers, sent = body] of hostile) {
    await t.test(`${what} is refused, and the session is untouched`, async () => {
      const session = await logIn(server)
      const cookie = `${plain}=${cookieOf(session).value}`
      const refused = await server.request('POST', '/auth/refresh', {
        body: Buffer.from(sent),
        headers: { cookie, ...headers },
      })
      assertProblem(refused, 403, 'cross-site')
      assert.equal(refused.headers.get('set-cookie'), null)
      assert.equal(refused.headers.get('access-control-allow-origin'), null)
      assert.ok(await isAlive(server, session))
      const { value } = cookieOf(await refreshBy(server, cookie))
      assert.ok(value.includes('.1.'), 'it is the first use of the cookie')
    })
  }

  await t.test('an image and a WebSocket find no such method', async () => {
    const cookie = `${plain}=${cookieOf(await logIn(server)).value}`
    const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' }
    for (const headers of [{}, upgrade]) {
      const answer = await server.request('GET', '/auth/refresh', { headers: { cookie, ...headers } })
      assertProblem(answer, 405, 'method-not-allowed')
    }
    assert.ok(cookieOf(await refreshBy(server, cookie)).value.includes('.1.'))
  })

  const fine: [what: string, headers: Record<string, string>][] = [
    ['the server’s own page', { origin: own, 'sec-fetch-site': 'same-origin' }],
    ['an older browser', { origin: own }],
    ['a client that is no browser', {}],
  ]
  for (const [what, headers] of fine) {
    await t.test(`${what} is let in`, async () => {
      const cookie = `${plain}=${cookieOf(await logIn(server)).value}`
      assert.equal((await refreshBy(server, cookie, headers)).status, 200)
    })
  }

  await t.test('CORS lets no other origin use the cookie', async () => {
    const friend = 'https://app.example.com'
    await server.restart({ CORS_ORIGINS: friend })
    const session = await logIn(server, { origin: friend })
    assert.equal(session.headers.get('access-control-allow-credentials'), null)
    const cookie = `${plain}=${cookieOf(session).value}`
    assertProblem(await refreshBy(server, cookie, { origin: friend }), 403, 'cross-site')
  })
})

test('over TLS the cookie is secure, as far as a trusted proxy says so', async (t) => {
  const server = await docket(t, { env: { TRUST_PROXY: '127.0.0.1' } })
  const proxied = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'tasks.example.com' }
  const page = { ...proxied, origin: 'https://tasks.example.com', 'sec-fetch-site': 'same-origin' }

  const session = await logIn(server, page)
  const { value, attributes } = cookieOf(session, secure)
  assert.deepEqual(attributes.slice(-3), ['HttpOnly', 'SameSite=Strict', 'Secure'])
  assertProblem(await refreshBy(server, `${plain}=${value}`, page), 401, 'invalid-token')
  const next = cookieOf(await refreshBy(server, `${secure}=${value}`, page), secure).value
  for (const origin of ['http://tasks.example.com', 'https://example.com', server.url]) {
    assertProblem(await refreshBy(server, `${secure}=${next}`, { ...page, origin }), 403, 'cross-site')
  }
  assert.equal(
    (await refreshBy(server, `${secure}=${next}`, { ...page, 'x-forwarded-host': 'TASKS.example.com:443' }))
      .status,
    200,
  )

  await t.test('a proxy that is not trusted says nothing', async () => {
    await server.restart({ TRUST_PROXY: '192.0.2.1' })
    assert.ok(!cookieOf(await logIn(server, page)).attributes.includes('Secure'))
    const refused = await refreshBy(server, `${plain}=x`, page)
    assert.match(assertProblem(refused, 403, 'cross-site').detail, /TRUST_PROXY/)
  })
})
