import type { Answer, Outcome } from '../core/attempt.ts'
import { AppError, notFound, type Fault } from '../core/errors.ts'
import { newId } from '../core/id.ts'
import type { Match } from '../core/match.ts'
import type { Writing } from '../revisions/revisions.ts'
import {
  remove,
  writeOnce,
  type Action,
  type Asked,
  type Removal,
  type Resource,
  type Services,
  type Thing,
  type Written,
} from '../things/things.ts'

/** One operation of a batch, its body judged. */
export type Step = { resource: Resource } & (
  | { what: 'create'; body: object }
  | { what: 'replace' | 'change' | 'move'; id: string; body: object; match: Match }
  | { what: 'act'; action: Action; id: string; match: Match }
  | { what: 'delete'; id: string; removal: Removal; match: Match }
)

/** What a step did: a thing as it left it, or the deletion of one; and the revision it took, if any. */
export type Done = Written<Thing> | { thing?: undefined; isNew?: undefined; revision: number }

/** An operation that is refused before it begins; `at` is the part of it that is at fault, such as `/body`. */
export interface Refusal {
  error: AppError
  at: string
}

/** A refused operation keeps its place among the others. */
export type Planned = Step | Refusal

/**
 * Does every step in one transaction, or none. Faults of every operation are told at once; of what only shows when
 * they are done, the first.
 */
export async function doAll(services: Services, asked: Asked<Done[]>, steps: Planned[]): Promise<Outcome> {
  assertNoneRefused(steps)
  const doSteps = async (writing: Writing) => {
    const done: Done[] = []
    for (const [i, step] of steps.entries()) done.push(await named(i, () => perform(writing, step)))
    return done
  }
  return writeOnce(services, asked, doSteps, { origin: 'batch' })
}

/**
 * Does each step on its own, in order, and stores its answer with it. One that is refused stops no other, and a repeat
 * of the request tries it again. Throws `idempotency-key-reused`.
 */
export async function doEach(
  services: Services,
  asked: Asked<Done>,
  steps: Planned[],
): Promise<(Outcome | AppError)[]> {
  const { attempt } = asked
  // Steps that were refused store nothing, so the key is taken for the whole first.
  if (attempt) await writeOnce(services, { ...asked, answer: () => keyTaken }, async () => undefined)
  const outcomes: (Outcome | AppError)[] = []
  for (const [i, step] of steps.entries()) {
    const own = attempt && { ...attempt, operation: `${attempt.operation} ${i}` }
    const outcome = writeOnce(services, { ...asked, attempt: own }, (writing) => perform(writing, step), {
      origin: 'batch',
    })
    outcomes.push(await outcome.catch(refusal))
  }
  return outcomes
}

/** Stored for the key of the whole, and never sent. */
const keyTaken: Answer = { status: 204, headers: {}, body: null, things: [] }

async function perform(writing: Writing, step: Planned): Promise<Done> {
  if ('error' in step) throw step.error
  const { resource } = step
  switch (step.what) {
    case 'create':
      return resource.create(writing, newId(), step.body)
    case 'replace':
    case 'change':
      return resource[step.what](writing, step.id, step.body, step.match)
    case 'move':
      return resource.order?.move(writing, step.id, { ...step.body }, step.match) ?? notFound()
    case 'act':
      return step.action.perform(writing, step.id, step.match)
    case 'delete':
      return { revision: await remove(writing, resource, step.id, step.match, step.removal) }
  }
}

function refusal(error: unknown): AppError {
  if (error instanceof AppError && error.slug !== 'unavailable') return error
  throw error
}

function assertNoneRefused(steps: Planned[]): void {
  const refused = steps.flatMap((step, i) => ('error' in step ? [{ ...step, i }] : []))
  const [first] = refused
  if (!first) return
  const faults = refused.flatMap(({ error, at, i }) => faultsWithin(error, i, at))
  const others = refused.length > 1 ? ` ${refused.length} operations are at fault; see errors.` : ''
  throw new AppError(first.error.slug, `Operation ${first.i}: ${first.error.message}${others}`, {
    ...first.error.hints,
    faults,
  })
}

/** Throws a problem of one operation as the problem of the whole: its faults are pointed at from the top. */
async function named(i: number, work: () => Promise<Done>): Promise<Done> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const hints = { ...error.hints, faults: faultsWithin(error, i, error.hints.faults ? '/body' : '') }
    throw new AppError(error.slug, `Operation ${i}: ${error.message}`, hints, error.cause)
  }
}

function faultsWithin({ message, hints }: AppError, i: number, at: string): Fault[] {
  const { faults = [{ pointer: '', detail: message }] } = hints
  return faults.map((fault) => {
    const pointer = 'pointer' in fault ? fault.pointer : ''
    return { pointer: `/operations/${i}${at}${pointer}`, detail: fault.detail }
  })
}
