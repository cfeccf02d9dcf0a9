import { setImmediate as turn } from 'node:timers/promises'
import type { Row } from '../database/columns.ts'
import { empty, join, sql, type Queryable, type Sql } from '../database/database.ts'
import type { Filter } from './filter.ts'
import { isAmong } from './narrow-store.ts'

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
  filter: Filter,
  list: Listing,
  limit: number,
): Promise<Row[]> {
  const { rowsWithText, order, orderOfRows } = list
  const found = await db.query<Row>(sql`
    select * from (${rowsWithText} ${order} limit ${rowsNear}) near
    where 1 = 1 ${holds(filter.words)} ${orderOfRows} limit ${limit}`)
  if (found.length === limit) return found
  await turn()

  let best: Row[] = []
  for await (const more of findTexts(db, ownerId, filter)) {
    const ids = [...best.map(({ id }) => String(id)), ...more]
    best = await readAmong(db, list, sql`and ${isAmong(ids)} ${holds(filter.words)}`, limit)
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
  filter: Filter,
  where: Sql,
): Promise<number> {
  let total = 0
  for await (const ids of findTexts(db, ownerId, filter)) {
    const row = await db.first<{ found: number }>(sql`
      select count(*) as found from tasks where ${where} and ${isAmong(ids)} ${holds(filter.words)}`)
    total += Number(row?.found)
  }
  return total
}

/** What one statement looked through. */
interface Looked {
  tasks: number
  /** The id of the last of them. */
  last: string
  /** The ids of those that hold every word, separated by commas. */
  found: string | null
}

/**
 * The ids of the owner's tasks that hold every word, by ranges of ids, each in a turn of its own. The other filters are
 * left to the caller, so that an index of the texts has all that is asked for. A search of the trash looks through all
 * tasks: how far apart those in the trash are is not known.
 */
async function* findTexts(
  db: Queryable,
  ownerId: string,
  { words, deleted }: Filter,
): AsyncGenerator<string[]> {
  const scope = sql`owner_id = ${ownerId} ${deleted ? empty : sql`and deleted_at is null`}`
  for (let after = ''; ;) {
    const looked = await db.first<Looked>(sql`
      select count(*) as tasks, max(id) as last, string_agg(found, ',') as found from (
        select id, case when 1 = 1 ${holds(words)} then id end as found from tasks
        where ${scope} and id > ${after} order by id limit ${rowsAtOnce}) looked`)
    if (looked?.found) yield looked.found.split(',')
    if (Number(looked?.tasks) < rowsAtOnce) return
    after = looked?.last ?? ''
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
