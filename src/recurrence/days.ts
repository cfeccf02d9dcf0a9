import {
  dateOf,
  dayAt,
  daysInMonth,
  daysInYear,
  firstWeekOf,
  lastDay,
  weekdayOf,
  weekOf,
  type Day,
} from '../core/calendar.ts'
import { readLimits, type Limits, type Span } from './limits.ts'
import type { Rule } from './rule.ts'

/**
 * The days of a rule that begins on `start`, from `from` on, in order, as far as `until`: both bound the work. The rule's
 * own COUNT and UNTIL are not looked at. `start` is not among them unless the rule gives it.
 */
export function* daysOf(rule: Rule, start: Day, from: Day, until: Day): Generator<Day, undefined> {
  const period = periodsOf(rule, start)
  const end = Math.min(until, lastDay)
  let last = Math.max(start, from) - 1
  for (let i = period.indexOf(last + 1); period.firstDay(i) <= end; i += 1) {
    for (const day of chosen(rule, period.daysOf(i))) {
      if (day > end) break
      // Where SKIP moves a day into the next period, it comes there again.
      if (day <= last) continue
      last = day
      yield day
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
  switch (rule.frequency) {
    case 'DAILY':
      return dailyFrom(rule, start)
    case 'WEEKLY':
      return weeklyFrom(rule, start)
    case 'MONTHLY':
      return monthlyFrom(rule, start)
    case 'YEARLY':
      return yearlyFrom(rule, start)
  }
}

function dailyFrom(rule: Rule, start: Day): Periods {
  const { interval } = rule
  const limits = readLimits(rule)
  return {
    indexOf: (day) => Math.floor((day - start) / interval),
    firstDay: (i) => start + i * interval,
    daysOf: (i) => (limits.allows(start + i * interval) ? [start + i * interval] : []),
  }
}

function weeklyFrom(rule: Rule, start: Day): Periods {
  const step = 7 * rule.interval
  const first = weekOf(start, rule.weekStart)
  const limits = readLimits(
    rule.byDay.length > 0 ? rule : { ...rule, byDay: [{ weekday: weekdayOf(start) }] },
  )
  return {
    indexOf: (day) => Math.floor((day - first) / step),
    firstDay: (i) => first + step * i,
    daysOf: (i) => within({ first: first + step * i, length: 7 }, limits.allows),
  }
}

function monthlyFrom(rule: Rule, start: Day): Periods {
  const { interval } = rule
  const at = dateOf(start)
  const isByDay = rule.byMonthDay.length === 0 && rule.byDay.length > 0
  const limits = readLimits(isByDay || rule.byMonthDay.length > 0 ? rule : { ...rule, byMonthDay: [at.date] })
  const first = at.year * 12 + at.month - 1
  const monthAt = (i: number) => first + i * interval
  return {
    indexOf(day) {
      const { year, month } = dateOf(day)
      return oneBefore((year * 12 + month - 1 - first) / interval)
    },
    firstDay: (i) => dayAt(Math.floor(monthAt(i) / 12), (monthAt(i) % 12) + 1, 1) - 1,
    daysOf: (i) => daysOfMonth(limits, Math.floor(monthAt(i) / 12), (monthAt(i) % 12) + 1),
  }
}

function yearlyFrom(given: Rule, start: Day): Periods {
  const rule = withUsualDays(given, start)
  const { interval } = rule
  const limits = readLimits(rule)
  // The first days of January may belong to the last week of the year before.
  const first = dateOf(start).year - (rule.byWeekNo.length > 0 && interval === 1 ? 1 : 0)
  return {
    indexOf: (day) => oneBefore((dateOf(day).year - first) / interval),
    firstDay: (i) => dayAt(first + i * interval, 1, 1) - 7,
    daysOf: (i) => remembered(rule, first + i * interval, (year) => daysOfYear(rule, limits, year)),
  }
}

/** SKIP and the weeks that cross a year take days into the period before: hence one period less. */
const oneBefore = (index: number): number => Math.max(0, Math.floor(index) - 1)

/** A series from its completions begins the same rule again and again, and comes to the same years each time. */
const yearsOf = new WeakMap<Rule, Map<number, Day[]>>()

function remembered(rule: Rule, year: number, read: (year: number) => Day[]): Day[] {
  const years = yearsOf.get(rule) ?? new Map<number, Day[]>()
  const days = years.get(year) ?? read(year)
  yearsOf.set(rule, years.set(year, days))
  return days
}

/** A yearly rule with the days of its start, where it names none. */
function withUsualDays(rule: Rule, start: Day): Rule {
  const { byMonth, byWeekNo, byYearDay, byMonthDay, byDay } = rule
  if (byYearDay.length + byMonthDay.length + byDay.length > 0) return rule
  if (byWeekNo.length > 0) return { ...rule, byDay: [{ weekday: weekdayOf(start) }] }
  const { month, date } = dateOf(start)
  return { ...rule, byMonth: byMonth.length > 0 ? byMonth : [month], byMonthDay: [date] }
}

function daysOfYear(rule: Rule, limits: Limits, year: number): Day[] {
  const whole: Span = { first: dayAt(year, 1, 1), length: daysInYear(year) }
  const isNamed = rule.byWeekNo.length > 0 || rule.byYearDay.length > 0
  if (!isNamed && rule.byMonth.length === 0 && rule.byMonthDay.length === 0)
    return within(whole, (day) => limits.allowsWeekday(day, whole))
  if (!isNamed) {
    const span = rule.byMonth.length > 0 ? undefined : whole
    return Array.from({ length: 12 }, (_, i) => daysOfMonth(limits, year, i + 1, span)).flat()
  }
  const isDay = (day: Day) =>
    limits.allows(day) &&
    (!limits.hasOrdinals || limits.allowsWeekday(day, rule.byMonth.length > 0 ? monthOf(day) : whole))
  if (rule.byWeekNo.length === 0) return numbered(rule, whole).filter(isDay)
  const [weeks, isInWeek] = weeksOf(rule, year)
  if (rule.byYearDay.length === 0) return within(weeks, (day) => isInWeek(day) && isDay(day))
  return numbered(rule, whole).filter((day) => isInWeek(day) && isDay(day))
}

/** The days of a month that a rule names; weekdays with ordinals count within `span`, the month where it is not said. */
function daysOfMonth(limits: Limits, year: number, month: number, span?: Span): Day[] {
  if (!limits.allowsMonth(month)) return []
  const own: Span = { first: dayAt(year, month, 1), length: daysInMonth(year, month) }
  const counted = span ?? own
  return limits.datesIn(own).filter((day) => limits.allowsWeekday(day, counted))
}

function monthOf(day: Day): Span {
  const { year, month, date } = dateOf(day)
  return { first: day - date + 1, length: daysInMonth(year, month) }
}

const within = ({ first, length }: Span, test: (day: Day) => boolean): Day[] => {
  const days: Day[] = []
  for (let day = first; day < first + length; day += 1) if (test(day)) days.push(day)
  return days
}

/** The weeks of a year as one span, and whether a day is in one that BYWEEKNO names. */
function weeksOf({ byWeekNo, weekStart }: Rule, year: number): [Span, (day: Day) => boolean] {
  const first = firstWeekOf(year, weekStart)
  const length = firstWeekOf(year + 1, weekStart) - first
  const named = new Set(byWeekNo.map((number) => (number > 0 ? number - 1 : length / 7 + number)))
  const isInWeek = (day: Day) =>
    day >= first && day < first + length && named.has(Math.floor((day - first) / 7))
  return [{ first, length }, isInWeek]
}

/** The days of BYYEARDAY; of one that the year does not have what SKIP says. */
function numbered({ byYearDay, skip }: Rule, { first, length }: Span): Day[] {
  return byYearDay.flatMap((number) => {
    if (Math.abs(number) <= length) return [number > 0 ? first + number - 1 : first + length + number]
    if (skip === 'OMIT') return []
    const [before, after] = number > 0 ? [first + length - 1, first + length] : [first - 1, first]
    return [skip === 'BACKWARD' ? before : after]
  })
}

/** The days of a period in order, each once; of these the ones that BYSETPOS chooses. */
function chosen({ bySetPos }: Rule, days: Day[]): Day[] {
  if (days.length < 2 && bySetPos.length === 0) return days
  const all = isAscending(days) ? days : [...new Set(days)].toSorted((a, b) => a - b)
  if (bySetPos.length === 0 || all.length === 0) return all
  const places = new Set(bySetPos.map((place) => (place > 0 ? place - 1 : all.length + place)))
  return [...places].toSorted((a, b) => a - b).flatMap((place) => all[place] ?? [])
}

function isAscending(days: Day[]): boolean {
  let last = -Infinity
  for (const day of days) {
    if (day <= last) return false
    last = day
  }
  return true
}
