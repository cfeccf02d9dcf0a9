import { dayOf, isCalendarDate, parseInstant } from '../core/dates.ts'
import { parseDay, type Day } from './calendar.ts'
import { daysOf } from './days.ts'
import { reckoningOf, usable, type Reckoning } from './reckoning.ts'
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
  const { due, today } = series
  if (recurrence.from === 'due')
    return first(dueDatesOn(series, daysAfterDue(series, recurrence.start), dueDate))
  const next = first(daysAfter(series, today, leftOf(series) > 0 ? Infinity : 0).filter((day) => day !== due))
  return next === undefined ? undefined : first(dueDatesOn(series, [next]))
}

/**
 * The due dates to come, this one first, in order, as if each occurrence were completed on its day. Those before the day
 * `from` may be left out: they are not gone through.
 */
export function* dueDatesOf(
  recurrence: Recurrence,
  dueDate: string,
  context: Context,
  from?: string,
): Generator<string> {
  const least = from === undefined ? -Infinity : parseDay(from) - 1
  const series = { ...readSeries(recurrence, dueDate, context), least }
  yield dueDate
  if (recurrence.from === 'due') yield* dueDatesOn(series, daysAfterDue(series, recurrence.start), dueDate)
  else yield* dueDatesOn(series, daysAfter(series, Math.max(series.due, series.today), leftOf(series)))
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
  /** Days before this one are not asked for. */
  least: Day
}

function readSeries(
  { rule, from, start, done }: Recurrence,
  dueDate: string,
  { timeZone, now }: Context,
): Series {
  const reckoning = reckoningOf(from === 'due' ? start : dueDate, timeZone)
  const today = parseDay(dayOf(now, usable(timeZone)))
  return {
    rule: parseRule(rule),
    done,
    reckoning,
    due: reckoning.dayOf(dueDate),
    today,
    now,
    least: -Infinity,
  }
}

/** How many occurrences come after the present one, of a series from its completions. */
const leftOf = ({ rule, done }: Series): number => (rule.count ?? Infinity) - done - 1

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

/** The days from the due date and today on; the first one of a rule is its start (RFC 5545 §3.3.10). */
function* daysAfterDue({ rule, reckoning, due, today, least }: Series, start: string): Generator<Day> {
  const first = reckoning.dayOf(start)
  // A day that a zone skips has its instants on the next one.
  const from = Math.max(due - 1, today - 1, least)
  if (first >= from) yield first
  yield* daysBeginning(rule, first, from, (rule.count ?? Infinity) - 1)
}

/** The days after this one, of the rule begun on it. */
const daysAfter = ({ rule, least }: Series, day: Day, count: number): Generator<Day> =>
  daysBeginning(rule, day, least, count)

/** The days after the first one of a rule, from `from` on; a count has those before too, for two hundred years at most. */
function* daysBeginning(rule: Rule, first: Day, from: Day, count: number): Generator<Day> {
  const until = Math.max(first, from) + horizon
  if (count === Infinity) return yield* daysOf(rule, first, Math.max(first + 1, from), until)
  let left = count
  for (const day of daysOf(rule, first, first + 1, Math.min(until, first + 2 * horizon))) {
    if (left <= 0) return
    left -= 1
    if (day >= from) yield day
  }
}

const isWithin = ({ until }: { until?: string }, at: string): boolean =>
  until === undefined ||
  (isCalendarDate(until) ? at <= until : (parseInstant(at) ?? 0) <= (parseInstant(until) ?? 0))

const first = <Value>(values: Iterable<Value>): Value | undefined => {
  for (const value of values) return value
  return undefined
}
