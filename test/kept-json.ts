import assert from 'node:assert/strict'
import type { Row } from '../src/database/columns.ts'
import { sql, type Queryable } from '../src/database/database.ts'
import { model as projects } from '../src/projects/model.ts'
import { keptJson } from '../src/things/things.ts'
import { model as tasks } from '../src/tasks/tasks.ts'

const mostRows = 2000

/** The JSON that is kept of tasks and projects is what their other columns say, or out of date; of erased ones none is. */
export async function assertKeptJson(db: Queryable): Promise<void> {
  for (const { table, fromRow, json } of [tasks, projects]) {
    const rows = await db
      .query<Row>(sql`select ${table.selected}, json, purged_at from ${table.name} limit ${mostRows}`)
      .catch(() => []) // where a test has taken the database away
    for (const row of rows) {
      if (row['purged_at'] !== null) assert.equal(row['json'], null)
      else assert.equal(keptJson(row) ?? json(fromRow(row)), json(fromRow(row)))
    }
  }
}
