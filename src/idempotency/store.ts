import type { Answer, Attempt, Sent } from '../core/attempt.ts'
import { bulk, join, sql, type Queryable } from '../database/database.ts'
import { deleteOlder } from '../database/sweep.ts'

/** The answer to an earlier attempt, undefined if it was erased, and the fingerprint of its request. */
export interface StoredAnswer {
  fingerprint: string
  createdAt: number
  sent: Sent | undefined
}

/** All but the fingerprint and the instant are null if the answer was erased. */
interface AnswerRow {
  fingerprint: string
  created_at: number
  status: number | null
  headers: string | null
  body: string | null
}

export async function findAnswer(
  db: Queryable,
  ownerId: string,
  { operation, key }: Attempt,
): Promise<StoredAnswer | undefined> {
  const row = await db.first<AnswerRow>(sql`
    select fingerprint, created_at, status, headers, body from idempotency_keys
    where owner_id = ${ownerId} and operation = ${operation} and key = ${key}`)
  return row && { fingerprint: row.fingerprint, createdAt: row.created_at, sent: sentOf(row) }
}

function sentOf({ status, headers, body }: AnswerRow): Sent | undefined {
  if (status === null || headers === null) return undefined
  return { status, headers: JSON.parse(headers) as Sent['headers'], body }
}

export async function saveAnswer(
  tx: Queryable,
  ownerId: string,
  { operation, key, fingerprint }: Attempt,
  { status, headers, body, things }: Answer,
  now: number,
): Promise<void> {
  await tx.query(sql`
    insert into idempotency_keys (owner_id, operation, key, fingerprint, status, headers, body, created_at)
    values (${ownerId}, ${operation}, ${key}, ${fingerprint}, ${status}, ${JSON.stringify(headers)}, ${body}, ${now})`)
  if (things.length === 0) return
  const rows = things.map((id) => [ownerId, operation, key, id])
  // A batch can write a thing more than once.
  await tx.query(sql`
    insert into idempotency_things (owner_id, operation, key, thing_id) values ${bulk(rows)} on conflict do nothing`)
}

export async function deleteAnswer(
  tx: Queryable,
  ownerId: string,
  { operation, key }: Attempt,
): Promise<void> {
  await tx.query(sql`
    delete from idempotency_keys where owner_id = ${ownerId} and operation = ${operation} and key = ${key}`)
}

/** Clears those of the owner's answers that hold one of the things. */
export async function eraseAnswersWith(
  tx: Queryable,
  ownerId: string,
  thingIds: readonly string[],
): Promise<void> {
  await tx.query(sql`
    update idempotency_keys set status = null, headers = null, body = null
    where (owner_id, operation, key) in (
      select owner_id, operation, key from idempotency_things where owner_id = ${ownerId} and thing_id in (${join(thingIds)}))`)
}

export async function deleteAnswersBefore(tx: Queryable, at: number, limit: number): Promise<number> {
  const answers = { table: sql`idempotency_keys`, key: sql`owner_id, operation, key`, age: sql`created_at` }
  return (await deleteOlder(tx, answers, at, limit)).length
}
