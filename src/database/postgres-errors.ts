import { DatabaseError } from 'pg'
import { AppError } from '../core/errors.ts'

const retryAfterSeconds = 1

// SQLSTATEs: https://www.postgresql.org/docs/current/errcodes-appendix.html
const diskFull = '53100'
const readOnly = '25006'
const undone = new Set(['40001', '40P01']) // serialization failure, deadlock
// Connection lost, out of resources, server stopping, read-only, time-out.
const outOfReach = /^(08|53|57|58|25P03|55P03)/
const certainlyUndone = /^(23|40)/ // a deferred constraint, or rolled back by the server

/** Returns an `unavailable` error; unless `detail` says otherwise, nothing was written. */
export function unavailable(detail: string, cause?: unknown): AppError {
  return new AppError('unavailable', detail, { retryAfterSeconds }, cause)
}

/**
 * Converts the error of a statement. An error without an SQLSTATE comes from the connection, not the server.
 * An error in the statement itself is returned as it is, and becomes an internal error.
 */
export function toAppError(error: unknown): unknown {
  if (error instanceof AppError) return error
  const code = codeOf(error)
  if (code === diskFull) {
    return new AppError('storage-full', 'The disk is full: nothing was written. Reads still work.', {}, error)
  }
  if (code === readOnly)
    return unavailable('The database takes no writes right now: the server is read-only.', error)
  const isTemporary = code === undefined || outOfReach.test(code) || undone.has(code)
  return isTemporary ? unavailable('The database cannot be used right now.', error) : error
}

/** Whether a write met a server that takes none, such as a standby. */
export const isReadOnly = (error: unknown): boolean =>
  error instanceof AppError && codeOf(error.cause) === readOnly

/** Whether the server rolled the transaction back because of a concurrent one, so that a retry can succeed. */
export const isRetryable = (error: unknown): boolean =>
  error instanceof AppError && undone.has(codeOf(error.cause) ?? '')

/**
 * Converts the error of a COMMIT. Unless the server says that it rolled back, the outcome is unknown, and the
 * transaction must not be repeated.
 */
export function toCommitError(error: unknown): unknown {
  if (certainlyUndone.test(codeOf(error) ?? '')) return toAppError(error)
  return unavailable(
    'The connection to the database was lost during the commit, so the change may or may not have been made. Check before you repeat it.',
    error,
  )
}

const codeOf = (error: unknown) => (error instanceof DatabaseError ? error.code : undefined)
