import { dateOf, daysInMonth, weekdayOf, type Day } from '../core/calendar.ts'
import type { Rule } from './rule.ts'

/** Days in a row, such as those of a month. */
export interface Span {
  first: Day
  length: number
}

/** What the lists of a rule say of a day, made ready to be asked often: a rule may look through a hundred years. */
export interface Limits {
  allowsMonth(month: number): boolean
  /** BYMONTH, BYMONTHDAY, and BYDAY where it has no ordinals. */
  allows(day: Day): boolean
  /** Whether a weekday of BYDAY is the nth of its month or year. */
  hasOrdinals: boolean
  /** BYDAY: where it has ordinals, the nth of the span. */
  allowsWeekday(day: Day, span: Span): boolean
  /** The days of BYMONTHDAY in a month, all if there is none; of one that the month does not have what SKIP says. */
  datesIn(month: Span): Day[]
}

/** Sets of small numbers are bits: lists of a hostile rule are long. */
const bitsOf = (numbers: number[]): number => numbers.reduce((bits, number) => bits | (1 << number), 0)
const has = (bits: number, number: number): boolean => ((bits >>> number) & 1) === 1

export function readLimits({ byMonth, byMonthDay, byDay, skip }: Rule): Limits {
  const months = byMonth.length === 0 ? -1 : bitsOf(byMonth)
  const hasDates = byMonthDay.length > 0
  const dates = bitsOf(byMonthDay.filter((number) => number > 0))
  const datesFromEnd = bitsOf(byMonthDay.filter((number) => number < 0).map((number) => -number))
  const weekdays = bitsOf(byDay.filter(({ ordinal }) => ordinal === undefined).map(({ weekday }) => weekday))
  const ordinals = new Set(byDay.flatMap(({ weekday, ordinal }) => (ordinal ? [ordinal * 8 + weekday] : [])))
  const isDate = (date: number, length: number) =>
    !hasDates || has(dates, date) || has(datesFromEnd, length - date + 1)

  return {
    hasOrdinals: ordinals.size > 0,
    allowsMonth: (month) => has(months, month),
    allows(day) {
      if (weekdays !== 0 && ordinals.size === 0 && !has(weekdays, weekdayOf(day))) return false
      if (months === -1 && !hasDates) return true
      const { year, month, date } = dateOf(day)
      return has(months, month) && isDate(date, daysInMonth(year, month))
    },
    allowsWeekday(day, { first, length }) {
      const weekday = weekdayOf(day)
      if (byDay.length === 0 || has(weekdays, weekday)) return true
      if (ordinals.size === 0) return false
      const nth = Math.floor((day - first) / 7) + 1
      const nthLast = -Math.floor((first + length - 1 - day) / 7) - 1
      return ordinals.has(nth * 8 + weekday) || ordinals.has(nthLast * 8 + weekday)
    },
    datesIn({ first, length }) {
      const days: Day[] = []
      if (skip !== 'OMIT' && hasAny(datesFromEnd, length)) days.push(skip === 'BACKWARD' ? first - 1 : first)
      for (let date = 1; date <= length; date += 1) if (isDate(date, length)) days.push(first + date - 1)
      if (skip !== 'OMIT' && hasAny(dates, length))
        days.push(skip === 'BACKWARD' ? first + length - 1 : first + length)
      return days
    },
  }
}

/** Whether the set has a number above this one. */
const hasAny = (bits: number, above: number): boolean => above < 31 && bits >>> (above + 1) !== 0
