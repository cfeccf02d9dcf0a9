import assert from 'node:assert/strict'
import { test } from 'node:test'
import { catalogue, type Slug } from '../../src/core/catalogue.ts'
import { assertProblem, docket, password, type Answer, type Docket } from '../harness.ts'

const nowhere = '/tasks/019aa8b2-6f3e-7c41-9d3a-5b1f0c2d7e11'
const json = { 'content-type': 'application/json' }

/** A refusal: its slug, status and headers, the words that teach, and how to come by it. */
interface Row {
  slug: Slug
  status: number
  when: string
  headers?: Record<string, string | RegExp>
  teaches?: RegExp
  cause(server: Docket): Promise<Answer>
}

const challenge = 'Bearer realm="docket"'
const bad = `${challenge}, error="invalid_token"`
const patchTypes = 'application/merge-patch+json, application/json'

const rows: Row[] = [
  {
    slug: 'malformed-request',
    status: 400,
    when: 'JSON does not parse',
    teaches: /line 1|column|JSON/,
    cause: ({ alice }) => alice.request('POST', '/tasks', { body: '{"title":', headers: json }),
  },
  {
    slug: 'malformed-request',
    status: 400,
    when: 'a percent-encoding is wrong',
    teaches: /percent-encoding/,
    cause: ({ alice }) => alice.get('/tasks/%ff'),
  },
  {
    slug: 'invalid-parameter',
    status: 400,
    when: 'a parameter is out of range',
    teaches: /limit must be from 1 to 100/,
    cause: ({ alice }) => alice.get('/tasks?limit=101'),
  },
  {
    slug: 'invalid-parameter',
    status: 400,
    when: 'a header is malformed',
    teaches: /If-Match must be/,
    cause: ({ alice }) => alice.delete(nowhere, { 'if-match': '17' }),
  },
  {
    slug: 'invalid-cursor',
    status: 400,
    when: 'a cursor is forged',
    teaches: /nextCursor/,
    cause: ({ alice }) => alice.get('/tasks?cursor=x'),
  },
  {
    slug: 'invalid-credentials',
    status: 401,
    when: 'the password at login is wrong',
    headers: { 'www-authenticate': challenge },
    cause: ({ alice, request }) =>
      request('POST', '/auth/login', { body: { email: alice.email, password: 'wrong horse' } }),
  },
  {
    slug: 'invalid-credentials',
    status: 401,
    when: 'nobody has the address at login',
    headers: { 'www-authenticate': challenge },
    cause: ({ request }) => request('POST', '/auth/login', { body: { email: 'no@example.com', password } }),
  },
  {
    slug: 'invalid-token',
    status: 401,
    when: 'there is no token',
    headers: { 'www-authenticate': challenge },
    teaches: /Authorization: Bearer.*\/auth\/login/,
    cause: ({ request }) => request('GET', '/tasks'),
  },
  {
    slug: 'invalid-token',
    status: 401,
    when: 'the token is nonsense',
    headers: { 'www-authenticate': bad },
    cause: ({ request }) => request('GET', '/tasks', { headers: { authorization: 'Bearer nonsense' } }),
  },
  {
    slug: 'invalid-token',
    status: 401,
    when: 'the scheme is another',
    headers: { 'www-authenticate': bad },
    teaches: /Bearer <accessToken>/,
    cause: ({ request }) => request('GET', '/tasks', { headers: { authorization: 'Basic YTpi' } }),
  },
  {
    slug: 'wrong-password',
    status: 403,
    when: 'the own password is wrong',
    cause: ({ alice }) => alice.post('/me/deletion', { password: 'wrong horse' }),
  },
  {
    slug: 'not-found',
    status: 404,
    when: 'the path is unknown',
    teaches: /\/docs/,
    cause: ({ request }) => request('GET', '/task'),
  },
  { slug: 'not-found', status: 404, when: 'there is no such task', cause: ({ alice }) => alice.get(nowhere) },
  {
    slug: 'method-not-allowed',
    status: 405,
    when: 'the path takes other methods',
    headers: { allow: /^(?=.*\bGET\b)(?=.*\bPOST\b)(?=.*\bHEAD\b)/ },
    teaches: /GET/,
    cause: ({ request }) => request('DELETE', '/tasks'),
  },
  {
    slug: 'email-taken',
    status: 409,
    when: 'the address has an account',
    cause: ({ alice, request }) =>
      request('POST', '/auth/register', { body: { email: alice.email.toUpperCase(), password } }),
  },
  {
    slug: 'precondition-failed',
    status: 412,
    when: 'If-Match does not hold',
    headers: { etag: '"1"' },
    cause: async ({ alice }) =>
      alice.patch(`/tasks/${(await alice.createTask({ title: 'a' })).id}`, {}, { 'if-match': '"0"' }),
  },
  {
    slug: 'payload-too-large',
    status: 413,
    when: 'the body is over 256 KiB',
    teaches: /256 KiB/,
    cause: ({ alice }) => alice.post('/tasks', { title: 'a', description: 'a'.repeat(256 * 1024) }),
  },
  {
    slug: 'unsupported-media-type',
    status: 415,
    when: 'a POST says no Content-Type',
    headers: { 'accept-post': 'application/json' },
    teaches: /Content-Type: application\/json.*--json/,
    cause: ({ alice }) => alice.request('POST', '/tasks', { body: new Uint8Array([0x7b, 0x7d]) }),
  },
  {
    slug: 'unsupported-media-type',
    status: 415,
    when: 'a POST says another Content-Type',
    headers: { 'accept-post': 'application/json' },
    teaches: /Content-Type: application\/json.*--json/,
    cause: ({ alice }) => alice.request('POST', '/tasks', { body: '{}' }),
  },
  {
    slug: 'unsupported-media-type',
    status: 415,
    when: 'a PATCH says another Content-Type',
    headers: { 'accept-patch': patchTypes },
    teaches: /Content-Type: application\/json/,
    cause: ({ alice }) => alice.request('PATCH', nowhere, { body: '{}' }),
  },
  {
    slug: 'unsupported-media-type',
    status: 415,
    when: 'the body is compressed',
    headers: { 'accept-encoding': 'identity' },
    teaches: /Content-Encoding/,
    cause: ({ alice }) => alice.post('/tasks', {}, { 'content-encoding': 'gzip' }),
  },
  {
    slug: 'validation-failed',
    status: 422,
    when: 'a PUT has no title',
    teaches: /PUT replaces.*PATCH/,
    cause: ({ alice }) => alice.put(nowhere, { status: 'complete' }),
  },
  {
    slug: 'idempotency-key-reused',
    status: 422,
    when: 'a key comes with another request',
    async cause({ alice }) {
      await alice.post('/tasks', { title: 'a' }, { 'idempotency-key': 'once' })
      return alice.post('/tasks', { title: 'b' }, { 'idempotency-key': 'once' })
    },
  },
]

