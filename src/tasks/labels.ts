import type { Actor } from '../core/actor.ts'
import type { Services } from '../things/things.ts'
import { listLabels } from './labels-store.ts'

/** The labels of the actor's live tasks, each with how many have it. */
export const readLabels = (
  { database }: Services,
  actor: Actor,
): Promise<{ name: string; tasks: number }[]> => listLabels(database, actor.userId)
