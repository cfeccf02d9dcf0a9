import type { Time } from './days.ts'
import type { Rule } from './rule.ts'
import { scan, type Scanner } from './scanner.ts'
import { partOfDay, timeOfPart } from './times.ts'
import {
  begin,
  count,
  countOf,
  date,
  end,
  month,
  monthOf,
  ordinal,
  ordinalOf,
  weekday,
  weekdayOf,
} from './vocabulary.ts'

/** What `every …` says. */
export interface Every {
  rule: Rule
  from: 'due' | 'completion'
  /** How often, if it is said. */
  times?: number
  /** Of a part of the day. */
  time?: Time
}

const frequencies = { day: 'DAILY', week: 'WEEKLY', month: 'MONTHLY', year: 'YEARLY' } as const
const adverbs: Record<string, Rule> = {
  daily: { frequency: 'DAILY' },
  weekly: { frequency: 'WEEKLY' },
  monthly: { frequency: 'MONTHLY' },
  quarterly: { frequency: 'MONTHLY', interval: 3 },
  yearly: { frequency: 'YEARLY' },
}

const allOf = (weekdays: readonly number[]) => weekdays.map((one) => ({ weekday: one }))
const workdays = allOf([0, 1, 2, 3, 4])
const workday = '(?:weekday|workday|working day)s?'
const joint = '(?:,|and|&)'
const ofMonth = '(?:of |in )?(?:the|each|every|a) month'

/** Finds the last `every …` in a text, or `daily` and its like where nothing but a time or a mark follows. */
export function lastEvery(text: string): { start: number; end: number; value: Every } | undefined {
  for (const { index, 0: word, 1: fromCompletion } of [...text.matchAll(starts)].toReversed()) {
    const scanner = scan(text, index + word.length, end)
    const adverb = adverbs[word.toLowerCase()]
    const value = adverb ? { rule: adverb } : readEvery(scanner)
    if (!value) continue
    const times = scanner.take('(?:for )?(\\d{1,4}) times')
    return {
      start: index,
      end: scanner.at,
      value: {
        ...value,
        from: fromCompletion === '!' ? 'completion' : 'due',
        ...(times && { times: Number(times[0]) }),
      },
    }
  }
  return undefined
}

const starts = new RegExp(
  `${begin}(?:every(!)?(?=\\s)|(?:${Object.keys(adverbs).join('|')})(?=\\s*(?:$|\uFFFF|at\\s|\\d{1,2}(?::\\d\\d|\\s?[ap]m)|(?:for\\s+)?\\d+ times)))`,
  'gi',
)

type Reader = (scanner: Scanner) => { rule: Rule; time?: Time } | undefined

/** The first of them that reads the words says what they mean. */
const readers: readonly Reader[] = [ofPart, ofWorkdays, ofUnits, ofYear, ofOrdinals, ofWeekdays]

function readEvery(scanner: Scanner): ReturnType<Reader> {
  const start = scanner.at
  for (const read of readers) {
    const found = read(scanner)
    if (found) return found
    scanner.at = start
  }
  return undefined
}

/** `every morning`; that of `every friday evening` is left to the time. */
function ofPart(scanner: Scanner): ReturnType<Reader> {
  const [part] = scanner.take(`(${partOfDay})`) ?? []
  return part === undefined ? undefined : { rule: { frequency: 'DAILY' }, time: timeOfPart(part) }
}

function ofWorkdays(scanner: Scanner): ReturnType<Reader> {
  if (scanner.take(workday)) return { rule: { frequency: 'WEEKLY', weekdays: workdays } }
  const [other] = scanner.take('(?:(other) )?weekends?') ?? []
  return other === undefined
    ? undefined
    : { rule: { frequency: 'WEEKLY', ...(other && { interval: 2 }), weekdays: allOf([5, 6]) } }
}

/** `every day`, `every other week`, `every 2 weeks on mon and thu`, `every 3rd month on the 15th`. */
function ofUnits(scanner: Scanner): ReturnType<Reader> {
  const [many = '', unit = ''] =
    scanner.take(`(?:(other|${count}|(?!last)${ordinal}) )?(day|week|month|quarter|year)s?`) ?? []
  if (!unit || (many && scanner.take(ofMonth))) return undefined
  const interval = intervalOf(many)
  const name = unit.toLowerCase()
  if (name === 'quarter') return { rule: { frequency: 'MONTHLY', interval: interval * 3 } }
  if (!isUnit(name) || interval < 1) return undefined
  return { rule: { frequency: frequencies[name], interval, ...daysWithin(scanner, name) } }
}

