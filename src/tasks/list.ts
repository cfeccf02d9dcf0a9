import type { Actor, PresentActor } from '../core/actor.ts'
import { openCursor, sealCursor, type Position } from '../core/cursor.ts'
import { listTag, sha256 } from '../core/digest.ts'
import type { ZoneOf } from '../core/zones.ts'
import { isRelative, readFilter, readSort } from './filter.ts'
import { countTasks, findTasks } from './list-store.ts'
import type { Page, Pages } from './pages.ts'
import type { Services } from '../things/things.ts'
import type { ListQuery } from './schema.ts'

const defaultLimit = 50

/** What lists work with. */
export interface Lists extends Services {
  pages: Pages
  zoneOf: ZoneOf
}

/** A page of tasks with the tag that tells whether it changed; no page where the client has it already. */
export interface ListAnswer {
  tag: string
  /** The owner's revision before the page was read: whoever syncs goes on from that of the first page. */
  revision: number
  page?: Page
}

/** What the one who answers does in between. */
export interface Answering {
  /** Whether the client has the page of this tag. */
  isKnown(tag: string): boolean
}

/**
 * Lists tasks by filters and sort, a page at a time. Where only the owner's revision can change the page,
 * no task is read for a client that has it, and none twice for those who have not. Throws `invalid-cursor`.
 */
export async function listTasks(
  lists: Lists,
  actor: PresentActor,
  query: ListQuery,
  { isKnown }: Answering,
): Promise<ListAnswer> {
  const { database, keyring, clock, pages, zoneOf } = lists
  const { revision, timeZone } = actor
  const after =
    query.cursor === undefined ? undefined : openCursor(keyring, scopeOf(actor, query), query.cursor)
  // What time alone changes: which tasks are due, and what is swept from the trash.
  if (isRelative(query) || query.deleted) return tagByContent(await readPage())
  const key = keyOf(actor, revision, query)
  const tag = listTag(revision, key)
  return isKnown(tag) ? { tag, revision } : { tag, revision, page: await pages.get(key, readPage) }

  async function readPage(): Promise<Page> {
    const filter = readFilter(query, zoneOf(timeZone), clock())
    const sort = readSort(query.sort)
    const { limit = defaultLimit } = query
    const found = await findTasks(database, actor.userId, filter, sort, after, limit + 1)
    const items = found.slice(0, limit)
    const last = found.length > limit ? items.at(-1) : undefined
    const total = query.count ? `,"total":${await countTasks(database, actor.userId, filter)}` : ''
    const nextCursor = last ? seal(last.position) : null
    const text = `{"items":[${items.flatMap(({ json }) => json ?? []).join()}],"nextCursor":${JSON.stringify(nextCursor)}${total}}`
    return { text, nextCursor }
  }

  function seal(position: Position): string {
    return sealCursor(keyring, scopeOf(actor, query), position)
  }

  function tagByContent(page: Page): ListAnswer {
    const own = `W/"${sha256(page.text).slice(0, 16)}"`
    return isKnown(own) ? { tag: own, revision } : { tag: own, revision, page }
  }
}

/** What a cursor is bound to: the user, the filters and the sort; `limit` and `count` may change. */
function scopeOf(
  { userId }: Actor,
  { cursor: _cursor, limit: _limit, count: _count, ...bound }: ListQuery,
): string {
  return JSON.stringify([userId, inOrder(bound)])
}

/** All that determines a page. */
const keyOf = ({ userId }: Actor, revision: number, query: ListQuery): string =>
  `${userId} ${revision} ${JSON.stringify(inOrder(query))}`

const inOrder = (query: ListQuery) => Object.entries(query).toSorted(([a], [b]) => (a < b ? -1 : 1))
