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

/** The last sibling; every creation asks for it, so the parts of its statement are kept. */
export function findLast(
  db: Queryable,
  { name }: Table,
  ownerId: string,
  scope: Scope,
): Promise<Sibling | undefined> {
  const columns = Object.entries(scope)
  const values = columns.flatMap(([, value]) => (value === null ? [] : [value]))
  const key = `${name.sql} ${columns.map(([column, value]) => (value === null ? column : `${column}=`)).join()}`
  const known = parts.get(key)
  if (known) return db.first<Sibling>(sql(known, ownerId, ...values))
  const begun = [`select id, position from ${name.sql} where owner_id = `, ' and deleted_at is null']
  for (const [column, value] of columns) {
    const last = begun.pop() ?? ''
    begun.push(...(value === null ? [`${last} and ${column} is null`] : [`${last} and ${column} = `, '']))
  }
  begun.push(`${begun.pop() ?? ''} order by position desc, id desc limit 1`)
  parts.set(key, begun)
  return db.first<Sibling>(sql(begun, ownerId, ...values))
}

const parts = new Map<string, readonly string[]>()
