import { namedBy, type Actor, type Credential } from '../core/actor.ts'
import { sql, type Queryable } from '../database/database.ts'
import { deleteOlder } from '../database/sweep.ts'

/** Keeps a ticket by its hash; instants are epoch milliseconds. */
export async function insertTicket(
  tx: Queryable,
  hash: string,
  ownerId: string,
  { credentialId, isToken }: Credential,
  expiresAt: number,
): Promise<void> {
  await tx.query(sql`
    insert into event_tickets (hash, owner_id, credential_id, is_token, expires_at)
    values (${hash}, ${ownerId}, ${credentialId}, ${isToken}, ${expiresAt})`)
}

/** Returns whose ticket it is, unless it has expired. */
export async function findTicket(db: Queryable, hash: string, now: number): Promise<Actor | undefined> {
  const row = await db.first<{ userId: string } & Credential>(sql`
    select owner_id as "userId", credential_id as "credentialId", is_token as "isToken" from event_tickets
    where hash = ${hash} and expires_at > ${now}`)
  return row && { userId: row.userId, ...namedBy(row) }
}

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
