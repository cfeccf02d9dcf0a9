import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planEachTime, sql } from '../../src/database/database.ts'
import { openPool } from '../../src/database/postgres-pool.ts'
import { postgresOnly, postgresUrl } from '../databases.ts'

test('PostgreSQL keeps no plan of a statement that is to be planned each time', postgresOnly, async (t) => {
  const pool = openPool(postgresUrl ?? '', assert.fail, assert.fail)
  t.after(pool.close)
  const kept = await pool.use(async ({ query }) => {
    await query(sql`select cast(${1} as integer) as kept`)
    await query(planEachTime(sql`select cast(${2} as integer) as planned`))
    return query(sql`select statement from pg_prepared_statements where statement like ${'select cast%'}`)
  })
  assert.deepEqual(kept, [{ statement: 'select cast($1 as integer) as kept' }])
})
