import { AppError } from '../core/errors.ts'
import type { Sql, Transaction } from './database.ts'
import type { SqliteConnection } from './sqlite-connection.ts'

const largestBatch = 256
/** More would keep their clients waiting for longer than it takes to come again. */
const mostWaiting = 8 * largestBatch
const longestGatherMs = 2
const longestVerbMs = 1000
const retryAfterSeconds = 1

interface Job {
  run(tx: Transaction): Promise<unknown>
  resolve(value: unknown): void
  reject(error: unknown): void
}

/** Answers one verb of a batch, once the fate of the whole batch is known. */
type Settle = () => void

/** Takes verbs, commits those that arrive together in one transaction, and answers after it is on disk. */
export interface GroupCommit {
  transaction<T>(verb: (tx: Transaction) => Promise<T>): Promise<T>
  /** Resolves once nothing is queued or under way; later verbs are refused. */
  close(): Promise<void>
}

/**
 * Group commit: one fsync serves every write that is waiting. A verb that throws undoes only itself; if
 * the COMMIT fails, all of the batch fail.
 * Where too many wait already, the next is `overloaded`.
 * `committed` is called before anyone is answered, `moved` after, for each owner that was announced;
 * the next batch waits for `betweenBatches`, which must not fail.
 */
export function createGroupCommit(
  writer: SqliteConnection,
  committed: () => void,
  betweenBatches: () => Promise<void>,
  moved: (ownerId: string) => void,
): GroupCommit {
  const queue: Job[] = []
  let draining: Promise<void> | undefined
  let closed = false

  /** Waits for as long as each turn of the event loop brings further verbs, which then share the commit. */
  const gather = async () => {
    const begunAt = performance.now()
    for (let before = 0; queue.length > before && queue.length < largestBatch;) {
      before = queue.length
      await nextTurn()
      if (performance.now() - begunAt > longestGatherMs) return
    }
  }

  const drain = async () => {
    while (queue.length > 0) {
      await gather()
      const settled = await runBatch(writer, queue.splice(0, largestBatch), moved)
      committed()
      for (const settle of settled) settle()
      await nextTurn()
      await betweenBatches()
    }
    draining = undefined
  }

  return {
    transaction<T>(verb: (tx: Transaction) => Promise<T>) {
      return new Promise<T>((resolve, reject) => {
        if (closed)
          return reject(new AppError('unavailable', 'The database is closed.', { retryAfterSeconds }))
        if (queue.length >= mostWaiting) {
          return reject(new AppError('overloaded', 'Too many writes are waiting.', { retryAfterSeconds }))
        }
        queue.push({ run: verb, resolve: (value) => resolve(value as T), reject })
        draining ??= drain()
      })
    },
    async close() {
      closed = true
      await draining
    },
  }
}

/**
 * Runs the verbs without a savepoint each, which would copy every page before it is changed: they are needed
 * only where a verb throws after it wrote, which is rare. Then all of it is undone and run again, with them.
 */
async function runBatch(
  writer: SqliteConnection,
  jobs: Job[],
  moved: (ownerId: string) => void,
): Promise<Settle[]> {
  try {
    writer.exec('begin immediate')
    let settled = await runVerbs(writer, jobs, moved, false)
    if (!settled) {
      writer.exec('rollback')
      writer.exec('begin immediate')
      settled = await runVerbs(writer, jobs, moved, true)
    }
    writer.exec('commit')
    return settled ?? []
  } catch (error) {
    if (writer.inTransaction) writer.exec('rollback')
    return jobs.map((job) => () => job.reject(error))
  }
}

/** Runs one verb after another; undefined where one threw that can not be undone by itself. */
async function runVerbs(
  writer: SqliteConnection,
  jobs: Job[],
  moved: (ownerId: string) => void,
  inSavepoints: boolean,
): Promise<Settle[] | undefined> {
  const watchdog = createWatchdog()
  try {
    const settled: Settle[] = []
    for (const job of jobs) {
      const settle = await runVerb(writer, job, moved, watchdog, inSavepoints)
      if (!settle) return undefined
      settled.push(settle)
    }
    return settled
  } finally {
    watchdog.stop()
  }
}

async function runVerb(
  writer: SqliteConnection,
  job: Job,
  moved: (ownerId: string) => void,
  watchdog: Watchdog,
  inSavepoint: boolean,
): Promise<Settle | undefined> {
  const transaction = openTransaction(writer)
  if (inSavepoint) writer.exec('savepoint verb')
  try {
    const value = await watchdog.watch(job.run(transaction.tx))
    if (inSavepoint) writer.exec('release verb')
    return () => {
      job.resolve(value)
      for (const ownerId of transaction.announced) moved(ownerId)
    }
  } catch (error) {
    if (!writer.inTransaction) throw error // the engine gave up the whole transaction, a full disk for one
    if (transaction.hasWritten && !inSavepoint) return undefined
    if (inSavepoint) {
      writer.exec('rollback to verb')
      writer.exec('release verb')
    }
    return () => job.reject(error)
  } finally {
    transaction.hasEnded = true
  }
}

/** The connection as one verb sees it, usable until it has ended, not after; and what the verb did with it. */
interface VerbTransaction {
  readonly tx: Transaction
  readonly announced: Set<string>
  hasWritten: boolean
  hasEnded: boolean
}

const readOnly = /^\s*select\b/

function openTransaction(writer: SqliteConnection): VerbTransaction {
  const all = <Row>(statement: Sql): Row[] => {
    if (transaction.hasEnded) throw new Error('a transaction was used after its end')
    transaction.hasWritten ||= !readOnly.test(statement.strings[0] ?? '')
    return writer.all<Row>(statement)
  }
  const announced = new Set<string>()
  const transaction: VerbTransaction = {
    tx: {
      query: async <Row>(statement: Sql) => all<Row>(statement),
      first: async <Row>(statement: Sql) => all<Row>(statement)[0],
      announce: async (ownerId) => void announced.add(ownerId),
    },
    announced,
    hasWritten: false,
    hasEnded: false,
  }
  return transaction
}

interface Watchdog {
  /** The verb's own outcome, or an error once it has taken too long. */
  watch<T>(verb: Promise<T>): Promise<T>
  stop(): void
}

/** One timer for all the verbs of a batch, since to make one for each costs as much as a statement. */
function createWatchdog(): Watchdog {
  let giveUp: (error: Error) => void = () => undefined
  const timer = setTimeout(
    () => giveUp(new Error('a transaction awaited something other than its own statements')),
    longestVerbMs,
  )
  return {
    watch<T>(verb: Promise<T>) {
      timer.refresh()
      return new Promise<T>((resolve, reject) => {
        giveUp = reject
        verb.then(resolve, reject)
      })
    },
    stop: () => clearTimeout(timer),
  }
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))
