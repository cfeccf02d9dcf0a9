/** An answer to the byte, as another server gave it. */
export interface Recorded {
  status: number
  /** Names and values by turns. */
  headers: string[]
  body: string
}

/** Which answer a request gets: by its method and the beginning of its path. */
export const kindOf = (method = '', url = ''): string => method + url.slice(0, '/tasks?'.length)
