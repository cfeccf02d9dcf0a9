import type { Thing } from './write.ts'

/** The things of one kind. */
export interface Table {
  /** As the server told it. */
  copy: Map<string, Thing>
  /** With the writes that are on their way laid over it. */
  view: Map<string, Thing>
  /** The revisions of deletions that the feed has still to tell. */
  gone: Map<string, number>
  touched: Set<string>
  list: readonly Thing[] | undefined
}

export const emptyTable = (): Table => ({
  copy: new Map(),
  view: new Map(),
  gone: new Map(),
  touched: new Set(),
  list: undefined,
})
