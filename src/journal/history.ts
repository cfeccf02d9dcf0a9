import { namedBy, type Actor } from '../core/actor.ts'
import { openCursor, sealCursor } from '../core/cursor.ts'
import { formatInstant } from '../core/dates.ts'
import { notFound } from '../core/errors.ts'
import { readHistory, type JournalEntry } from '../revisions/revisions.ts'
import type { Resource, Services } from '../things/things.ts'
import type { History, HistoryItem, HistoryQuery } from './schema.ts'

/** What happened to one of the actor's things, live or in the trash, the newest first. Throws `not-found`, `invalid-cursor`. */
export async function listHistory(
  { database, keyring }: Services,
  resource: Resource,
  actor: Actor,
  id: string,
  query: HistoryQuery,
): Promise<History> {
  const scope = JSON.stringify(['history', actor.userId, id])
  const [next] = query.cursor === undefined ? [undefined] : openCursor(keyring, scope, query.cursor)
  const { thing } = (await resource.findKept(database, actor.userId, id)) ?? notFound()
  const newest = typeof next === 'number' ? next : thing.revision
  const entries = await readHistory(database, actor, newest, query.limit + 1)
  const rest = entries[query.limit]
  return {
    items: entries.slice(0, query.limit).map(toItem),
    nextCursor: rest ? sealCursor(keyring, scope, [rest.revision]) : null,
  }
}

function toItem(entry: JournalEntry): HistoryItem {
  const { revision, at, action, origin, fields } = entry
  const changed = Object.entries(fields).map(([name, [from, to]]) => [name, { from, to }] as const)
  return {
    revision,
    at: formatInstant(at),
    action,
    ...namedBy(entry),
    origin,
    fields: Object.fromEntries(changed),
  }
}
