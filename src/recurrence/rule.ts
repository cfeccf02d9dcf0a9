import { isCalendarDate, parseInstant } from '../core/dates.ts'

const frequencies = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const
const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const
const skips = ['OMIT', 'BACKWARD', 'FORWARD'] as const

export type Frequency = (typeof frequencies)[number]

/** A weekday, from 1 for Monday; with an ordinal the nth of its month or year, from its end where it is negative. */
export interface ByDay {
  weekday: number
  ordinal?: number
}

/** A recurrence rule (RFC 5545 §3.3.10, RFC 7529 §4.1); a list that is not given is empty. */
export interface Rule {
  frequency: Frequency
  interval: number
  count?: number
  /** A date, or an instant in text, as a due date is. */
  until?: string
  /** From 1 for Monday. */
  weekStart: number
  /** What becomes of a day that its month does not have. */
  skip: (typeof skips)[number]
  byMonth: number[]
  byWeekNo: number[]
  byYearDay: number[]
  byMonthDay: number[]
  byDay: ByDay[]
  bySetPos: number[]
}

/** Thrown with words that say what is allowed. */
export class RuleError extends Error {}

/** Reads a rule as text, without the name `RRULE:`. Throws RuleError. */
export function parseRule(text: string): Rule {
  const parts = partsOf(text)
  const frequency = oneOf('FREQ', frequencies, parts.get('FREQ'))
  if (!frequency) throw new RuleError(`must say FREQ, one of ${frequencies.join(', ')}`)
  const until = untilOf(parts.get('UNTIL'))
  const count = countOf('COUNT', parts.get('COUNT'))
  if (until !== undefined && count !== undefined) throw new RuleError('must not have both COUNT and UNTIL')
  const weekStart = oneOf('WKST', weekdays, parts.get('WKST')) ?? 'MO'
  const numbers = (name: string, most: number) => listOf(name, parts.get(name), most)
  const rule: Rule = {
    frequency,
    interval: countOf('INTERVAL', parts.get('INTERVAL')) ?? 1,
    ...(count !== undefined && { count }),
    ...(until !== undefined && { until }),
    weekStart: weekdays.indexOf(weekStart) + 1,
    skip: oneOf('SKIP', skips, parts.get('SKIP')) ?? 'OMIT',
    byMonth: listOf('BYMONTH', parts.get('BYMONTH'), 12, false),
    byWeekNo: numbers('BYWEEKNO', 53),
    byYearDay: numbers('BYYEARDAY', 366),
    byMonthDay: numbers('BYMONTHDAY', 31),
    byDay: weekdaysIn(parts.get('BYDAY')),
    bySetPos: numbers('BYSETPOS', 366),
  }
  oneOf('RSCALE', ['GREGORIAN'], parts.get('RSCALE'))
  assertFits(rule)
  return rule
}

const partNames = new Set(
  'FREQ INTERVAL COUNT UNTIL WKST SKIP RSCALE BYMONTH BYWEEKNO BYYEARDAY BYMONTHDAY BYDAY BYSETPOS'.split(
    ' ',
  ),
)
const partsWithinADay = new Set(['BYHOUR', 'BYMINUTE', 'BYSECOND'])

function partsOf(text: string): Map<string, string> {
  const parts = new Map<string, string>()
  for (const part of upperCased(text).split(';')) {
    const [name = '', value, ...more] = part.split('=')
    if (name.startsWith('RRULE:')) throw new RuleError('must be the rule alone, without RRULE:')
    if (partsWithinADay.has(name))
      throw new RuleError(`must not have ${name}: the time is that of the due date`)
    if (!partNames.has(name) || value === undefined || more.length > 0)
      throw new RuleError(
        'must be a recurrence rule of RFC 5545 such as FREQ=WEEKLY;BYDAY=MO,TH: parts NAME=VALUE, separated by semicolons',
      )
    if (parts.has(name)) throw new RuleError(`must not have ${name} twice`)
    parts.set(name, value)
  }
  return parts
}

