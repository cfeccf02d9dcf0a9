import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { sql } from './database.ts'
import type { Listeners } from './listeners.ts'
import { connectionOptions, type Connections, type Warn } from './postgres-pool.ts'

/** The channel on which nodes tell each other whose things moved; the payload is the owner's id. */
const channel = 'docket_moved'

const pauseMs = 1000

/** Tells every node, this one too, of owners whose things moved. */
export interface Announcer {
  announce(ownerIds: Iterable<string>): void
  /** Resolves once all has been told, or can not be. */
  close(): Promise<void>
}

/**
 * Announces what was committed, many owners in one statement. It is none of the transactions' own, since
 * one that notifies locks out all others that do, on every node, for as long as its COMMIT takes the disk.
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

/**
 * Hears what any node announces, on a connection of its own that is opened again whenever it is lost.
 * After a loss everybody is told, since nobody knows what was missed. Answers how to stop.
 */
export function hearAnnouncements(url: string, listeners: Listeners, warn: Warn): () => Promise<void> {
  let client: Client | undefined
  const stopping = new AbortController()

  const connect = async () => {
    const lost = Promise.withResolvers<unknown>()
    const fresh = new Client(connectionOptions(url))
    client = fresh
    fresh.on('error', lost.resolve).on('end', () => lost.resolve(undefined))
    fresh.on('notification', ({ payload }) => listeners.tell(payload))
    try {
      await fresh.connect()
      await fresh.query(`listen ${channel}`)
      listeners.tell(undefined)
      const error = await lost.promise
      if (!stopping.signal.aborted)
        warn('the connection that hears of changes on other nodes was lost', error)
    } finally {
      await fresh.end().catch(() => undefined)
    }
  }
  const keepConnected = async () => {
    while (!stopping.signal.aborted) {
      await connect().catch(() => undefined) // the pool warns of a database that can not be reached
      await delay(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }

  const ended = keepConnected()
  return async () => {
    stopping.abort()
    client?.connection.stream.destroy() // a goodbye would wait for a server that may be silent
    await ended
  }
}
