import type { Day } from '../core/calendar.ts'
import { dayNumber, dayOf, isCalendarDate } from '../core/dates.ts'
import { daysOf } from './days.ts'
import { msOf, reckoningOf, type Reckoning } from './reckoning.ts'
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

/** More completions than these are not foreseen one after another, which bounds the work too. */
const mostForeseen = 100

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
  if (!isWithin(rule, recurrence.start))
    return { member: 'rule', detail: 'must have an UNTIL that is not before its start' }
  const start = reckoningOf(dueDate, timeZone).dayOf(recurrence.start)
  if (first(daysOf(rule, start, start + 1, start + horizon)) === undefined)
    return { member: 'rule', detail: 'must have an occurrence within a hundred years of its start' }
  return undefined
}

/**
 * The due date after this one, when its occurrence is completed or skipped now; undefined if there is none. It is
 * never past: days of the rule that went by are passed over.
 */
export function nextDueDate(recurrence: Recurrence, dueDate: string, context: Context): string | undefined {
  const series = readSeries(recurrence, dueDate, context)
  return recurrence.from === 'due'
    ? first(dueDatesOn(series, daysAfterDue(series, recurrence.start), dueDate))
    : nextFromCompletion(series, series.today)
}

/**
 * The due dates to come, this one first, in order, as if each occurrence were completed on its day, or today if that is
 * past. Of a series from its completions those of the next hundred years, and 100 at most. Those before the day
 * `from` may be left out: they are not gone through.
 */
export function* dueDatesOf(
  recurrence: Recurrence,
  dueDate: string,
  context: Context,
  from?: string,
): Generator<string> {
  const series = readSeries(recurrence, dueDate, context)
  const least = from === undefined ? -Infinity : dayNumber(from) - 1
  yield dueDate
  if (recurrence.from === 'due')
    yield* dueDatesOn(series, daysAfterDue(series, recurrence.start, least), dueDate)
  else yield* dueDatesFromCompletions(series)
}

/** The same start where the due date has become a date or an instant, so that the series goes on. */
export function startLike(start: string, dueDate: string, timeZone: string): string {
  if (isCalendarDate(start) === isCalendarDate(dueDate)) return start
  const day = reckoningOf(start, timeZone).dayOf(start)
  return reckoningOf(dueDate, timeZone).dueOn(day) ?? dueDate
}

/** A series with the day of its present due date, and of today. */
interface Series {
  rule: Rule
  done: number
  reckoning: Reckoning
  due: Day
  today: Day
  now: number
}

function readSeries(
  { rule, from, start, done }: Recurrence,
  dueDate: string,
  { timeZone, now }: Context,
): Series {
  const reckoning = reckoningOf(from === 'due' ? start : dueDate, timeZone)
  const today = dayNumber(dayOf(now, timeZone))
  return {
    rule: parseRule(rule),
    done,
    reckoning,
    due: reckoning.dayOf(dueDate),
    today,
    now,
  }
}

/** The due dates on these days that are later than now, and than the last one. */
function* dueDatesOn(
  { rule, reckoning, now, today }: Series,
  days: Iterable<Day>,
  after = '',
): Generator<string> {
  let last = after
  for (const day of days) {
    const at = reckoning.dueOn(day)
    // A day that a zone skips has the instants of the next one, and today's may have gone by.
    if (at === undefined || at <= last || !reckoning.isLater(at, now, today)) continue
    if (!isWithin(rule, at)) return
    last = at
    yield at
  }
}

/**
 * The days from the due date and today on, none before `least`; the first one of a rule is its start (RFC 5545 §3.3.10).
 * A count goes through those before too, for two hundred years at most.
 */
function* daysAfterDue(
  { rule, reckoning, due, today }: Series,
  start: string,
  least = -Infinity,
): Generator<Day> {
  const begins = reckoning.dayOf(start)
  // A day that a zone skips has its instants on the next one.
  const from = Math.max(due - 1, today - 1, least)
  if (begins >= from) yield begins
  const until = Math.max(begins, from) + horizon
  if (rule.count === undefined) return yield* daysOf(rule, begins, Math.max(begins + 1, from), until)
  let left = rule.count - 1
  for (const day of daysOf(rule, begins, begins + 1, Math.min(until, begins + 2 * horizon))) {
    if (left <= 0) return
    left -= 1
    if (day >= from) yield day
  }
}

/** The due date after this one, when its occurrence is completed on this day. */
function nextFromCompletion(series: Series, completedOn: Day): string | undefined {
  const { rule, done, due } = series
  if (rule.count !== undefined && done + 1 >= rule.count) return undefined
  const days = daysOf(rule, completedOn, completedOn + 1, completedOn + horizon)
  return first(dueDatesOn(series, days.filter((day) => day !== due).take(1)))
}

function* dueDatesFromCompletions(series: Series): Generator<string> {
  let { due, done } = series
  const end = Math.max(due, series.today) + horizon
  for (let foreseen = 0; foreseen < mostForeseen; foreseen += 1) {
    const next = nextFromCompletion({ ...series, due, done }, Math.max(due, series.today))
    if (next === undefined) return
    yield next
    due = series.reckoning.dayOf(next)
    if (due > end) return
    done += 1
  }
}

const isWithin = ({ until }: { until?: string }, at: string): boolean =>
  until === undefined || (isCalendarDate(until) ? at <= until : msOf(at) <= msOf(until))

const first = <Value>(values: Iterable<Value>): Value | undefined => {
  for (const value of values) return value
  return undefined
}
