import { lastDay } from '../core/dates.ts'
import { dateOf, dayAt, firstWeekOf, weekdayOf, weekOf, type Day } from './calendar.ts'
import type { ByDay, Rule } from './rule.ts'

/**
 * The days of a rule that begins on `start`, from `from` on, in order, as far as `until`: both bound the work. The rule's
 * own COUNT and UNTIL are not looked at. `start` is not among them unless the rule gives it.
 */
export function* daysOf(rule: Rule, start: Day, from: Day, until: Day): Generator<Day, undefined> {
  const period = periodsOf(rule, start)
  const end = Math.min(until, lastDay)
  let last = start - 1
  for (let i = period.indexOf(Math.max(from, start)); period.firstDay(i) <= end; i += 1) {
    for (const day of chosen(rule, period.daysOf(i))) {
      if (day > end) break
      // Where SKIP moves a day into the next period, it comes there again.
      if (day > last && day >= from) yield day
      last = Math.max(last, day)
    }
  }
  return undefined
}

/** The periods that a rule goes through, from that of its start on, by their index. */
interface Periods {
  /** The index of a period that no day from this one on is before. */
  indexOf(day: Day): number
  /** No day of the period or of a later one is before it. */
  firstDay(index: number): Day
  /** In no order; some may be there twice. */
  daysOf(index: number): Day[]
}

function periodsOf(rule: Rule, start: Day): Periods {
  const { interval } = rule
  const at = dateOf(start)
  switch (rule.frequency) {
    case 'DAILY':
      return {
        indexOf: (day) => Math.floor((day - start) / interval),
        firstDay: (i) => start + i * interval,
        daysOf: (i) => [start + i * interval].filter((day) => isAllowed(rule, day)),
      }
    case 'WEEKLY': {
      const first = weekOf(start, rule.weekStart)
      const byDay = rule.byDay.length > 0 ? rule.byDay : [{ weekday: weekdayOf(start) }]
      const week = { ...rule, byDay }
      return {
        indexOf: (day) => Math.floor((day - first) / (7 * interval)),
        firstDay: (i) => first + 7 * interval * i,
        daysOf: (i) => range(first + 7 * interval * i, 7).filter((day) => isAllowed(week, day)),
      }
    }
    case 'MONTHLY': {
      const first = at.year * 12 + at.month - 1
      const monthAt = (i: number) => {
        const month = first + i * interval
        return [Math.floor(month / 12), (month % 12) + 1] as const
      }
      return {
        indexOf: (day) => atLeast0((monthNumber(day) - first) / interval - 1),
        firstDay: (i) => dayAt(...monthAt(i), 0), // SKIP may go back to the month before
        daysOf(i) {
          const [year, month] = monthAt(i)
          if (rule.byMonth.length > 0 && !rule.byMonth.includes(month)) return []
          return daysOfMonth(rule, year, month, [at.date])
        },
      }
    }
    case 'YEARLY': {
      // The first days of January may belong to the last week of the year before.
      const first = rule.byWeekNo.length > 0 && interval === 1 ? at.year - 1 : at.year
      return {
        indexOf: (day) => atLeast0((dateOf(day).year - first) / interval - 1),
        firstDay: (i) => dayAt(first + i * interval, 1, -6),
        daysOf: (i) => daysOfYear(rule, first + i * interval, start),
      }
    }
  }
}

/** Days of one month before and after may come of SKIP and of weeks that cross the year: hence one period less. */
const atLeast0 = (index: number): number => Math.max(0, Math.floor(index))

function monthNumber(day: Day): number {
  const { year, month } = dateOf(day)
  return year * 12 + month - 1
}

const range = (first: Day, length: number): Day[] => Array.from({ length }, (_, i) => first + i)

/** What BYMONTH, BYMONTHDAY and BYDAY without ordinals say of a day. */
function isAllowed({ byMonth, byMonthDay, byDay }: Rule, day: Day): boolean {
  if (byDay.length > 0 && !byDay.some(({ weekday }) => weekday === weekdayOf(day))) return false
  if (byMonth.length === 0 && byMonthDay.length === 0) return true
  const { year, month, date } = dateOf(day)
  if (byMonth.length > 0 && !byMonth.includes(month)) return false
  return (
    byMonthDay.length === 0 ||
    byMonthDay.includes(date) ||
    byMonthDay.includes(date - 1 - lengthOf(year, month))
  )
}

const lengthOf = (year: number, month: number) => dayAt(year, month + 1, 1) - dayAt(year, month, 1)

