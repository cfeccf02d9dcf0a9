import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertProblem, docket, type Answer } from '../harness.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const ours = 'https://app.example.com'
const alsoOurs = 'http://localhost:8080'

test('headers of every answer', async (t) => {
  const { alice, request } = await docket(t)
  const task = await alice.createTask({ title: 'a' })
  const json = { 'content-type': 'application/json' }

  const answers: [string, () => Promise<Answer>][] = [
    ['200', () => alice.get('/me')],
    ['200 with an ETag', () => alice.get(`/tasks/${task.id}`)],
    ['the list', () => alice.get('/tasks')],
    ['201', () => alice.post('/tasks', { title: 'b' })],
    ['204', () => alice.delete('/tasks/019aa8b2-6f3e-7c41-9d3a-5b1f0c2d7e11')],
    ['204 to OPTIONS', () => request('OPTIONS', '/tasks')],
    ['a redirect', () => request('GET', '/')],
    ['304', () => alice.get(`/tasks/${task.id}`, { 'if-none-match': '*' })],
    ['400 of the body', () => alice.request('POST', '/tasks', { body: '{', headers: json })],
    ['400 of the path', () => alice.get('/tasks/%ff')],
    ['400 of the query', () => alice.get('/tasks?x')],
    ['401', () => request('GET', '/me')],
    ['404', () => request('GET', '/nope')],
    ['405', () => request('DELETE', '/tasks')],
    ['412', () => alice.patch(`/tasks/${task.id}`, {}, { 'if-match': '"0"' })],
    ['413', () => alice.request('POST', '/tasks', { body: 'x'.repeat(300_000), headers: json })],
    ['415', () => alice.request('POST', '/tasks', { body: 'x' })],
    ['422', () => alice.post('/tasks', {})],
    ['health', () => request('GET', '/livez')],
    ['a page', () => request('GET', '/problems/not-found', { headers: { accept: 'text/html' } })],
    ['the documentation', () => request('GET', '/docs')],
    ['a file of the documentation', () => request('GET', '/docs/static/swagger-ui.css')],
  ]
  for (const [name, ask] of answers) {
    await t.test(`${name}: an id of its own, nothing to sniff, frame or keep`, async () => {
      const { headers, status } = await ask()
      assert.match(headers.get('request-id') ?? '', uuid)
      assert.equal(headers.get('x-content-type-options'), 'nosniff')
      assert.equal(headers.get('referrer-policy'), 'no-referrer')
      const policy = headers.get('content-security-policy') ?? ''
      assert.match(policy, /frame-ancestors 'none'/)
      assert.doesNotMatch(policy, /script-src[^;]*unsafe/)
      const mayKeep = headers.has('etag') && status < 400
      assert.equal(headers.get('cache-control'), mayKeep ? 'private, no-cache' : 'no-store')
      assert.equal(headers.get('server'), null)
      assert.equal(headers.get('x-powered-by'), null)
      assert.equal(headers.get('access-control-allow-origin'), null)
    })
  }

  await t.test('the policy of the API allows no content and no frame', async () => {
    for (const path of ['/me', '/tasks', '/nope', '/livez']) {
      const { headers } = await alice.get(path)
      assert.equal(headers.get('content-security-policy'), "default-src 'none'; frame-ancestors 'none'")
    }
  })

  await t.test("a client's own Request-Id is ignored, and no two requests share one", async () => {
    const own = { 'request-id': '019aa8b2-6f3e-7c41-9d3a-5b1f0c2d7e11', 'x-request-id': 'mine' }
    const ids = await Promise.all(
      [1, 2, 3].map(async () => (await alice.get('/me', own)).headers.get('request-id')),
    )
    assert.equal(new Set([...ids, own['request-id']]).size, 4)
  })
})

test('CORS', async (t) => {
  const { alice, request } = await docket(t, { env: { CORS_ORIGINS: `${ours}, ${alsoOurs}` } })
  const corsFields = ({ headers }: Answer) =>
    [...headers.keys()].filter((name) => name.startsWith('access-control-'))
  const preflight = (origin: string, path = '/tasks') =>
    request('OPTIONS', path, {
      headers: {
        origin,
        'access-control-request-method': 'PATCH',
        'access-control-request-headers': 'authorization,content-type,if-match',
      },
    })

  await t.test('a preflight from an allowed origin gets the allowed methods and headers', async () => {
    for (const origin of [ours, alsoOurs]) {
      const { status, headers } = await preflight(origin)
      assert.equal(status, 204)
      assert.equal(headers.get('access-control-allow-origin'), origin)
      assert.equal(headers.get('access-control-allow-methods'), 'GET, HEAD, POST, PUT, PATCH, DELETE')
      assert.equal(headers.get('access-control-allow-headers'), 'authorization,content-type,if-match')
      assert.equal(headers.get('access-control-allow-credentials'), null)
      assert.match(headers.get('vary') ?? '', /\bOrigin\b/i)
      assert.ok(headers.get('allow'))
    }
  })

  await t.test(
    'an answer to an allowed origin exposes the headers that a client needs, even on a refusal',
    async () => {
      const from = { origin: ours }
      const answers = [
        await alice.get('/tasks', from),
        await request('GET', '/tasks', { headers: from }),
        await request('GET', '/nope', { headers: from }),
        await request('DELETE', '/tasks', { headers: from }),
        await alice.get('/tasks?x', from),
        await alice.post('/tasks', {}, from),
        await alice.request('POST', '/tasks', { body: 'x', headers: from }),
      ]
      assert.deepEqual(
        answers.map(({ status }) => status),
        [200, 401, 404, 405, 400, 422, 415],
      )
      for (const { headers } of answers) {
        assert.equal(headers.get('access-control-allow-origin'), ours)
        const exposed = headers.get('access-control-expose-headers')?.split(', ')
        for (const name of [
          'ETag',
          'Link',
          'Location',
          'Request-Id',
          'Retry-After',
          'RateLimit',
          'RateLimit-Policy',
        ])
          assert.ok(exposed?.includes(name), name)
        assert.match(headers.get('vary') ?? '', /\bOrigin\b/i)
      }
    },
  )

  await t.test('other origins, and requests without one, get no CORS headers', async () => {
    const strangers = [
      'https://evil.example',
      'https://app.example.com.evil.example',
      'http://app.example.com',
      'https://app.example.com:8443',
      'null',
      'https://APP.example.com',
    ]
    for (const origin of strangers) {
      assert.deepEqual(corsFields(await preflight(origin)), [], origin)
      assert.deepEqual(corsFields(await alice.get('/tasks', { origin })), [], origin)
    }
    assert.deepEqual(corsFields(await alice.get('/tasks')), [])
    assert.match((await alice.get('/tasks')).headers.get('vary') ?? '', /\bOrigin\b/i)
  })

  await t.test('OPTIONS of an unknown path stays 404', async () => {
    assertProblem(await preflight(ours, '/nope'), 404, 'not-found')
  })
})

test('without CORS_ORIGINS nobody gets CORS headers', async (t) => {
  const { alice, request } = await docket(t)
  const answers = [
    await alice.get('/tasks', { origin: ours }),
    await request('OPTIONS', '/tasks', { headers: { origin: ours, 'access-control-request-method': 'GET' } }),
  ]
  for (const { headers } of answers) {
    assert.ok([...headers.keys()].every((name) => !name.startsWith('access-control-')))
  }
})
