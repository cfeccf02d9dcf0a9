import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { test, type TestContext } from 'node:test'
import { fastify } from 'fastify'
import { AppError } from '../../src/core/errors.ts'
import { sql } from '../../src/database/database.ts'
import { boundConnections, spareConnections } from '../../src/http/protection/connections.ts'
import { followAnswers } from '../../src/http/answering/parser-errors.ts'
import { assertProblem, docket } from '../harness.ts'
import { only, openSocket, requestText, sendRaw } from './raw-socket.ts'

test('connections beyond the limit get 503, and connections beyond the spare ones are dropped', async (t) => {
  const server = await docket(t)
  const http = server.app.server
  const me = requestText('GET /me', [`Authorization: Bearer ${server.alice.accessToken}`])
  const livez = requestText('GET /livez')
  assert.equal(http.maxConnections, 10_000)
  http.closeAllConnections() // those that the harness keeps open
  http.maxConnections = spareConnections + 2

  const [first] = await Promise.all([open(t, server.url), open(t, server.url)])
  const refused = await sendRaw(server.url, me)
  assertProblem(only(refused), 503, 'overloaded')
  assert.match(only(refused).headers.get('retry-after') ?? '', /^[1-9]\d*$/)
  assert.equal(refused.closed, true)
  assert.equal(only(await sendRaw(server.url, livez)).status, 200) // otherwise a supervisor would restart a healthy server

  first.end()
  await once(first, 'close')
  assert.equal(only(await sendRaw(server.url, me)).status, 200)

  http.maxConnections = 1
  for (let i = 0; i < 3; i++)
    assert.deepEqual(await sendRaw(server.url, livez), { answers: [], closed: true })
  const warnings = server.logs.filter(({ msg }) => String(msg).startsWith('connections are dropped'))
  assert.equal(warnings.length, 1)
})

test('a response that the client reads too slowly or not at all is aborted', async (t) => {
  const { url, accepted } = await library(t)
  const sockets = await Promise.all([open(t, url), open(t, url)])
  const served = await Promise.all(accepted)
  const ends = served.map((socket) => once(socket, 'close', { signal: AbortSignal.timeout(8000) }))

  for (const socket of sockets) socket.pause().write(requestText('GET /long'))
  const reading = setInterval(() => sockets[0]?.read(1), 20)
  t.after(() => clearInterval(reading))
  const startedAt = performance.now()
  await Promise.all(ends)

  const tookMs = performance.now() - startedAt
  assert.ok(tookMs > longestMs, `cut after ${tookMs} ms`)
  const [answer] = (await sendRaw(url, requestText('GET /long', ['Connection: close']))).answers
  assert.equal(answer?.text.length, length)
})

const longestMs = 500
const length = 16 * 1024 * 1024 // more than the kernel buffers

/** Starts a server with one long response, which checks often whether the client reads it. */
async function library(t: TestContext): Promise<{ url: string; accepted: Promise<Socket>[] }> {
  const app = fastify({ forceCloseConnections: true })
  followAnswers(app.server)
  boundConnections(app, { lookEveryMs: 50, longestMs })
  app.get('/long', async () => 'x'.repeat(length))
  t.after(() => app.close())
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const accepted = [0, 1].map(() => Promise.withResolvers<Socket>())
  let next = 0
  app.server.on('connection', (socket: Socket) => accepted[next++]?.resolve(socket))
  return { url, accepted: accepted.map(({ promise }) => promise) }
}

async function open(t: TestContext, url: string): Promise<Socket> {
  const socket = openSocket(url).on('error', () => undefined)
  t.after(() => socket.destroy())
  await once(socket, 'connect')
  return socket
}

test('writes beyond the queue limit are refused at once, and queued writes are done', async (t) => {
  const server = await docket(t)
  const write = () => server.database.transaction((tx) => tx.first(sql`select 1 as done`))

  const ends = await Promise.allSettled(Array.from({ length: 3000 }, write))

  const refused = ends.filter(({ status }) => status === 'rejected')
  assert.ok(refused.length > 900 && refused.length < 2100, `${refused.length} refused`)
  for (const end of refused) {
    assert.ok(end.status === 'rejected' && end.reason instanceof AppError)
    assert.equal(end.reason.slug, 'overloaded')
    assert.ok(Number(end.reason.hints.retryAfterSeconds) >= 1)
  }
  assert.equal((await server.alice.post('/tasks', { title: 'After the overload' })).status, 201)
})
