import { setTimeout as delay } from 'node:timers/promises'
import type { Histogram } from '../core/measures.ts'
import { createListeners } from './listeners.ts'
import { commitSeconds, databaseBytes, writable } from './measures.ts'
import { emptyWrite, sql, type Database, type Sql, type Transaction } from './database.ts'
import { isRetryable, toCommitError, unavailable } from './postgres-errors.ts'
import { createAnnouncer, receiveAnnouncements } from './postgres-listen.ts'
import { openPool, type Connection, type Warn } from './postgres-pool.ts'
import { inspectPostgres } from './postgres-schema.ts'
import { tryPostgres } from './postgres-trial.ts'

export type { Warn } from './postgres-pool.ts'
export { continueRestoredPostgres, migratePostgres } from './postgres-schema.ts'

const retries = 3
/** How long the connection for announcements may be away before the node says that it is not ready. */
const longestDeafMs = 5000
const longestPauseMs = 50
const begin = sql`begin isolation level read committed`
const commit = sql`commit`
const rollback = sql`rollback`

/**
 * Opens a database that has the newest schema; other nodes may use it at the same time. Warnings for the operator
 * go to `warn`. Throws OperatorError if the server or the schema is not supported.
 */
export async function openPostgres(url: string, warn: Warn): Promise<Database> {
  for (const danger of await inspectPostgres(url)) warn(danger)
  await tryPostgres(url)
  const listeners = createListeners()
  const receiver = receiveAnnouncements(url, listeners, warn)
  const connections = openPool(url, warn, receiver.reconnect)
  const announcer = createAnnouncer(connections)
  const seconds = commitSeconds()
  const query = <Row>(statement: Sql) => connections.use((connection) => connection.query<Row>(statement))

  return {
    query,
    first: async <Row>(statement: Sql) => (await query<Row>(statement))[0],
    async transaction(verb) {
      const run = () => connections.use((connection) => runVerb(connection, verb, seconds))
      const { value, announced } = await retrying(run)
      announcer.announce(announced)
      return value
    },
    listen: listeners.listen,
    async ping() {
      await query(emptyWrite)
      if (receiver.deafForMs() > longestDeafMs) throw unavailable('Changes of other nodes are not received.')
    },
    measures: [
      seconds,
      ...connections.measures,
      writable(() => query(emptyWrite)),
      databaseBytes(async () => {
        const [row] = await query<{ bytes: number }>(
          sql`select pg_database_size(current_database()) as bytes`,
        )
        return row?.bytes ?? 0
      }),
    ],
    async close() {
      await announcer.close()
      await receiver.stop()
      await connections.close()
    },
  }
}

/** Runs a transaction again if the server rolled it back, as it does with one of two in a deadlock. */
async function retrying<T>(run: () => Promise<T>): Promise<T> {
  for (let retry = 1; ; retry++) {
    try {
      return await run()
    } catch (error) {
      if (retry > retries || !isRetryable(error)) throw error
      await delay(Math.random() * longestPauseMs * retry)
    }
  }
}

/** What a verb returned, and the owners that it announced. */
interface Outcome<T> {
  value: T
  announced: Set<string>
}

async function runVerb<T>(
  connection: Connection,
  verb: (tx: Transaction) => Promise<T>,
  seconds: Histogram,
): Promise<Outcome<T>> {
  const { tx, announced, end } = openTransaction(connection)
  await connection.query(begin)
  try {
    const value = await verb(tx).finally(end)
    const begunAt = performance.now()
    await commitTo(connection)
    seconds.observe((performance.now() - begunAt) / 1000)
    return { value, announced }
  } catch (error) {
    await connection.send(rollback).catch(() => undefined) // if it fails, the pool drops the connection
    throw error
  }
}

async function commitTo(connection: Connection): Promise<void> {
  const { command } = await connection.send(commit).catch((error: unknown) => {
    throw toCommitError(error)
  })
  // The server replies ROLLBACK if a statement of the transaction has failed.
  if (command !== 'COMMIT') throw new Error('a verb continued after one of its statements had failed')
}

/** Returns the transaction to pass to a verb; it throws once `end` was called. */
function openTransaction(connection: Connection): { tx: Transaction; announced: Set<string>; end(): void } {
  let ended = false
  const announced = new Set<string>()
  const query = async <Row>(statement: Sql): Promise<Row[]> => {
    if (ended) throw new Error('a transaction was used after its end')
    return connection.query<Row>(statement)
  }
  const tx: Transaction = {
    query,
    first: async <Row>(statement: Sql) => (await query<Row>(statement))[0],
    announce: async (ownerId) => void announced.add(ownerId),
  }
  return { tx, announced, end: () => void (ended = true) }
}
