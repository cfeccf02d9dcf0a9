import type { Slug } from './catalogue.ts'

/** What is wrong with one part of a request, in words that say what is allowed. */
export type Fault =
  | { pointer: string; detail: string }
  | { parameter: string; detail: string }
  | { header: string; detail: string }

/** What an answer may add to a problem: whichever of these the slug promises. */
export interface Hints {
  faults?: Fault[]
  retryAfterSeconds?: number
  /** Header fields that only the HTTP layer sets: Allow, ETag and the like. */
  headers?: Record<string, string>
  /** Whether the connection must be closed after the answer. */
  close?: boolean
}

/** A refusal that the client is told about: a slug of the catalogue and words for this occurrence. */
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

/** What keeps the program from running, in one sentence for the operator. */
export class OperatorError extends Error {}

/** Throws `not-found`: there is no such thing, or it is not the actor's, or its id is none: told in the same words. */
export function notFound(): never {
  throw new AppError('not-found', 'There is nothing with this id among yours.')
}

/** The `invalid-token` of a token whose session is over. */
export const sessionEnded = (): AppError =>
  new AppError('invalid-token', 'The session of this token has ended; log in again.')

/** A `validation-failed` about a single field. */
export function invalidField(pointer: string, detail: string): AppError {
  return new AppError('validation-failed', `${pointer} ${detail}.`, { faults: [{ pointer, detail }] })
}
