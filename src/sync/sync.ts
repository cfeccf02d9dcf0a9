import type { Actor, PresentActor } from '../core/actor.ts'
import type { Clock } from '../core/clock.ts'
import { formatInstant } from '../core/dates.ts'
import { AppError } from '../core/errors.ts'
import type { Database } from '../database/database.ts'
import { readOwner, type OwnerRow } from '../revisions/revisions.ts'
import { toTask } from '../tasks/tasks.ts'
import type { Followers } from './followers.ts'
import type { ChangeItem, Changes } from './schema.ts'
import { findChangedTasks, type ChangedTaskRow } from './store.ts'

/** A page looks at no more changes, since most may be of things that changed again. */
export const mostPassedOver = 1000

/** What the verbs about syncing work with. */
export interface Sync {
  database: Database
  clock: Clock
  followers: Followers
  /** The actor as they are now, while their session lives. */
  findPresent(actor: Actor): Promise<PresentActor | undefined>
}

/**
 * What changed after a revision, each thing once, as it is now, in the order of its last change: applied
 * page by page it makes a copy of the actor's things. A page may hold fewer than there are, even none, and
 * say that there is more. Throws `sync-too-old` where the position is older than the changes and tombstones
 * that are kept, or ahead of the server.
 */
export async function readChanges(
  { database }: Sync,
  actor: Actor,
  since: number,
  limit: number,
): Promise<Changes> {
  const owner = await readOwner(database, actor)
  assertKept(owner, since)
  // Bounded by the revision that was read: what is written meanwhile belongs to a later page.
  const until = Math.min(owner.revision, since + mostPassedOver)
  const rows = await findChangedTasks(database, actor.userId, since, until, limit + 1)
  assertKept(await readOwner(database, actor), since) // a sweep may have taken tombstones since the first look
  const found = [...rows.map(toItem), ...profileItem(owner, actor, since, until)].toSorted(
    (a, b) => a.revision - b.revision,
  )
  const items = found.slice(0, limit)
  const revision = found.length > limit ? (items.at(-1)?.revision ?? since) : until
  return { items, revision, more: revision < owner.revision }
}

/** The same, but waits up to so many milliseconds for something to come. */
export async function awaitChanges(
  sync: Sync,
  actor: Actor,
  since: number,
  limit: number,
  waitMs: number,
  signal: AbortSignal,
): Promise<Changes> {
  const watch = sync.followers.watch(actor.userId, signal)
  const until = performance.now() + waitMs
  try {
    for (;;) {
      const page = await readChanges(sync, actor, since, limit)
      const leftMs = until - performance.now()
      if (page.items.length > 0 || page.more || leftMs <= 0 || watch.isOver()) return page
      await watch.next(leftMs)
      if (!(await sync.findPresent(actor)))
        throw new AppError('invalid-token', 'The session of this token has ended; log in again.')
    }
  } finally {
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

function toItem(row: ChangedTaskRow): ChangeItem {
  const isGone = row.deletedAt !== null
  return {
    revision: row.revision,
    at: formatInstant(row.at),
    kind: 'task',
    id: row.id,
    action: isGone ? 'delete' : actionOf(row.action),
    task: isGone ? null : toTask(row),
  }
}

const actionOf = (action: string) => (action === 'create' || action === 'restore' ? action : 'update')

function profileItem(
  { profileRevision, profileChangedAt }: OwnerRow,
  { userId }: Actor,
  since: number,
  until: number,
): ChangeItem[] {
  if (profileRevision <= since || profileRevision > until) return []
  const at = formatInstant(profileChangedAt)
  return [{ revision: profileRevision, at, kind: 'profile', id: userId, action: 'update', task: null }]
}
