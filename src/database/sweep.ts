import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../core/clock.ts'
import { createCounter, gauge, type Measure } from '../core/measures.ts'
import { sql, type Database, type Queryable, type Sql } from './database.ts'

const everyMs = 10 * 60_000
/** How many rows a transaction deletes: few, since on SQLite every request waits for it; more if it is quick. */
const rowsAtOnce = { fewest: 200, most: 1000 }
const quickMs = 10

/** Deletes at most `limit` rows that need not be kept any more. Returns how many it deleted. */
export type Sweep = (tx: Queryable, now: number, limit: number) => Promise<number>

/** Which rows of a table are deleted by their age. */
interface Aged {
  table: Sql
  /** The columns of its primary key. */
  key: Sql
  /** An indexed column of epoch milliseconds. */
  age: Sql
}

/** Deletes at most `limit` rows from before `at`. Returns the `returning` columns of each; the key by default. */
export const deleteOlder = <Row>(
  tx: Queryable,
  { table, key, age }: Aged,
  at: number,
  limit: number,
  returning = key,
): Promise<Row[]> =>
  tx.query<Row>(sql`
    delete from ${table} where (${key}) in (select ${key} from ${table} where ${age} < ${at} limit ${limit})
    returning ${returning}`)

/** Runs the sweeps in the background of a server. */
export interface Sweeper {
  /** Sweeps now, and then every ten minutes. */
  start(): void
  /** Sweeps again as soon as possible. */
  wake(): void
  /** Resolves once the transaction that is running has ended. */
  stop(): Promise<void>
  measures: readonly Measure[]
}

/** Errors of a sweep go to `warn`. */
export function createSweeper(
  database: Database,
  sweeps: Sweep[],
  clock: Clock,
  warn: (error: unknown) => void,
): Sweeper {
  const stopping = new AbortController()
  const { signal } = stopping
  let waking = new AbortController()
  const failures = createCounter('docket_sweep_failures_total', 'Sweeps that failed')
  let sweptAt = 0
  const sweepOnce = async () => {
    try {
      await sweepAll(database, sweeps, clock, signal)
      sweptAt = clock()
    } catch (error) {
      failures.count()
      warn(error)
    }
  }
  const keepSweeping = async () => {
    while (!signal.aborted) {
      waking = new AbortController() // before the sweeps, so that a wake during them is not lost
      await sweepOnce()
      const woken = AbortSignal.any([signal, waking.signal])
      await delay(everyMs, undefined, { signal: woken, ref: false }).catch(() => undefined)
    }
  }
  let ended = Promise.resolve()
  return {
    measures: [
      failures,
      gauge('docket_sweep_last_success_timestamp_seconds', 'When the last sweep ended', () => sweptAt / 1000),
    ],
    start: () => void (ended = keepSweeping()),
    wake: () => waking.abort(),
    stop() {
      stopping.abort()
      return ended
    },
  }
}

/**
 * Runs the sweeps until nothing is left to delete. It rests after each transaction for half as long as that took, so
 * that requests get a third of the time, however slow the disk is. Returns how many rows were deleted.
 */
export async function sweepAll(
  database: Database,
  sweeps: Sweep[],
  clock: Clock,
  signal = AbortSignal.any([]),
): Promise<number> {
  let total = 0
  for (const sweep of sweeps) {
    let limit = rowsAtOnce.fewest
    for (let deleted = 1; deleted > 0 && !signal.aborted; total += deleted) {
      const begunAt = performance.now()
      const rows = limit
      deleted = await database.transaction((tx) => sweep(tx, clock(), rows))
      const tookMs = performance.now() - begunAt
      limit = tookMs < quickMs ? Math.min(limit * 2, rowsAtOnce.most) : rowsAtOnce.fewest
      await delay(tookMs / 2) // not `ref: false`, or a process that is stopping would end before the sweep does
    }
  }
  return total
}
