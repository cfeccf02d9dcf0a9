import { isDeepStrictEqual } from 'node:util'
import { AppError, invalidField, notFound } from '../core/errors.ts'
import { inUtc } from '../core/dates.ts'
import type { Match } from '../core/match.ts'
import { usableZone } from '../core/zones.ts'
import { nextDueDate, recurrenceFault, startLike, type Recurrence } from '../recurrence/recurrence.ts'
import type { Writing } from '../revisions/revisions.ts'
import { amend, find, type Model, type Settled, type Wanted, type Written } from '../things/things.ts'
import { beginAgainBelow } from './families.ts'
import type { Task } from './fields.ts'

/** Creates a task of these values; returns its id. */
export type Keep = (writing: Writing, values: Partial<Task>) => Promise<string>

/** Fills in the recurrence of a task, and where the write completes it lets the series go on. Throws `validation-failed`. */
export async function settleRecurrence(
  writing: Writing,
  wanted: Wanted<Task>,
  values: Partial<Task>,
  keep: Keep,
): Promise<Settled<Task>> {
  const { id, before, givesWay } = wanted
  // What an undo or the trash gives back completes nothing.
  if (writing.origin === 'undo')
    return { values: { ...values, recurrence: fitting(writing, wanted, values) } }
  if (givesWay) return { values }
  const recurrence = recurrenceOf(writing, wanted, values)
  const settled = { ...values, recurrence }
  if (values.status !== 'complete' || before?.status === 'complete') return { values: settled }

  const done = { ...recurrence, done: recurrence.done + 1 }
  const next = nextOf(writing, recurrence, values.dueDate)
  if (next === undefined) return { values: { ...settled, recurrence: done } }
  const kept = await keep(writing, { ...values, recurrence: null, occurrenceOf: id, position: '' })
  if (before) await beginAgainBelow(writing, id)
  return { values: { ...settled, recurrence: done, dueDate: next, status: 'incomplete' }, kept }
}

/** Lets a series go on without its present occurrence. Throws `not-found`, `precondition-failed`, `not-recurring`. */
export async function skip(
  model: Model<Task>,
  writing: Writing,
  id: string,
  match: Match,
): Promise<Written<Task>> {
  const before = (await find(model, writing, id, 'live')) ?? notFound()
  match.assertHolds(before.revision)
  const { recurrence, status } = before
  if (!recurrence || status === 'complete' || status === 'cancelled')
    throw new AppError(
      'not-recurring',
      'The task has no occurrence to skip: it does not recur, or its series has ended.',
    )
  const next = nextOf(writing, recurrence, before.dueDate)
  if (next === undefined) return amend(model, writing, before, { ...before, status: 'complete' })
  await beginAgainBelow(writing, id)
  return amend(model, writing, before, { ...before, dueDate: next, status: 'incomplete' })
}

function nextOf({ owner, now }: Writing, recurrence: Recurrence, dueDate: string | null | undefined) {
  const context = { timeZone: usableZone(owner.timeZone), now }
  return dueDate ? nextDueDate(recurrence, dueDate, context) : undefined
}

/** A recurrence as it is kept: what the client leaves out has its default, and `done` counts on for the same rule. */
function recurrenceOf(writing: Writing, { before, named }: Wanted<Task>, values: Partial<Task>): Recurrence {
  const { dueDate, recurrence: given } = values
  if (!given?.rule) throw invalidField('/recurrence/rule', 'is required')
  if (!dueDate) throw withoutDueDate()
  const { rule, from } = given
  const start = given.start ? inUtc(given.start) : dueDate
  const recurrence: Recurrence = {
    rule,
    from: from ?? 'due',
    start: named.includes('recurrence')
      ? start
      : startLike(start, dueDate, usableZone(writing.owner.timeZone)),
    done: before?.recurrence?.rule === rule ? before.recurrence.done : 0,
  }
  assertFits(writing, before, recurrence, dueDate)
  return recurrence
}

/** The recurrence that an undo gives back, if it still fits the due date; one that does not gives way to a forced undo. */
function fitting(
  writing: Writing,
  { before, givesWay }: Wanted<Task>,
  values: Partial<Task>,
): Recurrence | null {
  const { dueDate, recurrence } = values
  try {
    if (!recurrence) return null
    if (!dueDate) throw withoutDueDate()
    const start = startLike(recurrence.start, dueDate, usableZone(writing.owner.timeZone))
    assertFits(writing, before, { ...recurrence, start }, dueDate)
    return { ...recurrence, start }
  } catch (error) {
    if (givesWay && error instanceof AppError) return null
    throw error
  }
}

/** Throws `validation-failed`. What stays as it was is not judged again: a write of other fields never fails by it. */
function assertFits(
  { owner }: Writing,
  before: Task | undefined,
  recurrence: Recurrence,
  dueDate: string,
): void {
  if (before?.dueDate === dueDate && isDeepStrictEqual(before.recurrence, recurrence)) return
  const fault = recurrenceFault(recurrence, dueDate, usableZone(owner.timeZone))
  if (fault) throw invalidField(`/recurrence/${fault.member}`, fault.detail)
}

const withoutDueDate = (): AppError =>
  invalidField('/dueDate', 'must be given for a task that recurs, and not be null')
