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

/** Takes a ticket out, so that nobody takes it again. */
export const takeTicket = (
  tx: Queryable,
  hash: string,
  now: number,
): Promise<{ userId: string; sessionId: string } | undefined> =>
  tx.first(sql`
    delete from event_tickets where hash = ${hash} and expires_at > ${now}
    returning owner_id as "userId", session_id as "sessionId"`)

export async function deleteTicketsBefore(tx: Queryable, at: number, limit: number): Promise<number> {
  const tickets = { table: sql`event_tickets`, key: sql`hash`, age: sql`expires_at` }
  return (await deleteOlder(tx, tickets, at, limit)).length
}
