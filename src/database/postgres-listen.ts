import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { sql } from './database.ts'
import type { Listeners } from './listeners.ts'
import type { Connections, Warn } from './postgres-pool.ts'
import { connectionOptions } from './postgres-session.ts'

/** The channel on which nodes announce changes; the payload is the owner's id. */
export const channel = 'docket_moved'

const pauseMs = 1000
/** Then it connects again, so that it follows where the server's name leads to another one. */
const lifetimeMs = 5 * 60_000

/** Announces to every node, this one included, that the data of these owners has changed. */
export interface Announcer {
  announce(ownerIds: Iterable<string>): void
  /** Resolves once everything has been sent, or sending has failed. */
  close(): Promise<void>
}

/**
 * Announces after the commit, many owners in one statement. It does not notify inside the transactions, since
 * PostgreSQL lets only one notifying transaction commit at a time, across all nodes.
 */
export function createAnnouncer(connections: Connections): Announcer {
  const waiting = new Set<string>()
  const stopping = new AbortController()
  let sending: Promise<void> | undefined

  const sendAll = async () => {
    while (waiting.size > 0) await sendBatch()
    sending = undefined
  }
  const sendBatch = async () => {
    const batch = [...waiting]
    waiting.clear()
    const notify = sql`select pg_notify(${channel}, owner_id) from unnest(${batch}::text[]) as owner_id`
    try {
      await connections.use((connection) => connection.query(notify))
    } catch {
      if (stopping.signal.aborted) return
      for (const ownerId of batch) waiting.add(ownerId)
      await delay(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }

  return {
    announce(ownerIds) {
      for (const ownerId of ownerIds) waiting.add(ownerId)
      if (waiting.size > 0) sending ??= sendAll()
    },
    async close() {
      stopping.abort()
      await sending
    },
  }
}

/** The connection that receives announcements. */
export interface Receiver {
  /** For how long it has not been connected; 0 while it is. */
  deafForMs(): number
  /** Closes the connection and opens another. */
  reconnect(): void
  stop(): Promise<void>
}

/**
 * Passes the announcements of all nodes to the listeners. It has a connection of its own and reopens it if it
 * is lost; then listeners get undefined, since announcements may have been missed.
 */
export function receiveAnnouncements(url: string, listeners: Listeners, warn: Warn): Receiver {
  let client: Client | undefined
  let deafSince: number | undefined = performance.now()
  let leave: (() => void) | undefined
  const stopping = new AbortController()

  const connect = async () => {
    const lost = Promise.withResolvers<unknown>()
    let isLeft = false
    leave = () => {
      isLeft = true
      lost.resolve(undefined)
    }
    const timer = setTimeout(leave, lifetimeMs)
    timer.unref()
    const fresh = new Client(connectionOptions(url))
    client = fresh
    fresh.on('error', lost.resolve).on('end', () => lost.resolve(undefined))
    fresh.on('notification', ({ payload }) => listeners.notify(payload))
    try {
      await fresh.connect()
      await fresh.query(`listen ${channel}`)
      deafSince = undefined
      listeners.notify(undefined)
      const error = await lost.promise
      if (!stopping.signal.aborted && !isLeft)
        warn('the connection that receives changes from other nodes was lost', error)
    } finally {
      deafSince ??= performance.now()
      clearTimeout(timer)
      await fresh.end().catch(() => undefined)
    }
    return isLeft
  }
  const keepConnected = async () => {
    while (!stopping.signal.aborted) {
      const isLeft = await connect().catch(() => false) // the pool warns if the database cannot be reached
      if (!isLeft) await delay(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }

  const ended = keepConnected()
  return {
    deafForMs: () => (deafSince === undefined ? 0 : performance.now() - deafSince),
    reconnect: () => leave?.(),
    async stop() {
      stopping.abort()
      client?.connection.stream.destroy() // client.end() would wait for a server that may not respond
      await ended
    },
  }
}
