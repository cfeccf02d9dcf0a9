import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import { sweepFailures, sweepSessions } from './accounts/accounts.ts'
import type { Config } from './config.ts'
import type { Clock } from './core/clock.ts'
import type { Database, Queryable } from './database/database.ts'
import { sweepResults } from './idempotency/idempotency.ts'
import { sweepChanges } from './revisions/revisions.ts'
import { sweepTickets } from './sync/tickets.ts'
import { sweepTrash } from './tasks/tasks.ts'

const day = 24 * 60 * 60_000
const everyMs = 10 * 60_000
/** Few rows in a transaction, with a pause between, so that no request waits long. */
const rowsAtOnce = 200
const pauseMs = 20

/** Removes what need not be kept any more, so many rows at most; answers how many it removed. */
type Sweep = (tx: Queryable, now: number, limit: number) => Promise<number>

/** Sweeps now, and every ten minutes until it is stopped. */
export function startSweeping(
  database: Database,
  config: Config,
  clock: Clock,
  log: FastifyBaseLogger,
): () => Promise<void> {
  const stopping = new AbortController()
  const { signal } = stopping
  const keepSweeping = async () => {
    while (!signal.aborted) {
      await sweepAll(database, config, clock, signal).catch((error: unknown) => {
        log.warn({ err: error }, 'a sweep failed; the next one goes on')
      })
      await delay(everyMs, undefined, { signal, ref: false }).catch(() => undefined)
    }
  }
  const ended = keepSweeping()
  return () => {
    stopping.abort()
    return ended
  }
}

/** Removes everything whose time is over; answers how many rows that was. */
export async function sweepAll(
  database: Database,
  config: Config,
  clock: Clock,
  signal?: AbortSignal,
): Promise<number> {
  let total = 0
  for (const sweep of sweepsOf(config)) {
    let removed = rowsAtOnce
    while (removed === rowsAtOnce && !signal?.aborted) {
      removed = await database.transaction((tx) => sweep(tx, clock(), rowsAtOnce))
      total += removed
      await delay(pauseMs, undefined, { ref: false })
    }
  }
  return total
}

const sweepsOf = ({ trashDays, historyDays }: Config): Sweep[] => [
  sweepSessions,
  sweepFailures,
  sweepTickets,
  sweepResults,
  (tx, now, limit) => sweepTrash(tx, now - trashDays * day, limit),
  (tx, now, limit) => sweepChanges(tx, now - historyDays * day, limit),
]
