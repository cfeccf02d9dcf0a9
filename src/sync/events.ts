import { msToExpiry, type Actor } from '../core/actor.ts'
import { readOwner } from '../revisions/revisions.ts'
import { createPlaces, type Places } from './places.ts'
import type { ChangeItem } from './schema.ts'
import { assertKept, readChanges, type Sync } from './sync.ts'
import { useTicket } from './tickets.ts'

/** How many streams a user may have open on one node. */
const mostStreams = 10
/** Few, since a slow reader keeps a page in memory. */
const pageSize = 20
const sessionCheckMs = 60_000

/** An event of the stream: `ready` tells where it begins, `change` what changed; the id is the revision. */
export type StreamEvent =
  | { id: string; event: 'ready'; data: { revision: number } }
  | { id: string; event: 'change'; data: ChangeItem }

/** The places of those who follow a stream. */
export const createStreamPlaces = (): Places =>
  createPlaces(mostStreams, `${mostStreams} streams are open already; close one first.`)

/** How a client asks for a stream. */
export interface Opening {
  /** The revision to begin after; the present if undefined. */
  since: number | undefined
  /** The ticket that let the client in, if one did; it is used up only if the stream opens. */
  ticket: string | undefined
}

/**
 * Opens a stream of the actor's changes. It ends with the signal, with the actor's session or API token, and when the
 * server stops. Throws `sync-too-old`, `too-many-requests`, and `invalid-token` if somebody else used the ticket meanwhile.
 */
export async function openStream(
  sync: Sync,
  places: Places,
  actor: Actor,
  { since, ticket }: Opening,
  signal: AbortSignal,
): Promise<AsyncIterable<StreamEvent>> {
  const owner = await readOwner(sync.database, actor)
  const position = since ?? owner.revision
  assertKept(owner, position)
  const free = places.take(actor.userId)
  try {
    if (ticket !== undefined) await useTicket(sync, ticket)
  } catch (error) {
    free()
    throw error
  }
  return stream(sync, free, actor, position, signal)
}

async function* stream(
  sync: Sync,
  free: () => void,
  actor: Actor,
  since: number,
  signal: AbortSignal,
): AsyncGenerator<StreamEvent> {
  const watch = sync.followers.watch(actor.userId, signal)
  try {
    yield { id: String(since), event: 'ready', data: { revision: since } }
    let position = since
    for (;;) {
      const present = watch.isOver() ? undefined : await sync.findPresent(actor)
      if (!present) return
      const page = await readChanges(sync, actor, position, pageSize)
      for (const item of page.items) yield { id: String(item.revision), event: 'change', data: item }
      position = page.revision
      if (!page.more) await watch.next(Math.min(sessionCheckMs, msToExpiry(present, sync.clock())))
    }
  } finally {
    watch.end()
    free()
  }
}
