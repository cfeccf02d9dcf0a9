import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import { assertProblem, docket } from '../harness.ts'
import { only, openSocket, requestText, sendRaw } from './raw-socket.ts'

interface Row {
  input: string
  bytes: string
  status: number
  slug: string
}

const bad = { status: 400, slug: 'malformed-request' }
const headTooLarge = { status: 431, slug: 'headers-too-large' }
const json = 'Content-Type: application/json'
const twentyKilobytes = 'a'.repeat(20 * 1024)

const refused: Row[] = [
  {
    input: 'Content-Length together with Transfer-Encoding',
    bytes: requestText('POST /tasks', [json, 'Content-Length: 5', 'Transfer-Encoding: chunked'], '0\r\n\r\n'),
    ...bad,
  },
  {
    input: 'Transfer-Encoding together with Content-Length',
    bytes: requestText('POST /tasks', [json, 'Transfer-Encoding: chunked', 'Content-Length: 5'], '0\r\n\r\n'),
    ...bad,
  },
  {
    input: 'Transfer-Encoding: xchunked',
    bytes: requestText('POST /tasks', [json, 'Transfer-Encoding: xchunked'], '0\r\n\r\n'),
    ...bad,
  },
  {
    input: 'a Transfer-Encoding that does not end in chunked',
    bytes: requestText('POST /tasks', [json, 'Transfer-Encoding: chunked, identity'], '0\r\n\r\n'),
    ...bad,
  },
  {
    input: 'two Content-Length',
    bytes: requestText('POST /tasks', [json, 'Content-Length: 2', 'Content-Length: 2'], '{}'),
    ...bad,
  },
  {
    input: 'Content-Length: +2',
    bytes: requestText('POST /tasks', [json, 'Content-Length: +2'], '{}'),
    ...bad,
  },
  {
    input: 'Content-Length: -2',
    bytes: requestText('POST /tasks', [json, 'Content-Length: -2'], '{}'),
    ...bad,
  },
  {
    input: 'a chunk size that is not hexadecimal',
    bytes: requestText('POST /tasks', [json, 'Transfer-Encoding: chunked'], 'zz\r\n{}\r\n0\r\n\r\n'),
    ...bad,
  },
  {
    input: 'a chunk extension of 20 KB',
    bytes: requestText(
      'POST /tasks',
      [json, 'Transfer-Encoding: chunked'],
      `2;${twentyKilobytes}\r\n{}\r\n0\r\n\r\n`,
    ),
    status: 413,
    slug: 'payload-too-large',
  },
  { input: 'two Host headers', bytes: requestText('GET /livez', ['Host: a', 'Host: b']), ...bad },
  { input: 'no Host header', bytes: 'GET /livez HTTP/1.1\r\n\r\n', ...bad },
  {
    input: 'bare LF after the request line',
    bytes: 'GET /livez HTTP/1.1\nHost: docket\r\n\r\n',
    ...bad,
  },
  {
    input: 'bare LF after a header',
    bytes: 'GET /livez HTTP/1.1\r\nHost: docket\nA: b\r\n\r\n',
    ...bad,
  },
  { input: 'bare CR within a header', bytes: requestText('GET /livez', ['A: b\rC: d']), ...bad },
  { input: 'NUL within a header', bytes: requestText('GET /livez', ['A: b\0c']), ...bad },
  { input: 'a folded header', bytes: requestText('GET /livez', ['A: b', ' c']), ...bad },
  { input: "a space before a header's colon", bytes: requestText('GET /livez', ['A : b']), ...bad },
  { input: 'a header without a name', bytes: requestText('GET /livez', [': b']), ...bad },
  { input: 'a path with bytes above ASCII', bytes: requestText('GET /tasks/\xe9'), ...bad },
  { input: 'a method in lower case', bytes: requestText('get /livez'), ...bad },
  { input: 'a TLS handshake', bytes: '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', ...bad },
  {
    input: '20 KB of headers',
    bytes: requestText('GET /livez', [`A: ${twentyKilobytes}`]),
    ...headTooLarge,
  },
  {
    input: '20 KB of URL',
    bytes: requestText(`GET /${twentyKilobytes}`),
    ...headTooLarge,
  },
  {
    input: '3 MB of headers',
    bytes: requestText('GET /livez', [`A: ${'a'.repeat(3_000_000)}`]),
    ...headTooLarge,
  },
]

test('ambiguous and invalid HTTP', { concurrency: 4 }, async (t) => {
  const server = await docket(t, { withAlice: false })

  for (const { input, bytes, status, slug } of refused) {
    t.test(`${input} is refused with ${status} and logged, and the connection is closed`, async () => {
      const exchange = await sendRaw(server.url, bytes)

      assertProblem(only(exchange), status, slug)
      assert.equal(only(exchange).headers.get('connection'), 'close')
      assert.equal(exchange.closed, true)
      const id = only(exchange).headers.get('request-id')
      assert.equal(server.logs.find(({ requestId }) => requestId === id)?.['status'], status)
    })
  }

  t.test('bytes after a refused request are never read as another request', async () => {
    const smuggled = requestText('GET /livez')
    const bytes = requestText(
      'POST /tasks',
      [json, 'Content-Length: 5', 'Transfer-Encoding: chunked'],
      `0\r\n\r\n${smuggled}`,
    )

    assertProblem(only(await sendRaw(server.url, bytes)), 400, 'malformed-request')
  })

  t.test('a refused client that keeps its connection half open is cut off', async () => {
    const accepted = once(server.app.server, 'connection')
    const client = openSocket(server.url, { allowHalfOpen: true })
    client.write('nonsense\r\n\r\n')
    const [serverSide]: Socket[] = await accepted
    assert.ok(serverSide)

    await once(serverSide, 'close', { signal: AbortSignal.timeout(5000) })
    client.destroy()
  })

  t.test('a repeated header that may occur only once is refused by name', async () => {
    for (const name of ['Authorization', 'Content-Type']) {
      const bytes = requestText('POST /tasks', [`${name}: a`, `${name.toLowerCase()}: b`], '{}')
      const problem = assertProblem(only(await sendRaw(server.url, bytes)), 400, 'invalid-parameter')
      assert.deepEqual(problem.errors, [{ header: name, detail: 'must be given at most once' }])
    }
  })

  t.test('no header is silently dropped, however many there are', async () => {
    const many = Array.from({ length: 3000 }, () => 'a:b')
    const { status } = only(
      await sendRaw(server.url, requestText('GET /livez', [...many, 'Host: a', 'Host: b'])),
    )

    assert.ok([400, 431].includes(status))
  })
})
