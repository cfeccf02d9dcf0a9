import type { Actor } from '../core/actor.ts'
import type { Attempt, Outcome } from '../core/attempt.ts'
import { AppError, type Fault } from '../core/errors.ts'
import { newId } from '../core/id.ts'
import type { Match } from '../core/match.ts'
import { once } from '../idempotency/idempotency.ts'
import type { NewTask, TaskPatch, TaskReplacement } from '../tasks/schema.ts'
import {
  change,
  create,
  remove,
  replace,
  write,
  type Tasks,
  type Writing,
  type Written,
} from '../tasks/tasks.ts'

/** One operation of a batch, its body judged. */
export type Step =
  | { method: 'POST'; body: NewTask }
  | { method: 'PUT'; id: string; body: TaskReplacement; match: Match }
  | { method: 'PATCH'; id: string; body: TaskPatch; match: Match }
  | { method: 'DELETE'; id: string; match: Match }

/** What a step did: a task as it left it, or a task that is gone; and the revision it took, if any. */
export type Done = Written | { task: undefined; isNew: false; revision: number }

/** A step that was refused before it began keeps its place among the others. */
export type Planned = Step | AppError

/** Does every step in one transaction, or none: the first that is refused names its operation in the problem. */
export function doAll(
  tasks: Tasks,
  actor: Actor,
  steps: Planned[],
  attempt?: Attempt,
): Promise<Outcome<Done[]>> {
  return write(
    tasks,
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
 * Does each step on its own, in order; one that is refused stops no other, and is tried again by a repeat.
 * Throws `idempotency-key-reused`.
 */
export async function doEach(
  tasks: Tasks,
  actor: Actor,
  steps: Planned[],
  attempt?: Attempt,
): Promise<Outcome<Done | AppError>[]> {
  // Steps that were refused store nothing, so the key is taken for the whole first.
  if (attempt) await write(tasks, actor, ({ tx, now }) => once(tx, actor, attempt, now, async () => true))
  const outcomes: Outcome<Done | AppError>[] = []
  for (const [i, step] of steps.entries()) {
    const own = attempt && { ...attempt, operation: `${attempt.operation} ${i}` }
    const outcome = write(
      tasks,
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
  switch (step.method) {
    case 'POST':
      return create(writing, newId(), step.body)
    case 'PUT':
      return replace(writing, step.id, step.body, step.match)
    case 'PATCH':
      return change(writing, step.id, step.body, step.match)
    case 'DELETE':
      return { task: undefined, isNew: false, revision: await remove(writing, step.id, step.match) }
  }
}

function refusal(error: unknown): Outcome<AppError> {
  if (error instanceof AppError && error.slug !== 'unavailable') return { value: error, isReplay: false }
  throw error
}

/** A problem of one operation, as the problem of the whole: its faults are pointed at from the top. */
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
