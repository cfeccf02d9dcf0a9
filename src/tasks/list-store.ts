import type { Position } from '../core/cursor.ts'
import { endOfDayUtc } from '../core/dates.ts'
import { empty, join, raw, sql, type Queryable, type Sql } from '../database/database.ts'
import type { Bound, Filter, Range, SortBy } from './filter.ts'
import { statuses, type SortKey, type Status } from './schema.ts'
import { dueColumns, taskColumns, type TaskRow } from './store.ts'

/** A sort key as the database has it: its expression, whether it can be empty, and its value in a row. */
interface Key {
  expression: Sql
  nullable: boolean
  valueOf(row: TaskRow): string | number | null
}

const keys: Record<SortKey, Key> = {
  createdAt: { expression: sql`created_at`, nullable: false, valueOf: (row) => row.createdAt },
  updatedAt: { expression: sql`updated_at`, nullable: false, valueOf: (row) => row.updatedAt },
  dueDate: {
    expression: sql`due_order`,
    nullable: true,
    valueOf: (row) => row.dueAt ?? dueColumns(row.dueDate).order,
  },
  completedAt: { expression: sql`completed_at`, nullable: true, valueOf: (row) => row.completedAt },
  title: { expression: sql`title_key`, nullable: false, valueOf: (row) => row.title.toLowerCase() },
  status: {
    expression: sql`status_rank`,
    nullable: false,
    valueOf: (row) => statuses.indexOf(row.status),
  },
}

/** Ties break by id, in the direction of the last key. */
const idKey: Key = { expression: sql`id`, nullable: false, valueOf: (row) => row.id }

interface Column extends Key {
  descends: boolean
}

const columnsOf = (sort: SortBy[]): Column[] => [
  ...sort.map(({ key, descends }) => ({ ...keys[key], descends })),
  { ...idKey, descends: sort.at(-1)?.descends ?? false },
]

/** Where a row stands in a sorted list: the values of the keys, the id last. */
export const positionOf = (row: TaskRow, sort: SortBy[]): Position =>
  columnsOf(sort).map(({ valueOf }) => valueOf(row))

/** The owner's tasks that match, in order, from behind the position on. */
export async function findTasks(
  db: Queryable,
  ownerId: string,
  filter: Filter,
  sort: SortBy[],
  after: Position | undefined,
  limit: number,
): Promise<TaskRow[]> {
  const rows: TaskRow[] = []
  for (const walk of walksOf(columnsOf(sort), after)) {
    if (rows.length < limit) rows.push(...(await follow(db, ownerId, filter, walk, limit - rows.length)))
  }
  return rows
}

/** A part of a list that an index can have in order; its first key is never empty. */
interface Walk {
  within: Sql
  columns: Column[]
  after: Position | undefined
}

/**
 * Empty values come last either way, and no index has them so both ways. A list by a key that can be
 * empty is therefore walked twice: over the rows with a value, then over those without.
 */
function walksOf(columns: Column[], after: Position | undefined): Walk[] {
  const [first, ...rest] = columns
  if (!first?.nullable) return [{ within: empty, columns, after }]
  const { expression } = first
  const isAmongEmpty = after?.[0] === null
  const valued: Walk = {
    within: sql`and ${expression} is not null`,
    columns: [{ ...first, nullable: false }, ...rest],
    after,
  }
  const unvalued = walksOf(rest, isAmongEmpty ? after.slice(1) : undefined).map((walk) => ({
    ...walk,
    within: sql`and ${expression} is null ${walk.within}`,
  }))
  return isAmongEmpty ? unvalued : [valued, ...unvalued]
}

function follow(
  db: Queryable,
  ownerId: string,
  filter: Filter,
  { within, columns, after }: Walk,
  limit: number,
): Promise<TaskRow[]> {
  return db.query<TaskRow>(sql`
    select ${taskColumns} from tasks
    where ${matching(ownerId, filter)} ${within} ${after ? sql`and ${behind(columns, after)}` : empty}
    order by ${join(columns.map(inOrder))} limit ${limit}`)
}

