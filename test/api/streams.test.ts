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

test('a client that does not read costs little, is cut, and resumes', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const server = await docket(t)
  const { alice } = server
  const total = 600
  const { socket, stuck } = await openUnread(server, alice)
  await fill(alice, total)
  await until(() => stuck.writableNeedDrain)

  const held = stuck.writableLength + (stuck.socket?.writableLength ?? 0)
  assert.ok(held < megabyte, `${held} bytes wait for a client that does not read`)
  t.mock.timers.tick(heartbeatMs) // it took something since it began
  assert.ok(!stuck.destroyed)
  t.mock.timers.tick(heartbeatMs)
  assert.ok(stuck.destroyed, 'it took nothing since the last heartbeat')

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

test('a client that reads slowly is not cut while it takes something', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const server = await docket(t)
  const { socket, stuck } = await openUnread(server, server.alice)
  await fill(server.alice, 480)
  await until(() => stuck.writableNeedDrain)
  for (const _ of range(3)) {
    t.mock.timers.tick(heartbeatMs)
    assert.ok(!stuck.destroyed)
    const before = taken(stuck)
    await until(() => socket.read() !== undefined && taken(stuck) > before)
    await until(() => stuck.writableNeedDrain)
  }
  socket.destroy()
})

test('SIGTERM ends streams and waiting requests at once, even of a client that does not read', async (t) => {
  const server = await startServer(t, temporaryFolder(t), { env: { SHUTDOWN_TIMEOUT: '60' } })
  const request = (method: string, path: string, call = {}) => send(server.origin, method, path, call)
  const body = { email: 'alice@example.com', password: 'correct horse battery staple' }
  const alice = userOf((await request('POST', '/auth/register', { body })).body, request)
  const stream = await openEvents(server.origin, alice)
  await stream.next()
  const socket = openSocket(server.origin)
  socket.write(headOf(alice))
  await once(socket, 'readable') // and it reads no further
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

/** A stream that nobody reads beyond its head, from both ends. */
async function openUnread({ app, url }: Docket, user: User) {
  const socket = openSocket(url)
  socket.write(headOf(user))
  await until(() => app.openStreams.size === 1)
  socket.on('readable', () => undefined) // so that it reads when it is told to
  const [stuck = assert.fail()] = app.openStreams.keys()
  return { socket, stuck }
}

/** Makes so many tasks of 30,000 bytes: more than the sockets of a connection hold. */
async function fill(user: User, count: number): Promise<void> {
  const body = { title: 'Long', description: '語'.repeat(10_000) }
  const operations = range(8).map(() => ({ method: 'POST', path: '/tasks', body }))
  for (const _ of range(count / operations.length)) {
    const { status, text } = await user.post('/tasks/batch', { operations })
    assert.equal(status, 200, text)
  }
}

const taken = ({ socket }: { socket: Socket | null }) =>
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

/** Lets the server work until it is so. */
async function until(isSo: () => boolean): Promise<void> {
  const begun = performance.now()
  while (!isSo()) {
    assert.ok(performance.now() - begun < 20_000, 'it never came to be')
    await new Promise((resolve) => setImmediate(resolve))
  }
}
