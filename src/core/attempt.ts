/** One try of a request that the client may repeat: equal keys mean the same try, told again. */
export interface Attempt {
  /** Method and path, such as `POST /tasks`. */
  operation: string
  key: string
  /** A hash of what was asked, so that a key is not used for something else. */
  fingerprint: string
}

/** What a try came to, and whether it was an earlier one that did it. */
export interface Outcome<T> {
  value: T
  isReplay: boolean
}
