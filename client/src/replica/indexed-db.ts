import type { Storage } from './storage.ts'

/** What is used of a browser's IndexedDB, so that the types are the same without those of the DOM. */
export interface Databases {
  open(name: string, version: number): Requested<Kept>
}
interface Requested<Result> extends EventTarget {
  readonly result: Result
  readonly error: unknown
}
interface Kept {
  createObjectStore(name: string): unknown
  transaction(store: string, mode: 'readwrite', options: { durability: 'strict' }): Transaction
  close(): void
}
interface Transaction extends EventTarget {
  readonly error: unknown
  objectStore(name: string): Texts
  abort(): void
}
interface Texts {
  getAllKeys(): Requested<readonly unknown[]>
  getAll(): Requested<readonly unknown[]>
  put(text: string, name: string): unknown
  delete(name: string): unknown
  clear(): unknown
}

declare const indexedDB: Databases

const store = 'replica'

/** Keeps a replica in a database of the browser, under this name. */
export function indexedDbStorage(name: string, databases: Databases = indexedDB): Storage {
  let opened: Promise<Kept> | undefined

  const open = async (): Promise<Kept> => {
    const opening = databases.open(name, 1)
    opening.addEventListener('upgradeneeded', () => opening.result.createObjectStore(store))
    await told(opening, 'success')
    return opening.result
  }
  const once = (): Promise<Kept> => (opened ??= open())

  /** One transaction, on disk once it is over. */
  async function inOne<Result>(work: (texts: Texts) => Result): Promise<Result> {
    const transaction = (await once()).transaction(store, 'readwrite', { durability: 'strict' })
    try {
      const result = work(transaction.objectStore(store))
      await told(transaction, 'complete')
      return result
    } catch (error) {
      abort(transaction)
      throw error
    }
  }

  return {
    async load() {
      const read = await inOne((texts) => ({ names: texts.getAllKeys(), texts: texts.getAll() }))
      const texts = read.texts.result
      return read.names.result.map((key, i) => [String(key), String(texts[i])] as const)
    },
    save: (changes) =>
      inOne((texts) => {
        for (const [key, text] of changes) {
          if (text === undefined) texts.delete(key)
          else texts.put(text, key)
        }
      }),
    clear: () => inOne((texts) => void texts.clear()),
    async close() {
      ;(await opened)?.close()
    },
  }
}

function abort(transaction: Transaction): void {
  try {
    transaction.abort()
  } catch {
    // It has ended by itself.
  }
}

/** Waits for an event that ends well, or for one that does not. */
const told = (source: EventTarget & { readonly error: unknown }, event: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const fail = () => reject(new Error('IndexedDB failed.', { cause: source.error }))
    source.addEventListener(event, () => resolve())
    source.addEventListener('error', fail)
    source.addEventListener('abort', fail)
  })
