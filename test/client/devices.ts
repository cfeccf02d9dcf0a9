import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises'
import { connect, type Clock, type Fetch } from '../../client/src/index.ts'
import { memoryStorage, openReplica, type Replica, type Storage } from '../../client/src/replica/replica.ts'
import type { Docket, User } from '../harness.ts'

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
const patience = [10_000, 30_000, 45_000]

/** Pauses before another attempt are over soon; waits for an answer never are. */
export const hastyClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    await delay(patience.includes(ms) ? 2 ** 30 : Math.min(ms / 100, 5), undefined, {
      ...(signal && { signal }),
      ref: false,
    })
  },
}

/** What may befall a request. */
export interface Line {
  isCut: boolean
  /** How many of the requests and of the answers get lost, from 0 to 1. */
  loss: number
}

/** A program with a replica, its storage and its connection, each of which may break. */
export interface Device {
  replica: Replica
  line: Line
  /** Cuts the connection, or mends it. */
  cut(isCut: boolean): void
  /** Ends it without a word: what is not in the storage by now is lost. */
  kill(): void
  /** Starts it again, on what was kept. */
  open(): Promise<void>
}

export async function deviceOf(server: Docket, user: User, random: () => number): Promise<Device> {
  const begun = server.url
  const kept = memoryStorage()
  const line: Line = { isCut: false, loss: 0 }
  let power = new AbortController()
  let plug = new AbortController()

  const send: Fetch = async (input, init) => {
    const { signal } = power
    const fate = random()
    const fail = () => {
      signal.throwIfAborted()
      if (line.isCut) throw new TypeError('fetch failed')
    }
    fail()
    if (fate < line.loss) throw new TypeError('fetch failed')
    const signals = [init.signal, signal, plug.signal].filter((one) => one instanceof AbortSignal)
    const response = await fetch(input.replace(begun, server.url), {
      ...init,
      signal: AbortSignal.any(signals),
    })
    fail()
    if (fate > 1 - line.loss) {
      await response.body?.cancel()
      if (fate > 1 - line.loss / 4) return new Response('Come back later.', { status: 503 })
      throw new TypeError('fetch failed')
    }
    return response
  }
  const docket = connect({
    url: begun,
    token: user.accessToken,
    fetch: send,
    clock: hastyClock,
    random,
    retries: 0,
  })

  /** A storage that writes nothing once the power is off. */
  const storageOf = ({ signal }: AbortController): Storage => ({
    ...kept,
    async save(changes) {
      await turn()
      signal.throwIfAborted()
      await kept.save(changes)
    },
    close: async () => undefined,
  })

  const device: Device = {
    line,
    replica: undefined as unknown as Replica,
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
      device.replica = await openReplica({ docket, storage: storageOf(power), clock: hastyClock, random })
    },
  }
  await device.open()
  return device
}