const isUnit = (name: string): name is keyof typeof frequencies => name in frequencies

function intervalOf(many: string): number {
  if (many === '') return 1
  if (many.toLowerCase() === 'other') return 2
  return /^(?:\d+$|[a-z]+$)/i.test(many) && Number.isFinite(countOf(many)) ? countOf(many) : ordinalOf(many)
}

/** What follows `on` after a unit. */
function daysWithin(scanner: Scanner, unit: keyof typeof frequencies): Partial<Rule> {
  const before = scanner.at
  if (!scanner.take('on(?: the)?')) return {}
  const found = {
    day: () => undefined,
    week: () => ofWeekdays(scanner)?.rule,
    month: () => ofOrdinals(scanner)?.rule,
    year: () => ofYear(scanner)?.rule,
  }[unit]()
  if (!found) scanner.at = before
  const { frequency, interval, ...days } = found ?? { frequency: 'DAILY' }
  return days
}

/** `every 24 december`, `every dec 24th`. */
function ofYear(scanner: Scanner): ReturnType<Reader> {
  const [day, of] =
    scanner.take(`(?:the )?(${date}) (?:of )?(${month})`) ??
    scanner.take(`(${month}) (${date})`)?.toReversed() ??
    []
  if (day === undefined || of === undefined) return undefined
  const on = Number.parseInt(day, 10)
  return on < 1 || on > 31 ? undefined : { rule: { frequency: 'YEARLY', months: [monthOf(of)], dates: [on] } }
}

/** `every 1st and 15th`, `every last day of the month`, `every 2nd tuesday`, `every last weekday of the month`. */
function ofOrdinals(scanner: Scanner): ReturnType<Reader> {
  const nths = list(scanner, `(?:the )?(${ordinal})`, ([word = '']) => ordinalOf(word))
  const [nth] = nths
  if (nth === undefined || nths.some((one) => one < -1 || one === 0 || one > 31)) return undefined
  const days = daysOf(scanner, nths, nth)
  if (!days) return undefined
  const [of] = scanner.take(`(?:of |in )(${month})`) ?? []
  if (of === undefined) scanner.take(ofMonth)
  return {
    rule: {
      frequency: of === undefined ? 'MONTHLY' : 'YEARLY',
      ...(of && { months: [monthOf(of)] }),
      ...days,
    },
  }
}

function daysOf(scanner: Scanner, nths: readonly number[], nth: number): Partial<Rule> | undefined {
  if (scanner.take(workday)) return nths.length > 1 ? undefined : { weekdays: workdays, choice: nth }
  const [name] = scanner.take(`(${weekday})`) ?? []
  if (name === undefined) {
    const isLast = nths.includes(-1)
    return scanner.take('days?') || !isLast ? { dates: nths } : undefined
  }
  return nths.some((one) => one > 5)
    ? undefined
    : { weekdays: nths.map((one) => ({ weekday: weekdayOf(name), nth: one })) }
}

/** `every monday`, `every mon, wed and fri`, `every mon-fri`, `every other friday`. */
function ofWeekdays(scanner: Scanner): ReturnType<Reader> {
  const isOther = scanner.take('other') !== undefined
  const [first, last] = scanner.take(`(${weekday}) ?(?:-|–|to|through) ?(${weekday})`) ?? []
  const weekdays =
    first !== undefined && last !== undefined
      ? range(weekdayOf(first), weekdayOf(last))
      : list(scanner, `(${weekday})`, ([name = '']) => weekdayOf(name))
  if (weekdays.length === 0) return undefined
  const unique = [...new Set(weekdays)].toSorted((a, b) => a - b)
  return { rule: { frequency: 'WEEKLY', ...(isOther && { interval: 2 }), weekdays: allOf(unique) } }
}

const range = (first: number, last: number) =>
  Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, i) => (first + i) % 7)

/** One or several, with a comma or `and` between them. */
function list<Item>(scanner: Scanner, source: string, read: (groups: readonly string[]) => Item): Item[] {
  const items: Item[] = []
  for (;;) {
    const before = scanner.at
    if (items.length > 0 && !scanner.take(`${joint}(?: ${joint})?`)) return items
    const groups = scanner.take(source)
    if (!groups) {
      scanner.at = before
      return items
    }
    items.push(read(groups))
  }
}
