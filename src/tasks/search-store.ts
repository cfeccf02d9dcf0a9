import { setImmediate as turn } from 'node:timers/promises'
import { bulk, empty, join, sql, type Queryable, type Sql } from '../database/database.ts'

/** The first rows of the list that are looked through in its order: common words are found there. */
const rowsNear = 500

/** The rows that one statement looks through at most, so that nobody waits for a search of many. */
const rowsAtOnce = 4000

/** A list: its condition, its order, and what reads it where only some tasks come into question. */
export interface Listing<Row> {
  where: Sql
  order: Sql
  /** The rows among these ids (`found_id`), or among all, that match besides; at most `limit`. */
  find(ids: Sql | undefined, besides: Sql, limit: number): Promise<Row[]>
}

/** The first rows of a list, in its order, that hold every word, at most `limit`. */
export async function search<Row extends { id?: unknown }>(
  db: Queryable,
  ownerId: string,
  words: string[],
  { where, order, find }: Listing<Row>,
  limit: number,
): Promise<Row[]> {
  const near = sql`select id as found_id from tasks where ${where} ${order} limit ${rowsNear}`
  const found = await find(near, holds(words), limit)
  if (found.length === limit) return found
  await turn()

  let rows: Row[] = []
  for await (const range of rangesOf(db, ownerId)) {
    const holding = sql`select id as found_id from tasks where owner_id = ${ownerId} ${range} ${holds(words)}`
    const more = await find(holding, empty, limit)
    if (rows.length === 0) rows = more
    else if (more.length > 0) {
      const ids = [...rows, ...more].map(({ id }) => [id as string])
      rows = await find(sql`select column1 as found_id from (values ${bulk(ids)}) ids`, empty, limit)
    }
  }
  return rows
}

/** How many tasks under the condition hold every word. */
export async function countFound(
  db: Queryable,
  ownerId: string,
  words: string[],
  where: Sql,
): Promise<number> {
  let total = 0
  for await (const range of rangesOf(db, ownerId)) {
    const row = await db.first<{ found: number }>(sql`
      select count(*) as found from tasks where ${where} ${range} ${holds(words)}`)
    total += row?.found ?? 0
  }
  return total
}

/** The owner's tasks by id, a range after another, each in a turn of its own. */
async function* rangesOf(db: Queryable, ownerId: string): AsyncGenerator<Sql> {
  let after = sql`and id > ${''}`
  for (;;) {
    const end = await db.first<{ id: string }>(sql`
      select id from tasks where owner_id = ${ownerId} ${after} order by id limit 1 offset ${rowsAtOnce - 1}`)
    yield end ? sql`${after} and id <= ${end.id}` : after
    if (!end) return
    after = sql`and id > ${end.id}`
    await turn()
  }
}

/** The condition that a task's text holds every word, to stand after others. */
export const holds = (words: string[]): Sql => {
  const each = words.map((word) => {
    const pattern = `%${word.replace(/[\\%_]/g, '\\$&')}%`
    return sql`and search_text like ${pattern} escape ${'\\'}`
  })
  return each.length === 0 ? empty : join(each, ' ')
}
