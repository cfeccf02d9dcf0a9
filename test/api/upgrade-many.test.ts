import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDatabase } from '../databases.ts'
import { docket } from '../harness.ts'
import { fill, logIn } from '../older-schemas.ts'

const many = 1200
const withoutProjects = 9

/** Bob's tasks beside the one that he has, created one after another. */
const more = `
  with recursive counted (i) as (select 1 union all select i + 1 from counted where i < ${many})
  insert into tasks (owner_id, id, title, title_key, description, status, status_rank, created_at, updated_at, revision)
  select owner_id, '10000000-0000-4000-8000-' || substr(cast(1000000009999 - i as text), 2), 'Café ' || i || '.',
    'café ' || i || '.', '', status, status_rank, created_at + i, updated_at, revision
  from tasks, counted where title = 'Plan the garden';`

test('each of a thousand tasks from before projects is found by search, and stands in the order of creation', async (t) => {
  const database = await createDatabase()
  await fill(database, withoutProjects, more)
  const now = Date.parse('2026-03-02T08:11:30Z')
  const server = await docket(t, { database, now, isStill: true, withAlice: false })
  const bob = await logIn(server, 'bob')

  assert.equal((await bob.get('/tasks?q=cafe&count=true&limit=1')).body.total, many)
  for (const i of [1, 500, 501, many]) {
    const { items } = (await bob.get(`/tasks?q=cafe%20${i}.&sort=createdAt&limit=1`)).body
    assert.equal(items[0]?.title, `Café ${i}.`)
  }
  const first = (await bob.get('/tasks?project=none&sort=position&limit=3')).body.items
  const last = (await bob.get('/tasks?project=none&sort=-position&limit=2')).body.items
  assert.deepEqual(
    [...first, ...last].map(({ title }) => title),
    ['Plan the garden', 'Café 1.', 'Café 2.', `Café ${many}.`, `Café ${many - 1}.`],
  )
})
