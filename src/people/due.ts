import type { Task } from '../../client/src/index.ts'

// Temporal, since the first use of Intl in a process takes longer than all else that a command does.

/** The present, as the user's calendar has it. */
export interface Present {
  now: number
  timeZone: string
}

export function isTimeZone(name: string): boolean {
  try {
    return Temporal.Now.zonedDateTimeISO(name).timeZoneId !== ''
  } catch {
    return false
  }
}

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const dateLength = 'YYYY-MM-DD'.length

const wallAt = (ms: number, timeZone: string) =>
  Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone)

/** The day on which something is due, and the time if it has one. */
function momentOf(dueDate: string, timeZone: string): { day: Temporal.PlainDate; time?: string } {
  if (dueDate.length === dateLength) return { day: Temporal.PlainDate.from(dueDate) }
  const wall = wallAt(Date.parse(dueDate), timeZone)
  return { day: wall.toPlainDate(), time: wall.toPlainTime().toString({ smallestUnit: 'minute' }) }
}

/** A due date in words, such as `tomorrow 17:00`. */
export function dueInWords(dueDate: string, { now, timeZone }: Present): string {
  const { day, time } = momentOf(dueDate, timeZone)
  const words = dayInWords(day, wallAt(now, timeZone).toPlainDate())
  return time === undefined ? words : `${words} ${time}`
}

const near = new Map([
  [-1, 'yesterday'],
  [0, 'today'],
  [1, 'tomorrow'],
])

function dayInWords(day: Temporal.PlainDate, today: Temporal.PlainDate): string {
  const distance = today.until(day).days
  const word = near.get(distance)
  if (word !== undefined) return word
  if (distance > 0 && distance < 7) return weekdays[day.dayOfWeek - 1] ?? ''
  const there = `${day.day} ${months[day.month - 1]}`
  return day.year === today.year ? there : `${there} ${day.year}`
}

/** Where a task stands in time: what is done or cancelled is never late. */
export function urgencyOf(
  { dueDate, status }: Task,
  { now, timeZone }: Present,
): 'late' | 'today' | undefined {
  if (dueDate === null || status === 'complete' || status === 'cancelled') return undefined
  const { day, time } = momentOf(dueDate, timeZone)
  const order = Temporal.PlainDate.compare(day, wallAt(now, timeZone).toPlainDate())
  if (order < 0 || (time !== undefined && Date.parse(dueDate) < now)) return 'late'
  return order === 0 ? 'today' : undefined
}

/** The day after one, both as text. */
export const dayAfter = (day: string): string => Temporal.PlainDate.from(day).add({ days: 1 }).toString()
