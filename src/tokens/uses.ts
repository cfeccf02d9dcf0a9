import type { Database } from '../database/database.ts'
import { setLastUsed, type Use } from './store.ts'

/** How long a use counts as the last one: each token's is written at most once in this time. */
export const apartMs = 60_000
const writeAfterMs = 1_000
/** Tokens of one statement: few enough parameters for any database. */
const usesAtOnce = 100

/** The uses of tokens that are not written yet. */
export interface Uses {
  /** Notes a use, to be written within a second. */
  note(use: Use): void
  /** The last use of a token that is not written yet; epoch milliseconds. */
  noted(tokenId: string): number | undefined
  /** Writes what is noted. */
  write(): Promise<void>
}

/** No request waits for these writes, so a crash can lose them. Errors go to `warn`, and what was noted is dropped. */
export function createUses(database: Database, warn: (error: unknown) => void): Uses {
  let pending = new Map<string, Use>()
  let timer: NodeJS.Timeout | undefined

  async function write(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const uses = [...pending.values()]
    pending = new Map()
    for (let i = 0; i < uses.length; i += usesAtOnce) {
      const some = uses.slice(i, i + usesAtOnce)
      await database.transaction((tx) => setLastUsed(tx, some, apartMs)).catch(warn)
    }
  }

  return {
    note(use) {
      pending.set(use.tokenId, use)
      timer ??= setTimeout(() => void write(), writeAfterMs).unref()
    },
    noted: (tokenId) => pending.get(tokenId)?.at,
    write,
  }
}
