/**
 * The condition of a request (RFC 9110 §13) in terms of revisions. `assertHolds` throws `precondition-failed`
 * unless the condition holds for the current revision; `undefined` means that there is no such thing.
 */
export interface Match {
  assertHolds(revision: number | undefined): void
  /** Whether it may be created if it does not exist (`If-None-Match: *`). */
  mayCreate: boolean
}

/** No condition. */
export const always: Match = { assertHolds: () => undefined, mayCreate: false }
