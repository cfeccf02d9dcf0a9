import { setImmediate as turn } from 'node:timers/promises'
import type { Row } from '../database/columns.ts'
import { empty, join, sql, type Queryable, type Sql } from '../database/database.ts'
import { filled } from './narrow-store.ts'

/** The first rows of the list that are looked through in its order: common words are found there. */
const rowsNear = 500

/** The rows that one statement looks through at most, so that nobody waits for a search of many. */
const rowsAtOnce = 1000

/** A list: the statement that reads its rows, its order for that, and the same order by the columns of the rows. */
export interface Listing {
  rows: Sql
  /** The same, with the text that a search looks through. */
  rowsWithText: Sql
  order: Sql
  orderOfRows: Sql
}

/** The first rows of a list, in its order, that hold every word, at most `limit`. */
export async function search(
  db: Queryable,
  ownerId: string,
  words: string[],
  list: Listing,
  limit: number,
): Promise<Row[]> {
  const { rowsWithText, order, orderOfRows } = list
  const found = await db.query<Row>(sql`
    select * from (${rowsWithText} ${order} limit ${rowsNear}) near
    where 1 = 1 ${holds(words)} ${orderOfRows} limit ${limit}`)
  if (found.length === limit) return found
  await turn()

  let best: Row[] = []
  for await (const range of rangesOf(db, ownerId)) {
    const more = await readAmong(db, list, sql`${range} ${holds(words)}`, limit)
    if (best.length === 0) best = more
    else if (more.length > 0) {
      const ids = [...best, ...more].map(({ id }) => String(id))
      best = await readAmong(db, list, sql`and id in (${join(filled(ids))})`, limit)
    }
  }
  return best
}

/** The first rows of a list where few come into question: those are found first, by the condition, and then sorted. */
export const readAmong = (
  db: Queryable,
  { rows, orderOfRows }: Listing,
  condition: Sql,
  limit: number,
): Promise<Row[]> =>
  db.query<Row>(sql`
    with among as materialized (${rows} ${condition}) select * from among ${orderOfRows} limit ${limit}`)

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
