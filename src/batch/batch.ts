import type { Actor } from '../core/actor.ts'
import type { Attempt, Outcome } from '../core/attempt.ts'
import { AppError, type Fault } from '../core/errors.ts'
import { newId } from '../core/id.ts'
import type { Match } from '../core/match.ts'
import { once } from '../idempotency/idempotency.ts'
import { write, type Writing } from '../revisions/revisions.ts'
import type { Resource, Services, Thing, Written } from '../things/things.ts'

/** One operation of a batch, its body judged. */
export type Step = { resource: Resource } & (
  | { method: 'POST'; body: object }
  | { method: 'PUT'; id: string; body: object; match: Match }
  | { method: 'PATCH'; id: string; body: object; match: Match }
  | { method: 'DELETE'; id: string; match: Match }
)

/** What a step did: a thing as it left it, or the deletion of one; and the revision it took, if any. */
export type Done = Written<Thing> | { thing?: undefined; revision: number }

/** A step that was refused before it began keeps its place among the others. */
export type Planned = Step | AppError

/** Does every step in one transaction, or none: the first that is refused names its operation in the problem. */
export function doAll(
  services: Services,
  actor: Actor,
  steps: Planned[],
  attempt?: Attempt,
): Promise<Outcome<Done[]>> {
  return write(
    services,
    actor,
    (writing) =>
      once(writing.tx, actor, attempt, writing.now, async () => {
        const done: Done[] = []
        for (const [i, step] of steps.entries()) done.push(await named(i, () => perform(writing, step)))
        return done
      }),
    { origin: 'batch' },
  )
}

/**
 * Does each step on its own, in order. One that is refused stops no other, and a repeat of the request tries it
 * again. Throws `idempotency-key-reused`.
 */
export async function doEach(
  services: Services,
  actor: Actor,
  steps: Planned[],
  attempt?: Attempt,
): Promise<Outcome<Done | AppError>[]> {
  // Steps that were refused store nothing, so the key is taken for the whole first.
  if (attempt) await write(services, actor, ({ tx, now }) => once(tx, actor, attempt, now, async () => true))
  const outcomes: Outcome<Done | AppError>[] = []
  for (const [i, step] of steps.entries()) {
    const own = attempt && { ...attempt, operation: `${attempt.operation} ${i}` }
    const outcome = write(
      services,
      actor,
      (writing) => once(writing.tx, actor, own, writing.now, () => perform(writing, step)),
      { origin: 'batch' },
    )
    outcomes.push(await outcome.catch(refusal))
  }
  return outcomes
}

async function perform(writing: Writing, step: Planned): Promise<Done> {
  if (step instanceof AppError) throw step
  const { resource } = step
  switch (step.method) {
    case 'POST':
      return resource.create(writing, newId(), step.body)
    case 'PUT':
      return resource.replace(writing, step.id, step.body, step.match)
    case 'PATCH':
      return resource.change(writing, step.id, step.body, step.match)
    case 'DELETE':
      return { revision: await resource.remove(writing, step.id, step.match) }
  }
}

function refusal(error: unknown): Outcome<AppError> {
  if (error instanceof AppError && error.slug !== 'unavailable') return { value: error, isReplay: false }
  throw error
}

/** Throws a problem of one operation as the problem of the whole: its faults are pointed at from the top. */
async function named(i: number, work: () => Promise<Done>): Promise<Done> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const { faults = [{ pointer: '', detail: error.message }] } = error.hints
    const hints = { ...error.hints, faults: faults.map((fault) => within(fault, i)) }
    throw new AppError(error.slug, `Operation ${i}: ${error.message}`, hints, error.cause)
  }
}

function within(fault: Fault, i: number): Fault {
  const pointer = 'pointer' in fault && fault.pointer !== '' ? `/body${fault.pointer}` : ''
  return { pointer: `/operations/${i}${pointer}`, detail: fault.detail }
}
