/** Called with an owner whose data has changed, or with undefined if announcements may have been missed. */
export type Listener = (ownerId: string | undefined) => void

/** The listeners of one node. */
export interface Listeners {
  /** Adds a listener and returns a function that removes it. */
  listen(listener: Listener): () => void
  notify: Listener
}

export function createListeners(): Listeners {
  const listeners = new Set<Listener>()
  return {
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    notify(ownerId) {
      for (const listener of listeners) listener(ownerId)
    },
  }
}
