import { computed, signal } from '@preact/signals'
import type { Write } from '../../../client/src/replica/replica.ts'
import { present } from './data.ts'

/** What the user did in one go. */
interface Deed {
  /** Such as `Completed “Buy milk”`. */
  words: string
  writes: readonly Write[]
}

const mostKept = 50
/** What can be taken back, the last at the end; and what was taken back. */
const done = signal<readonly Deed[]>([])
let undone: Deed[] = []

/** What an undo takes back, in words; undefined if there is nothing. */
export const lastDeed = computed(() => done.value.at(-1)?.words)

const keep = (deed: Deed): void => void (done.value = [...done.value, deed].slice(-mostKept))

/** What is told for some seconds at the edge of the page, and at once to those who listen. */
export interface Notice {
  words: string
  /** Offered beside the words. */
  offer?: { words: string; run: () => void } | undefined
}

export const notice = signal<Notice | undefined>(undefined)

/** Tells what was done, and keeps it for an undo. Writes that change nothing are no deed. */
export function did(words: string, writes: readonly Write[]): void {
  const real = writes.filter(({ state }) => state !== 'done')
  if (real.length === 0) return
  keep({ words, writes: real })
  undone = []
  notice.value = { words, offer: { words: 'Undo', run: undo } }
}

export const tell = (words: string): void => void (notice.value = { words })

export function undo(): void {
  const deed = done.value.at(-1)
  if (!deed) return tell('There is nothing to undo.')
  done.value = done.value.slice(0, -1)
  const back = takeBack(deed)
  if (back.length > 0) undone.push({ words: deed.words, writes: back })
  notice.value = {
    words: `Undone: ${deed.words}`,
    offer: back.length > 0 ? { words: 'Redo', run: redo } : undefined,
  }
}

export function redo(): void {
  const deed = undone.pop()
  if (!deed) return tell('There is nothing to redo.')
  const again = takeBack(deed)
  if (again.length > 0) keep({ words: deed.words, writes: again })
  notice.value = { words: `Done again: ${deed.words}`, offer: { words: 'Undo', run: undo } }
}

/** The last write is taken back first, since it may stand on those before. */
const takeBack = ({ writes }: Deed): Write[] =>
  writes
    .toReversed()
    .map((write) => present().undo(write))
    .filter((write) => write !== undefined)

/** Where a tab keeps its deeds while it is loaded again. */
const key = 'docket.deeds'

export function keepDeeds(): void {
  try {
    sessionStorage.setItem(key, JSON.stringify({ done: done.value, undone }))
  } catch {
    sessionStorage.removeItem(key)
  }
}

/** Takes up the deeds from before the tab was loaded again. A write that is still on its way is the replica's. */
export function recallDeeds(): void {
  const here = new Map(present().writes.map((write) => [write.id, write]))
  const recall = ({ words, writes }: Deed) => ({
    words,
    writes: writes.map((write) => here.get(write.id) ?? write),
  })
  const kept: { done: Deed[]; undone: Deed[] } = { done: [], undone: [] }
  try {
    Object.assign(kept, JSON.parse(sessionStorage.getItem(key) ?? '{}'))
    done.value = kept.done.map(recall)
    undone = kept.undone.map(recall)
  } catch {
    // An older page kept them in another form.
    sessionStorage.removeItem(key)
  }
}

/** Forgets everything, such as at sign-out. */
export function forgetDeeds(): void {
  done.value = []
  undone = []
  notice.value = undefined
  sessionStorage.removeItem(key)
}
