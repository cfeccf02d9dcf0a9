/** A day as its number from 1970-01-01 on. */
export type Day = number

/** 9999-12-31. */
export const lastDay: Day = 2_932_896

/** A day of the calendar; the month is from 1 to 12. */
export interface CalendarDay {
  year: number
  month: number
  date: number
}

/** The number of a day. Years here begin in March, so that the leap day comes last. `Date` would take ten times as long. */
export function dayAt(year: number, month: number, date: number): Day {
  const since = year - (month <= 2 ? 1 : 0)
  const inYear = Math.floor((153 * (month <= 2 ? month + 9 : month - 3) + 2) / 5) + date - 1
  return (
    365 * since + Math.floor(since / 4) - Math.floor(since / 100) + Math.floor(since / 400) + inYear - 719_468
  )
}

/** The inverse of dayAt; an era is 400 years. */
export function dateOf(day: Day): CalendarDay {
  const days = day + 719_468
  const era = Math.floor(days / 146_097)
  const inEra = days - era * 146_097
  const leapDays = Math.floor(inEra / 1460) - Math.floor(inEra / 36_524) + Math.floor(inEra / 146_096)
  const yearOfEra = Math.floor((inEra - leapDays) / 365)
  const inYear = inEra - 365 * yearOfEra - Math.floor(yearOfEra / 4) + Math.floor(yearOfEra / 100)
  const fromMarch = Math.floor((5 * inYear + 2) / 153)
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
  const date = inYear - Math.floor((153 * fromMarch + 2) / 5) + 1
  return { year: era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, date }
}

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)

export const daysInYear = (year: number): number => (isLeap(year) ? 366 : 365)

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** The weekday, from 1 for Monday to 7 for Sunday (ISO 8601). */
export const weekdayOf = (day: Day): number => ((((day + 3) % 7) + 7) % 7) + 1

/** The first day of the week that a day is in, where weeks begin with this weekday. */
export const weekOf = (day: Day, weekStart: number): Day => day - ((weekdayOf(day) - weekStart + 7) % 7)

/** The first day of week 1 of a year: that with four days or more in it (RFC 5545 §3.3.10). */
export const firstWeekOf = (year: number, weekStart: number): Day => weekOf(dayAt(year, 1, 4), weekStart)
