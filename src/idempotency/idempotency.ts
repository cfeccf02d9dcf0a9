import type { Actor } from '../core/actor.ts'
import type { Attempt, Outcome } from '../core/attempt.ts'
import { AppError, notFound } from '../core/errors.ts'
import type { Queryable } from '../database/database.ts'
import { deleteResultsBefore, eraseResultsWith, findResult, saveResult } from './store.ts'

const keptMs = 24 * 60 * 60_000

/** Replaces a result that contained something erased; its key stays used. */
const erased = null

/**
 * Runs the work once for all attempts with the same key (draft-ietf-httpapi-idempotency-key-header). The result
 * is stored in the transaction of the work, so that neither exists without the other. Call it with the owner
 * locked, so that a concurrent attempt waits for the first. If the work throws, nothing is stored and the key
 * stays free. Throws `idempotency-key-reused`, and `not-found` if the result was erased.
 */
export async function once<T>(
  tx: Queryable,
  actor: Actor,
  attempt: Attempt | undefined,
  now: number,
  work: () => Promise<T>,
): Promise<Outcome<T>> {
  if (!attempt) return { value: await work(), isReplay: false }
  const earlier = await findResult<T | typeof erased>(tx, actor.userId, attempt, now - keptMs)
  if (earlier) {
    if (earlier.fingerprint !== attempt.fingerprint) throw keyReused()
    if (earlier.result === erased) notFound()
    return { value: earlier.result, isReplay: true }
  }
  const value = await work()
  await saveResult(tx, actor.userId, attempt, JSON.stringify(value), now)
  return { value, isReplay: false }
}

/** Erases the stored results that contain a thing which was erased for good. */
export const eraseResults = (tx: Queryable, actor: Actor, id: string): Promise<void> =>
  eraseResultsWith(tx, actor.userId, id, JSON.stringify(erased))

/** Deletes at most `limit` results that are too old to be returned again. Returns how many. */
export const sweepResults = (tx: Queryable, now: number, limit: number): Promise<number> =>
  deleteResultsBefore(tx, now - keptMs, limit)

function keyReused(): AppError {
  return new AppError(
    'idempotency-key-reused',
    'This Idempotency-Key was used with another request; use a new key for each request.',
  )
}
