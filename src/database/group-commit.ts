import { AppError } from '../core/errors.ts'
import type { Histogram, Measure } from '../core/measures.ts'
import type { Sql, Transaction } from './database.ts'
import { commitSeconds, commitWrites, writesWaiting } from './measures.ts'
import type { SqliteConnection } from './sqlite-connection.ts'
import { withWatchdog, type Watchdog } from './watchdog.ts'

const largestBatch = 256
/** With more, clients would wait longer in the queue than if they retried. */
const mostWaiting = 8 * largestBatch
const longestGatherMs = 2
const retryAfterSeconds = 1

interface Job {
  run(tx: Transaction): Promise<unknown>
  resolve(value: unknown): void
  reject(error: unknown): void
}

/** Resolves or rejects the promise of one verb; called after the commit of its batch. */
type Settle = () => void

/** Commits verbs that arrive together in one transaction. */
export interface GroupCommit {
  /** Resolves once the commit is on disk. Throws `overloaded` if too many verbs are waiting. */
  transaction<T>(verb: (tx: Transaction) => Promise<T>): Promise<T>
  /** Whether a ROLLBACK has failed: writes get `unavailable` until one succeeds, which each batch tries first. */
  isStuck(): boolean
  measures: readonly Measure[]
  /** Resolves once all queued verbs have run; later verbs are refused. */
  close(): Promise<void>
}

/**
 * Group commit: one fsync for all writes that are waiting. A verb that throws undoes only its own writes; if
 * the COMMIT fails, every verb of the batch fails.
 * After the COMMIT, `onCommit` is called before any promise resolves, then `announce` for each announced owner.
 * The next batch waits for `betweenBatches`. None of these may throw.
 */
export function createGroupCommit(
  writer: SqliteConnection,
  onCommit: () => void,
  betweenBatches: () => Promise<void>,
  announce: (ownerId: string) => void,
): GroupCommit {
  const queue: Job[] = []
  const seconds = commitSeconds()
  const writes = commitWrites()
  let draining: Promise<void> | undefined
  let closed = false
  let isStuck = false

  /** Waits as long as each turn of the event loop brings more verbs, so that they share the commit. */
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
      const jobs = queue.splice(0, largestBatch)
      const settles = await runBatch({ writer, jobs, announce, seconds })
      writes.observe(jobs.length)
      isStuck = writer.inTransaction
      onCommit()
      for (const settle of settles) settle()
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
    isStuck: () => isStuck,
    measures: [seconds, writes, writesWaiting(() => queue.length)],
    async close() {
      closed = true
      await draining
    },
  }
}

/** Verbs that share one transaction, with what they need to run. */
interface Batch {
  writer: SqliteConnection
  jobs: Job[]
  announce(ownerId: string): void
  seconds: Histogram
}

/**
 * Commits the verbs in one transaction; never rejects, or nobody would be answered any more. The verbs run without savepoints first, since a savepoint copies every page
 * before it changes. Only if a verb throws after it wrote, which is rare, is the batch rolled back and run again
 * with a savepoint for each.
 */
async function runBatch(batch: Batch): Promise<Settle[]> {
  const { writer, jobs } = batch
  try {
    if (writer.inTransaction) rollBack(writer) // what an earlier batch could not undo
    writer.exec('begin immediate')
    let settles = await withWatchdog((watchdog) => runWithoutSavepoints(batch, watchdog))
    if (settles === 'needs savepoints') {
      rollBack(writer)
      writer.exec('begin immediate')
      settles = await withWatchdog((watchdog) => runInSavepoints(batch, watchdog))
    }
    const begunAt = performance.now()
    writer.exec('commit')
    batch.seconds.observe((performance.now() - begunAt) / 1000)
    return settles
  } catch (error) {
    const reason = undo(writer) ?? error
    return jobs.map((job) => () => job.reject(reason))
  }
}

/** Ends the transaction, if there is one. Returns the error if that fails. */
function undo(writer: SqliteConnection): unknown {
  try {
    if (writer.inTransaction) rollBack(writer)
    return undefined
  } catch (error) {
    return error
  }
}

function rollBack(writer: SqliteConnection): void {
  try {
    writer.exec('rollback')
  } catch (cause) {
    const detail = 'A write that failed could not be undone; until it is, only reads work.'
    throw new AppError('unavailable', detail, { retryAfterSeconds }, cause)
  }
}

async function runWithoutSavepoints(
  batch: Batch,
  watchdog: Watchdog,
): Promise<Settle[] | 'needs savepoints'> {
  const settles: Settle[] = []
  for (const job of batch.jobs) {
    const { mustUndo, settle } = await runVerb(batch, job, watchdog)
    if (mustUndo) return 'needs savepoints'
    settles.push(settle)
  }
  return settles
}

async function runInSavepoints(batch: Batch, watchdog: Watchdog): Promise<Settle[]> {
  const { writer, jobs } = batch
  const settles: Settle[] = []
  for (const job of jobs) {
    writer.exec('savepoint verb')
    const { mustUndo, settle } = await runVerb(batch, job, watchdog)
    if (mustUndo) writer.exec('rollback to verb')
    writer.exec('release verb')
    settles.push(settle)
  }
  return settles
}

/** The result of one verb; `mustUndo` if it threw after it wrote. */
interface VerbResult {
  mustUndo: boolean
  settle: Settle
}

async function runVerb({ writer, announce }: Batch, job: Job, watchdog: Watchdog): Promise<VerbResult> {
  const transaction = openTransaction(writer)
  try {
    const value = await watchdog.watch(job.run(transaction.tx))
    const settle = () => {
      job.resolve(value)
      for (const ownerId of transaction.announced) announce(ownerId)
    }
    return { mustUndo: false, settle }
  } catch (error) {
    if (!writer.inTransaction) throw error // SQLite rolled back everything, as it does when the disk is full
    return { mustUndo: transaction.hasWritten, settle: () => job.reject(error) }
  } finally {
    transaction.hasEnded = true
  }
}

/** The transaction that is passed to one verb, and what the verb did with it. */
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

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))
