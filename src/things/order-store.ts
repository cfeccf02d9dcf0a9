import type { Stored } from '../database/columns.ts'
import { empty, join, raw, sql, type Queryable, type Sql } from '../database/database.ts'
import type { Table } from './store.ts'

/** A live thing in the order of its siblings: by position, ties by id. */
export interface Sibling {
  id: string
  position: string
}

/** The columns that siblings share, with their values. */
type Scope = Readonly<Record<string, Stored>>

const among = (ownerId: string, scope: Scope): Sql =>
  join(
    [
      sql`owner_id = ${ownerId} and deleted_at is null`,
      ...Object.entries(scope).map(([column, value]) =>
        value === null ? raw(`${column} is null`) : sql`${raw(column)} = ${value}`,
      ),
    ],
    ' and ',
  )

export const findSibling = (
  db: Queryable,
  { name }: Table,
  ownerId: string,
  scope: Scope,
  id: string,
): Promise<Sibling | undefined> =>
  db.first<Sibling>(sql`select id, position from ${name} where ${among(ownerId, scope)} and id = ${id}`)

/** The sibling next to another one, or the outermost on that side; `but` is passed over. */
export function findNeighbour(
  db: Queryable,
  { name }: Table,
  ownerId: string,
  scope: Scope,
  side: 'before' | 'after',
  next?: Sibling,
  but?: string,
): Promise<Sibling | undefined> {
  const direction = raw(side === 'before' ? 'desc' : 'asc')
  const beyond = next
    ? sql`and (position, id) ${raw(side === 'before' ? '<' : '>')} (${next.position}, ${next.id})`
    : empty
  return db.first<Sibling>(sql`
    select id, position from ${name}
    where ${among(ownerId, scope)} ${beyond} ${but === undefined ? empty : sql`and id <> ${but}`}
    order by position ${direction}, id ${direction} limit 1`)
}

/** The siblings in their order, but one; at most `limit`. */
export const listSiblings = (
  db: Queryable,
  { name }: Table,
  ownerId: string,
  scope: Scope,
  but: string,
  limit: number,
): Promise<Sibling[]> =>
  db.query<Sibling>(sql`
    select id, position from ${name} where ${among(ownerId, scope)} and id <> ${but}
    order by position, id limit ${limit}`)
