/** One page of a list, as the server returns it. */
export interface Page<Item> {
  items: readonly Item[]
  nextCursor: string | null
}

/** A list: `for await` goes through the items of all pages and reads each page when it gets there. Each loop starts over. */
export interface List<Item, Of extends Page<Item> = Page<Item>> extends AsyncIterable<Item> {
  /** The pages themselves, with what else they tell, such as `total`. */
  pages(): AsyncIterable<Of>
  /** All items at once. */
  toArray(): Promise<Item[]>
}

/** A list of what `read` gives: its first page, then that of each cursor. */
export function listOf<Item, Of extends Page<Item>>(
  read: (cursor: string | undefined) => Promise<Of>,
): List<Item, Of> {
  async function* pages() {
    let cursor: string | undefined
    do {
      const page = await read(cursor)
      yield page
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
  }
  async function* items() {
    for await (const page of pages()) yield* page.items
  }
  return {
    pages,
    [Symbol.asyncIterator]: items,
    async toArray() {
      const all: Item[] = []
      for await (const item of items()) all.push(item)
      return all
    },
  }
}
