import type { PresentToken, TokenActor } from '../core/actor.ts'
import { isGrantedScope, type GrantedScope } from '../core/scopes.ts'
import { join, sql, type Queryable } from '../database/database.ts'

/** A token as stored; of the token itself there is only its SHA-256. Instants are epoch milliseconds. */
export interface TokenRow {
  id: string
  hash: string
  name: string
  scopes: readonly GrantedScope[]
  createdAt: number
  expiresAt: number | null
  lastUsedAt: number | null
}

/** When a token was used last, in epoch milliseconds. */
export interface Use {
  userId: string
  tokenId: string
  at: number
}

/** Scopes are stored in one text, separated by spaces (RFC 6749 §3.3). Those that are not known allow nothing. */
const readScopes = (text: string) => text.split(' ').filter(isGrantedScope)

type Stored<Row> = Omit<Row, 'scopes'> & { scopes: string }

export async function insertToken(tx: Queryable, ownerId: string, row: TokenRow): Promise<void> {
  await tx.query(sql`
    insert into api_tokens (owner_id, id, hash, name, scopes, created_at, expires_at, last_used_at)
    values (${ownerId}, ${row.id}, ${row.hash}, ${row.name}, ${row.scopes.join(' ')}, ${row.createdAt},
      ${row.expiresAt}, ${row.lastUsedAt})`)
}

export async function listTokens(db: Queryable, ownerId: string): Promise<TokenRow[]> {
  const rows = await db.query<Stored<TokenRow>>(sql`
    select id, hash, name, scopes, created_at as "createdAt", expires_at as "expiresAt", last_used_at as "lastUsedAt"
    from api_tokens where owner_id = ${ownerId} order by created_at desc, id desc`)
  return rows.map((row) => ({ ...row, scopes: readScopes(row.scopes) }))
}

export async function countTokens(db: Queryable, ownerId: string): Promise<number> {
  const row = await db.first<{ total: number }>(
    sql`select count(*) as total from api_tokens where owner_id = ${ownerId}`,
  )
  return row?.total ?? 0
}

/** Returns whose token has this hash, expired or not. */
export const findByHash = (db: Queryable, hash: string): Promise<TokenActor | undefined> =>
  db.first<TokenActor>(sql`select owner_id as "userId", id as "tokenId" from api_tokens where hash = ${hash}`)

/** A token's actor as they are now, and when the token was last used, as far as that is stored. */
export type FoundToken = PresentToken & { lastUsedAt: number | null }

/** Finds the user of a token that has not expired, unless the account is closed or disabled. One statement, as for a session. */
export async function findPresent(
  db: Queryable,
  ownerId: string,
  id: string,
  now: number,
): Promise<FoundToken | undefined> {
  const row = await db.first<Stored<FoundToken>>(sql`
    select o.owner_id as "userId", t.id as "tokenId", o.revision, o.time_zone as "timeZone", t.scopes,
      t.expires_at as "expiresAt", t.last_used_at as "lastUsedAt"
    from api_tokens t join owners o on o.owner_id = t.owner_id
    where t.owner_id = ${ownerId} and t.id = ${id} and (t.expires_at is null or t.expires_at > ${now})
      and o.closed_at is null and o.disabled_at is null`)
  return row && { ...row, scopes: readScopes(row.scopes) }
}

/** Stores when tokens were used last, where what is stored is at least `apartMs` older. */
export async function setLastUsed(tx: Queryable, uses: readonly Use[], apartMs: number): Promise<void> {
  const rows = uses.map(
    ({ userId, tokenId, at }) =>
      sql`select ${userId} as used_by, ${tokenId} as used, cast(${at} as bigint) as used_at`,
  )
  await tx.query(sql`
    update api_tokens set last_used_at = used_at from (${join(rows, ' union all ')}) uses
    where owner_id = used_by and id = used and (last_used_at is null or last_used_at <= used_at - ${apartMs})`)
}

/** Deletes one token of the owner. Returns false if there is none. */
export async function deleteToken(tx: Queryable, ownerId: string, id: string): Promise<boolean> {
  const gone = await tx.first(
    sql`delete from api_tokens where owner_id = ${ownerId} and id = ${id} returning id`,
  )
  return gone !== undefined
}

export async function deleteTokens(tx: Queryable, ownerId: string): Promise<void> {
  await tx.query(sql`delete from api_tokens where owner_id = ${ownerId}`)
}
