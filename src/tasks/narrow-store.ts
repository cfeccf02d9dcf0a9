import { join, raw, sql, type Queryable, type Sql } from '../database/database.ts'
import { endOfDayUtc } from '../core/dates.ts'
import type { FieldRange, Filter } from './filter.ts'
import type { ChoiceOf, PlaceOf } from './schema.ts'

/** A filter that leaves no more tasks than this is read by its own index, and sorted; others in the order of the list. */
const few = 500

// Without statistics SQLite takes the primary key where an index has no range to offer: hence ranges that mean nothing.

/** Whether a field has one of these values, by their ranks. */
export function hasRank({ rankColumn, values }: ChoiceOf, chosen: readonly string[]): Sql {
  const [rank, ranks] = [raw(rankColumn), chosen.map((value) => values.indexOf(value))]
  const [least, greatest] = [Math.min(...ranks), Math.max(...ranks)]
  return sql`${rank} >= ${least} and ${rank} <= ${greatest} and ${rank} in (${join(ranks)})`
}

/** Whether a field has this id; null is none. */
export const isIn = ({ column }: PlaceOf, id: string | null): Sql =>
  id === null ? raw(`${column} is null`) : sql`${raw(column)} = ${id}`

/** The same, where the index by that field shall be used. */
export const isCountedIn = (field: PlaceOf, id: string | null): Sql =>
  sql`${isIn(field, id)} and position >= ${''}`

/**
 * Whether a task has one of the labels. A count is looked up for each task and label: PostgreSQL would make a join of
 * `exists`, and may read all labels of an owner for each task where it is given several at once.
 */
export const hasLabel = (ownerId: string, labels: string[]): Sql =>
  sql`(${join(
    labels.map(
      (label) => sql`0 < (
        select count(*) from task_labels
        where owner_id = ${ownerId} and label = ${label} and task_id = tasks.id)`,
    ),
    ' or ',
  )})`

const isLive = (ownerId: string): Sql => sql`owner_id = ${ownerId} and deleted_at is null`

/** Whether a column lies in a half-open range, of which either end may be open. */
export function between(
  column: Sql,
  from: number | string | undefined,
  before: number | string | undefined,
): Sql[] {
  return [
    ...(from === undefined ? [] : [sql`${column} >= ${from}`]),
    ...(before === undefined ? [] : [sql`${column} < ${before}`]),
  ]
}

/** The same, which SQLite does not look for in an index. PostgreSQL reads it as the same. */
const notOutside = (column: Sql, from: number | undefined, before: number | undefined): Sql[] => [
  ...(from === undefined ? [] : [sql`not ${column} < ${from}`]),
  ...(before === undefined ? [] : [sql`not ${column} >= ${before}`]),
]

/**
 * The condition that the index of a range's field serves, or may not serve on SQLite. No task of the range lies
 * outside; of due dates some others may lie within, since a day is not the same time everywhere.
 */
export function isAbout({ field, from, before }: FieldRange, isHidden = false): Sql[] {
  const column = raw(field.orderedBy ?? field.columns[0] ?? '')
  const within = isHidden ? notOutside : between
  if (field.of !== 'dueDate') return within(column, from?.at, before?.at)
  const earliest = from && Math.min(from.at, endOfDayUtc(from.day))
  const latest = before && Math.max(before.at, endOfDayUtc(before.day))
  return within(column, earliest, latest)
}

/** The filters with an index that is not the one of the list's order. */
export const rivalsOf = (
  { places, ranges }: Filter,
  sortedBy: string | undefined,
): Pick<Filter, 'places' | 'ranges'> => ({
  places: sortedBy === 'position' ? [] : places,
  ranges: ranges.filter(({ field }) => field.orderedBy !== undefined && field.orderedBy !== sortedBy),
})

/**
 * The ranges that leave many tasks, and are not those of the list's order. SQLite would read a range by its index and
 * sort all of it, however much that is.
 */
export async function reachFar(
  db: Queryable,
  ownerId: string,
  filter: Filter,
  sortedBy: string | undefined,
): Promise<FieldRange[]> {
  const far: FieldRange[] = []
  for (const range of filter.deleted ? [] : rivalsOf(filter, sortedBy).ranges) {
    const within = join([isLive(ownerId), ...isAbout(range)], ' and ')
    const row = await db.first<{ found: number }>(sql`
      select count(*) as found from (select 1 as one from tasks where ${within} limit ${few + 1}) reached`)
    if (Number(row?.found) > few) far.push(range)
  }
  return far
}

/**
 * For each filter with an index of its own, the ids of the live tasks that it leaves, as `found_id`; not where that
 * index has them in the order of the list.
 */
export function narrowings(ownerId: string, filter: Filter, sortedBy: string | undefined): Sql[] {
  const live = sql`select id as found_id from tasks where ${isLive(ownerId)}`
  const { places } = rivalsOf(filter, sortedBy)
  const choices = filter.choices.filter(({ field }) => field.rankColumn !== sortedBy)
  return [
    ...filter.labels.map(
      (names) => sql`
        select distinct task_id as found_id from task_labels
        where owner_id = ${ownerId} and label in (${join(names)})`,
    ),
    ...places.flatMap(({ field, id }) => (id === null ? [] : [sql`${live} and ${isCountedIn(field, id)}`])),
    ...(filter.recurring === true ? [sql`${live} and recurrence is not null`] : []),
    ...choices.map(({ field, chosen }) => sql`${live} and ${hasRank(field, chosen)}`),
  ]
}

/** The ids if they are few. */
export async function findFew(db: Queryable, ids: Sql): Promise<string[] | undefined> {
  const rows = await db.query<{ found_id: string }>(sql`select found_id from (${ids}) ids limit ${few + 1}`)
  return rows.length > few ? undefined : rows.map(({ found_id: id }) => id)
}

/** Whether a task is one of these; statements are alike for numbers of ids that are. */
export const isAmong = (ids: string[]): Sql => sql`id in (${join(filled(ids))})`

/** The ids, with the last of them again up to the next power of two. */
function filled(ids: string[]): string[] {
  const last = ids.at(-1)
  if (last === undefined) return []
  const size = 2 ** Math.ceil(Math.log2(ids.length))
  return [...ids, ...Array.from({ length: size - ids.length }, () => last)]
}
