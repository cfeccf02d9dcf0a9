import type { Slug } from './catalogue.ts'

/** One invalid part of a request; `detail` says what is allowed. */
export type Fault =
  | { pointer: string; detail: string; thing?: string }
  | { parameter: string; detail: string }
  | { header: string; detail: string }

/** Optional parts of a problem; which ones it has depends on its slug. */
export interface Hints {
  faults?: Fault[]
  retryAfterSeconds?: number
  /** Header fields that only the HTTP layer sets, such as Allow and ETag. */
  headers?: Record<string, string>
  /** Whether the connection must be closed after the response. */
  close?: boolean
}

/** An error that is sent to the client: a slug of the catalogue and a detail for this occurrence. */
export class AppError extends Error {
  readonly slug: Slug
  readonly hints: Hints

  constructor(slug: Slug, detail: string, hints: Hints = {}, cause?: unknown) {
    super(detail, { cause })
    this.name = 'AppError'
    this.slug = slug
    this.hints = hints
  }
}

/** An error that keeps the program from running; its message is one sentence for the operator. */
export class OperatorError extends Error {}

/** Throws `not-found`, in the same words whether the id is unknown, malformed or another user's. */
export function notFound(): never {
  throw new AppError('not-found', 'You have nothing with this id.')
}

/** Returns the `invalid-token` error for a token whose session has ended. */
export const sessionEnded = (): AppError =>
  new AppError('invalid-token', 'The session of this token has ended; log in again.')

/** Returns a `validation-failed` error for one field. */
export function invalidField(pointer: string, detail: string): AppError {
  return new AppError('validation-failed', `${pointer} ${detail}.`, { faults: [{ pointer, detail }] })
}
