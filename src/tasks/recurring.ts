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
  // What an undo or the trash gives back was right once, and completes nothing.
  if (givesWay || writing.origin === 'undo') return { values }
  const recurrence = recurrenceOf(writing, wanted, values)
  const settled = { ...values, recurrence }
  if (values.status !== 'complete' || before?.status === 'complete') return { values: settled }

  const done = { ...recurrence, done: recurrence.done + 1 }
  const next = nextOf(writing, recurrence, values.dueDate)
  if (next === undefined) return { values: { ...settled, recurrence: done } }
  const kept = await keep(writing, { ...values, recurrence: null, occurrenceOf: id })
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
function recurrenceOf(
  { owner }: Writing,
  { before, named }: Wanted<Task>,
  values: Partial<Task>,
): Recurrence {
  const { dueDate, recurrence: given } = values
  if (!given?.rule) throw invalidField('/recurrence/rule', 'is required')
  if (!dueDate) throw invalidField('/dueDate', 'must be given for a task that recurs, and not be null')
  const { rule, from } = given
  const start = given.start ? inUtc(given.start) : dueDate
  const isGiven = named.includes('recurrence')
  const timeZone = usableZone(owner.timeZone)
  const recurrence: Recurrence = {
    rule,
    from: from ?? 'due',
    start: isGiven ? start : startLike(start, dueDate, timeZone),
    done: before?.recurrence?.rule === rule ? before.recurrence.done : 0,
  }
  const fault = recurrenceFault(recurrence, dueDate, timeZone)
  if (fault) throw invalidField(`/recurrence/${fault.member}`, fault.detail)
  return recurrence
}
