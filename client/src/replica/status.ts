import { Problem } from '../problem.ts'
import { isPassing } from '../sending.ts'

/** How a replica stands to its server. */
export interface Status {
  /**
   * `offline` until the server answers, `syncing` until everything is here, then `live`. `paused` if these credentials
   * are not for this (401, 403, or those of another account), until `resume`.
   */
  readonly state: 'offline' | 'syncing' | 'live' | 'paused' | 'closed'
  /** Why it is offline or paused: a `Problem`, or what `fetch` threw. */
  readonly error?: unknown
  /** Why nothing can be kept at present, such as a disk that is full: writes stay `saving`. */
  readonly storageError?: unknown
}

/** Wakes those who wait for something. */
export interface Bell {
  ring(): void
  /** Resolves at the next ring, or when the signal is aborted. */
  next(signal: AbortSignal): Promise<void>
}

export function createBell(): Bell {
  const waiting = new Set<() => void>()
  const ring = () => {
    for (const resume of waiting) resume()
    waiting.clear()
  }
  return {
    ring,
    next: (signal) =>
      new Promise<void>((resolve) => {
        const resume = () => {
          signal.removeEventListener('abort', resume)
          resolve()
        }
        waiting.add(resume)
        if (signal.aborted) resume()
        else signal.addEventListener('abort', resume)
      }),
  }
}

/** A controller that is aborted with a signal, or before. `end` lets go of the signal. */
export function linked(signal: AbortSignal): { controller: AbortController; end: () => void } {
  const controller = new AbortController()
  const follow = () => controller.abort(signal.reason)
  if (signal.aborted) follow()
  else signal.addEventListener('abort', follow)
  return { controller, end: () => signal.removeEventListener('abort', follow) }
}

/** Whether it may go better later: there is no connection, or what answered is not Docket, or not well. */
export const isTemporary = (error: unknown): boolean =>
  !(error instanceof Problem) || isPassing(error) || error.status >= 500 || error.slug === 'unknown'

/** The storage keeps what belongs to another account than the credentials. */
export class OtherAccount extends Error {
  constructor() {
    super('This storage keeps the replica of another account: wipe it, or use another one.')
  }
}

/** Whether these credentials are not for this. */
export const isShutOut = (error: unknown): boolean =>
  error instanceof OtherAccount ||
  (error instanceof Problem && [401, 403].includes(error.status) && !isTemporary(error))

export const isSlug = (error: unknown, slug: Problem['slug']): error is Problem =>
  error instanceof Problem && error.slug === slug
