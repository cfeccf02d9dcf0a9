import type { Actor } from '../core/actor.ts'
import type { Answer, Attempt, Outcome } from '../core/attempt.ts'
import { AppError, notFound } from '../core/errors.ts'
import type { Queryable } from '../database/database.ts'
import type { Writing } from '../revisions/revisions.ts'
import { deleteAnswer, deleteAnswersBefore, eraseAnswersWith, findAnswer, saveAnswer } from './store.ts'

const keptMs = 24 * 60 * 60_000

/** The fingerprint of requests from before schema 9, which were told apart by another one. */
const fitsAny = ''

/**
 * Runs the work once for all attempts with the same key (draft-ietf-httpapi-idempotency-key-header). Its answer is
 * stored in the transaction of the work, so that neither exists without the other; the held owner makes a concurrent
 * attempt wait for the first. If the work throws, nothing is stored and the key stays free.
 * Throws `idempotency-key-reused`, and `not-found` if the answer was erased.
 */
export async function once(
  { tx, actor, now }: Writing,
  attempt: Attempt | undefined,
  work: () => Promise<Answer>,
): Promise<Outcome> {
  if (!attempt) return { sent: await work(), isReplay: false }
  const earlier = await findAnswer(tx, actor.userId, attempt)
  if (earlier && earlier.createdAt > now - keptMs) {
    if (![attempt.fingerprint, fitsAny].includes(earlier.fingerprint)) throw keyReused()
    return { sent: earlier.sent ?? notFound(), isReplay: true }
  }
  if (earlier) await deleteAnswer(tx, actor.userId, attempt)
  const sent = await work()
  await saveAnswer(tx, actor.userId, attempt, { ...sent, body: sent.keptBody ?? sent.body }, now)
  return { sent, isReplay: false }
}

/** Erases the stored answers that hold things which were erased for good. Their keys stay used. */
export const eraseAnswers = (tx: Queryable, actor: Actor, thingIds: readonly string[]): Promise<void> =>
  eraseAnswersWith(tx, actor.userId, thingIds)

/** Deletes at most `limit` answers that are too old to be sent again. Returns how many. */
export const sweepAnswers = (tx: Queryable, now: number, limit: number): Promise<number> =>
  deleteAnswersBefore(tx, now - keptMs, limit)

function keyReused(): AppError {
  return new AppError(
    'idempotency-key-reused',
    'This Idempotency-Key was used with another request; use a new key for each request.',
  )
}
