/** The recorded response of another server. */
export interface Recorded {
  status: number
  /** Names and values, alternating. */
  headers: string[]
  body: string
}

/** The kind of a request, which decides its response: the method and the beginning of the path. */
export const kindOf = (method = '', url = ''): string => method + url.slice(0, '/tasks?'.length)
