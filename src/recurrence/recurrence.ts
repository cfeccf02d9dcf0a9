import {
  dayNumber,
  dayOf,
  formatDay,
  formatInstant,
  isCalendarDate,
  lastDay,
  parseInstant,
} from '../core/dates.ts'
import type { Day } from './calendar.ts'
import { daysOf } from './days.ts'
import { parseRule, type Rule } from './rule.ts'

/** How a task recurs, as clients see it. `start` is the rule's DTSTART, a date or an instant as due dates are. */
export interface Recurrence {
  rule: string
  from: 'due' | 'completion'
  start: string
  /** How many occurrences are completed. */
  done: number
}

/** What the days of a series are reckoned by. */
export interface Context {
  /** One that this server knows. */
  timeZone: string
  /** Epoch milliseconds. */
  now: number
}

/** A hundred years: the next occurrence is looked for no further, which bounds the work for any rule. */
const horizon = 36_525

/** What is wrong with a recurrence beside this due date, in words that say what is allowed; undefined if nothing is. */
export function recurrenceFault(
  recurrence: Recurrence,
  dueDate: string,
  timeZone: string,
): { member: 'rule' | 'start'; detail: string } | undefined {
  const rule = parseRule(recurrence.rule)
  const [kind, isDate] = isCalendarDate(dueDate) ? ['a date', true] : ['an instant', false]
  if (isCalendarDate(recurrence.start) !== isDate)
    return { member: 'start', detail: `must be ${kind}, as dueDate is` }
  if (rule.until !== undefined && isCalendarDate(rule.until) !== isDate)
    return { member: 'rule', detail: `must have as UNTIL ${kind}, as dueDate is` }
  const start = dayIn(recurrence.start, timeZone)
  if (Math.abs(dayIn(dueDate, timeZone) - start) > horizon)
    return { member: 'start', detail: 'must lie within a hundred years of dueDate' }
  if (first(daysOf(rule, start, start + 1, start + horizon)) === undefined)
    return { member: 'rule', detail: 'must have an occurrence within a hundred years of its start' }
  return undefined
}

/**
 * The due date after this one, when its occurrence is completed or skipped now; undefined if there is none. It is
 * never past: days of the rule that went by are passed over.
 */
export function nextDueDate(recurrence: Recurrence, dueDate: string, context: Context): string | undefined {
  const rule = parseRule(recurrence.rule)
  const next =
    recurrence.from === 'due'
      ? first(occurrencesAfter(rule, recurrence.start, dueDate, context))
      : nextFromCompletion(rule, recurrence, dueDate, context)
  return next !== undefined && isWithin(rule, next) ? next : undefined
}

/**
 * The due dates to come, this one first, in order: those of a series from its completions as if each came on its day.
 */
export function* dueDatesOf(recurrence: Recurrence, dueDate: string, context: Context): Generator<string> {
  const rule = parseRule(recurrence.rule)
  const { count: _count, ...withoutCount } = rule
  yield dueDate
  const { from, start, done } = recurrence
  const left = from === 'completion' && rule.count !== undefined ? rule.count - done - 1 : Infinity
  const rest =
    from === 'due'
      ? occurrencesAfter(rule, start, dueDate, context)
      : occurrencesAfter(withoutCount, dueDate, dueDate, context)
  let found = 0
  for (const next of rest) {
    if (!isWithin(rule, next) || found >= left) return
    found += 1
    yield next
  }
}

/** The same start where the due date has become a date or an instant, so that the series goes on. */
export function startLike(start: string, dueDate: string, timeZone: string): string {
  if (isCalendarDate(start) === isCalendarDate(dueDate)) return start
  const day = dayIn(start, timeZone)
  return isCalendarDate(dueDate) ? formatDay(day) : (atTimeOf(dueDate, day, timeZone) ?? dueDate)
}

/** The occurrences after a due date that are not past, within a hundred years; the first one of a rule is its start. */
function* occurrencesAfter(
  rule: Rule,
  start: string,
  dueDate: string,
  { timeZone, now }: Context,
): Generator<string> {
  const isDate = isCalendarDate(start)
  const startDay = dayIn(start, timeZone)
  const after = Math.max(dayIn(dueDate, timeZone), dayNumber(dayOf(now, timeZone)))
  const isLater = (day: Day, at: string) => (isDate ? day > after : at > dueDate && at > formatInstant(now))
  let left = (rule.count ?? Infinity) - 1
  if (isLater(startDay, start)) yield start
  // Only a count needs to go through what is past.
  const from = rule.count === undefined ? Math.max(startDay + 1, after) : startDay + 1
  for (const day of daysOf(rule, startDay, from, Math.max(after, startDay) + horizon)) {
    if (left <= 0) return
    left -= 1
    if (day < after) continue
    const at = isDate ? formatDay(day) : atTimeOf(start, day, timeZone)
    if (at !== undefined && isLater(day, at)) yield at
  }
}

function nextFromCompletion(
  rule: Rule,
  { done }: Recurrence,
  dueDate: string,
  { timeZone, now }: Context,
): string | undefined {
  if (rule.count !== undefined && done + 1 >= rule.count) return undefined
  const today = dayNumber(dayOf(now, timeZone))
  const due = dayIn(dueDate, timeZone)
  for (const day of daysOf(rule, today, today + 1, today + horizon)) {
    if (day !== due) return isCalendarDate(dueDate) ? formatDay(day) : atTimeOf(dueDate, day, timeZone)
  }
  return undefined
}

const isWithin = ({ until }: { until?: string }, at: string): boolean =>
  until === undefined || (isCalendarDate(until) ? at <= until : msOf(at) <= msOf(until))

const first = <Value>(values: Generator<Value>): Value | undefined => {
  for (const value of values) return value
  return undefined
}

/** The day of a date, or of an instant for the owner. */
const dayIn = (at: string, timeZone: string): Day =>
  dayNumber(isCalendarDate(at) ? at : dayOf(msOf(at), timeZone))

const msOf = (instant: string): number => parseInstant(instant) ?? 0

/**
 * The instant of a day that has the wall time of another instant. A time that the clocks skip is as much later, of one
 * that they repeat it is the first (RFC 5545 §3.3.5). Undefined after 9999.
 */
function atTimeOf(at: string, day: Day, timeZone: string): string | undefined {
  const time = Temporal.Instant.from(at).toZonedDateTimeISO(timeZone).toPlainTime()
  const ms = Temporal.PlainDate.from(formatDay(day)).toZonedDateTime({
    timeZone,
    plainTime: time,
  }).epochMilliseconds
  const text = ms < 0 || day > lastDay ? undefined : formatInstant(ms)
  return text !== undefined && text.length === 24 ? text : undefined
}
