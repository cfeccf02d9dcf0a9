import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Queryable, Sql } from '../../src/database/database.ts'
import { readFilter, readSort } from '../../src/tasks/filter.ts'
import { countTasks, findTasks } from '../../src/tasks/list-store.ts'
import type { Task } from '../../src/tasks/schema.ts'
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

test('a task that loses the word while it is searched for is neither found nor counted', async (t) => {
  const { alice, database } = await docket(t)
  const titles = ['Buy milk', 'Drink milk', 'Sell milk']
  const tasks: Task[] = []
  for (const title of titles) tasks.push(await alice.createTask({ title }))
  const changing: Queryable = {
    query: (statement) => database.query(statement),
    async first<Row>(statement: Sql) {
      const looked = await database.first<Row>(statement)
      const task = statement.sql.includes('search_text') && tasks.pop()
      if (task) await alice.patch(`/tasks/${task.id}`, { title: 'Changed' })
      return looked
    },
  }
  const filter = readFilter({ q: 'milk' }, 'UTC', 0)
  const found = await findTasks(changing, alice.id, filter, readSort('title'), undefined, 50)
  assert.deepEqual(
    found.map(({ json }) => json && JSON.parse(json).title),
    ['Buy milk', 'Drink milk'],
  )
  assert.equal(await countTasks(changing, alice.id, filter), 1)
})
