import type { Writing } from '../revisions/revisions.ts'
import { isResource, type Kind } from '../things/things.ts'

/** How a thing is before an undo; erased is also what was swept from the trash. */
export type State = { state: 'live' | 'trashed'; thing: object } | { state: 'erased'; thing?: undefined }

export async function readState({ tx, actor }: Writing, kind: Kind, id: string): Promise<State> {
  if (isResource(kind)) {
    const kept = await kind.findKept(tx, actor.userId, id)
    return kept ? { state: kept.isLive ? 'live' : 'trashed', thing: kept.thing } : { state: 'erased' }
  }
  const thing = await kind.findLive(tx, actor.userId, id)
  return thing ? { state: 'live', thing } : { state: 'erased' }
}
