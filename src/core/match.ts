/**
 * The condition under which a request acts on a thing (RFC 9110 §13), free of HTTP: `assertHolds` throws
 * `precondition-failed` unless it holds for the current revision, or for `undefined`: nothing there.
 */
export interface Match {
  assertHolds(revision: number | undefined): void
  /** Whether the thing may be made where there is none (`If-None-Match: *`). */
  mayCreate: boolean
}

/** No condition at all. */
export const always: Match = { assertHolds: () => undefined, mayCreate: false }
