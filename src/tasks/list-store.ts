import type { Position } from '../core/cursor.ts'
import type { Row } from '../database/columns.ts'
import { empty, join, planEachTime, raw, sql, type Queryable, type Sql } from '../database/database.ts'
import type { FieldRange, Filter, SortBy } from './filter.ts'
import {
  between,
  findFew,
  hasLabel,
  hasRank,
  isAbout,
  isAmong,
  isCountedIn,
  isIn,
  narrowings,
  reachFar,
  rivalsOf,
} from './narrow-store.ts'
import { countFound, holds, readAmong, search, type Listing } from './search-store.ts'
import { keptJson } from '../things/things.ts'
import { model } from './tasks.ts'

/** A column that a list is ordered by. */
interface Key {
  column: Sql
  isNullable: boolean
  descends: boolean
}

/** Ties break by id, in the direction of the last key. */
const keysOf = (sort: SortBy[]): Key[] => [
  ...sort.map(({ column, isNullable, descends }) => ({ column: raw(column), isNullable, descends })),
  { column: raw('id'), isNullable: false, descends: sort.at(-1)?.descends ?? false },
]

/** A task of a list as JSON, with the place where it stands in it. */
export interface Listed {
  /** Undefined where the task was erased while the list was read: its place still counts. */
  json: string | undefined
  position: Position
}

/** The owner's tasks that match, in order, at most `limit`, from the one after a position. */
export async function findTasks(
  db: Queryable,
  ownerId: string,
  filter: Filter,
  sort: SortBy[],
  after: Position | undefined,
  limit: number,
): Promise<Listed[]> {
  const rows: Row[] = []
  for (const part of partsOf(keysOf(sort), after)) {
    if (rows.length < limit)
      rows.push(...(await readPart(db, ownerId, filter, sort, part, limit - rows.length)))
  }
  const places = [...sort.map((_key, i) => placeName(i)), 'id']
  const jsonOf = await readJson(db, ownerId, rows)
  return rows.map((row) => ({ json: jsonOf(row), position: places.map((name) => row[name] ?? null) }))
}

/** The JSON of each row: what is kept of it, or else what its task is now; undefined if that is gone meanwhile. */
async function readJson(
  db: Queryable,
  ownerId: string,
  rows: Row[],
): Promise<(row: Row) => string | undefined> {
  const stale = rows.filter((row) => keptJson(row) === undefined).map(({ id }) => String(id))
  if (stale.length === 0) return keptJson
  const tasks = await db.query<Row>(sql`
    select ${model.table.selected} from tasks where owner_id = ${ownerId} and id in (${join(stale)}) and purged_at is null`)
  const made = new Map(tasks.map((row) => [row['id'], model.json(model.fromRow(row))]))
  return (row) => keptJson(row) ?? made.get(row['id'] ?? null)
}

/** A part of a list whose order an index has: no row of it has null in its first key. */
interface Part {
  condition: Sql
  keys: Key[]
  after: Position | undefined
}

/**
 * Null sorts last in both directions, and no index has both orders. A list whose first key may be null is
 * therefore read in two parts: the rows with a value, then those without.
 */
function partsOf(keys: Key[], after: Position | undefined): Part[] {
  const [first, ...rest] = keys
  if (!first?.isNullable) return [{ condition: empty, keys, after }]
  const isAmongNulls = after?.[0] === null
  const withValue: Part = {
    condition: sql`and ${first.column} is not null`,
    keys: [{ ...first, isNullable: false }, ...rest],
    after,
  }
  const withoutValue = partsOf(rest, isAmongNulls ? after.slice(1) : undefined).map((part) => ({
    ...part,
    condition: sql`and ${first.column} is null ${part.condition}`,
  }))
  return isAmongNulls ? withoutValue : [withValue, ...withoutValue]
}

const placeName = (i: number) => `place_${i}`

async function readPart(
  db: Queryable,
  ownerId: string,
  filter: Filter,
  sort: SortBy[],
  { condition, keys, after }: Part,
  limit: number,
): Promise<Row[]> {
  const far = await reachFar(db, ownerId, filter, keys[0]?.column.sql)
  const places = sort.map(({ column }, i) => raw(`, ${column} as ${placeName(i)}`))
  const where = sql`${matching(ownerId, filter, { far })} ${condition} ${after ? sql`and ${isAfter(keys, after)}` : empty}`
  const columns = sql`id, revision, json${join(places, '')}`
  const placed = keys.map((key) => ({ ...key, column: raw(placeOf(key, sort)) }))
  const list: Listing = {
    rows: sql`select ${columns} from tasks where ${where}`,
    rowsWithText: sql`select ${columns}, search_text from tasks where ${where}`,
    order: sql`order by ${join(keys.map(inOrder))}`,
    orderOfRows: sql`order by ${join(placed.map(inOrder))}`,
  }
  return readListing(db, ownerId, filter, keys[0]?.column.sql, list, limit)
}

/** The name under which a key is among the columns of a list. */
function placeOf({ column }: Key, sort: SortBy[]): string {
  const i = sort.findIndex((by) => by.column === column.sql)
  return i < 0 ? column.sql : placeName(i)
}

