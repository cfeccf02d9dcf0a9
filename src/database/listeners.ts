/** Called with an owner whose things moved, or with nobody where that of some owners may have been missed. */
export type Listener = (ownerId: string | undefined) => void

/** Those who want to hear of owners whose things moved. */
export interface Listeners {
  listen(listener: Listener): () => void
  tell: Listener
}

/** Makes an empty audience. */
export function createListeners(): Listeners {
  const audience = new Set<Listener>()
  return {
    listen(listener) {
      audience.add(listener)
      return () => audience.delete(listener)
    },
    tell(ownerId) {
      for (const listener of audience) listener(ownerId)
    },
  }
}
