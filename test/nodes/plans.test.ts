import assert from 'node:assert/strict'
import { test } from 'node:test'
import { join, planEachTime, sql } from '../../src/database/database.ts'
import { openPool } from '../../src/database/postgres-pool.ts'
import { readFilter } from '../../src/tasks/filter.ts'
import { isAbout } from '../../src/tasks/narrow-store.ts'
import { postgresOnly, postgresUrl } from '../databases.ts'
import { docket } from '../harness.ts'

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

test('PostgreSQL reads a range that is hidden from SQLite as that range', postgresOnly, async (t) => {
  const { database } = await docket(t, { withAlice: false })
  const [range] = readFilter({ updatedFrom: '2026-11-27', updatedBefore: '2026-11-28' }, 'UTC', 0).ranges
  assert.ok(range)
  const steps = await database.query<{ 'QUERY PLAN': string }>(sql`
    explain (costs off) select id from tasks
    where owner_id = ${''} and deleted_at is null and ${join(isAbout(range, true), ' and ')}`)
  const plan = steps.map((step) => step['QUERY PLAN']).join('\n')
  assert.match(plan, /\(updated_at >= .*\) AND \(updated_at < /)
})
