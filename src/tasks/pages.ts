const mostCharacters = 4 * 1024 * 1024 // which may take two bytes each

/** A page as it is sent: its JSON, and its cursor once more for the header. */
export interface Page {
  text: string
  nextCursor: string | null
}

/** Pages sent lately, each under all that determines it: the owner, their revision, and the query. */
export interface Pages {
  /** The page of the key, read only where it is not kept. */
  get(key: string, read: () => Promise<Page>): Promise<Page>
}

/**
 * Keeps some megabytes of pages, the last sent; a page that its owner has since changed is asked for no more. A page is
 * kept once it is asked for a second time: most never are, and to keep these costs more garbage collection than it saves
 * reads.
 */
export function createPages(): Pages {
  /** By key; undefined where the key was asked for once. */
  const known = new Map<string, Page | undefined>()
  let characters = 0

  const forget = (key: string) => {
    if (known.has(key)) characters -= sizeOf(key, known.get(key))
    known.delete(key)
  }
  const remember = (key: string, page: Page | undefined) => {
    forget(key)
    known.set(key, page)
    characters += sizeOf(key, page)
    for (const oldest of known.keys()) {
      if (characters <= mostCharacters) return
      forget(oldest)
    }
  }

  return {
    async get(key, read) {
      const page = known.get(key) ?? (await read())
      remember(key, known.has(key) ? page : undefined)
      return page
    },
  }
}

const sizeOf = (key: string, page: Page | undefined): number => key.length + (page?.text.length ?? 0)
