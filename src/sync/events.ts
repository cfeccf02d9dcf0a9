import type { Actor } from '../core/actor.ts'
import { AppError } from '../core/errors.ts'
import { readOwner } from '../revisions/revisions.ts'
import type { ChangeItem } from './schema.ts'
import { assertKept, readChanges, type Sync } from './sync.ts'

/** How many streams a user may have open on one node. */
const streamsOfUser = 10
/** Few, since a slow reader keeps a page in memory. */
const pageSize = 20
const sessionCheckMs = 60_000
const retryAfterSeconds = 30

/** An event of the stream: `ready` tells where it begins, `change` what changed; the id is the revision. */
export type StreamEvent =
  | { id: string; event: 'ready'; data: { revision: number } }
  | { id: string; event: 'change'; data: ChangeItem }

/** Counts the streams that are open, by user. */
export type OpenStreams = Map<string, number>

/**
 * Opens a stream of the actor's changes after a revision, or from now on. It ends with the signal, with the
 * actor's session, and when the server stops. Throws `sync-too-old`, `too-many-requests`.
 */
export async function openStream(
  sync: Sync,
  open: OpenStreams,
  actor: Actor,
  since: number | undefined,
  signal: AbortSignal,
): Promise<AsyncIterable<StreamEvent>> {
  const owner = await readOwner(sync.database, actor)
  assertKept(owner, since ?? owner.revision)
  const count = open.get(actor.userId) ?? 0
  if (count >= streamsOfUser) throw tooMany()
  open.set(actor.userId, count + 1)
  return stream(sync, open, actor, since ?? owner.revision, signal)
}

async function* stream(
  sync: Sync,
  open: OpenStreams,
  actor: Actor,
  since: number,
  signal: AbortSignal,
): AsyncGenerator<StreamEvent> {
  const watch = sync.followers.watch(actor.userId, signal)
  try {
    yield { id: String(since), event: 'ready', data: { revision: since } }
    let position = since
    while (!watch.isOver() && (await sync.findPresent(actor))) {
      const page = await readChanges(sync, actor, position, pageSize)
      for (const item of page.items) yield { id: String(item.revision), event: 'change', data: item }
      position = page.revision
      if (!page.more) await watch.next(sessionCheckMs)
    }
  } finally {
    watch.end()
    close(open, actor.userId)
  }
}

function close(open: OpenStreams, userId: string): void {
  const left = (open.get(userId) ?? 1) - 1
  if (left > 0) open.set(userId, left)
  else open.delete(userId)
}

function tooMany(): AppError {
  const detail = `${streamsOfUser} streams are open already; close one first.`
  return new AppError('too-many-requests', detail, { retryAfterSeconds })
}
