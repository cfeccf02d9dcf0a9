import { setTimeout as delay } from 'node:timers/promises'
import { Pool, TypeOverrides, type ClientConfig, type PoolClient, type QueryResult } from 'pg'
import type { Sql } from 'sql-template-tag'
import { AppError } from '../core/errors.ts'
import { toAppError, unavailable } from './postgres-errors.ts'

const mostConnections = 16
const mostWaiting = 1000
const acquireTimeoutMs = 2000
const statementTimeoutMs = 3000
const lockTimeoutMs = 2000
const idleInTransactionTimeoutMs = 5000
/** A server that has not ended a statement by its time-out no longer responds. */
const silenceMs = statementTimeoutMs + 500
const closeTimeoutMs = 500
const idleTimeoutMs = 30_000
const lifetimeSeconds = 1800
/** Without this, PostgreSQL scans the whole table, other owners' rows included, for an owner of much of it. */
const noSequentialScans = '-c enable_seqscan=off'
const probeEveryMs = 250
const statementsNamed = 500
const int8 = 20 // the type's oid; every stored integer fits into a number

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
  close(): Promise<void>
}

const parsers = new TypeOverrides()
parsers.setTypeParser(int8, Number)

/** Client options for a URL; `sslmode` has the same meaning as in libpq. */
export function connectionOptions(url: string): ClientConfig {
  const isCompatible = !/[?&]sslmode=/.test(url) || /[?&]uselibpqcompat=/.test(url)
  return {
    connectionString: isCompatible ? url : `${url}&uselibpqcompat=true`,
    fallback_application_name: 'docket',
    connectionTimeoutMillis: acquireTimeoutMs,
    keepAlive: true,
    types: parsers,
  }
}

/**
 * Opens a pool, which connects when first used. If the server stops responding, all connections are closed and
 * every request is refused at once, until a probe finds that the server responds again.
 */
export function openPool(url: string, warn: Warn): Connections {
  const pool = new Pool({
    ...connectionOptions(url),
    max: mostConnections,
    idleTimeoutMillis: idleTimeoutMs,
    maxLifetimeSeconds: lifetimeSeconds,
    statement_timeout: statementTimeoutMs,
    lock_timeout: lockTimeoutMs,
    options: noSequentialScans,
    idle_in_transaction_session_timeout: idleInTransactionTimeoutMs,
  })
  const clients = new Set<PoolClient>()
  const name = createNames()
  const allGone = Promise.withResolvers<void>()
  const state = { isSilent: false, isClosed: false }

  pool.on('connect', (client) => {
    clients.add(client)
    client.on('error', () => undefined) // the running statement rejects too
  })
  pool.on('remove', (client) => {
    clients.delete(client)
    if (state.isClosed && clients.size === 0) allGone.resolve()
  })
  pool.on('error', (error) => state.isSilent || warn('an idle connection to the database was lost', error))

  return {
    async use(work) {
      if (state.isClosed) throw unavailable('The database is closed.')
      if (state.isSilent) throw unavailable('The database does not respond.')
      const client = await acquire()
      try {
        return await work(connectionOf(client))
      } finally {
        client.release(client.getTransactionStatus() !== 'I')
      }
    },
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
      return await pool.connect()
    } catch (error) {
      if (isUnanswered(error)) fallSilent()
      throw toAppError(error)
    }
  }

  function connectionOf(client: PoolClient): Connection {
    const send = ({ text, values }: Sql) => inTime(client.query({ name: name(text), text, values }))
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
