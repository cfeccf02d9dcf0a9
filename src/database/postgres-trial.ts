import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { Client, DatabaseError } from 'pg'
import { OperatorError } from '../core/errors.ts'
import { channel } from './postgres-listen.ts'
import { connectionOptions, sessionOptions, sessionSettings } from './postgres-session.ts'

const heardWithinMs = 2000

/**
 * Tries what a server relies on: settings of its sessions, writes, and announcements from one session to another. A
 * server that is read-only lacks some of it, and so does a pooler that gives each transaction another session. Throws
 * OperatorError that says what is missing.
 */
export async function tryPostgres(url: string): Promise<void> {
  const session = new Client(sessionOptions(url))
  const receiver = new Client(connectionOptions(url))
  for (const client of [session, receiver]) client.on('error', () => undefined) // the running statement rejects too
  try {
    await connect(session)
    await tryWrite(session)
    for (const [name, expected] of Object.entries(sessionSettings)) await trySetting(session, name, expected)
    await receiver.connect()
    await tryAnnouncement(session, receiver)
  } finally {
    await Promise.all([session, receiver].map((client) => client.end().catch(() => undefined)))
  }
}

/** PgBouncer refuses the settings that a session begins with, unless it is told to ignore them. */
async function connect(session: Client): Promise<void> {
  try {
    await session.connect()
  } catch (error) {
    if (!(error instanceof DatabaseError) || !/startup parameter/.test(error.message)) throw error
    throw missing(`the settings of a session are refused (${error.message})`)
  }
}

async function tryWrite(session: Client): Promise<void> {
  try {
    await session.query(`update owners set revision = revision where owner_id = ''`)
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    throw new OperatorError(
      `The database takes no writes (${error.message}): DATABASE_URL must lead to the primary, as a user that may write.`,
      { cause: error },
    )
  }
}

async function trySetting(session: Client, name: string, expected: string): Promise<void> {
  const { rows } = await session.query<[string]>({ text: `show ${name}`, rowMode: 'array' })
  const actual = rows[0]?.[0]
  if (actual !== expected) throw missing(`the setting ${name} of a session is ${actual}, not ${expected}`)
}

async function tryAnnouncement(session: Client, receiver: Client): Promise<void> {
  const stopping = new AbortController()
  const { signal } = stopping
  const heard = once(receiver, 'notification', { signal }).then(() => true)
  const late = delay(heardWithinMs, false, { signal })
  try {
    await receiver.query(`listen ${channel}`)
    await session.query(`notify ${channel}`)
    if (!(await Promise.race([heard, late])))
      throw missing('a LISTEN does not last longer than its transaction')
  } finally {
    stopping.abort()
    await Promise.allSettled([heard, late])
  }
}

const missing = (what: string) =>
  new OperatorError(
    `The database cannot be used: ${what}. Connect to PostgreSQL directly, or set up PgBouncer as docs/scaling.md says.`,
  )
