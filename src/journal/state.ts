import type { Writing } from '../revisions/revisions.ts'
import { isResource, type Kind } from '../things/things.ts'

/** How a thing is before an undo; `thing` is undefined where it was erased, or swept from the trash. */
export interface State {
  state: 'live' | 'trashed' | 'erased'
  thing: object | undefined
}

export async function readState({ tx, actor }: Writing, kind: Kind, id: string): Promise<State> {
  const live = await kind.findLive(tx, actor.userId, id)
  if (live) return { state: 'live', thing: live }
  const trashed = isResource(kind) ? await kind.findKept(tx, actor.userId, id) : undefined
  return { state: trashed ? 'trashed' : 'erased', thing: trashed }
}
