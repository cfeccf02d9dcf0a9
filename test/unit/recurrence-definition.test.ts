import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { dateOf, dayAt, firstWeekOf, weekdayOf, weekOf, type Day } from '../../src/core/calendar.ts'
import { formatDay } from '../../src/core/dates.ts'
import { daysOf } from '../../src/recurrence/days.ts'
import { parseRule, type Rule } from '../../src/recurrence/rule.ts'

// Each day of some years is asked whether the rule has it, by the table of RFC 5545 §3.3.10 alone: what ical.js gets wrong
// (BYSETPOS, BYYEARDAY, BYWEEKNO, days from the end, weekdays among other parts) is tried here.

const years = 12
const weekday = fc.constantFrom('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU')
const some = (value: fc.Arbitrary<unknown>, most = 4) =>
  fc.uniqueArray(value, { minLength: 1, maxLength: most }).map((values) => values.join())
const signed = (most: number) => fc.integer({ min: 1, max: most }).chain((n) => fc.constantFrom(n, -n))
const ordinal = (most: number) => fc.tuple(signed(most), weekday).map((both) => both.join(''))
const parts = {
  BYMONTH: some(fc.integer({ min: 1, max: 12 })),
  BYMONTHDAY: some(signed(31), 8),
  BYYEARDAY: some(signed(366), 20),
  BYWEEKNO: some(signed(53), 12),
  BYDAY: some(weekday),
  BYSETPOS: some(signed(6)),
  WKST: weekday,
}
type Part = keyof typeof parts
const shape = (frequency: string, names: Part[], days?: fc.Arbitrary<string>) =>
  fc
    .record(Object.fromEntries(names.map((name) => [name, parts[name]])), { requiredKeys: [] })
    .chain((given) => {
      const text = [`FREQ=${frequency}`, ...Object.entries(given).map((both) => both.join('='))].join(';')
      return days && !('BYDAY' in given) ? days.map((day) => `${text};BYDAY=${day}`) : fc.constant(text)
    })
const rules = fc
  .tuple(
    fc.oneof(
      shape('DAILY', ['BYMONTH', 'BYMONTHDAY', 'BYDAY']),
      shape('WEEKLY', ['BYMONTH', 'BYDAY', 'BYSETPOS', 'WKST']),
      shape('MONTHLY', ['BYMONTH', 'BYMONTHDAY', 'BYDAY', 'BYSETPOS']),
      shape('MONTHLY', ['BYMONTHDAY', 'BYSETPOS'], some(ordinal(5))),
      shape('YEARLY', ['BYMONTH', 'BYMONTHDAY', 'BYYEARDAY', 'BYWEEKNO', 'BYDAY', 'BYSETPOS', 'WKST']),
      shape('YEARLY', ['BYMONTH', 'BYMONTHDAY', 'BYYEARDAY', 'BYSETPOS'], some(ordinal(53))),
    ),
    fc.integer({ min: 1, max: 3 }),
  )
  .map(([text, interval]) => (interval > 1 ? `${text};INTERVAL=${interval}` : text))
  .filter((text) => !text.includes('BYSETPOS') || /BY(?:MONTH|MONTHDAY|YEARDAY|WEEKNO|DAY)=/.test(text))
const starts = fc.integer({ min: dayAt(1999, 1, 1), max: dayAt(2030, 12, 31) })

/** Which period of its frequency a day is in; a week belongs to the year of its fourth day. */
function periodOf({ frequency, weekStart, byWeekNo }: Rule, day: Day): number {
  const { year, month } = dateOf(day)
  if (frequency === 'DAILY') return day
  if (frequency === 'WEEKLY') return Math.floor(weekOf(day, weekStart) / 7)
  if (frequency === 'MONTHLY') return year * 12 + month
  return byWeekNo.length > 0 ? dateOf(weekOf(day, weekStart) + 3).year : year
}

/** Whether the nth, or the nth from the end, is named. */
const names = (numbers: number[], nth: number, length: number) =>
  numbers.includes(nth) || numbers.includes(nth - length - 1)

