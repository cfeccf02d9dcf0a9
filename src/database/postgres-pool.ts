import { setTimeout as delay } from 'node:timers/promises'
import { Pool, type PoolClient, type QueryResult } from 'pg'
import type { Sql } from 'sql-template-tag'
import { AppError } from '../core/errors.ts'
import { gauge, type Measure } from '../core/measures.ts'
import { isPlannedEachTime } from './database.ts'
import { isReadOnly, toAppError, unavailable } from './postgres-errors.ts'
import { sessionOptions, statementTimeoutMs } from './postgres-session.ts'

const mostConnections = 16
const mostWaiting = 1000
/** A server that has not ended a statement by its time-out no longer responds. */
const silenceMs = statementTimeoutMs + 500
const closeTimeoutMs = 500
const idleTimeoutMs = 30_000
/** Short, so that all connections follow soon where the server's name leads to another one. */
const lifetimeSeconds = 60
const probeEveryMs = 250
const lookAgainEveryMs = 1000
const statementsNamed = 500

/** Logs a warning for the operator. */
export type Warn = (message: string, error?: unknown) => void

/** A connection while it is checked out of the pool; errors are thrown as AppError. */
export interface Connection {
  query<Row>(statement: Sql): Promise<Row[]>
  /** The same with the driver's result and errors. */
  send(statement: Sql): Promise<QueryResult>
}

/** A bounded pool of connections to one server. */
export interface Connections {
  /** Throws `unavailable` if no connection is free in time, `overloaded` if too many requests are waiting. */
  use<T>(work: (connection: Connection) => Promise<T>): Promise<T>
  measures: readonly Measure[]
  close(): Promise<void>
}

/**
 * Opens a pool, which connects when first used. If the server stops responding, all connections are closed and
 * every request is refused at once, until a probe finds that the server responds again. If the server is read-only, as
 * one is that was primary, `onMoved` is called.
 */
export function openPool(url: string, warn: Warn, onMoved: () => void): Connections {
  const pool = new Pool({
    ...sessionOptions(url),
    max: mostConnections,
    idleTimeoutMillis: idleTimeoutMs,
    maxLifetimeSeconds: lifetimeSeconds,
  })
  const clients = new Set<PoolClient>()
  /** Connections to a server that is no longer the one to write to. */
  const outdated = new WeakSet<PoolClient>()
  const name = createNames()
  const allGone = Promise.withResolvers<void>()
  const state = { isSilent: false, isClosed: false, lookedAt: -Infinity }

  pool.on('connect', (client) => {
    clients.add(client)
    client.on('error', () => undefined) // the running statement rejects too
  })
  pool.on('remove', (client) => {
    clients.delete(client)
    if (state.isClosed && clients.size === 0) allGone.resolve()
  })
  pool.on('error', (error) => {
    Object.defineProperty(error, 'client', { enumerable: false }) // pg adds it, and a log line would hold all of it
    if (!state.isSilent) warn('an idle connection to the database was lost', error)
  })

  return {
    async use(work) {
      if (state.isClosed) throw unavailable('The database is closed.')
      if (state.isSilent) throw unavailable('The database does not respond.')
      const client = await acquire()
      try {
        return await work(connectionOf(client))
      } catch (error) {
        if (isReadOnly(error)) lookAgain()
        throw error
      } finally {
        client.release(client.getTransactionStatus() !== 'I' || outdated.has(client))
      }
    },
    measures: [
      {
        name: 'docket_pool_connections',
        help: 'Connections to PostgreSQL',
        type: 'gauge',
        read: () => [
          { labels: { state: 'in_use' }, value: pool.totalCount - pool.idleCount },
          { labels: { state: 'idle' }, value: pool.idleCount },
        ],
      },
      gauge(
        'docket_pool_waiting',
        'Requests that wait for a connection to PostgreSQL',
        () => pool.waitingCount,
      ),
    ],
    async close() {
      if (state.isClosed) return
      state.isClosed = true
      await within(silenceMs, pool.end()) // waits for running statements
      if (clients.size > 0) await within(closeTimeoutMs, allGone.promise)
    },
  }

  async function acquire(): Promise<PoolClient> {
    if (pool.waitingCount >= mostWaiting) {
      throw new AppError('overloaded', 'Too many requests are waiting for the database.', {
        retryAfterSeconds: 1,
      })
    }
    try {
      let client = await pool.connect()
      while (outdated.has(client)) {
        client.release(true)
        client = await pool.connect()
      }
      return client
    } catch (error) {
      if (isUnanswered(error)) fallSilent()
      throw toAppError(error)
    }
  }

  function connectionOf(client: PoolClient): Connection {
    const send = (statement: Sql) => {
      const { text, values } = statement
      return inTime(
        client.query({ name: isPlannedEachTime(statement) ? undefined : name(text), text, values }),
      )
    }
    return {
      send,
      async query<Row>(statement: Sql) {
        try {
          return (await send(statement)).rows as Row[]
        } catch (error) {
          throw toAppError(error)
        }
      },
    }
  }

  async function inTime(result: Promise<QueryResult>): Promise<QueryResult> {
    const timer = setTimeout(fallSilent, silenceMs)
    try {
      return await result
    } finally {
      clearTimeout(timer)
    }
  }

  /** Drops every connection when it is next free; new ones look the server's name up again. Not at each write. */
  function lookAgain(): void {
    if (performance.now() - state.lookedAt < lookAgainEveryMs) return
    state.lookedAt = performance.now()
    warn('the database is read-only; it is looked for again by its name')
    for (const client of clients) outdated.add(client)
    onMoved()
  }

  function fallSilent(): void {
    if (state.isSilent || state.isClosed) return
    state.isSilent = true
    warn('the database does not respond; requests are refused until it does')
    cutAll()
    void probe()
  }

  async function probe(): Promise<void> {
    while (state.isSilent && !state.isClosed) {
      await delay(probeEveryMs, undefined, { ref: false })
      const client = await pool.connect().catch(() => undefined)
      state.isSilent = client === undefined
      client?.release()
    }
    if (!state.isClosed) warn('the database responds again')
  }

  /** Waits for `end`; after `ms`, closes the connections that are left, which ends it. */
  async function within(ms: number, end: Promise<void>): Promise<void> {
    const cut = setTimeout(cutAll, ms)
    await end
    clearTimeout(cut)
  }

  function cutAll(): void {
    for (const client of clients) client.connection.stream.destroy()
  }
}

/** The driver's message if the server did not respond, and not if it refused or no connection was free in time. */
const isUnanswered = (error: unknown) =>
  error instanceof Error && error.message === 'Connection terminated due to connection timeout'

/** Names statements, so that each connection prepares a text only once; bounded, since the server keeps them all. */
function createNames(): (text: string) => string | undefined {
  const names = new Map<string, string>()
  return (text) => {
    const known = names.get(text)
    if (known !== undefined || names.size >= statementsNamed) return known
    const fresh = `docket_${names.size + 1}`
    names.set(text, fresh)
    return fresh
  }
}
