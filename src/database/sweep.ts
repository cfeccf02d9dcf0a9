import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../core/clock.ts'
import type { Database, Queryable } from './database.ts'

const everyMs = 10 * 60_000
/** Few rows in a transaction, with a pause between, so that no request waits long. */
const rowsAtOnce = 200
const pauseMs = 20

/** Removes what need not be kept any more, so many rows at most; answers how many it removed. */
export type Sweep = (tx: Queryable, now: number, limit: number) => Promise<number>

/** Sweeps now, and every ten minutes until it is stopped; `warn` is told of a sweep that failed. */
export function startSweeping(
  database: Database,
  sweeps: Sweep[],
  clock: Clock,
  warn: (error: unknown) => void,
): () => Promise<void> {
  const stopping = new AbortController()
  const { signal } = stopping
  const keepSweeping = async () => {
    while (!signal.aborted) {
      await sweepAll(database, sweeps, clock, signal).catch(warn)
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
  sweeps: Sweep[],
  clock: Clock,
  signal = AbortSignal.any([]),
): Promise<number> {
  let total = 0
  for (const sweep of sweeps) {
    for (let removed = rowsAtOnce; removed === rowsAtOnce && !signal.aborted; total += removed) {
      removed = await database.transaction((tx) => sweep(tx, clock(), rowsAtOnce))
      await delay(pauseMs) // without a reference to it, a process that stops would end in the middle
    }
  }
  return total
}
