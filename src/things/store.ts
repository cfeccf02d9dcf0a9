import { raw, sql, join, type Queryable, type Sql } from '../database/database.ts'
import type { Row, Stored } from '../database/columns.ts'
import { deleteOlder } from '../database/sweep.ts'

/**
 * A table of one kind of thing, as every kind has it: the primary key is `(owner_id, id)`, `deleted_at` marks
 * what is in the trash, and `purged_at` what was erased and leaves only its tombstone.
 */
export interface Table {
  name: Sql
  /** Every column of a thing but its owner, `deleted_at` and `purged_at`; `id` first. */
  columns: readonly string[]
  /** The columns that a thing is read from. */
  selected: Sql
  insert: readonly string[]
}

/** Prepares what the statements of a table share. */
export function tableOf(name: string, columns: readonly string[], selected: readonly string[]): Table {
  const values = columns.map((_column, i) => (i < columns.length - 1 ? ', ' : ')'))
  const assigned = columns
    .filter((column) => column !== 'id')
    .map((column) => `${column} = excluded.${column}`)
  return {
    name: raw(name),
    columns,
    selected: raw(selected.join(', ')),
    insert: [
      `insert into ${name} (owner_id, ${columns.join(', ')}) values (`,
      ', ',
      ...values.slice(0, -1),
      `) on conflict (owner_id, id) do update set ${assigned.join(', ')}, deleted_at = null, purged_at = null`,
    ],
  }
}

/** Which things a statement is about. */
export type State =
  /** Not deleted. */
  | 'live'
  /** In the trash, so that it can be restored. */
  | 'trashed'
  /** Live or in the trash. */
  | 'kept'
  /** In the trash, or erased. */
  | 'deleted'

const states: Record<State, Sql> = {
  live: sql`deleted_at is null`,
  trashed: sql`deleted_at is not null and purged_at is null`,
  kept: sql`purged_at is null`,
  deleted: sql`deleted_at is not null`,
}

/** A row with the instant of its deletion in epoch milliseconds, null where it is live. */
export interface FoundRow extends Row {
  deleted_at: number | null
  purged_at: number | null
}

export const findRow = (
  db: Queryable,
  { name, selected }: Table,
  ownerId: string,
  id: string,
  state: State,
): Promise<FoundRow | undefined> =>
  db.first<FoundRow>(sql`
    select ${selected}, deleted_at, purged_at from ${name} where owner_id = ${ownerId} and id = ${id} and ${states[state]}`)

/** A row with the JSON that was kept of it. */
export interface JsonRow extends Row {
  json: string | null
  revision: number
}

export const findJson = (
  db: Queryable,
  { name }: Table,
  ownerId: string,
  id: string,
): Promise<JsonRow | undefined> =>
  db.first<JsonRow>(sql`
    select json, revision from ${name} where owner_id = ${ownerId} and id = ${id} and ${states.live}`)

/** Writes a whole row: new, restored from the trash, or in place of a deleted one with the same id. */
export async function saveRow(
  tx: Queryable,
  table: Table,
  ownerId: string,
  values: readonly Stored[],
): Promise<void> {
  await tx.query(sql(table.insert, ownerId, ...values))
}

/** Sets these columns and no others: each column that is set has its indexes written again. */
export async function updateRow(
  tx: Queryable,
  { name }: Table,
  ownerId: string,
  id: string,
  changed: readonly [column: string, value: Stored][],
): Promise<void> {
  const [first, ...others] = changed.map(([column]) => column)
  const strings = [
    `update ${name.sql} set ${first} = `,
    ...others.map((column) => `, ${column} = `),
    ' where owner_id = ',
    ' and id = ',
    '',
  ]
  await tx.query(sql(strings, ...changed.map(([, value]) => value), ownerId, id))
}

export async function markDeleted(
  tx: Queryable,
  { name }: Table,
  ownerId: string,
  id: string,
  revision: number,
  at: number,
): Promise<void> {
  await tx.query(sql`
    update ${name} set deleted_at = ${at}, revision = ${revision} where owner_id = ${ownerId} and id = ${id}`)
}

/**
 * Marks the rows as erased that were changed within `since < revision ≤ until`. What they held is overwritten by the
 * values that are given.
 */
export async function markErased(
  tx: Queryable,
  { name }: Table,
  ownerId: string,
  since: number,
  until: number,
  at: number,
  erased: readonly [column: string, value: Stored][],
): Promise<void> {
  const assigned = erased.map(([column, value]) => sql`${raw(column)} = ${value}`)
  await tx.query(sql`
    update ${name} set revision = changed_in, deleted_at = ${at}, purged_at = ${at}, ${join(assigned)}
    from (
      select thing_id as changed, revision as changed_in from changes
      where owner_id = ${ownerId} and revision > ${since} and revision <= ${until}
    ) erasures
    where owner_id = ${ownerId} and id = changed`)
}

/** A row, live or deleted, with its last change; the instant is epoch milliseconds. */
export interface ChangedRow extends Row {
  changed_at: number
  changed_by: string
  deleted_at: number | null
}

/**
 * The owner's rows by their last change, within `since < revision ≤ until`, deleted ones too, at most `limit`. It
 * passes over every change that was followed by another of the same thing, so the bounds should not lie far apart.
 */
export const findChangedRows = (
  db: Queryable,
  { name, selected }: Table,
  ownerId: string,
  since: number,
  until: number,
  limit: number,
): Promise<ChangedRow[]> =>
  db.query<ChangedRow>(sql`
    select ${selected}, changed_at, changed_by, deleted_at
    from (
      select owner_id as changed_for, revision as changed_in, thing_id, at as changed_at, action as changed_by
      from changes where owner_id = ${ownerId} and revision > ${since} and revision <= ${until}
    ) last_changes
    join ${name} on owner_id = changed_for and id = thing_id and revision = changed_in
    order by changed_in limit ${limit}`)

/** Removes at most `limit` rows that were deleted before an instant. Returns their owners and revisions. */
export const removeDeletedBefore = (
  tx: Queryable,
  { name }: Table,
  at: number,
  limit: number,
): Promise<{ ownerId: string; id: string; revision: number }[]> =>
  deleteOlder(
    tx,
    { table: name, key: sql`owner_id, id`, age: sql`deleted_at` },
    at,
    limit,
    sql`owner_id as "ownerId", id, revision`,
  )
