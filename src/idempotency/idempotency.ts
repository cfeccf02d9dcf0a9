import type { Actor } from '../core/actor.ts'
import type { Attempt, Outcome } from '../core/attempt.ts'
import { AppError, notFound } from '../core/errors.ts'
import type { Queryable } from '../database/database.ts'
import { deleteResultsBefore, eraseResultsWith, findResult, saveResult } from './store.ts'

const keptMs = 24 * 60 * 60_000

/** What stands in the place of a result that told of something erased: its key stays used. */
const erased = null

/**
 * Does the work once for all tries with the same key (draft-ietf-httpapi-idempotency-key-header): its
 * result is stored in the transaction of the work itself, so that neither is there without the other.
 * Call it with the owner held: a twin of the request then waits for the first. What throws stores
 * nothing and leaves the key free. Throws `idempotency-key-reused`, and `not-found` where the result was erased.
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

/** Forgets what stored results tell of a thing that is erased for good. */
export const eraseResults = (tx: Queryable, actor: Actor, id: string): Promise<void> =>
  eraseResultsWith(tx, actor.userId, id, JSON.stringify(erased))

/** Forgets results that no repeat can ask for any more, so many at most; answers how many. */
export const sweepResults = (tx: Queryable, now: number, limit: number): Promise<number> =>
  deleteResultsBefore(tx, now - keptMs, limit)

function keyReused(): AppError {
  return new AppError(
    'idempotency-key-reused',
    'This Idempotency-Key was used with another request; make a new key for each.',
  )
}
