import { AppError } from '../core/errors.ts'
import type { Queryable, Transaction } from './database.ts'
import type { SqliteConnection } from './sqlite-connection.ts'

const largestBatch = 256
/** More would keep their clients waiting for longer than it takes to come again. */
const mostWaiting = 8 * largestBatch
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
 * Group commit: one fsync serves every write that is waiting. Each verb runs in its own savepoint,
 * so that one that throws undoes only itself; if the COMMIT fails, all of the batch fail.
 * Where too many wait already, the next is `overloaded`.
 * `committed` is called before anyone is answered, `moved` after, for each owner that was announced.
 */
export function createGroupCommit(
  writer: SqliteConnection,
  committed: () => void,
  moved: (ownerId: string) => void,
): GroupCommit {
  const queue: Job[] = []
  let draining: Promise<void> | undefined
  let closed = false

  const drain = async () => {
    await nextTurn() // all that this turn of the event loop reads from its sockets goes together
    while (queue.length > 0) {
      const settled = await runBatch(writer, queue.splice(0, largestBatch), moved)
      committed()
      for (const settle of settled) settle()
      await nextTurn()
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

async function runBatch(
  writer: SqliteConnection,
  jobs: Job[],
  moved: (ownerId: string) => void,
): Promise<Settle[]> {
  try {
    writer.exec('begin immediate')
    const settled: Settle[] = []
    for (const job of jobs) settled.push(await runVerb(writer, job, moved))
    writer.exec('commit')
    return settled
  } catch (error) {
    if (writer.inTransaction) writer.exec('rollback')
    return jobs.map((job) => () => job.reject(error))
  }
}

async function runVerb(
  writer: SqliteConnection,
  job: Job,
  moved: (ownerId: string) => void,
): Promise<Settle> {
  const { tx, announced, end } = openTransaction(writer)
  writer.exec('savepoint verb')
  try {
    const value = await withinASecond(job.run(tx))
    writer.exec('release verb')
    return () => {
      job.resolve(value)
      for (const ownerId of announced) moved(ownerId)
    }
  } catch (error) {
    if (!writer.inTransaction) throw error // the engine gave up the whole transaction, a full disk for one
    writer.exec('rollback to verb')
    writer.exec('release verb')
    return () => job.reject(error)
  } finally {
    end()
  }
}

/** The connection as one verb sees it: usable until its end, not after. */
function openTransaction(writer: SqliteConnection): {
  tx: Transaction
  announced: Set<string>
  end(): void
} {
  let ended = false
  const announced = new Set<string>()
  const all = <Row>(...[statement]: Parameters<SqliteConnection['all']>): Row[] => {
    if (ended) throw new Error('a transaction was used after its end')
    return writer.all<Row>(statement)
  }
  const tx: Transaction = {
    query: async <Row>(...[statement]: Parameters<Queryable['query']>) => all<Row>(statement),
    first: async <Row>(...[statement]: Parameters<Queryable['first']>) => all<Row>(statement)[0],
    announce: async (ownerId) => void announced.add(ownerId),
  }
  return { tx, announced, end: () => void (ended = true) }
}

async function withinASecond<T>(verb: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => reject(new Error('a transaction awaited something other than its own statements')),
    longestVerbMs,
  )
  try {
    return await Promise.race([verb, late])
  } finally {
    clearTimeout(timer)
  }
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))