/** Letters beyond ASCII stay, so that none becomes one of it. */
const upperCased = (text: string) => text.replace(/[a-z]/g, (letter) => letter.toUpperCase())

function oneOf<Value extends string>(
  name: string,
  values: readonly Value[],
  text: string | undefined,
): Value | undefined {
  if (text === undefined) return undefined
  const value = values.find((one) => one === text)
  if (value === undefined) throw new RuleError(`must have as ${name} one of ${values.join(', ')}`)
  return value
}

function countOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const number = /^\d{1,15}$/.test(text) ? Number(text) : 0
  if (number === 0) throw new RuleError(`must have as ${name} a whole number of 1 or more`)
  return number
}

function listOf(name: string, text: string | undefined, most: number, isSigned = true): number[] {
  if (text === undefined) return []
  const form = isSigned ? /^[+-]?\d{1,3}$/ : /^\d{1,2}$/
  const numbers = text.split(',').map((one) => (form.test(one) ? Number(one) : 0))
  if (numbers.some((number) => number === 0 || Math.abs(number) > most || (number < 0 && !isSigned)))
    throw new RuleError(
      `must have as ${name} numbers from 1 to ${most}${isSigned ? ', or negative ones' : ''}`,
    )
  return [...new Set(numbers)]
}

function weekdaysIn(text: string | undefined): ByDay[] {
  if (text === undefined) return []
  return text.split(',').map((one) => {
    const [, ordinal, name = ''] = /^([+-]?\d{1,2})?([A-Z]{2})$/.exec(one) ?? []
    const weekday = weekdays.findIndex((day) => day === name) + 1
    const number = ordinal === undefined ? 1 : Number(ordinal)
    if (weekday === 0 || number === 0 || Math.abs(number) > 53)
      throw new RuleError(`must have as BYDAY weekdays of ${weekdays.join(', ')}, such as MO, 2TU or -1FR`)
    return ordinal === undefined ? { weekday } : { weekday, ordinal: number }
  })
}

function untilOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const [, year, month, day, time, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(T(\d\d)(\d\d)(\d\d)Z)?$/.exec(text) ?? []
  const date = `${year}-${month}-${day}`
  const until = time === undefined ? date : `${date}T${hour}:${minute}:${second}Z`
  if (isCalendarDate(until) || parseInstant(until) !== undefined) return until
  throw new RuleError(
    'must have as UNTIL a date such as 20261231, or an instant in UTC such as 20261231T170000Z',
  )
}

/** The parts that a frequency does not take. */
const foreign: Record<Frequency, readonly ('byWeekNo' | 'byYearDay' | 'byMonthDay')[]> = {
  DAILY: ['byWeekNo', 'byYearDay'],
  WEEKLY: ['byWeekNo', 'byYearDay', 'byMonthDay'],
  MONTHLY: ['byWeekNo', 'byYearDay'],
  YEARLY: [],
}

function assertFits(rule: Rule): void {
  const { frequency, byDay, byWeekNo, bySetPos } = rule
  const unfit = foreign[frequency].find((part) => rule[part].length > 0)
  if (unfit) throw new RuleError(`must not have ${unfit.toUpperCase()} with FREQ=${frequency}`)
  const takesOrdinals = frequency === 'MONTHLY' || (frequency === 'YEARLY' && byWeekNo.length === 0)
  if (!takesOrdinals && byDay.some(({ ordinal }) => ordinal !== undefined))
    throw new RuleError(
      'must have a number before a weekday only with FREQ=MONTHLY or YEARLY, without BYWEEKNO',
    )
  const others = [rule.byMonth, byWeekNo, rule.byYearDay, rule.byMonthDay, byDay]
  if (bySetPos.length > 0 && others.every((list) => list.length === 0))
    throw new RuleError('must have BYSETPOS only beside another part whose name begins with BY')
}
