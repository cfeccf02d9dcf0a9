import { msToExpiry, type Actor, type PresentActor } from '../core/actor.ts'
import type { Clock } from '../core/clock.ts'
import { AppError, credentialEnded } from '../core/errors.ts'
import type { Database } from '../database/database.ts'
import { readOwner, type OwnerRow } from '../revisions/revisions.ts'
import { isResource, type Changed, type Kind } from '../things/things.ts'
import type { Followers } from './followers.ts'
import { createPlaces, type Places } from './places.ts'
import type { ChangeItem, Changes } from './schema.ts'

/** A page looks at no more changes than this, since most of them may have been followed by others. */
export const mostPassedOver = 1000

/** What the verbs about syncing work with. */
export interface Sync {
  database: Database
  clock: Clock
  kinds: readonly Kind[]
  followers: Followers
  /** The actor as they are now, while their session or API token lives. */
  findPresent(actor: Actor): Promise<PresentActor | undefined>
  /** Those who wait for changes, and those who follow a stream. */
  waiting: Places
  streams: Places
}

/**
 * What changed after a revision, each thing once, as it is now, in the order of its last change: applied
 * page by page it makes a copy of the actor's things. A page may hold fewer than there are, even none, and
 * say that there is more. Throws `sync-too-old` where the position is older than the changes and tombstones
 * that are kept, or ahead of the server.
 */
export async function readChanges(
  { database, kinds }: Sync,
  actor: Actor,
  since: number,
  limit: number,
): Promise<Changes> {
  const owner = await readOwner(database, actor)
  assertKept(owner, since)
  // Bounded by the revision that was read: what is written meanwhile belongs to a later page.
  const until = Math.min(owner.revision, since + mostPassedOver)
  const found: ChangeItem[] = []
  for (const kind of kinds) {
    const changed = await kind.listChanged(database, actor.userId, since, until, limit + 1)
    found.push(...changed.map((one) => toItem(kinds, kind, one)))
  }
  assertKept(await readOwner(database, actor), since) // a sweep may have taken tombstones since the first look
  found.sort((a, b) => a.revision - b.revision)
  const items = found.slice(0, limit)
  const revision = found.length > limit ? (items.at(-1)?.revision ?? since) : until
  return { items, revision, more: revision < owner.revision }
}

/** How many requests of a user may wait for changes on one node. */
const mostWaiting = 10

/** The places of those who wait for changes. */
export const createWaitingPlaces = (): Places =>
  createPlaces(mostWaiting, `${mostWaiting} requests wait for changes already; let one of them end first.`)

/**
 * The same, but waits up to so many milliseconds for something to come. Only one that has to wait takes a place;
 * throws `too-many-requests` if none is left.
 */
export async function awaitChanges(
  sync: Sync,
  places: Places,
  actor: PresentActor,
  since: number,
  limit: number,
  waitMs: number,
  signal: AbortSignal,
): Promise<Changes> {
  const watch = sync.followers.watch(actor.userId, signal)
  const until = performance.now() + waitMs
  let free: (() => void) | undefined
  try {
    for (;;) {
      const page = await readChanges(sync, actor, since, limit)
      const leftMs = until - performance.now()
      if (page.items.length > 0 || page.more || leftMs <= 0 || watch.isOver()) return page
      free ??= places.take(actor.userId)
      await watch.next(Math.min(leftMs, msToExpiry(actor, sync.clock())))
      if (!(await sync.findPresent(actor))) throw credentialEnded(actor)
    }
  } finally {
    free?.()
    watch.end()
  }
}

/**
 * Throws `sync-too-old` where changes or tombstones after the position may be gone. There is no exception for 0: the
 * pages after the first would be refused all the same.
 */
export function assertKept({ revision, sweptRevision }: OwnerRow, since: number): void {
  if (since <= revision && since >= sweptRevision) return
  const reason = since > revision ? 'ahead of the server' : 'older than the changes that are kept'
  throw new AppError(
    'sync-too-old',
    `Revision ${since} is ${reason}: drop the copy, walk GET /tasks, and go on from the Docket-Revision of its first page.`,
  )
}

/** An item has a member for each kind that has an address; the one of its own kind holds the thing. */
function toItem(
  kinds: readonly Kind[],
  kind: Kind,
  { revision, at, id, action, thing }: Changed,
): ChangeItem {
  const things = kinds
    .filter(isResource)
    .map(({ name }) => [name, name === kind.name ? thing : null] as const)
  return { revision, at, kind: kind.name, id, action: actionOf(action), ...Object.fromEntries(things) }
}

/** What the last change of a thing did, or `update` where the journal has another word for it. */
const actionOf = (action: string) =>
  action === 'create' || action === 'restore' || action === 'delete' ? action : 'update'
