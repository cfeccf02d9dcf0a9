import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../../../src/database/database.ts'
import { docket } from '../../harness.ts'
import { walk, type Query } from '../../list-model.ts'
import { bodyOf } from './organise.ts'

// With few tasks a list is read in one way, with many in another: by ranges of ids for a search, along the order of
// the list for a filter that leaves many. This owner has enough for all of them.

const hay = 4500
const first = '00000000-0000-4000-8000-000000000001'
const last = 'ffffffff-ffff-4fff-bfff-ffffffffffff'

test('lists of an owner with thousands of tasks', async (t) => {
  const { alice, database } = await docket(t)
  const project = bodyOf(await alice.post('/projects', { name: 'Field' }), 201)
  const fields = { projectId: project.id, labels: ['Hay'], priority: 'low', description: 'hay' }
  const one = await alice.createTask({ ...fields, title: 'm' })
  for (const [id, title] of [
    [first, 'b needle'],
    [last, 'a needle'],
  ] as const) {
    const needle = { ...fields, title, labels: ['hay', 'sharp'] }
    assert.equal((await alice.put(`/tasks/${id}`, needle, { 'if-none-match': '*' })).status, 201)
  }
  await database.transaction(async (tx) => {
    await tx.query(sql`
      with recursive counted (i) as (select 1 union all select i + 1 from counted where i < ${hay})
      insert into tasks (owner_id, id, title, title_key, description, due_date, due_at, due_order, status, status_rank,
        priority, priority_rank, labels, project_id, position, search_text, created_at, updated_at, revision)
      select owner_id, '10000000-0000-4000-8000-' || substr(cast(1000000000000 + i as text), 2), title, title_key,
        description, due_date, due_at, due_order, status, status_rank, priority, priority_rank, labels, project_id,
        position, search_text, created_at, updated_at, revision
      from tasks, counted where owner_id = ${alice.id} and id = ${one.id}`)
    await tx.query(sql`
      insert into task_labels (owner_id, label, task_id, name, used_in)
      select owner_id, 'hay', id, 'Hay', revision from tasks
      where owner_id = ${alice.id} and id like '10000000-%'`)
  })
  const titles = async (query: Query) =>
    bodyOf(await alice.get(`/tasks?${new URLSearchParams(query).toString()}`)).items.map(
      ({ title }: { title: string }) => title,
    )
  const all = hay + 3

  await t.test(
    'a search finds what stands in the first range of ids and in the last, in the order asked for',
    async () => {
      assert.deepEqual(await titles({ q: 'needle', sort: 'title' }), ['a needle', 'b needle'])
      assert.deepEqual(await titles({ q: 'needle', sort: '-title' }), ['b needle', 'a needle'])
      assert.deepEqual(await titles({ q: 'needle', sort: '-title', limit: '1' }), ['b needle'])
      const walked = await walk(alice, { q: 'needle', sort: 'status,title', limit: '1' })
      assert.deepEqual(
        walked.map(({ id }) => id),
        [last, first],
      )
      assert.deepEqual(await titles({ q: 'nothing' }), [])
    },
  )

  await t.test('a search counts in every range', async () => {
    for (const [q, total] of [
      ['needle', 2],
      ['hay', all],
      ['nothing', 0],
    ] as const)
      assert.equal(bodyOf(await alice.get(`/tasks?q=${q}&count=true&limit=1`)).total, total, q)
  })

  const filters: Query[] = [
    { label: 'hay' },
    { label: 'nothing,HAY' },
    { labelAll: 'hay' },
    { project: project.id },
    { priority: 'low' },
    { status: 'incomplete', label: 'hay', project: project.id, priority: 'low,high' },
  ]
  for (const filter of filters)
    await t.test(`${JSON.stringify(filter)} leaves them all, and what else has none of it`, async () => {
      await alice.createTask({ title: 'a', labels: ['other'] })
      assert.deepEqual(await titles({ ...filter, sort: 'title', limit: '3' }), ['a needle', 'b needle', 'm'])
      assert.equal(bodyOf(await alice.get(pathOf(filter))).total, all)
      const ids = (await walk(alice, { ...filter, sort: '-title', limit: '100' })).map(({ id }) => id)
      assert.deepEqual([ids.length, new Set(ids).size, ids.at(-1)], [all, all, last])
    })

  await t.test('a filter that leaves few is read by itself, with others beside it', async () => {
    assert.deepEqual(await titles({ label: 'sharp', sort: '-title' }), ['b needle', 'a needle'])
    assert.deepEqual(await titles({ labelAll: 'hay,sharp', q: 'needle', sort: 'title', limit: '1' }), [
      'a needle',
    ])
    assert.deepEqual(await titles({ label: 'sharp', project: 'none' }), [])
    assert.deepEqual(await titles({ label: 'sharp', q: 'a' }), ['a needle', 'b needle'])
  })
})

const pathOf = (filter: Query) =>
  `/tasks?${new URLSearchParams({ ...filter, count: 'true', limit: '1' }).toString()}`
