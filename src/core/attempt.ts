/** A request that the client may repeat. The same key means the same request, sent again. */
export interface Attempt {
  /** Method and path, such as `POST /tasks`. */
  operation: string
  key: string
  /** A hash of the request, so that a key cannot be used for a different one. */
  fingerprint: string
}

/** The answer to a write, as it is sent. */
export interface Sent {
  status: number
  headers: Record<string, string>
  /** JSON; null if there is no content. */
  body: string | null
}

/** The answer to a write that was done now. */
export interface Answer extends Sent {
  /** The ids of the things in the body: what is stored of the answer is erased with any of them. */
  things: string[]
  /** The body as it is stored, where that must lack what is shown only once. */
  keptBody?: string
}

/** The answer to an attempt. */
export interface Outcome {
  sent: Sent
  /** Whether it was stored by an earlier attempt with the same key. */
  isReplay: boolean
}
