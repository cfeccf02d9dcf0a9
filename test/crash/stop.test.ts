import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { startServer, temporaryFolder, type ServerProcess } from '../process.ts'
import { createClient, registerPeople, wasRefused, wasShutOut } from './client.ts'
import { createLedger } from './ledger.ts'
import { startLoad } from './load.ts'

const rounds = Number(process.env['STOP_ROUNDS'] ?? 3)
const longestLoadMs = 400
const people = 3
const writersEach = 4
/** The share of clients without keep-alive. A stop that closes the port without accepting waiting connections exceeds it. */
const mostShutOut = 0.1
const wasUnread = (error: unknown) => wasRefused(error) || wasShutOut(error)
const clean = { code: 0, signal: null }

test(`SIGTERM under load, ${rounds} times, ends with exit code 0 and loses no request in flight`, async (t) => {
  const folder = temporaryFolder(t)
  let server = await startServer(t, folder)
  const users = await registerPeople(server.origin, people)
  const ledger = createLedger(users)
  let slowestMs = 0
  let shutOut = 0

  for (let round = 0; round < rounds; round++) {
    const load = startLoad(server.origin, users, ledger, writersEach, wasUnread)
    const newcomer = createClient(server.origin)
    await newcomer.send('GET', '/livez')
    await pause(50 + Math.random() * longestLoadMs)
    const at = performance.now()
    const registration = register(newcomer, `round-${round}@example.com`)
    server.kill('SIGTERM')
    const [ended, registered] = await Promise.all([load.ended, registration])

    assert.deepEqual(
      ended.filter((error) => !wasShutOut(error)),
      [],
      'a request was lost',
    )
    shutOut += ended.length
    assert.equal(registered.status, 201, 'a request that hashes a password also completes')
    assert.deepEqual(await server.exited, clean)
    slowestMs = Math.max(slowestMs, performance.now() - at)
    newcomer.close()

    server = await startServer(t, folder)
    await ledger.verify(server.origin, server.data)
  }
  const newConnections = (rounds * people * writersEach) / 2
  assert.ok(
    shutOut <= newConnections * mostShutOut,
    `${shutOut} of ${newConnections} new connections were shut out`,
  )
  t.diagnostic(
    `of ${newConnections} clients without keep-alive, ${shutOut} connected too late to be accepted`,
  )
  t.diagnostic(
    `${rounds} stops, ${ledger.acknowledged} acknowledged writes, the slowest stop ${Math.round(slowestMs)} ms`,
  )
})

test('a stopping server is not ready, answers one more request on an open connection, and accepts no new one', async (t) => {
  const server = await startServer(t, temporaryFolder(t))
  const kept = createClient(server.origin)
  await kept.send('GET', '/readyz')

  server.kill('SIGTERM')
  await server.logged('stopping')
  const last = await kept.send('GET', '/readyz')

  assert.equal(last.status, 503)
  assert.equal(last.headers['connection'], 'close')
  assert.ok(last.headers['retry-after'])
  await assert.rejects(createClient(server.origin).send('GET', '/readyz'), wasRefused)
  assert.deepEqual(await server.exited, clean)
})

test('a server that is stopped right after its start exits cleanly', async (t) => {
  const server = await startServer(t, temporaryFolder(t))

  server.kill('SIGTERM')

  assert.deepEqual(await server.exited, clean)
  await server.logged('stopped')
})

test('idle connections do not delay a stop', async (t) => {
  const server = await startServer(t, temporaryFolder(t), { env: { SHUTDOWN_TIMEOUT: '60' } })
  await createClient(server.origin).send('GET', '/livez') // an idle keep-alive connection
  await connectTo(server, '')

  server.kill('SIGINT')

  assert.deepEqual(await within(10_000, server.exited), clean)
})

test('a half-sent request delays a stop by no more than SHUTDOWN_TIMEOUT', async (t) => {
  const server = await startServer(t, temporaryFolder(t), { env: { SHUTDOWN_TIMEOUT: '1' } })
  await connectTo(server, 'POST /auth/login HTTP/1.1\r\nHost: docket\r\nContent-Length: 100\r\n\r\n{')
  const at = performance.now()

  server.kill('SIGTERM')

  assert.deepEqual(await within(5000, server.exited), clean)
  assert.ok(performance.now() - at > 900, 'the request got its time')
})

test('a second signal ends the process at once', async (t) => {
  const server = await startServer(t, temporaryFolder(t), { env: { SHUTDOWN_TIMEOUT: '60' } })
  await connectTo(server, 'POST /auth/login HTTP/1.1\r\nHost: docket\r\nContent-Length: 100\r\n\r\n{')

  server.kill('SIGTERM')
  await server.logged('stopping')
  server.kill('SIGTERM')

  assert.deepEqual(await within(5000, server.exited), { code: null, signal: 'SIGTERM' })
})

const register = (client: ReturnType<typeof createClient>, email: string) =>
  client.send('POST', '/auth/register', { email, password: 'correct horse battery staple' })

/** Opens a connection, sends this text, and waits until the server has accepted the connection. */
async function connectTo({ origin }: ServerProcess, text: string): Promise<Socket> {
  const { hostname, port } = new URL(origin)
  const socket = connect(Number(port), hostname).on('error', () => undefined)
  await new Promise((resolve) => socket.write(text, resolve))
  await createClient(origin, undefined, false).send('GET', '/livez') // connects later, so the socket above was accepted before it
  return socket
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T | string> {
  return Promise.race([promise, pause(ms, `still running after ${ms} ms`, { ref: false })])
}
