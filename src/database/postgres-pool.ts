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
/** A server that does not even end a statement at its time-out has gone away without a word. */
const silenceMs = statementTimeoutMs + 500
const goodbyeMs = 500
const idleTimeoutMs = 30_000
const lifetimeSeconds = 1800
/** For an owner of much of a table the server would read all of it, and that of others with it. */
const ownRowsOnly = '-c enable_seqscan=off'
const probeEveryMs = 250
const statementsNamed = 500
const int8 = 20 // the type's oid; every integer that we keep fits into a number

/** Tells the operator of something that no request is told about. */
export type Warn = (message: string, error?: unknown) => void

/** One connection, lent out for one use; failures are thrown as AppError. */
export interface Connection {
  query<Row>(statement: Sql): Promise<Row[]>
  /** The same, with the driver's own answer and errors. */
  send(statement: Sql): Promise<QueryResult>
}

/** A bounded set of connections to one server. */
export interface Connections {
  /** Throws `unavailable` where there is no connection to be had in time, `overloaded` where too many wait. */
  use<T>(work: (connection: Connection) => Promise<T>): Promise<T>
  close(): Promise<void>
}

const parsers = new TypeOverrides()
parsers.setTypeParser(int8, Number)

/** How to reach the server behind a URL; `sslmode` means what it means to PostgreSQL's own tools. */
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
 * Opens a pool, which connects when first used. Once the server falls silent, all of its connections are
 * cut and everything is refused at once, until a probe finds that it answers again.
 */
export function openPool(url: string, warn: Warn): Connections {
  const pool = new Pool({
    ...connectionOptions(url),
    max: mostConnections,
    idleTimeoutMillis: idleTimeoutMs,
    maxLifetimeSeconds: lifetimeSeconds,
    statement_timeout: statementTimeoutMs,
    lock_timeout: lockTimeoutMs,
    options: ownRowsOnly,
    idle_in_transaction_session_timeout: idleInTransactionTimeoutMs,
  })
  const clients = new Set<PoolClient>()
  const name = createNames()
  const allGone = Promise.withResolvers<void>()
  const state = { isSilent: false, isClosed: false }

  pool.on('connect', (client) => {
    clients.add(client)
    client.on('error', () => undefined) // its statement fails too, and says so to whoever waits for it
  })
  pool.on('remove', (client) => {
    clients.delete(client)
    if (state.isClosed && clients.size === 0) allGone.resolve()
  })
  pool.on('error', (error) => state.isSilent || warn('an idle connection to the database was lost', error))

  return {
    async use(work) {
      if (state.isClosed) throw unavailable('The database is closed.')
      if (state.isSilent) throw unavailable('The database does not answer.')
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
      await within(silenceMs, pool.end()) // ends with what is under way
      if (clients.size > 0) await within(goodbyeMs, allGone.promise)
    },
  }

  async function acquire(): Promise<PoolClient> {
    if (pool.waitingCount >= mostWaiting) {
      throw new AppError('overloaded', 'Too many wait for the database.', { retryAfterSeconds: 1 })
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
    warn('the database does not answer; requests are refused until it does')
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
    if (!state.isClosed) warn('the database answers again')
  }

  /** Waits that long for a server that may be silent, then cuts what is left. */
  async function within(ms: number, end: Promise<void>): Promise<void> {
    const cut = setTimeout(cutAll, ms)
    await end
    clearTimeout(cut)
  }

  function cutAll(): void {
    for (const client of clients) client.connection.stream.destroy()
  }
}

/** The pool's words for a connection that nobody answered, as against one that was refused or not free in time. */
const isUnanswered = (error: unknown) =>
  error instanceof Error && error.message === 'Connection terminated due to connection timeout'

/** Names for statements, so that each connection prepares one text once; few enough for the server to keep. */
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
