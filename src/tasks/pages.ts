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

/** Keeps some megabytes of pages, the last sent; a page that its owner has since changed is asked for no more. */
export function createPages(): Pages {
  const kept = new Map<string, Page>()
  let characters = 0

  const forget = (key: string) => {
    const page = kept.get(key)
    if (page) characters -= sizeOf(key, page)
    kept.delete(key)
  }
  const keep = (key: string, page: Page) => {
    forget(key)
    kept.set(key, page)
    characters += sizeOf(key, page)
    for (const oldest of kept.keys()) {
      if (characters <= mostCharacters) return
      forget(oldest)
    }
  }

  return {
    async get(key, read) {
      const page = kept.get(key) ?? (await read())
      keep(key, page)
      return page
    },
  }
}

const sizeOf = (key: string, { text }: Page): number => key.length + text.length
