import type { PresentActor } from '../core/actor.ts'
import type { ZoneOf } from '../core/zones.ts'
import { dueDatesOf } from '../recurrence/recurrence.ts'
import { readThing, type Services } from '../things/things.ts'
import { dateBound, isBefore } from './filter.ts'
import type { OccurrenceQuery } from './schema.ts'
import { taskResource } from './tasks.ts'

const defaultLimit = 50

/** The due dates of a task that recurs, the present one first; none where its series has ended. Throws `not-found`. */
export async function listOccurrences(
  services: Services & { zoneOf: ZoneOf },
  actor: PresentActor,
  id: string,
  { from, before, limit = defaultLimit }: OccurrenceQuery,
): Promise<string[]> {
  const { recurrence, dueDate, status } = await readThing(services, taskResource, actor, id)
  if (!recurrence || !dueDate || status === 'complete' || status === 'cancelled') return []
  const timeZone = services.zoneOf(actor.timeZone)
  const bounds = { from: dateBound(from, timeZone), before: dateBound(before, timeZone) }
  const found: string[] = []
  const context = { timeZone, now: services.clock() }
  for (const due of dueDatesOf(recurrence, dueDate, context, bounds.from?.day)) {
    if (bounds.before && !isBefore(due, bounds.before)) break
    if (bounds.from && isBefore(due, bounds.from)) continue
    found.push(due)
    if (found.length === limit) break
  }
  return found
}
