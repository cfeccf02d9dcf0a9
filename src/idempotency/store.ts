import type { Attempt } from '../core/attempt.ts'
import { sql, type Queryable } from '../database/database.ts'
import { deleteOlder } from '../database/sweep.ts'

/** The result of an earlier attempt, and the fingerprint of its request. */
export interface ResultRow<T> {
  fingerprint: string
  result: T
}

export async function findResult<T>(
  db: Queryable,
  ownerId: string,
  { operation, key }: Attempt,
  since: number,
): Promise<ResultRow<T> | undefined> {
  const row = await db.first<ResultRow<string>>(sql`
    select fingerprint, result from idempotency_keys
    where owner_id = ${ownerId} and operation = ${operation} and key = ${key} and created_at > ${since}`)
  return row && { ...row, result: JSON.parse(row.result) as T }
}

/** Stores a result, in place of one with the same key that is too old to be found. */
export async function saveResult(
  tx: Queryable,
  ownerId: string,
  attempt: Attempt,
  result: string,
  now: number,
): Promise<void> {
  await tx.query(sql`
    insert into idempotency_keys (owner_id, operation, key, fingerprint, result, created_at)
    values (${ownerId}, ${attempt.operation}, ${attempt.key}, ${attempt.fingerprint}, ${result}, ${now})
    on conflict (owner_id, operation, key) do update set
      fingerprint = excluded.fingerprint, result = excluded.result, created_at = excluded.created_at`)
}

/** Replaces those of the owner's results that contain the id of a thing. */
export async function eraseResultsWith(
  tx: Queryable,
  ownerId: string,
  thingId: string,
  result: string,
): Promise<void> {
  await tx.query(sql`
    update idempotency_keys set result = ${result}
    where owner_id = ${ownerId} and result like ${`%"${thingId}"%`}`)
}

export async function deleteResultsBefore(tx: Queryable, at: number, limit: number): Promise<number> {
  const results = { table: sql`idempotency_keys`, key: sql`owner_id, operation, key`, age: sql`created_at` }
  return (await deleteOlder(tx, results, at, limit)).length
}
