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
/** Of those who connect anew for each request; a stop that does not look who is at the door shuts out most. */
const mostShutOut = 0.1
const wasUnread = (error: unknown) => wasRefused(error) || wasShutOut(error)
const clean = { code: 0, signal: null }

test(`SIGTERM under load, ${rounds} times: exit 0 and nothing in flight is lost`, async (t) => {
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
    assert.equal(registered.status, 201, 'a request that hashes a password is finished too')
    assert.deepEqual(await server.exited, clean)
    slowestMs = Math.max(slowestMs, performance.now() - at)
    newcomer.close()

    server = await startServer(t, folder)
    await ledger.verify(server.origin, server.data)
  }
  const strangers = (rounds * people * writersEach) / 2
  assert.ok(shutOut <= strangers * mostShutOut, `${shutOut} of ${strangers} new connections were shut out`)
  t.diagnostic(`of ${strangers} clients that connect for each request, ${shutOut} came too late to be let in`)
  t.diagnostic(
    `${rounds} stops, ${ledger.acknowledged} acknowledged writes, the slowest stop ${Math.round(slowestMs)} ms`,
  )
})

test('a server that stops is not ready, answers once more on a kept connection, and lets nobody in', async (t) => {
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

test('a server that is stopped as soon as it serves ends as it should', async (t) => {
  const server = await startServer(t, temporaryFolder(t))

  server.kill('SIGTERM')

  assert.deepEqual(await server.exited, clean)
  await server.logged('stopped')
})

test('connections that ask nothing do not keep a server that stops', async (t) => {
  const server = await startServer(t, temporaryFolder(t), { env: { SHUTDOWN_TIMEOUT: '60' } })
  await createClient(server.origin).send('GET', '/livez') // and keeps its connection
  await connectTo(server, '')

  server.kill('SIGINT')

  assert.deepEqual(await within(10_000, server.exited), clean)
})

test('a client that holds a half-sent request keeps the process no longer than SHUTDOWN_TIMEOUT', async (t) => {
  const server = await startServer(t, temporaryFolder(t), { env: { SHUTDOWN_TIMEOUT: '1' } })
  await connectTo(server, 'POST /auth/login HTTP/1.1\r\nHost: docket\r\nContent-Length: 100\r\n\r\n{')
  const at = performance.now()

  server.kill('SIGTERM')

  assert.deepEqual(await within(5000, server.exited), clean)
  assert.ok(performance.now() - at > 900, 'it was given the time')
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

/** A bare connection on which this was sent, and which the server has taken. */
async function connectTo({ origin }: ServerProcess, text: string): Promise<Socket> {
  const { hostname, port } = new URL(origin)
  const socket = connect(Number(port), hostname).on('error', () => undefined)
  await new Promise((resolve) => socket.write(text, resolve))
  await createClient(origin, undefined, false).send('GET', '/livez') // came later, so this one was taken before
  return socket
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T | string> {
  return Promise.race([promise, pause(ms, `still running after ${ms} ms`, { ref: false })])
}
