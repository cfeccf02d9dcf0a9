import type { Clock } from '../core/clock.ts'
import { AppError } from '../core/errors.ts'
import { mac, type Keyring } from '../core/keyring.ts'
import type { Database, Queryable } from '../database/database.ts'
import { addFailure, clearFailures, deleteFailuresBefore, findFailures } from './store.ts'

const longestPauseMs = 15 * 60_000
const forgottenAfterMs = 60 * 60_000

/**
 * Whose password is guessed; without a hash where nobody has the address. The hash is part of the counts' keys, so that
 * with a new password they start again: guesses of the former one tell nothing about it. So whoever sets a password
 * clears them, on any network and without the secret that the keys are made with.
 */
export interface Guessed {
  email: string
  passwordHash: string | undefined
}

/** Slows down password guessing by e-mail address, by network and by both together; never locks out for good. */
export interface Throttle {
  /** Throws `too-many-requests` during a pause. */
  assertNoPause(guessed: Guessed, network: string): Promise<void>
  recordFailure(guessed: Guessed, network: string): Promise<void>
  recordSuccess(guessed: Guessed, network: string): Promise<void>
}

/** A count of failures: its keyed hash, and how many of them cause no pause. */
interface Counter {
  key: string
  free: number
}

/** Stores the counts in the database, where they survive a restart, under keyed hashes, which identify nobody. */
export function createThrottle(database: Database, keyring: Keyring, clock: Clock): Throttle {
  const hash = (...parts: (string | undefined)[]) =>
    mac(keyring.signing.for('throttle'), JSON.stringify(parts))
  const counters = ({ email, passwordHash }: Guessed, network: string): Counter[] => [
    { key: hash('email and network', email, passwordHash, network), free: 5 },
    { key: hash('email', email, passwordHash), free: 50 },
    { key: hash('network', network), free: 100 },
  ]

  return {
    async assertNoPause(guessed, network) {
      const now = clock()
      const limits = new Map(counters(guessed, network).map(({ key, free }) => [key, free]))
      const rows = await findFailures(database, [...limits.keys()], now - forgottenAfterMs)
      const ends = rows.map(
        ({ key, failures, lastAt }) => lastAt + pauseMs(failures - (limits.get(key) ?? 0)),
      )
      const waitMs = Math.max(0, ...ends.map((end) => end - now))
      if (waitMs > 0) throw paused(Math.ceil(waitMs / 1000))
    },

    async recordFailure(guessed, network) {
      const now = clock()
      await database.transaction(async (tx) => {
        for (const { key } of counters(guessed, network))
          await addFailure(tx, key, now, now - forgottenAfterMs)
      })
    },

    async recordSuccess(guessed, network) {
      const [pair] = counters(guessed, network)
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
