import type { Clock } from '../core/clock.ts'
import { AppError } from '../core/errors.ts'
import { mac, type Keyring } from '../core/keyring.ts'
import type { Database, Queryable } from '../database/database.ts'
import { addFailure, clearFailures, deleteFailuresBefore, findFailures } from './store.ts'

const longestPauseMs = 15 * 60_000
const forgottenAfterMs = 60 * 60_000

/** Slows down password guessing by e-mail address, by network and by both together; never locks out for good. */
export interface Throttle {
  /** Throws `too-many-requests` during a pause. */
  assertNoPause(email: string, network: string): Promise<void>
  recordFailure(email: string, network: string): Promise<void>
  recordSuccess(email: string, network: string): Promise<void>
}

/** A count of failures: its keyed hash, and how many of them cause no pause. */
interface Counter {
  key: string
  free: number
}

/** Stores the counts in the database, where they survive a restart, under keyed hashes, which identify nobody. */
export function createThrottle(database: Database, keyring: Keyring, clock: Clock): Throttle {
  const hash = (...parts: string[]) => mac(keyring.signing.for('throttle'), JSON.stringify(parts))
  const counters = (email: string, network: string): Counter[] => [
    { key: hash('email and network', email, network), free: 5 },
    { key: hash('email', email), free: 50 },
    { key: hash('network', network), free: 100 },
  ]

  return {
    async assertNoPause(email, network) {
      const now = clock()
      const limits = new Map(counters(email, network).map(({ key, free }) => [key, free]))
      const rows = await findFailures(database, [...limits.keys()], now - forgottenAfterMs)
      const ends = rows.map(
        ({ key, failures, lastAt }) => lastAt + pauseMs(failures - (limits.get(key) ?? 0)),
      )
      const waitMs = Math.max(0, ...ends.map((end) => end - now))
      if (waitMs > 0) throw paused(Math.ceil(waitMs / 1000))
    },

    async recordFailure(email, network) {
      const now = clock()
      await database.transaction(async (tx) => {
        for (const { key } of counters(email, network)) await addFailure(tx, key, now, now - forgottenAfterMs)
      })
    },

    async recordSuccess(email, network) {
      const [pair] = counters(email, network)
      if (!pair || (await findFailures(database, [pair.key], 0)).length === 0) return
      await database.transaction((tx) => clearFailures(tx, pair.key))
    },
  }
}

/** Deletes at most `limit` counts that no longer matter. Returns how many. */
export const sweepFailures = (tx: Queryable, now: number, limit: number): Promise<number> =>
  deleteFailuresBefore(tx, now - forgottenAfterMs, limit)

/** One second after the first failure that is not free, then twice as long after each. */
const pauseMs = (tooMany: number) => (tooMany <= 0 ? 0 : Math.min(1000 * 2 ** (tooMany - 1), longestPauseMs))

function paused(retryAfterSeconds: number): AppError {
  const detail = `Too many failed attempts; wait ${retryAfterSeconds} s before the next.`
  return new AppError('too-many-requests', detail, { retryAfterSeconds })
}
