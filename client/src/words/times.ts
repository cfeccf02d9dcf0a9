import type { Time } from './days.ts'
import type { Phrase } from './dates.ts'
import { begin, count, countOf, end } from './vocabulary.ts'

/** A time of day, perhaps of today; or how many minutes it is from now. */
export type TimeOfDay = { at: Time; isToday?: true } | { after: number }

const partsOfDay: Record<string, Time> = {
  morning: 9 * 60,
  afternoon: 15 * 60,
  evening: 19 * 60,
  night: 21 * 60,
}

/** A part of the day is a time only after a date or `every`. */
export const partOfDay = Object.keys(partsOfDay).join('|')
export const timeOfPart = (part: string): Time => partsOfDay[part.toLowerCase()] ?? 0

type Read = (...groups: string[]) => TimeOfDay | undefined

/** What counts as a time. `at 5` does not (look at 5 houses), nor does `3:16` (John 3:16). */
const shapes: readonly [source: string, read: Read][] = [
  ['(?:at )?(\\d{1,2})(?:[:.](\\d\\d))? ?([ap])\\.?m\\.?', ofHalf],
  ['(?:at )?(\\d\\d):(\\d\\d)', ofDay],
  ['at (\\d{1,2})[:.](\\d\\d)', ofDay],
  ['(?:at )?noon', () => ({ at: 12 * 60 })],
  ['this (morning|afternoon|evening)', (part = '') => ({ at: timeOfPart(part), isToday: true })],
  ['tonight', () => ({ at: timeOfPart('night'), isToday: true })],
  [`in (${count}) (min(?:ute)?s?|h(?:ou)?rs?|h)`, fromNow],
]

const known = shapes.map(([source, read]) => ({
  pattern: new RegExp(begin + source.replaceAll(' ?', '\\s?').replaceAll(' ', '\\s+') + end, 'gi'),
  read,
}))

/** Finds the last time in a text, or the part of the day right after a date or recurrence, which end at `after`. */
export function lastTime(
  text: string,
  after: readonly (number | undefined)[],
): Phrase<TimeOfDay> | undefined {
  for (const at of after) {
    const part = at === undefined ? undefined : partAt(text, at)
    if (part) return part
  }
  const found = known
    .flatMap(({ pattern, read }) => [...text.matchAll(pattern)].map((match) => ({ match, read })))
    .map(({ match: { index, 0: whole, ...match }, read }) => ({
      start: index,
      end: index + whole.length,
      value: read(...Array.from({ length: 3 }, (_, i) => match[i + 1] ?? '')),
    }))
    .toSorted((a, b) => b.end - a.end || a.start - b.start)
  for (const { value, ...span } of found) if (value) return { ...span, value }
  return undefined
}

function partAt(text: string, at: number): Phrase<TimeOfDay> | undefined {
  const pattern = new RegExp(`\\s+(?:in the )?(${partOfDay})${end}`, 'iy')
  pattern.lastIndex = at
  const [, part] = pattern.exec(text) ?? []
  return part === undefined
    ? undefined
    : { start: at, end: pattern.lastIndex, value: { at: timeOfPart(part) } }
}

function ofHalf(hour = '', minute = '', half = ''): TimeOfDay | undefined {
  const isIn = Number(hour) >= 1 && Number(hour) <= 12
  return isIn ? ofDay(String((Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0)), minute) : undefined
}

function ofDay(hour = '', minute = ''): TimeOfDay | undefined {
  const isIn = Number(hour) < 24 && Number(minute) < 60
  return isIn ? { at: Number(hour) * 60 + Number(minute) } : undefined
}

function fromNow(many = '', unit = ''): TimeOfDay {
  return { after: countOf(many) * (unit.toLowerCase().startsWith('m') ? 1 : 60) }
}
