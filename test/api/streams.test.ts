import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import { openEvents } from '../event-stream.ts'
import { openSocket } from '../hostile/raw-socket.ts'
import { docket, send, userOf, type Docket, type User } from '../harness.ts'
import { startServer, temporaryFolder } from '../process.ts'

const heartbeatMs = 20_000
const megabyte = 1024 * 1024
const range = (length: number) => Array.from({ length }, (_, i) => i)

test('a comment every 20 seconds keeps a stream open', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const server = await docket(t)
  const stream = await openEvents(server.url, server.alice)
  await stream.next()

  t.mock.timers.tick(heartbeatMs - 1)
  await server.alice.createTask({ title: 'Before' })
  await stream.next()
  assert.deepEqual(stream.comments, [])
  t.mock.timers.tick(1)
  await server.alice.createTask({ title: 'After' })
  await stream.next()
  assert.deepEqual(stream.comments, ['heartbeat'])
  t.mock.timers.tick(heartbeatMs)
  await server.alice.createTask({ title: 'Later' })
  await stream.next()
  assert.equal(stream.comments.length, 2)
  stream.close()
})

test('a client that does not read takes little memory, is disconnected, and can resume', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const server = await docket(t)
  const { alice } = server
  const total = 600
  const { socket, stuck } = await openUnread(server, alice)
  await fill(alice, total)
  await until(() => stuck.writableNeedDrain)

  const held = stuck.writableLength + (stuck.socket?.writableLength ?? 0)
  assert.ok(held < megabyte, `${held} bytes wait for a client that does not read`)
  t.mock.timers.tick(heartbeatMs) // it has read something since it connected
  assert.ok(!stuck.destroyed)
  t.mock.timers.tick(heartbeatMs)
  assert.ok(stuck.destroyed, 'it has read nothing since the last heartbeat')

  const received = await readAll(socket)
  const ids = [...received.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id))
  const last = ids.at(-2) ?? 0 // the last one may be cut short
  assert.ok(last > 0 && last < total)
  const resumed = await openEvents(server.url, alice, '/events', { 'last-event-id': `${last}` })
  await resumed.next()
  for (const revision of range(total - last).map((i) => last + 1 + i))
    assert.equal((await resumed.next())?.data.revision, revision)
  resumed.close()
})

test('a client that reads slowly is not disconnected', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const server = await docket(t)
  const { socket, stuck } = await openUnread(server, server.alice)
  await fill(server.alice, 480)
  await until(() => stuck.writableNeedDrain)
  for (const _ of range(3)) {
    t.mock.timers.tick(heartbeatMs)
    assert.ok(!stuck.destroyed)
    const before = sentBytes(stuck)
    await until(() => socket.read() !== undefined && sentBytes(stuck) > before)
    await until(() => stuck.writableNeedDrain)
  }
  socket.destroy()
})

test('SIGTERM ends streams and waiting requests at once, even if a client does not read', async (t) => {
  const server = await startServer(t, temporaryFolder(t), { env: { SHUTDOWN_TIMEOUT: '60' } })
  const request = (method: string, path: string, call = {}) => send(server.origin, method, path, call)
  const body = { email: 'alice@example.com', password: 'correct horse battery staple' }
  const alice = userOf((await request('POST', '/auth/register', { body })).body, request)
  const stream = await openEvents(server.origin, alice)
  await stream.next()
  const socket = openSocket(server.origin)
  socket.write(headOf(alice))
  await once(socket, 'readable') // it reads nothing after that
  await fill(alice, 240)
  const waiting = alice.get('/changes?since=240', { prefer: 'wait=30' })
  await alice.get('/me')
  const before = performance.now()

  server.kill('SIGTERM')

  const [answer] = await Promise.all([waiting, stream.ended()])
  assert.deepEqual([answer.status, answer.body.items], [200, []])
  assert.deepEqual(await server.exited, { code: 0, signal: null })
  assert.ok(performance.now() - before < 5000)
})

const headOf = ({ accessToken }: User) =>
  `GET /events?since=0 HTTP/1.1\r\nHost: docket\r\nAuthorization: Bearer ${accessToken}\r\n\r\n`

/** Opens a stream of which the client reads only the head. Returns both ends of it. */
async function openUnread({ app, url }: Docket, user: User) {
  const socket = openSocket(url)
  socket.write(headOf(user))
  await until(() => app.openStreams.size === 1)
  socket.on('readable', () => undefined) // so that it reads only on `read()`
  const [stuck = assert.fail()] = app.openStreams.keys()
  return { socket, stuck }
}

/** Creates `count` tasks of 30,000 bytes, to fill more than the socket buffers of a connection hold. */
async function fill(user: User, count: number): Promise<void> {
  const body = { title: 'Long', description: '語'.repeat(10_000) }
  const operations = range(8).map(() => ({ method: 'POST', path: '/tasks', body }))
  for (const _ of range(count / operations.length)) {
    const { status, text } = await user.post('/batch', { operations })
    assert.equal(status, 200, text)
  }
}

const sentBytes = ({ socket }: { socket: Socket | null }) =>
  socket ? socket.bytesWritten - socket.writableLength : 0

async function readAll(socket: Socket): Promise<string> {
  let text = ''
  socket.removeAllListeners('readable')
  socket
    .setEncoding('utf8')
    .on('data', (chunk: string) => (text += chunk))
    .on('error', () => undefined)
  await once(socket.resume(), 'close')
  return text
}

/** Waits until the condition holds. */
async function until(holds: () => boolean): Promise<void> {
  const startedAt = performance.now()
  while (!holds()) {
    assert.ok(performance.now() - startedAt < 20_000, 'the condition never held')
    await new Promise((resolve) => setImmediate(resolve))
  }
}
