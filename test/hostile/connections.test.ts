import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { assertProblem, docket } from '../harness.ts'
import { only, openSocket, readAnswers, requestText, sendRaw } from './raw-socket.ts'

const manySlowClients = 1000

test('slow clients', { concurrency: true }, async (t) => {
  const server = await docket(t)
  const http = server.app.server
  assert.deepEqual([http.headersTimeout, http.requestTimeout], [10_000, 15_000])
  Object.assign(http, { headersTimeout: 600, requestTimeout: 900 }) // so that the test need not wait for the real ones
  const head = `POST /tasks HTTP/1.1\r\nHost: docket\r\nAuthorization: Bearer ${server.alice.accessToken}\r\n`
  const body = 'Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"title":"'

  const rows = [
    { input: 'a head sent slowly', sent: head, trickle: 'A' },
    { input: 'a head that stops', sent: head, trickle: '' },
    { input: 'a body sent slowly', sent: head + body, trickle: 'a' },
    { input: 'a body that stops', sent: head + body, trickle: '' },
    { input: 'a connection without any bytes', sent: '', trickle: '' },
  ]
  for (const { input, sent, trickle } of rows) {
    t.test(`${input} gets 408, and the connection is closed in time`, async () => {
      const startedAt = performance.now()
      const text = await crawl(server.url, sent, trickle)

      const [answer, ...more] = readAnswers(text)
      assert.ok(answer)
      assert.deepEqual(more, [])
      assertProblem(answer, 408, 'request-timeout')
      assert.equal(answer.headers.get('connection'), 'close')
      assert.ok(performance.now() - startedAt < 8000)
    })
  }

  t.test(
    'a request refused before its body arrived gets no second response when the body times out',
    async () => {
      const sent = `POST /tasks HTTP/1.1\r\nHost: docket\r\n${body}`

      const answers = readAnswers(await crawl(server.url, sent, ''))

      assert.deepEqual(
        answers.map(({ status }) => status),
        [401],
      )
    },
  )

  t.test(`${manySlowClients} slow clients delay no other client, and all are closed`, async () => {
    const sockets = Array.from({ length: manySlowClients }, () => openSocket(server.url).resume())
    const closed = sockets.map((socket) => once(socket, 'close'))
    for (const socket of sockets) socket.write(head)
    await Promise.all(sockets.map((socket) => once(socket, 'connect')))

    for (let i = 0; i < 20; i++) {
      const startedAt = performance.now()
      assert.equal((await server.alice.get('/tasks')).status, 200)
      assert.ok(performance.now() - startedAt < 5000)
    }
    await Promise.all(closed)
  })
})

/** Sends `sent`, then `trickle` ten times a second until the server closes. Returns what the server sent. */
async function crawl(url: string, sent: string, trickle: string): Promise<string> {
  const socket = openSocket(url)
  let text = ''
  socket.on('data', (chunk) => (text += chunk.toString('latin1'))).on('error', () => undefined)
  const timer = setInterval(() => socket.write(trickle), 100)
  socket.write(sent)
  await once(socket, 'close', { signal: AbortSignal.timeout(8000) })
  clearInterval(timer)
  return text
}

test('several requests on one connection', async (t) => {
  const server = await docket(t)
  const bearer = `Authorization: Bearer ${server.alice.accessToken}`
  const last = requestText('GET /livez', ['Connection: close'])
  const statuses = async (bytes: string) =>
    (await sendRaw(server.url, bytes)).answers.map(({ status }) => status)

  await t.test('pipelined requests are answered in order', async () => {
    const create = requestText('POST /tasks', [bearer, 'Content-Type: application/json'], '{"title":"First"}')
    const read = requestText('GET /tasks', [bearer])

    const { answers } = await sendRaw(server.url, create + read + last)

    assert.deepEqual(
      answers.map(({ status }) => status),
      [201, 200, 200],
    )
    assert.equal(answers[0]?.body.title, 'First')
    assert.ok(Array.isArray(answers[1]?.body.items))
  })

  await t.test('the connection stays open after every 4xx that leaves it readable', async () => {
    const json = 'Content-Type: application/json'
    const refused = [
      requestText('GET /nope'),
      requestText('POST /nope', [json], '{"title":"x"}'),
      requestText('DELETE /tasks', [], 'x'.repeat(1000)),
      requestText('POST /tasks', [json], '{"title":"x"}'),
      requestText('POST /tasks', [bearer, 'Content-Type: text/plain'], 'x'),
      requestText('POST /tasks', [bearer, json], '{'),
      requestText('GET /tasks?limit=0', [bearer]),
      requestText('POST /tasks', [bearer, json], '{}'),
      requestText('GET /tasks/%ff', [bearer]),
    ]
    assert.deepEqual(
      await statuses(refused.join('') + last),
      [404, 404, 405, 401, 415, 400, 400, 422, 400, 200],
    )
  })

  await t.test('garbage after a request does not affect the response to that request', async () => {
    const login = requestText(
      'POST /auth/login',
      ['Content-Type: application/json'],
      '{"email":"a@b.example","password":"wrong"}',
    )

    const exchange = await sendRaw(server.url, `${login}GARBAGE\r\n\r\n`)

    assert.deepEqual(
      exchange.answers.map(({ status }) => status),
      [401, 400],
    )
    assert.equal(exchange.closed, true)
  })

  await t.test('Expect: 100-continue gets 100 and then the final response', async () => {
    const head = requestText(
      'POST /tasks',
      [bearer, 'Content-Type: application/json', 'Expect: 100-continue', 'Connection: close'],
      '{"title":"Continued"}',
    )

    assert.deepEqual(await statuses(head), [100, 201])
  })

  await t.test('an unknown expectation is ignored', async () => {
    assert.deepEqual(
      await statuses(requestText('GET /livez', ['Expect: the unexpected', 'Connection: close'])),
      [200],
    )
  })

  await t.test(
    'HTTP/1.0 works without a Host, and the connection is closed unless keep-alive is requested',
    async () => {
      const plain = await sendRaw(server.url, 'GET /livez HTTP/1.0\r\n\r\n')
      assert.equal(only(plain).status, 200)
      assert.equal(plain.closed, true)

      const kept = await sendRaw(server.url, 'GET /livez HTTP/1.0\r\nConnection: keep-alive\r\n\r\n')
      assert.equal(kept.closed, false)
    },
  )

  await t.test('an absolute URL and an upgrade are handled like a plain request', async () => {
    assert.deepEqual(await statuses(requestText('GET http://docket/livez', ['Connection: close'])), [200])
    const upgrade = requestText('GET /livez', ['Connection: Upgrade', 'Upgrade: websocket'])
    assert.deepEqual(await statuses(upgrade), [200])
  })

  await t.test('CONNECT is refused with a problem', async () => {
    const exchange = await sendRaw(
      server.url,
      'CONNECT elsewhere:443 HTTP/1.1\r\nHost: elsewhere:443\r\n\r\n',
    )

    assertProblem(only(exchange), 405, 'method-not-allowed')
    assert.ok(only(exchange).headers.get('allow'))
    assert.equal(exchange.closed, true)
  })

  await t.test('a request whose body ends too early has no effect', async () => {
    const socket = openSocket(server.url)
    socket.write(
      requestText(
        'POST /tasks',
        [bearer, 'Content-Type: application/json', 'Content-Length: 100'],
        '{"title":"Half',
      ),
    )
    socket.end()
    await once(socket.resume(), 'close')

    const { body } = await server.alice.get('/tasks')
    assert.ok(body.items.every(({ title }: { title: string }) => !title.startsWith('Half')))
  })
})
