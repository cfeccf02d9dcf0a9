/** A day as its number from 1970-01-01 on. */
export type Day = number

const dayMs = 86_400_000

/** The day of this date. A month or day beyond its range counts on: day 0 is the last day of the month before. */
export const dayAt = (year: number, month: number, day: number): Day =>
  Math.floor(Date.UTC(year, month - 1, day) / dayMs)

/** The year, month (1–12) and day of the month of a day. */
export function dateOf(day: Day): { year: number; month: number; date: number } {
  const at = new Date(day * dayMs)
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, date: at.getUTCDate() }
}

/** The weekday, from 1 for Monday to 7 for Sunday (ISO 8601). */
export const weekdayOf = (day: Day): number => ((((day + 3) % 7) + 7) % 7) + 1

/** The first day of the week that a day is in, where weeks begin with this weekday. */
export const weekOf = (day: Day, weekStart: number): Day => day - ((weekdayOf(day) - weekStart + 7) % 7)

/** The first day of week 1 of a year: that with four days or more in it (RFC 5545 §3.3.10). */
export const firstWeekOf = (year: number, weekStart: number): Day => weekOf(dayAt(year, 1, 4), weekStart)
