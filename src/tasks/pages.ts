import type { TaskList } from './schema.ts'

const mostCharacters = 4 * 1024 * 1024 // which may take two bytes each
const charactersBesideText = 400 // a task's ids, dates and names

/** Pages read lately, each under all that determines it: the owner, their revision, and the query. */
export interface Pages {
  /** The page of the key, read only where it is not kept. */
  get(key: string, read: () => Promise<TaskList>): Promise<TaskList>
}

/** Keeps some megabytes of pages, the last read; a page that its owner has since changed is asked for no more. */
export function createPages(): Pages {
  const kept = new Map<string, { page: TaskList; size: number }>()
  let characters = 0

  const forget = (key: string) => {
    characters -= kept.get(key)?.size ?? 0
    kept.delete(key)
  }
  const keep = (key: string, page: TaskList) => {
    forget(key)
    const size = sizeOf(key, page)
    kept.set(key, { page, size })
    characters += size
    for (const oldest of kept.keys()) {
      if (characters <= mostCharacters) return
      forget(oldest)
    }
  }

  return {
    async get(key, read) {
      const page = kept.get(key)?.page ?? (await read())
      keep(key, page)
      return page
    },
  }
}

const sizeOf = (key: string, { items }: TaskList): number =>
  items.reduce(
    (sum, { title, description }) => sum + title.length + description.length + charactersBesideText,
    key.length,
  )
