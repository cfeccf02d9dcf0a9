import assert from 'node:assert/strict'
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises'
import { connect, type Clock, type Fetch } from '../../client/src/index.ts'
import {
  memoryStorage,
  openReplica,
  type Replica,
  type ReplicaOptions,
  type Storage,
} from '../../client/src/replica/replica.ts'
import type { Docket, User } from '../harness.ts'
import { exchangeOf, type Exchange, type Fate } from './helpers.ts'

/** Numbers from 0 to below 1 that are the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** How long requests, streams and silence may take. */
const patience = new Set([10_000, 30_000, 45_000])

/** Pauses before another attempt are over soon, and are kept; waits for an answer never end. */
export function hastyClock(): Clock & { pauses: number[] } {
  const pauses: number[] = []
  return {
    pauses,
    now: () => Date.now(),
    async sleep(ms, signal) {
      const isPause = !patience.has(ms)
      if (isPause) pauses.push(ms)
      const options = { ...(signal && { signal }), ref: false }
      await delay(isPause ? Math.min(ms / 100, 5) : 2 ** 30, undefined, options)
    },
  }
}

/** What may befall a request, and what was sent. */
export interface Line {
  isCut: boolean
  /** How many of the requests and of the answers get lost, from 0 to 1. */
  loss: number
  /** Each befalls one write, in turn. */
  fates: Fate[]
  /** The writes that were sent. */
  sent: Exchange[]
}

/** A program with a replica, its storage and its connection, each of which may break. */
export interface Device {
  replica: Replica
  line: Line
  /** What its storage has. */
  kept: Map<string, string>
  disk: { isFull: boolean }
  clock: ReturnType<typeof hastyClock>
  /** Cuts the connection, or mends it. */
  cut(isCut: boolean): void
  /** Goes on with the present token of its user. */
  signIn(): void
  /** Ends it without a word: what is not in the storage by now is lost. */
  kill(): void
  /** Starts it again, on what was kept. */
  open(): Promise<void>
}

export async function deviceOf(
  server: Docket,
  user: User,
  random: () => number = Math.random,
  more: Partial<ReplicaOptions> = {},
): Promise<Device> {
  const begun = server.url
  const clock = hastyClock()
  const kept = new Map<string, string>()
  const memory = memoryStorage(kept)
  const disk = { isFull: false }
  const line: Line = { isCut: false, loss: 0, fates: [], sent: [] }
  let power = new AbortController()
  let plug = new AbortController()

  const send: Fetch = async (input, init) => {
    const { signal } = power
    const chance = random()
    const fail = () => {
      signal.throwIfAborted()
      if (line.isCut) throw new TypeError('fetch failed')
    }
    fail()
    if (chance < line.loss) throw new TypeError('fetch failed')
    const signals = [init.signal, signal, plug.signal].filter((one) => one instanceof AbortSignal)
    const pass = () => fetch(input.replace(begun, server.url), { ...init, signal: AbortSignal.any(signals) })
    const response = await befall(exchangeOf(input, init), pass)
    fail()
    if (chance <= 1 - line.loss) return response
    await response.body?.cancel()
    if (chance > 1 - line.loss / 4) return new Response('Come back later.', { status: 503 })
    throw new TypeError('fetch failed')
  }

  async function befall(exchange: Exchange, pass: () => Promise<Response>): Promise<Response> {
    if (exchange.method === 'GET') return pass()
    line.sent.push(exchange)
    const response = await (line.fates.shift()?.(exchange, pass) ?? pass())
    exchange.status = response.status
    return response
  }

  const signedIn = () =>
    connect({ url: begun, token: user.accessToken, fetch: send, clock, random, retries: 0 })
  let docket = signedIn()

  /** A storage that writes nothing once the power is off. */
  const storageOf = ({ signal }: AbortController): Storage => ({
    ...memory,
    async save(changes) {
      await turn()
      signal.throwIfAborted()
      if (disk.isFull) throw new Error('The disk is full.')
      await memory.save(changes)
    },
    close: async () => undefined,
  })

  const device: Device = {
    line,
    kept,
    disk,
    clock,
    replica: undefined as unknown as Replica,
    signIn() {
      docket = signedIn()
      device.replica.resume(docket)
    },
    cut(isCut) {
      line.isCut = isCut
      plug.abort()
      plug = new AbortController()
    },
    kill() {
      power.abort()
      device.replica.close().catch(() => undefined)
    },
    async open() {
      power = new AbortController()
      device.replica = await openReplica({ docket, storage: storageOf(power), clock, random, ...more })
    },
  }
  await device.open()
  return device
}

/** Waits until a replica has everything that the server has. */
export async function synced(replica: Replica, user: User): Promise<void> {
  const newest = Number((await user.get('/tasks?limit=1')).headers.get('docket-revision'))
  await until(() => (replica.revision ?? -1) >= newest)
}

/** Waits until something is so. */
export async function until(isSo: () => boolean): Promise<void> {
  const startedAt = performance.now()
  while (!isSo()) {
    assert.ok(performance.now() - startedAt < 10_000, `it takes too long: ${String(isSo)}`)
    await turn()
  }
}
