/**
 * Where a replica keeps itself: texts under names. Any place will do that can keep several of them together or not at
 * all; one place belongs to one account and one replica at a time.
 */
export interface Storage {
  /** Everything that is kept. Called once, before all else. */
  load(): Promise<Iterable<readonly [name: string, text: string]>>
  /**
   * Keeps these texts, and drops those that are undefined: all of them or, should it fail or the power go, none. It
   * resolves once they are safe. No second call comes before the first has ended.
   */
  save(changes: ReadonlyMap<string, string | undefined>): Promise<void>
  /** Drops everything. */
  clear(): Promise<void>
  /** Nothing comes after this. */
  close(): Promise<void>
}

/** Keeps texts in a map, and nothing beyond the page or process. */
export function memoryStorage(kept = new Map<string, string>()): Storage {
  return {
    load: async () => [...kept],
    async save(changes) {
      for (const [name, text] of changes) {
        if (text === undefined) kept.delete(name)
        else kept.set(name, text)
      }
    },
    clear: async () => kept.clear(),
    close: async () => undefined,
  }
}
