import type { Actor } from '../core/actor.ts'
import { sql, type Queryable } from '../database/database.ts'
import { deleteOlder } from '../database/sweep.ts'

/** Keeps a ticket by its hash; instants are epoch milliseconds. */
export async function insertTicket(
  tx: Queryable,
  hash: string,
  ownerId: string,
  sessionId: string,
  expiresAt: number,
): Promise<void> {
  await tx.query(sql`
    insert into event_tickets (hash, owner_id, session_id, expires_at)
    values (${hash}, ${ownerId}, ${sessionId}, ${expiresAt})`)
}

/** Returns whose ticket it is, unless it has expired. */
export const findTicket = (db: Queryable, hash: string, now: number): Promise<Actor | undefined> =>
  db.first<Actor>(sql`
    select owner_id as "userId", session_id as "sessionId" from event_tickets
    where hash = ${hash} and expires_at > ${now}`)

/** Deletes a ticket, so that nobody uses it again. Returns false if it is gone or has expired. */
export async function takeTicket(tx: Queryable, hash: string, now: number): Promise<boolean> {
  const taken = await tx.first(sql`
    delete from event_tickets where hash = ${hash} and expires_at > ${now} returning hash`)
  return taken !== undefined
}

export async function deleteTicketsBefore(tx: Queryable, at: number, limit: number): Promise<number> {
  const tickets = { table: sql`event_tickets`, key: sql`hash`, age: sql`expires_at` }
  return (await deleteOlder(tx, tickets, at, limit)).length
}
