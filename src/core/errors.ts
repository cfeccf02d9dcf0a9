import type { Actor } from './actor.ts'
import type { Slug } from './catalogue.ts'
import type { Scope } from './scopes.ts'

/** One invalid part of a request; `detail` says what is allowed. */
export type Fault =
  | { pointer: string; detail: string; thing?: string }
  | { parameter: string; detail: string }
  | { header: string; detail: string }

/** Optional parts of a problem; which ones it has depends on its slug. */
export interface Hints {
  faults?: Fault[]
  retryAfterSeconds?: number
  /** The scope that an API token lacks. */
  scope?: Scope
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

/** The user pressed Ctrl-C or Ctrl-D instead of answering. */
export class Interrupted extends Error {}

/** Throws `not-found`, in the same words whether the id is unknown, malformed or another user's. */
export function notFound(): never {
  throw new AppError('not-found', 'You have nothing with this id.')
}

/** Returns the `invalid-token` error for an actor whose session or API token has ended. */
export const credentialEnded = ({ tokenId }: Actor): AppError =>
  tokenId === undefined ? sessionEnded() : tokenEnded()

/** Returns the same for a session. */
export const sessionEnded = (): AppError =>
  new AppError('invalid-token', 'The session of this token has ended; log in again.')

/** Returns the same for an API token. */
export const tokenEnded = (): AppError =>
  new AppError('invalid-token', 'There is no such API token: it was deleted, or has expired.')

/** Returns the `insufficient-scope` error for an API token without the scope that is needed. */
export const insufficientScope = (scope: Scope): AppError =>
  new AppError(
    'insufficient-scope',
    scope === 'account'
      ? 'No API token reaches accounts, sessions, passwords and tokens: log in, and send the accessToken.'
      : `The API token lacks the scope ${scope}; create one that has it.`,
    { scope },
  )

/** Returns a `validation-failed` error for one field. */
export function invalidField(pointer: string, detail: string): AppError {
  return new AppError('validation-failed', `${pointer} ${detail}.`, { faults: [{ pointer, detail }] })
}
