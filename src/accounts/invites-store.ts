import { sql, type Queryable } from '../database/database.ts'
import { deleteOlder } from '../database/sweep.ts'

/** An invitation as stored, by the hash of its token; instants are epoch milliseconds. */
export interface InviteRow {
  hash: string
  /** The only address that may use it; null for any. */
  email: string | null
  createdAt: number
  expiresAt: number
  usedAt: number | null
}

export async function insertInvite(tx: Queryable, row: InviteRow): Promise<void> {
  await tx.query(sql`
    insert into invites (hash, email, created_at, expires_at, used_at)
    values (${row.hash}, ${row.email}, ${row.createdAt}, ${row.expiresAt}, ${row.usedAt})`)
}

export const findInvite = (db: Queryable, hash: string): Promise<InviteRow | undefined> =>
  db.first<InviteRow>(sql`
    select hash, email, created_at as "createdAt", expires_at as "expiresAt", used_at as "usedAt"
    from invites where hash = ${hash}`)

/** Marks an invitation as used. Returns false if it was used meanwhile. */
export async function useInvite(tx: Queryable, hash: string, now: number): Promise<boolean> {
  const used = await tx.first(sql`
    update invites set used_at = ${now}, email = null where hash = ${hash} and used_at is null returning hash`)
  return used !== undefined
}

export async function deleteInvitesBefore(tx: Queryable, at: number, limit: number): Promise<number> {
  const invites = { table: sql`invites`, key: sql`hash`, age: sql`expires_at` }
  return (await deleteOlder(tx, invites, at, limit)).length
}
