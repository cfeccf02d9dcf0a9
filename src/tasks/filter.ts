import { dayOf, isCalendarDate, nextDay, parseInstant, startOfDay } from '../core/dates.ts'
import type { Sort } from '../things/things.ts'
import { fold, nameKey } from '../core/text.ts'
import {
  choices,
  places,
  ranges,
  sorts,
  type ChoiceOf,
  type ListQuery,
  type PlaceOf,
  type RangeOf,
} from './schema.ts'

/** One end of a range: a number, which is an instant where the field holds times, and its day for the owner. */
export interface Bound {
  at: number
  day: string
}

/** A half-open range of a field, `from ≤ x < before`, open at either end. */
export interface FieldRange {
  field: RangeOf
  from?: Bound | undefined
  before?: Bound | undefined
}

/** Which tasks a list holds. */
export interface Filter {
  /** Those in the trash instead of the live ones. */
  deleted: boolean
  /** Without a due date. */
  undated: boolean
  /** Each field with the values of which a task has one. */
  choices: { field: ChoiceOf; chosen: readonly string[] }[]
  ranges: FieldRange[]
  /** Each field with the id that its tasks have in it; null is none. */
  places: { field: PlaceOf; id: string | null }[]
  /** Whether the tasks recur; undefined for both. */
  recurring: boolean | undefined
  /** Sets of labels: a task has one or more of each set. */
  labels: string[][]
  /** Folded words: each occurs somewhere in a task's text. */
  words: string[]
}

export interface SortBy extends Sort {
  key: string
  descends: boolean
}

/** Reads the filters of a list as of now, in the owner's days. */
export function readFilter(query: ListQuery, timeZone: string, now: number): Filter {
  const bound = (value: string | number | undefined) =>
    value === undefined ? undefined : readBound(value, timeZone)
  return {
    deleted: query.deleted ?? false,
    undated: query.due === 'none',
    choices: [
      ...choices.flatMap((field) => chosenOf(field, query)),
      ...(query.due === 'overdue' ? unfinished : []),
    ],
    ranges: [
      ...ranges.map((field) => ({
        field,
        from: bound(query[field.parameters.from]),
        before: bound(query[field.parameters.before]),
      })),
      ...ranges
        .filter(({ of }) => of === 'dueDate')
        .map((field) => ({ field, ...dueGroup(query.due, timeZone, now) })),
    ].filter(({ from, before }) => from !== undefined || before !== undefined),
    places: places.flatMap((field) => {
      const id = query[field.parameter]
      return id === undefined ? [] : [{ field, id: id === 'none' ? null : id }]
    }),
    recurring: query.recurring,
    labels: [
      ...(query.label === undefined ? [] : [labelsIn(query.label)]),
      ...labelsIn(query.labelAll ?? '').map((label) => [label]),
    ],
    words: (query.q ?? '')
      .split(/\s+/)
      .map(fold)
      .filter((word) => word !== ''),
  }
}

/** Reads `-dueDate,title` as its keys, in order. */
export function readSort(sort = '-createdAt'): SortBy[] {
  return sort.split(',').flatMap((part) => {
    const key = part.replace('-', '')
    const sortBy = sorts.get(key)
    return sortBy ? [{ key, ...sortBy, descends: part.startsWith('-') }] : []
  })
}

/** Whether what the list holds depends on the present, and not on the owner's revision alone. */
export const isRelative = ({ due }: ListQuery): boolean => due !== undefined && due !== 'none'

/** A task that is neither complete nor cancelled. */
const unfinished = choices
  .filter(({ name }) => name === 'status')
  .map((field) => ({ field, chosen: ['incomplete', 'in_progress'] }))

function chosenOf(field: ChoiceOf, query: ListQuery): Filter['choices'] {
  const parameters: Readonly<Record<string, unknown>> = query
  const text = parameters[field.name]
  const named = typeof text === 'string' ? text.split(',') : undefined
  return named ? [{ field, chosen: field.values.filter((value) => named.includes(value)) }] : []
}

const labelsIn = (names: string): string[] =>
  names === '' ? [] : names.split(',').map((name) => nameKey(name.trim()))

/** A bound as it is sent: a date, or an instant. */
export const dateBound = (value: string | undefined, timeZone: string): Bound | undefined =>
  value === undefined ? undefined : readBound(value, timeZone)

/** Whether a due date lies before a bound: a date by its day, an instant by itself. */
export const isBefore = (dueDate: string, { at, day }: Bound): boolean =>
  isCalendarDate(dueDate) ? dueDate < day : (parseInstant(dueDate) ?? 0) < at

function readBound(value: string | number, timeZone: string): Bound {
  if (typeof value === 'number') return { at: value, day: '' }
  if (isCalendarDate(value)) return { at: startOfDay(value, timeZone), day: value }
  const at = parseInstant(value)
  if (at === undefined) throw new Error('a bound passed its schema and is neither date nor instant')
  return { at, day: dayOf(at, timeZone) }
}

/** A date is overdue once its day has passed, an instant once it has. */
function dueGroup(due: ListQuery['due'], timeZone: string, now: number): Pick<FieldRange, 'from' | 'before'> {
  const today = dayOf(now, timeZone)
  const begins = (day: string) => ({ at: startOfDay(day, timeZone), day })
  switch (due) {
    case 'overdue':
      return { before: { at: now, day: today } }
    case 'today':
      return { from: begins(today), before: begins(nextDay(today)) }
    case 'upcoming':
      return { from: begins(nextDay(today)) }
    default:
      return {}
  }
}
