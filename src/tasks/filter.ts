import { dayOf, isCalendarDate, nextDay, parseInstant, startOfDay } from '../core/dates.ts'
import { sortKeys, statuses, type ListQuery, type SortKey, type Status } from './schema.ts'

/** A place in time for both kinds of due date: an instant, and the owner's day that it falls on. */
export interface Bound {
  at: number
  day: string
}

/** A half-open range, `from ≤ x < before`, open at either end. */
export interface Range<T> {
  from?: T | undefined
  before?: T | undefined
}

/** Which tasks a list holds, every word of the query read; instants are epoch milliseconds. */
export interface Filter {
  statuses?: Status[] | undefined
  /** In the trash, instead of not. */
  deleted: boolean
  /** Without a due date. */
  undated: boolean
  /** Neither complete nor cancelled. */
  unfinished: boolean
  due: Range<Bound>[]
  created: Range<number>
  updated: Range<number>
  completed: Range<number>
}

export interface SortBy {
  key: SortKey
  descends: boolean
}

/** Reads the filters of a list as of now, in the owner's days. */
export function readFilter(query: ListQuery, timeZone: string, now: number): Filter {
  const bound = (text: string | undefined) => (text === undefined ? undefined : readBound(text, timeZone))
  const range = (from: string | undefined, before: string | undefined) => ({
    from: bound(from),
    before: bound(before),
  })
  const instants = (from: string | undefined, before: string | undefined) => ({
    from: bound(from)?.at,
    before: bound(before)?.at,
  })
  return {
    statuses: query.status === undefined ? undefined : readStatuses(query.status),
    deleted: query.deleted ?? false,
    undated: query.due === 'none',
    unfinished: query.due === 'overdue',
    due: [range(query.dueFrom, query.dueBefore), dueGroup(query.due, timeZone, now)],
    created: instants(query.createdFrom, query.createdBefore),
    updated: instants(query.updatedFrom, query.updatedBefore),
    completed: instants(query.completedFrom, query.completedBefore),
  }
}

/** `-dueDate,title` as its keys, in order. */
export function readSort(sort = '-createdAt'): SortBy[] {
  return sort.split(',').flatMap((part) => {
    const key = sortKeys.find((name) => name === part.replace('-', ''))
    return key ? [{ key, descends: part.startsWith('-') }] : []
  })
}

/** Whether what the list holds depends on the present, and not on the owner's revision alone. */
export const isRelative = ({ due }: ListQuery): boolean => due !== undefined && due !== 'none'

function readStatuses(text: string): Status[] {
  const named = text.split(',')
  return statuses.filter((status) => named.includes(status))
}

function readBound(text: string, timeZone: string): Bound {
  if (isCalendarDate(text)) return { at: startOfDay(text, timeZone), day: text }
  const at = parseInstant(text)
  if (at === undefined) throw new Error('a bound passed its schema and is neither date nor instant')
  return { at, day: dayOf(at, timeZone) }
}

/** A date is overdue once its day has passed, an instant once it has. */
function dueGroup(due: ListQuery['due'], timeZone: string, now: number): Range<Bound> {
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
