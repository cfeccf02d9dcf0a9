import { createHash, type Hash } from 'node:crypto'
import { OperatorError } from '../core/errors.ts'
import { join, raw, sql, type Database, type Queryable, type Sql } from './database.ts'
import { tableNames, tables, type TableName } from './tables.ts'

const rowsAtOnce = 500

type Row = Record<string, string | number | null>

/** Called after each portion with the number of rows copied so far, and of all rows of the table. */
export type Progress = (table: string, done: number, total: number) => void

/** A table that was copied; both sides had this many rows and this checksum. */
export interface Copied {
  table: string
  rows: number
  /** SHA-256 over every value of every row, in the order of the primary key. */
  checksum: string
}

/**
 * Copies every row of one database into another of the same schema, in one transaction of the target, and
 * compares counts and checksums of both sides before the commit. Throws OperatorError if the target is not
 * empty or the sides differ.
 */
export function copyDatabase(source: Database, target: Database, progress: Progress): Promise<Copied[]> {
  return target.transaction(async (tx) => {
    const copied: Copied[] = []
    for (const table of tableNames) {
      if ((await count(tx, table)) > 0) {
        throw new OperatorError('The target is not empty: a copy goes into a database without users.')
      }
    }
    for (const table of tableNames) copied.push(await copyTable(source, tx, table, progress))
    return copied
  })
}

async function copyTable(
  source: Queryable,
  target: Queryable,
  table: TableName,
  progress: Progress,
): Promise<Copied> {
  const total = await count(source, table)
  const read = startChecksum()
  let rows = 0
  for await (const portion of portions(source, table)) {
    await insert(target, table, portion)
    read.add(portion)
    rows += portion.length
    progress(table, rows, total)
  }
  const written = startChecksum()
  for await (const portion of portions(target, table)) written.add(portion)
  const checksum = read.value()
  if (rows !== total || (await count(target, table)) !== total || written.value() !== checksum) {
    throw new OperatorError(`The copy of ${table} differs from its source, so nothing was copied.`)
  }
  return { table, rows, checksum }
}

/** Reads a table in the order of its primary key, a portion at a time. */
async function* portions(db: Queryable, table: TableName): AsyncGenerator<Row[]> {
  const { key } = tables[table]
  const columns = join(key.map((column) => raw(column)))
  let after: Sql = sql`1 = 1`
  for (;;) {
    const rows = await db.query<Row>(
      sql`select * from ${raw(table)} where ${after} order by ${columns} limit ${rowsAtOnce}`,
    )
    const last = rows.at(-1)
    if (!last) return
    yield rows
    after = sql`(${columns}) > (${join(key.map((column) => last[column]))})`
  }
}

async function insert(tx: Queryable, table: TableName, rows: Row[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {}).map((column) => raw(column))
  const values = rows.map((row) => sql`(${join(Object.values(row))})`)
  await tx.query(sql`insert into ${raw(table)} (${join(columns)}) values ${join(values)}`)
}

async function count(db: Queryable, table: TableName): Promise<number> {
  const row = await db.first<{ total: number }>(sql`select count(*) as total from ${raw(table)}`)
  return row?.total ?? 0
}

function startChecksum(): { add(rows: Row[]): void; value(): string } {
  const hash: Hash = createHash('sha256')
  return {
    add: (rows) => rows.forEach((row) => hash.update(`${JSON.stringify(Object.values(row))}\n`)),
    value: () => hash.digest('hex'),
  }
}
