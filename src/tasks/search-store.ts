import { setImmediate as turn } from 'node:timers/promises'
import { join, sql, type Queryable, type Sql } from '../database/database.ts'

/** The first rows of the list that are looked through in its order: common words are found there. */
const rowsNear = 1000

/** The rows that one statement looks through at most, so that nobody waits for a search of many. */
const rowsAtOnce = 20_000

/** A list without its search: its condition, its order, and what reads the rows under one more condition. */
interface Unsearched<Row> {
  where: Sql
  order: Sql
  find(besides: Sql, limit: number): Promise<Row[]>
}

/** The first rows of a list, in its order, that hold every word, at most `limit`. */
export async function search<Row extends { id?: unknown }>(
  db: Queryable,
  ownerId: string,
  words: string[],
  { where, order, find }: Unsearched<Row>,
  limit: number,
): Promise<Row[]> {
  const near = sql`and id in (select id from tasks where ${where} ${order} limit ${rowsNear})`
  const found = await find(sql`${near} and ${holds(words)}`, limit)
  if (found.length === limit) return found

  let rows: Row[] = []
  for await (const range of rangesOf(db, ownerId)) {
    const within = sql`and id in (select id from tasks where owner_id = ${ownerId} ${range} and ${holds(words)})`
    const more = await find(within, limit)
    if (rows.length === 0) rows = more
    else if (more.length > 0) {
      const ids = [...rows, ...more].map(({ id }) => id as string)
      rows = await find(sql`and id in (${join(ids)})`, limit)
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
      select count(*) as found from tasks where ${where} ${range} and ${holds(words)}`)
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

const holds = (words: string[]): Sql =>
  join(
    words.map((word) => sql`search_text like ${`%${word.replace(/[\\%_]/g, '\\$&')}%`} escape ${'\\'}`),
    ' and ',
  )
