import { lastDate, type DateParser, type Phrase } from './dates.ts'
import { formatDay, formatInstant, instantOf, wallAt, type Day } from './days.ts'
import { lastEvery, type Every } from './every.ts'
import { firstOccurrence, formatRule, type Rule } from './rule.ts'
import { hide, type Span } from './spans.ts'
import { lastTime, type TimeOfDay } from './times.ts'

/** When a task is due, and how it recurs. */
export interface When {
  /** A date, or an instant with the offset of the time zone. */
  dueDate: string | undefined
  recurrence: { rule: string; from: 'due' | 'completion' } | undefined
}

export interface Present {
  /** Milliseconds since 1970. */
  now: number
  /** The time zone of the user. */
  timeZone: string
  /** What reads dates: `casual` of `chrono-node/en`. */
  parser: DateParser
}

const minuteMs = 60_000

interface TimePart extends Span {
  kind: 'due' | 'recurrence'
}

/** Reads date, time and recurrence out of a text, the last of each. */
export function readWhen(line: string, present: Present): When & { parts: readonly TimePart[] } {
  const { now, timeZone, parser } = present
  const today = wallAt(now, timeZone).day
  const context = { today, parser }
  const every = lastEvery(line)
  const once = every ? hide(line, [every]) : line
  const until = every && lastDate(once, 'until', context)
  const open = until ? hide(once, [until]) : once
  const date = (every && lastDate(open, 'start', context)) ?? lastDate(open, 'due', context)
  const time = lastTime(date ? hide(open, [date]) : open, [date?.end, every?.end])

  const recurring: TimePart[] = [every, until].flatMap((span) =>
    span ? [{ ...span, kind: 'recurrence' }] : [],
  )
  const due = joined(line, date, time).map((span): TimePart => ({ ...span, kind: 'due' }))
  const moment = momentOf(date?.value, timeOf(time, every?.value), every?.value.rule, {
    now,
    timeZone,
    today,
  })
  return {
    dueDate: moment && format(moment, timeZone),
    recurrence: moment &&
      every && { rule: ruleOf(every.value, until?.value, moment, timeZone), from: every.value.from },
    parts: [...recurring, ...due],
  }
}

/** A date and its time are one part if nothing stands between them. */
function joined(line: string, date: Span | undefined, time: Span | undefined): readonly Span[] {
  const spans = [date, time].filter((span) => span !== undefined).toSorted((a, b) => a.start - b.start)
  const [first, last] = spans
  const isOne = first && last && line.slice(first.end, last.start).trim() === ''
  return isOne ? [{ start: first.start, end: last.end }] : spans
}

/** A day, or an instant of it. */
type Moment = { day: Day } | { instant: number }

const timeOf = (time: Phrase<TimeOfDay> | undefined, every: Every | undefined): TimeOfDay | undefined =>
  time?.value ?? (every?.time === undefined ? undefined : { at: every.time })

/** What is not said follows: the first day of the rule, or today; but never a time that is past. */
function momentOf(
  day: Day | undefined,
  time: TimeOfDay | undefined,
  rule: Rule | undefined,
  { now, timeZone, today }: { now: number; timeZone: string; today: Day },
): Moment | undefined {
  if (time && 'after' in time) return { instant: now + time.after * minuteMs }
  if (day === undefined && !rule && !time) return undefined
  const from = (earliest: Day) => (rule ? firstOccurrence(rule, earliest) : earliest)
  if (!time) return { day: day ?? from(today) }
  const instant = instantOf(day ?? from(today), time.at, timeZone)
  const isSettled = day !== undefined || time.isToday || instant > now
  return { instant: isSettled ? instant : instantOf(from(today + 1), time.at, timeZone) }
}

const format = (moment: Moment, timeZone: string): string =>
  'day' in moment ? formatDay(moment.day) : formatInstant(moment.instant, timeZone)

/** The end has the form of the due date: a day, or the last second of it in UTC. */
function ruleOf({ rule, times }: Every, until: Day | undefined, moment: Moment, timeZone: string): string {
  const end = until !== undefined && ('day' in moment ? formatDay(until) : endOf(until, timeZone))
  return [
    formatRule(rule),
    ...(times === undefined ? [] : [`COUNT=${times}`]),
    ...(end ? [`UNTIL=${end.replaceAll(/[-:]/g, '')}`] : []),
  ].join(';')
}

const endOf = (day: Day, timeZone: string): string =>
  `${new Date(instantOf(day + 1, 0, timeZone) - 1000).toISOString().slice(0, 19)}Z`
