import { dateOf, dayAt, daysInMonth, lastDay, type Day } from './calendar.ts'
import { zoneName } from './date-patterns.ts'

const dayMs = 86_400_000
const lastMs = (lastDay + 1) * dayMs - 1

// Sorts after every date of four digits, which the text 10000-01-01 would not.
const dayAfterLast = '9999-12-32'

const datePart = '\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])'
const timePart = '(?:[01]\\d|2[0-3]):[0-5]\\d'
const dateGrammar = new RegExp(`^${datePart}$`)
const instantGrammar = new RegExp(
  `^${datePart}[Tt]${timePart}:[0-5]\\d(?:\\.\\d{1,9})?(?:[Zz]|[+-]${timePart})$`,
)
const zoneNameGrammar = new RegExp(zoneName)

const twoDigits = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, '0'))

/**
 * Parses `YYYY-MM-DDThh:mm:ss[.1–9 digits](Z|±hh:mm)` (RFC 3339 §5.6, without leap seconds) and returns epoch
 * milliseconds; digits after the third are dropped. Returns undefined if the text has another form, the day is
 * not in the calendar, or the instant in UTC is outside the years 1970–9999.
 */
export function parseInstant(text: string): number | undefined {
  if (!instantGrammar.test(text) || !isDayOfMonth(text)) return undefined
  const seconds = digits(text, 11, 2) * 3600 + digits(text, 14, 2) * 60 + digits(text, 17, 2)
  const ms = dayNumber(text) * dayMs + seconds * 1000 + fractionMs(text) - offsetMs(text)
  return ms >= 0 && ms <= lastMs ? ms : undefined
}

/** Formats epoch milliseconds, from 0 to the end of 9999, as `2026-11-22T09:30:00.000Z`. */
export function formatInstant(ms: number): string {
  const day = Math.floor(ms / dayMs)
  const inDay = ms - day * dayMs
  const minutes = Math.floor(inDay / 60_000)
  const inMinute = inDay - minutes * 60_000
  const seconds = Math.floor(inMinute / 1000)
  const hours = Math.floor(minutes / 60)
  const time = `${two(hours)}:${two(minutes - hours * 60)}:${two(seconds)}.${three(inMinute - seconds * 1000)}`
  return `${formatDay(day)}T${time}Z`
}

/** An instant in UTC with milliseconds, as it is kept and answered; a date stays a date. */
export function inUtc(text: string): string {
  const instant = parseInstant(text)
  return instant === undefined ? text : formatInstant(instant)
}

/** Whether `text` is a date `YYYY-MM-DD` that exists, in the years 1970–9999. */
export function isCalendarDate(text: string): boolean {
  return dateGrammar.test(text) && text >= '1970' && isDayOfMonth(text)
}

/** Whether `text` is an IANA time zone name that this runtime knows, and not an offset such as `+01:00`. */
export function isTimeZone(text: string): boolean {
  if (!zoneNameGrammar.test(text)) return false
  try {
    // Not Intl: it takes 40 µs, and accepts names (PST, ACT) that Temporal then refuses.
    return new Temporal.ZonedDateTime(0n, text).timeZoneId !== ''
  } catch {
    return false
  }
}

/**
 * Returns the calendar day `YYYY-MM-DD` of an instant (epoch ms, 1970–9999) in a zone that isTimeZone accepts.
 * West of Greenwich the first day is 1969-12-31. East of it the day after 9999-12-31 is written `9999-12-32`,
 * which sorts after all dates and which startOfDay accepts.
 */
export function dayOf(ms: number, timeZone: string): string {
  if (timeZone === 'UTC') return formatDay(Math.floor(ms / dayMs))
  const offsetNs = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone).offsetNanoseconds
  return formatDay(Math.floor((ms + offsetNs / 1_000_000) / dayMs))
}

/**
 * Returns the first instant of a day in a zone, in epoch milliseconds (below 0 for 1970-01-01 east of Greenwich).
 * It is not always midnight: clocks may go forward at midnight, and a zone that crosses the date line skips a
 * whole day, for which this returns the start of the next one.
 */
export function startOfDay(date: string, timeZone: string): number {
  if (timeZone === 'UTC') return dayNumber(date) * dayMs
  const day = Temporal.PlainDate.from(date === dayAfterLast ? '+010000-01-01' : date)
  return day.toZonedDateTime(timeZone).epochMilliseconds
}

/** Returns the day after `date`; after 9999-12-31 that is `9999-12-32`, as in dayOf. */
export function nextDay(date: string): string {
  return formatDay(dayNumber(date) + 1)
}

/** Returns 23:59:59.999 UTC of a day, in epoch milliseconds. */
export function endOfDayUtc(date: string): number {
  return (dayNumber(date) + 1) * dayMs - 1
}

function isDayOfMonth(date: string): boolean {
  const day = digits(date, 8, 2)
  return day <= 28 || day <= daysInMonth(digits(date, 0, 4), digits(date, 5, 2))
}

/** The day of the date that the text begins with. */
export const dayNumber = (date: string): Day =>
  dayAt(digits(date, 0, 4), digits(date, 5, 2), digits(date, 8, 2))

/** The inverse of dayNumber. */
export function formatDay(day: Day): string {
  if (day > lastDay) return dayAfterLast
  const { year, month, date } = dateOf(day)
  return `${two(Math.floor(year / 100))}${two(year % 100)}-${two(month)}-${two(date)}`
}

function fractionMs(text: string): number {
  if (text.charAt(19) !== '.') return 0
  const end = text.length - zoneLength(text)
  const count = Math.min(3, end - 20)
  return digits(text, 20, count) * 10 ** (3 - count)
}

function offsetMs(text: string): number {
  if (zoneLength(text) === 1) return 0
  const minutes = digits(text, text.length - 5, 2) * 60 + digits(text, text.length - 2, 2)
  return text.charAt(text.length - 6) === '-' ? -minutes * 60_000 : minutes * 60_000
}

function zoneLength(text: string): number {
  return text.endsWith('Z') || text.endsWith('z') ? 1 : 6
}

function digits(text: string, start: number, count: number): number {
  let number = 0
  for (let i = start; i < start + count; i++) number = number * 10 + text.charCodeAt(i) - 48
  return number
}

function two(number: number): string {
  return twoDigits[number] ?? ''
}

function three(number: number): string {
  return number < 100 ? `0${two(number)}` : String(number)
}
