import { lastDay, type Day } from '../core/calendar.ts'
import { dayNumber, dayOf, formatDay, formatInstant, isCalendarDate, parseInstant } from '../core/dates.ts'

/** How days are due dates: as dates, or as instants of one wall time in the owner's zone. */
export interface Reckoning {
  /** The day of a date, or of an instant for the owner. */
  dayOf(dueDate: string): Day
  /** Undefined after 9999, and before 1970. */
  dueOn(day: Day): string | undefined
  /** Whether a due date lies after today, or an instant after now. */
  isLater(dueDate: string, now: number, today: Day): boolean
}

/** Reckons in due dates of the same kind, and with the same wall time, as this one. This server knows the zone. */
export const reckoningOf = (dueDate: string, timeZone: string): Reckoning =>
  isCalendarDate(dueDate) ? inDates : inInstants(dueDate, timeZone)

const inDates: Reckoning = {
  dayOf: dayNumber,
  dueOn: (day) => (day <= lastDay ? formatDay(day) : undefined),
  isLater: (dueDate, _now, today) => dayNumber(dueDate) > today,
}

/**
 * A wall time that the clocks skip is as much later, of one that they repeat it is the first (RFC 5545 §3.3.5). Temporal
 * calls that compatible.
 */
function inInstants(instant: string, timeZone: string): Reckoning {
  const plainTime = Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone).toPlainTime()
  return {
    dayOf: (dueDate) => dayNumber(dayOf(msOf(dueDate), timeZone)),
    dueOn(day) {
      if (day > lastDay) return undefined
      const at = Temporal.PlainDate.from(formatDay(day)).toZonedDateTime({ timeZone, plainTime })
      const text = at.epochMilliseconds < 0 ? '' : formatInstant(at.epochMilliseconds)
      return parseInstant(text) === undefined ? undefined : text
    },
    isLater: (dueDate, now) => msOf(dueDate) > now,
  }
}

/** The epoch milliseconds of an instant. */
export const msOf = (instant: string): number => parseInstant(instant) ?? 0
