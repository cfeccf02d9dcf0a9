import { empty, sql, type Queryable } from '../database/database.ts'
import type { UserRow } from './store.ts'

/** A user with what the operator wants to know; instants are epoch milliseconds. */
export interface AccountRow extends Omit<UserRow, 'passwordHash'> {
  sessions: number
  lastUsedAt: number | null
  apiTokens: number
}

/** Every account that is not closed, by e-mail address; or the one with this address. */
export const listAccounts = (db: Queryable, now: number, email?: string): Promise<AccountRow[]> =>
  db.query<AccountRow>(sql`
    select users.id, email, name, time_zone as "timeZone", users.created_at as "createdAt", disabled_at as "disabledAt",
      (select count(*) from sessions where sessions.owner_id = users.id and expires_at > ${now}) as sessions,
      (select max(last_used_at) from sessions where sessions.owner_id = users.id) as "lastUsedAt",
      (select count(*) from api_tokens where api_tokens.owner_id = users.id) as "apiTokens"
    from users join owners on owners.owner_id = users.id and closed_at is null
    ${email === undefined ? empty : sql`where email = ${email}`}
    order by email`)

/** Sets since when an account is disabled, in epoch milliseconds; null for one that is enabled. */
export async function setDisabled(tx: Queryable, id: string, at: number | null): Promise<void> {
  await tx.query(sql`update owners set disabled_at = ${at} where owner_id = ${id}`)
}