/** How many of the owner's tasks match. */
export async function countTasks(db: Queryable, ownerId: string, filter: Filter): Promise<number> {
  const row = await db.first<{ total: number }>(
    sql`select count(*) as total from tasks where ${matching(ownerId, filter, hasRank)}`,
  )
  return row?.total ?? 0
}

type HasStatus = (named: readonly Status[]) => Sql

const hasStatus: HasStatus = (named) => sql`status in (${join(named)})`

/** For a count, which `tasks_by_status` answers alone; a list would be led away from the index of its order. */
const hasRank: HasStatus = (named) =>
  sql`status_rank in (${join(named.map((status) => statuses.indexOf(status)))})`

function matching(ownerId: string, filter: Filter, isOneOf = hasStatus): Sql {
  return join(
    [
      sql`owner_id = ${ownerId}`,
      filter.deleted ? sql`deleted_at is not null and purged_at is null` : sql`deleted_at is null`,
      ...(filter.statuses ? [isOneOf(filter.statuses)] : []),
      ...(filter.unfinished ? [isOneOf(['incomplete', 'in_progress'])] : []),
      ...(filter.undated ? [sql`due_order is null`] : []),
      ...filter.due.flatMap(dueWithin),
      ...inRange(sql`created_at`, filter.created),
      ...inRange(sql`updated_at`, filter.updated),
      ...inRange(sql`completed_at`, filter.completed),
    ],
    ' and ',
  )
}

function inRange(column: Sql, { from, before }: Range<number | string>): Sql[] {
  return [
    ...(from === undefined ? [] : [sql`${column} >= ${from}`]),
    ...(before === undefined ? [] : [sql`${column} < ${before}`]),
  ]
}

/** Dates are held against the owner's day of the bound, instants against the bound itself. */
function dueWithin({ from, before }: Range<Bound>): Sql[] {
  if (!from && !before) return []
  const dates = inRange(sql`due_date`, { from: from?.day, before: before?.day })
  const instants = inRange(sql`due_at`, { from: from?.at, before: before?.at })
  // Neither kind lies outside these, and `due_order` has an index.
  const either = inRange(sql`due_order`, {
    from: from && Math.min(from.at, endOfDayUtc(from.day)),
    before: before && Math.max(before.at, endOfDayUtc(before.day)),
  })
  return [...either, sql`(${join(dates, ' and ')} or ${join(instants, ' and ')})`]
}

const inOrder = ({ expression, nullable, descends }: Column): Sql => {
  const values = descends ? sql`${expression} desc` : expression
  return nullable ? sql`(${expression} is null), ${values}` : values
}

/**
 * What comes after a position. Where no key can be empty and all run one way it is one comparison of
 * rows, which an index can walk; else it is spelled out, key by key, behind a bound for the index.
 */
function behind(columns: Column[], position: Position): Sql {
  const [first] = columns
  const isSimple = columns.every(({ nullable, descends }) => !nullable && descends === first?.descends)
  const operator = first?.descends ? raw('<') : raw('>')
  if (isSimple) {
    return sql`(${join(columns.map(({ expression }) => expression))}) ${operator} (${join(position)})`
  }
  const ways = columns.map((column, i) => {
    const same = columns.slice(0, i).map((earlier, j) => equals(earlier, position[j] ?? null))
    return sql`(${join([...same, follows(column, position[i] ?? null)], ' and ')})`
  })
  return sql`${first?.expression ?? empty} ${operator}= ${position[0]} and (${join(ways, ' or ')})`
}

const equals = ({ expression }: Column, value: string | number | null): Sql =>
  value === null ? sql`${expression} is null` : sql`${expression} = ${value}`

/** Empty values come last either way, so nothing follows one but the keys after it. */
function follows({ expression, nullable, descends }: Column, value: string | number | null): Sql {
  if (value === null) return sql`1 = 0`
  const beyond = descends ? sql`${expression} < ${value}` : sql`${expression} > ${value}`
  return nullable ? sql`(${beyond} or ${expression} is null)` : beyond
}