/** The days of a month; `usual` are those of the month where the rule names none. */
function daysOfMonth(rule: Rule, year: number, month: number, usual: number[]): Day[] {
  const [first, length] = [dayAt(year, month, 1), lengthOf(year, month)]
  const isDay = (day: Day) => isWeekday(rule.byDay, day, first, length)
  if (rule.byMonthDay.length === 0 && rule.byDay.length > 0) return range(first, length).filter(isDay)
  const named = rule.byMonthDay.length > 0 ? rule.byMonthDay : usual
  const days = named.flatMap((number) => dayIn(rule, first, length, number))
  return rule.byDay.length === 0 ? days : days.filter(isDay)
}

/** The nth day of a span, from its end where n is negative; of a day that it does not have what SKIP says. */
function dayIn({ skip }: Rule, first: Day, length: number, number: number): Day[] {
  if (Math.abs(number) <= length) return [number > 0 ? first + number - 1 : first + length + number]
  if (skip === 'OMIT') return []
  const [before, after] = number > 0 ? [first + length - 1, first + length] : [first - 1, first]
  return [skip === 'BACKWARD' ? before : after]
}

/** Whether a day of a span is one of the weekdays, and where these have ordinals the nth of the span. */
function isWeekday(byDay: ByDay[], day: Day, first: Day, length: number): boolean {
  const weekday = weekdayOf(day)
  const nth = Math.floor((day - first) / 7) + 1
  const nthLast = -Math.floor((first + length - 1 - day) / 7) - 1
  return byDay.some(
    (one) =>
      one.weekday === weekday &&
      (one.ordinal === undefined || one.ordinal === nth || one.ordinal === nthLast),
  )
}

function daysOfYear(rule: Rule, year: number, start: Day): Day[] {
  const { byMonth, byWeekNo, byYearDay, byMonthDay, byDay } = rule
  const [first, length] = [dayAt(year, 1, 1), dayAt(year + 1, 1, 1) - dayAt(year, 1, 1)]
  if (byYearDay.length > 0 || byWeekNo.length > 0) {
    const others = { ...rule, byDay: [] }
    const weeks = byWeekNo.length === 0 ? undefined : new Set(daysOfWeeks(rule, year))
    const days =
      byYearDay.length > 0
        ? byYearDay.flatMap((number) => dayIn(rule, first, length, number))
        : [...(weeks ?? [])]
    const usual =
      byYearDay.length + byMonthDay.length + byDay.length === 0 ? [{ weekday: weekdayOf(start) }] : byDay
    return days.filter(
      (day) =>
        (weeks?.has(day) ?? true) &&
        isAllowed(others, day) &&
        (usual.length === 0 || isWithin(usual, day, byMonth.length > 0, first, length)),
    )
  }
  const isOfYear = byMonth.length + byMonthDay.length === 0 && byDay.length > 0
  if (isOfYear) return range(first, length).filter((day) => isWeekday(byDay, day, first, length))
  const { month, date } = dateOf(start)
  const all = byMonthDay.length > 0 ? range(1, 12) : [month]
  const months = byMonth.length > 0 ? byMonth : all
  const days = months.flatMap((one) =>
    daysOfMonth(byMonth.length > 0 ? rule : { ...rule, byDay: [] }, year, one, [date]),
  )
  if (byMonth.length > 0 || byDay.length === 0) return days
  return days.filter((day) => isWeekday(byDay, day, first, length))
}

/** Whether a day is one of the weekdays: an ordinal counts in its month, or in the year. */
function isWithin(byDay: ByDay[], day: Day, inMonth: boolean, first: Day, length: number): boolean {
  if (!inMonth) return isWeekday(byDay, day, first, length)
  const { year, month } = dateOf(day)
  return isWeekday(byDay, day, dayAt(year, month, 1), lengthOf(year, month))
}

function daysOfWeeks({ byWeekNo, weekStart }: Rule, year: number): Day[] {
  const first = firstWeekOf(year, weekStart)
  const weeks = (firstWeekOf(year + 1, weekStart) - first) / 7
  return byWeekNo.flatMap((number) =>
    Math.abs(number) > weeks ? [] : range(first + 7 * (number > 0 ? number - 1 : weeks + number), 7),
  )
}

/** The days of a period in order, each once; of these the ones that BYSETPOS chooses. */
function chosen({ bySetPos }: Rule, days: Day[]): Day[] {
  const all = days.length < 2 ? days : [...new Set(days)].toSorted((a, b) => a - b)
  if (bySetPos.length === 0) return all
  return all.filter((_day, i) => bySetPos.includes(i + 1) || bySetPos.includes(i - all.length))
}
