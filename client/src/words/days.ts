/** A day of the calendar: how many days it is after 1970-01-01. */
export type Day = number

/** A time of day, in minutes after midnight. */
export type Time = number

const dayMs = 86_400_000

/** Returns the day, or undefined if the calendar, in the years that Docket takes, does not have it. */
export function dayOf(year: number, month: number, date: number): Day | undefined {
  if (year < 1970 || year > 9999) return undefined
  const ms = Date.UTC(year, month - 1, date)
  const there = new Date(ms)
  return there.getUTCMonth() === month - 1 && there.getUTCDate() === date ? ms / dayMs : undefined
}

/** The parts of a day; `weekday` counts from 0 for Monday, `length` is that of its month. */
export function partsOf(day: Day) {
  const there = new Date(day * dayMs)
  const [year, month] = [there.getUTCFullYear(), there.getUTCMonth() + 1]
  return {
    year,
    month,
    date: there.getUTCDate(),
    weekday: (there.getUTCDay() + 6) % 7,
    length: new Date(Date.UTC(year, month, 0)).getUTCDate(),
  }
}

/** Such as `2026-12-01`. */
export const formatDay = (day: Day): string => new Date(day * dayMs).toISOString().slice(0, 10)

/** The wall clock of a time zone at an instant. */
export function wallAt(instant: number, timeZone: string): { day: Day; time: Time } {
  const wall = instant + offsetAt(instant, timeZone)
  const day = Math.floor(wall / dayMs)
  return { day, time: Math.floor((wall - day * dayMs) / 60_000) }
}

/** The instant at which a wall clock shows this. A time that the clocks skip is as much later; of two it is the first. */
export function instantOf(day: Day, time: Time, timeZone: string): number {
  const wall = day * dayMs + time * 60_000
  const before = offsetAt(wall - dayMs, timeZone)
  const after = offsetAt(wall + dayMs, timeZone)
  const found = [before, after].find((offset) => offsetAt(wall - offset, timeZone) === offset)
  return wall - (found ?? before)
}

/** An instant with the offset of a time zone, such as `2026-12-01T17:00:00+01:00`. */
export function formatInstant(instant: number, timeZone: string): string {
  const offset = offsetAt(instant, timeZone) / 60_000
  const wall = new Date(instant + offset * 60_000).toISOString().slice(0, 19)
  const minutes = Math.abs(offset)
  return `${wall}${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(Math.floor(minutes % 60))}`
}

const two = (count: number) => String(count).padStart(2, '0')

/** To make one takes much longer than to use it. */
const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'iso8601',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    })
  formats.set(timeZone, format)
  return format
}

/** How far the wall clock is ahead of UTC, in milliseconds; seconds of old local times are cut off. */
function offsetAt(instant: number, timeZone: string): number {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0
  const wall = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'))
  return wall - Math.floor(instant / 60_000) * 60_000
}