/** Words are searched for; tasks that a filter leaves few of are read by that, and all others in the order of the list. */
async function readListing(
  db: Queryable,
  ownerId: string,
  filter: Filter,
  sortedBy: string | undefined,
  list: Listing,
  limit: number,
): Promise<Row[]> {
  for (const ids of filter.deleted ? [] : narrowings(ownerId, filter, sortedBy)) {
    const few = await findFew(db, ids)
    if (few)
      return few.length === 0
        ? []
        : readAmong(db, list, sql`and ${isAmong(few)} ${holds(filter.words)}`, limit)
  }
  if (filter.words.length > 0) return search(db, ownerId, filter, list, limit)
  const inOrderOfIndex = sql`${list.rows} ${list.order} limit ${limit}`
  const { places, ranges } = rivalsOf(filter, sortedBy)
  return db.query<Row>(places.length + ranges.length > 0 ? planEachTime(inOrderOfIndex) : inOrderOfIndex)
}

/** How many of the owner's tasks match. */
export async function countTasks(db: Queryable, ownerId: string, filter: Filter): Promise<number> {
  const where = matching(ownerId, filter, { isCount: true })
  if (filter.words.length > 0) return countFound(db, ownerId, filter, where)
  const row = await db.first<{ total: number }>(sql`select count(*) as total from tasks where ${where}`)
  return row?.total ?? 0
}

/** What a condition is for. */
interface Purpose {
  isCount?: boolean
  /** The ranges that leave many tasks. */
  far?: readonly FieldRange[]
}

/**
 * The condition of a list. For a count, which no order guides to an index, fields are named so that theirs serves it;
 * a list would leave the index of its order for that, as it would for a range: one that leaves many is hidden from it.
 */
function matching(ownerId: string, filter: Filter, { isCount = false, far = [] }: Purpose): Sql {
  return join(
    [
      sql`owner_id = ${ownerId}`,
      filter.deleted ? sql`deleted_at is not null and purged_at is null` : sql`deleted_at is null`,
      ...filter.choices.map(({ field, chosen }) =>
        isCount ? hasRank(field, chosen) : sql`${raw(field.column)} in (${join(chosen)})`,
      ),
      ...(filter.undated ? [sql`due_order is null`] : []),
      ...filter.ranges.flatMap((range) => isWithin(range, far.includes(range))),
      ...filter.places.map(({ field, id }) => (isCount ? isCountedIn(field, id) : isIn(field, id))),
      ...(filter.recurring === undefined
        ? []
        : [filter.recurring ? sql`recurrence is not null` : sql`recurrence is null`]),
      ...filter.labels.map((labels) => hasLabel(ownerId, labels)),
    ],
    ' and ',
  )
}

function isWithin(range: FieldRange, isHidden: boolean): Sql[] {
  const bounds = isAbout(range, isHidden)
  return range.field.of === 'dueDate' ? [...bounds, isDueWithin(range)] : bounds
}

/** Dates are compared with the owner's day of the bound, instants with the bound itself. */
function isDueWithin({ field, from, before }: FieldRange): Sql {
  const [date = '', instant = ''] = field.columns
  const dates = between(raw(date), from?.day, before?.day)
  const instants = between(raw(instant), from?.at, before?.at)
  return sql`(${join(dates, ' and ')} or ${join(instants, ' and ')})`
}

const inOrder = ({ column, isNullable, descends }: Key): Sql => {
  const values = descends ? sql`${column} desc` : column
  return isNullable ? sql`(${column} is null), ${values}` : values
}

/**
 * What comes after a position. If no key may be null and all run in one direction, this is one comparison of rows,
 * which an index can follow. Otherwise it is spelled out key by key, behind a bound for the index.
 */
function isAfter(keys: Key[], position: Position): Sql {
  const [first] = keys
  const isSimple = keys.every(({ isNullable, descends }) => !isNullable && descends === first?.descends)
  const operator = first?.descends ? raw('<') : raw('>')
  if (isSimple) {
    return sql`(${join(keys.map(({ column }) => column))}) ${operator} (${join(position)})`
  }
  const ways = keys.map((key, i) => {
    const same = keys.slice(0, i).map((earlier, j) => equals(earlier, position[j] ?? null))
    return sql`(${join([...same, isBeyond(key, position[i] ?? null)], ' and ')})`
  })
  return sql`${first?.column ?? empty} ${operator}= ${position[0]} and (${join(ways, ' or ')})`
}

const equals = ({ column }: Key, value: string | number | null): Sql =>
  value === null ? sql`${column} is null` : sql`${column} = ${value}`

/** Null sorts last in both directions, so after it only the next keys decide. */
function isBeyond({ column, isNullable, descends }: Key, value: string | number | null): Sql {
  if (value === null) return sql`1 = 0`
  const beyond = descends ? sql`${column} < ${value}` : sql`${column} > ${value}`
  return isNullable ? sql`(${beyond} or ${column} is null)` : beyond
}
