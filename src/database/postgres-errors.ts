import { DatabaseError } from 'pg'
import { AppError } from '../core/errors.ts'

const retryAfterSeconds = 1

// SQLSTATEs: https://www.postgresql.org/docs/current/errcodes-appendix.html
const diskFull = '53100'
const undone = new Set(['40001', '40P01']) // serialization failure, deadlock
const outOfReach = /^(08|53|57|58|25006|25P03|55P03)/ // lost, short of something, stopping, read-only, waited too long
const certainlyUndone = /^(23|40)/ // a deferred constraint, a rollback of the server's own

/** A refusal for now, of which nothing is written unless the words say otherwise. */
export function unavailable(detail: string, cause?: unknown): AppError {
  return new AppError('unavailable', detail, { retryAfterSeconds }, cause)
}

/**
 * What a statement's failure means to a client. One that is no word of the server's is the connection's.
 * A fault of the statement itself stays what it is: an internal error.
 */
export function toAppError(error: unknown): unknown {
  if (error instanceof AppError) return error
  const code = codeOf(error)
  if (code === diskFull) {
    return new AppError('storage-full', 'The disk is full: nothing was written. Reads go on.', {}, error)
  }
  const isPassing = code === undefined || outOfReach.test(code) || undone.has(code)
  return isPassing ? unavailable('The database can not be used right now.', error) : error
}

/** Whether the server undid the transaction for the sake of others, so that running it again may well succeed. */
export const deservesRetry = (error: unknown): boolean =>
  error instanceof AppError && undone.has(codeOf(error.cause) ?? '')

/** A failed COMMIT was undone only where the server says so; else nobody knows, and it must not be repeated. */
export function commitFailure(error: unknown): unknown {
  if (certainlyUndone.test(codeOf(error) ?? '')) return toAppError(error)
  return unavailable(
    'The database was lost while this was being committed: it may have happened or not. Look before you repeat it.',
    error,
  )
}

const codeOf = (error: unknown) => (error instanceof DatabaseError ? error.code : undefined)
