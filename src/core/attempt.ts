/** A request that the client may repeat. The same key means the same request, sent again. */
export interface Attempt {
  /** Method and path, such as `POST /tasks`. */
  operation: string
  key: string
  /** A hash of the request, so that a key cannot be used for a different one. */
  fingerprint: string
}

/** The result of an attempt. */
export interface Outcome<T> {
  value: T
  /** Whether the result was stored by an earlier attempt with the same key. */
  isReplay: boolean
}
