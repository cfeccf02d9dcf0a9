/** Reads a text from one word to the next. */
export interface Scanner {
  /** Where the last word that was taken ends. */
  at: number
  /** Takes the words that match this source, and returns its groups; undefined, and takes nothing, otherwise. */
  take(source: string): readonly string[] | undefined
}

const compiled = new Map<string, RegExp>()

/** `end` says what must follow each word. */
export function scan(text: string, at: number, end: string): Scanner {
  return {
    at,
    take(source) {
      const pattern = compiled.get(source) ?? new RegExp(`\\s*(?:${source})${end}`, 'iy')
      compiled.set(source, pattern)
      pattern.lastIndex = this.at
      const found = pattern.exec(text)
      if (!found) return undefined
      this.at = pattern.lastIndex
      return found.slice(1).map((group: string | undefined) => group ?? '')
    },
  }
}