test('each refusal has its slug, status and headers, and says how to mend the request', async (t) => {
  const server = await docket(t)

  for (const { slug, status, when, headers = {}, teaches = /./, cause } of rows) {
    await t.test(`${status} ${slug}, when ${when}`, async () => {
      const answer = await cause(server)

      const problem = assertProblem(answer, status, slug)
      assert.equal(problem.title, catalogue[slug].title)
      assert.match(problem.detail, teaches)
      for (const [name, value] of Object.entries(headers)) {
        const actual = answer.headers.get(name) ?? ''
        if (value instanceof RegExp) assert.match(actual, value)
        else assert.equal(actual, value)
      }
      const others = [
        'allow',
        'accept-post',
        'accept-patch',
        'accept-encoding',
        'www-authenticate',
        'retry-after',
        'etag',
      ].filter((name) => !(name in headers))
      for (const name of others) assert.equal(answer.headers.get(name), null, name)
      assert.doesNotMatch(answer.text, /node_modules|src\/|\.ts\b|select |sqlite|at Object/i)
    })
  }

  await t.test('401 invalid-token, when the token has expired, says how to get a new one', async () => {
    server.advance(3_600_000 + 61_000)
    const answer = await server.alice.get('/tasks')
    assert.match(assertProblem(answer, 401, 'invalid-token').detail, /\/auth\/refresh/)
    assert.equal(answer.headers.get('www-authenticate'), bad)
  })

  await t.test('403 registration-closed, when the operator has closed it', async () => {
    await server.restart({ REGISTRATION: 'closed' })
    const answer = await server.request('POST', '/auth/register', {
      body: { email: 'new@example.com', password },
    })
    assertProblem(answer, 403, 'registration-closed')
  })
})