function hasDay(rule: Rule, start: Day, day: Day): boolean {
  const { frequency, byMonth, byMonthDay, byYearDay, byWeekNo, byDay, weekStart } = rule
  const [at, begun] = [dateOf(day), dateOf(start)]
  const [monthFirst, yearFirst] = [dayAt(at.year, at.month, 1), dayAt(at.year, 1, 1)]
  const nextMonth = at.month === 12 ? dayAt(at.year + 1, 1, 1) : dayAt(at.year, at.month + 1, 1)
  const [monthLength, yearLength] = [nextMonth - monthFirst, dayAt(at.year + 1, 1, 1) - yearFirst]
  const week = weekOf(day, weekStart)
  const firstWeek = firstWeekOf(dateOf(week + 3).year, weekStart)
  const weeks = (firstWeekOf(dateOf(week + 3).year + 1, weekStart) - firstWeek) / 7

  if (byMonth.length > 0 && !byMonth.includes(at.month)) return false
  if (byWeekNo.length > 0 && !names(byWeekNo, (week - firstWeek) / 7 + 1, weeks)) return false
  if (byYearDay.length > 0 && !names(byYearDay, day - yearFirst + 1, yearLength)) return false
  if (byMonthDay.length > 0 && !names(byMonthDay, at.date, monthLength)) return false
  const inMonth = frequency === 'MONTHLY' || byMonth.length > 0
  const [first, length] = inMonth ? [monthFirst, monthLength] : [yearFirst, yearLength]
  const nth = Math.floor((day - first) / 7) + 1
  const nthLast = -Math.floor((first + length - 1 - day) / 7) - 1
  const isOne = ({ weekday: one, ordinal: o }: Rule['byDay'][number]) =>
    one === weekdayOf(day) && (o === undefined || o === nth || o === nthLast)
  if (byDay.length > 0) return byDay.some(isOne)

  const isNamed = byMonthDay.length + byYearDay.length > 0
  if (frequency === 'DAILY' || isNamed) return true
  if (frequency === 'WEEKLY' || byWeekNo.length > 0) return weekdayOf(day) === weekdayOf(start)
  const isMonth = frequency === 'MONTHLY' || byMonth.length > 0 || at.month === begun.month
  return isMonth && at.date === begun.date
}

function asDefined(rule: Rule, start: Day, end: Day): Day[] {
  const first = periodOf(rule, start)
  const periods = Map.groupBy(
    Array.from({ length: end - start + 800 }, (_, i) => start - 400 + i).filter((day) =>
      hasDay(rule, start, day),
    ),
    (day) => periodOf(rule, day),
  )
  return [...periods]
    .filter(([period]) => period >= first && (period - first) % rule.interval === 0)
    .flatMap(([, days]) =>
      days.filter((_day, i) => rule.bySetPos.length === 0 || names(rule.bySetPos, i + 1, days.length)),
    )
    .filter((day) => day >= start && day <= end)
    .toSorted((a, b) => a - b)
}

test('random rules give the days that the definition gives', () => {
  fc.assert(
    fc.property(rules, starts, (text, start) => {
      const rule = parseRule(text)
      const end = start + years * 366
      assert.deepEqual(
        [...daysOf(rule, start, start, end)].map(formatDay),
        asDefined(rule, start, end).map(formatDay),
        `${text} from ${formatDay(start)}`,
      )
    }),
    { numRuns: 400, seed: 16 },
  )
})

test('what is asked for from a later day on is the rest of the whole', () => {
  fc.assert(
    fc.property(rules, starts, fc.integer({ min: -400, max: 3000 }), (text, start, later) => {
      const rule = parseRule(text)
      const end = start + years * 366
      assert.deepEqual(
        [...daysOf(rule, start, start + later, end)],
        [...daysOf(rule, start, start, end)].filter((day) => day >= start + later),
        `${text} from ${formatDay(start)}`,
      )
    }),
    { numRuns: 400, seed: 16 },
  )
})
