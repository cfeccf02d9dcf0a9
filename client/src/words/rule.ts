import { partsOf, type Day } from './days.ts'

/** A recurrence rule, as far as words can say it. */
export interface Rule {
  frequency: 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY'
  interval?: number
  months?: readonly number[]
  /** Days of the month, -1 for the last. */
  dates?: readonly number[]
  /** Days of the week, 0 for Monday; all of them, or the nth of the month (-1 for the last). */
  weekdays?: readonly { weekday: number; nth?: number }[]
  /** Which of these days of the month, -1 for the last. */
  choice?: number
}

const names = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']
/** A day that every month has. */
const safeDate = 28
/** Every rule of this form has an occurrence within so many days: 29 February is eight years away at most. */
const furthest = 9 * 366

/** The rule as RFC 5545 writes it. */
export function formatRule(rule: Rule): string {
  const { frequency, interval = 1, months, dates, weekdays, choice } = rule
  const parts: [name: string, value: string | number | undefined][] = [
    ['FREQ', frequency],
    ['INTERVAL', interval > 1 ? interval : undefined],
    ['BYMONTH', months?.join()],
    ['BYMONTHDAY', dates?.join()],
    ['BYDAY', weekdays?.map(({ weekday, nth = '' }) => `${nth}${names[weekday]}`).join()],
    ['BYSETPOS', choice],
    ['SKIP', canMiss(rule) ? 'BACKWARD' : undefined],
  ]
  return parts.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`])).join(';')
}

/** Whether it can fall on a day that some months lack; people then mean the last one (RFC 7529). */
function canMiss({ frequency, dates, weekdays }: Rule): boolean {
  if (frequency === 'DAILY' || frequency === 'WEEKLY' || weekdays) return false
  return dates?.some((date) => date > safeDate) ?? true
}

/** The first occurrence on this day or after it. */
export function firstOccurrence(rule: Rule, from: Day): Day {
  for (let day = from; day < from + furthest; day += 1) if (falls(rule, day)) return day
  return from
}

function falls(rule: Rule, day: Day): boolean {
  if (!mayFall(rule, day)) return false
  const { choice } = rule
  if (choice === undefined) return true
  const { date, length } = partsOf(day)
  const first = day - date + 1
  const candidates = Array.from({ length }, (_, i) => first + i).filter((other) => mayFall(rule, other))
  return candidates.at(choice > 0 ? choice - 1 : choice) === day
}

/** Whether all parts of the rule but the choice among the days of the month allow this day. */
function mayFall({ months, dates, weekdays }: Rule, day: Day): boolean {
  const { month, date, weekday, length } = partsOf(day)
  const isDate = (wanted: number) => date === (wanted < 0 ? length + 1 + wanted : Math.min(wanted, length))
  const isWeekday = ({ weekday: wanted, nth }: { weekday: number; nth?: number }) =>
    weekday === wanted &&
    (nth === undefined || nth === (nth > 0 ? Math.ceil(date / 7) : -Math.ceil((length - date + 1) / 7)))
  return (
    (months?.includes(month) ?? true) && (dates?.some(isDate) ?? true) && (weekdays?.some(isWeekday) ?? true)
  )
}
