import { formatInstant, isCalendarDate, isTimeZone, parseInstant } from '../core/dates.ts'
import { formatDay, lastDay, parseDay, type Day } from './calendar.ts'

/** How days are due dates: as dates, or as instants of one wall time in the owner's zone. */
export interface Reckoning {
  /** The day of a date, or of an instant for the owner. */
  dayOf(dueDate: string): Day
  /** Undefined after 9999, and before 1970. */
  dueOn(day: Day): string | undefined
  /** Whether a due date lies after today, or an instant after now. */
  isLater(dueDate: string, now: number, today: Day): boolean
}

/** A zone that this server does not know stands for UTC. */
export const usable = (timeZone: string): string => (isTimeZone(timeZone) ? timeZone : 'UTC')

/** Reckons in due dates of the same kind, and with the same wall time, as this one. */
export const reckoningOf = (dueDate: string, timeZone: string): Reckoning =>
  isCalendarDate(dueDate) ? inDates : inInstants(dueDate, usable(timeZone))

const inDates: Reckoning = {
  dayOf: parseDay,
  dueOn: (day) => (day <= lastDay ? formatDay(day) : undefined),
  isLater: (dueDate, _now, today) => parseDay(dueDate) > today,
}

/**
 * A wall time that the clocks skip is as much later, of one that they repeat it is the first (RFC 5545 §3.3.5). Temporal
 * calls that compatible.
 */
function inInstants(instant: string, timeZone: string): Reckoning {
  const zoned = (at: string) => Temporal.Instant.from(at).toZonedDateTimeISO(timeZone)
  const plainTime = zoned(instant).toPlainTime()
  return {
    dayOf: (dueDate) => parseDay(zoned(dueDate).toPlainDate().toString()),
    dueOn(day) {
      if (day > lastDay) return undefined
      const at = Temporal.PlainDate.from(formatDay(day)).toZonedDateTime({ timeZone, plainTime })
      const text = at.epochMilliseconds < 0 ? '' : formatInstant(at.epochMilliseconds)
      return parseInstant(text) === undefined ? undefined : text
    },
    isLater: (dueDate, now) => (parseInstant(dueDate) ?? 0) > now,
  }
}
