import { dayOf, partsOf, type Day } from './days.ts'
import { begin, count, date, end, fullWeekday, month, ordinal, ordinalOf, weekday } from './vocabulary.ts'

/** The part of chrono-node that reads dates: pass `casual` of `chrono-node/en`. */
export interface DateParser {
  parse(
    text: string,
    reference: Date,
    option: { forwardDate: boolean },
  ): readonly { text: string; start: { get(part: 'year' | 'month' | 'day'): number | null } }[]
}

/** Words that say something, and where they stand. */
export interface Phrase<Value> {
  start: number
  end: number
  value: Value
}

const year = '(?:,?\\s+\\d{4})?'

/**
 * What counts as a date. Names that are ordinary words too (sat, sun, wed, and all months) do so only beside a word
 * or a number that makes them one. What looks back (yesterday, last week, 2 days ago) never does.
 */
const shapes: readonly [source: string, read: Read][] = [
  ['today|tod', (_words, { today }) => today],
  ['(?:the )?day after tomorrow', (_words, { today }) => today + 2],
  ['tomorrow|tmrw?|tom', (_words, { today }) => today + 1],
  ['(?:this )?weekend', (_words, { today }) => today + ((12 - partsOf(today).weekday) % 7)],
  ['next weekend', (_words, { today }) => mondayAfter(today) + 5],
  ['next week', (_words, { today }) => mondayAfter(today)],
  ['next month', (_words, { today }) => lastOfMonth(today) + 1],
  ['next year', (_words, { today }) => dayOf(partsOf(today).year + 1, 1, 1)],
  ['(?:at )?(?:the )?end of (?:(?:the|this) )?month', (_words, { today }) => lastOfMonth(today)],
  ['(?:at )?(?:the )?end of next month', (_words, { today }) => lastOfMonth(lastOfMonth(today) + 1)],
  [`in ${count} (?:day|week|month|year)s?`, asChrono],
  [`${count} (?:day|week|month|year)s? from now`, asChrono],
  [`(?:${weekday},? )?${date} (?:of )?${month}${year}`, asChrono],
  [`(?:${weekday},? )?${month} ${date}${year}`, asChrono],
  ['\\d{4}-\\d\\d-\\d\\d', asChrono],
  ['\\d{4}/\\d\\d/\\d\\d', (words, context) => asChrono(words.replaceAll('/', '-'), context)],
  ['\\d{1,2}\\.\\d{1,2}\\.\\d{4}', (words) => ofNumbers(words.split('.'), false)],
  ['\\d{1,2}/\\d{1,2}/\\d{4}', (words) => ofNumbers(words.split('/'), true)],
  [`(?:this|next) ${weekday}`, asChrono],
  [`(?:${fullWeekday}|mon|tues?|thu(?:rs?)?|fri)`, afterToday],
]

/** Names that are dates only after one of the leading words, or before a time. */
const doubtful: typeof shapes = [[weekday, afterToday]]
/** Dates only after one of the leading words. */
const dateOfMonth: typeof shapes = [[`the (?!last)${ordinal}`, nextDate]]

/** The words before a date that say what it is for. */
const leads = {
  due: 'on|by|due',
  start: '(?:starting|beginning|from)(?: on)?',
  until: '(?:until|till|ending)(?: on)?',
}

export interface Context {
  today: Day
  parser: DateParser
}

type Read = (words: string, context: Context) => Day | undefined

/** A time after a date, for dates that are ones only then. */
const beforeTime =
  '(?=\\s+(?:at\\s+)?(?:\\d{1,2}(?::\\d\\d)?\\s?[ap]m|\\d\\d:\\d\\d|noon|morning|evening|afternoon)\\b)'

const known = {
  due: [
    ...patterns(shapes, `(?:(?:${leads.due}) )?`),
    ...patterns(doubtful, '', beforeTime),
    ...patterns([...doubtful, ...dateOfMonth], `(?:${leads.due}) `),
  ],
  start: patterns([...shapes, ...doubtful, ...dateOfMonth], `(?:${leads.start}) `),
  until: patterns([...shapes, ...doubtful, ...dateOfMonth], `(?:${leads.until}) `),
}

function patterns(of: typeof shapes, lead: string, after = end) {
  return of.map(([source, read]) => ({
    pattern: new RegExp(begin + `${lead}(${source})`.replaceAll(' ', '\\s+') + after, 'gi'),
    read,
  }))
}

/** Finds the last date in a text that is for this, the longest of those that end there. */
export function lastDate(
  text: string,
  purpose: keyof typeof known,
  context: Context,
): Phrase<Day> | undefined {
  const found = known[purpose]
    .flatMap(({ pattern, read }) => [...text.matchAll(pattern)].map((match) => ({ match, read })))
    .map(({ match: { index, 0: whole, 1: words = '' }, read }) => ({
      start: index,
      end: index + whole.length,
      words: words.toLowerCase().replaceAll(/\s+/g, ' '),
      read,
    }))
    .toSorted((a, b) => b.end - a.end || a.start - b.start)
  for (const { start, end: until, words, read } of found) {
    const value = read(words, context)
    if (value !== undefined) return { start, end: until, value }
  }
  return undefined
}

const mondayAfter = (today: Day): Day => today + 7 - partsOf(today).weekday

function lastOfMonth(day: Day): Day {
  const { date: of, length } = partsOf(day)
  return day + length - of
}

/** Asks chrono-node, at noon of the machine's own zone: it reckons there, and every day has a noon. */
function asChrono(words: string, { today, parser }: Context): Day | undefined {
  const { year: thisYear, month: thisMonth, date: of } = partsOf(today)
  const reference = new Date(thisYear, thisMonth - 1, of, 12)
  const parse = (text: string) => {
    const [found] = parser.parse(text, reference, { forwardDate: true })
    if (found?.text !== text) return undefined
    const [foundYear, foundMonth, day] = [
      found.start.get('year'),
      found.start.get('month'),
      found.start.get('day'),
    ]
    return foundYear && foundMonth && day ? dayOf(foundYear, foundMonth, day) : undefined
  }
  const text = words.replace(/\btues\b/, 'tue')
  const leapDay = /(?:^|\D)29(?:th)?(?:\D|$)/.test(text) && /\bfeb/.test(text) && !/\d{4}/.test(text)
  const years = leapDay ? Array.from({ length: 9 }, (_, i) => ` ${thisYear + i}`) : ['']
  for (const more of years) {
    const day = parse(text + more)
    if (day !== undefined && !(leapDay && day < today)) return day
  }
  return undefined
}

/** A day of the week alone is the next one after today. */
function afterToday(words: string, context: Context): Day | undefined {
  const day = asChrono(words, context)
  return day === context.today ? day + 7 : day
}

/** The next such day of a month that has it. */
function nextDate(words: string, { today }: Context): Day | undefined {
  const wanted = ordinalOf(words.replace('the ', ''))
  for (let day = today; day < today + 62; day += 1) if (partsOf(day).date === wanted) return day
  return undefined
}

/** Day and month in either order where only one of them can be meant; dots separate day, month and year. */
function ofNumbers(numbers: readonly string[], isEitherOrder: boolean): Day | undefined {
  const [first = 0, second = 0, of = 0] = numbers.map(Number)
  const dayFirst = dayOf(of, second, first)
  if (!isEitherOrder) return dayFirst
  const monthFirst = dayOf(of, first, second)
  if (dayFirst !== undefined && monthFirst !== undefined && dayFirst !== monthFirst) return undefined
  return dayFirst ?? monthFirst
}
