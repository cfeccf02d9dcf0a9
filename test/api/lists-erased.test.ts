import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Queryable } from '../../src/database/database.ts'
import { readFilter, readSort } from '../../src/tasks/filter.ts'
import { findTasks } from '../../src/tasks/list-store.ts'
import { docket } from '../harness.ts'

test('a task that is erased while its page is read does not end the list', async (t) => {
  const { alice, database } = await docket(t)
  await alice.createTask({ title: 'Last' })
  await alice.createTask({ title: 'Long', description: 'x'.repeat(5000) }) // is read by a second statement
  await alice.createTask({ title: 'First' })
  const erasing: Queryable = {
    first: (statement) => database.first(statement),
    query: async (statement) => (statement.sql.includes(' id in (') ? [] : database.query(statement)),
  }
  const found = await findTasks(erasing, alice.id, readFilter({}, 'UTC', 0), readSort(), undefined, 3)
  assert.deepEqual(
    found.map(({ json }) => json && JSON.parse(json).title),
    ['First', undefined, 'Last'],
  )
  assert.ok(found.every(({ position }) => position.length === 2))
})
