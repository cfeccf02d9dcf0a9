import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChangeItem } from '../feed.ts'
import { assertProblem, docket } from '../harness.ts'

test('the feed contains each changed thing once, in its current state', async (t) => {
  const { alice } = await docket(t)
  const milk = await alice.createTask({ title: 'Buy milk' })
  const bread = await alice.createTask({ title: 'Buy bread' })
  await alice.patch(`/tasks/${milk.id}`, { status: 'complete' })
  await alice.patch('/me', { name: 'Alice' })
  await alice.delete(`/tasks/${bread.id}`)

  const { status, body } = await alice.get('/changes')

  assert.equal(status, 200)
  assert.deepEqual(
    body.items.map(({ revision, kind, action, id, task }: ChangeItem) => [
      revision,
      kind,
      action,
      id,
      task?.status,
    ]),
    [
      [3, 'task', 'update', milk.id, 'complete'],
      [4, 'profile', 'update', alice.id, undefined],
      [5, 'task', 'delete', bread.id, undefined],
    ],
  )
  assert.deepEqual([body.revision, body.more], [5, false])
  assert.deepEqual((await alice.get('/changes?since=5')).body, { items: [], revision: 5, more: false })
})

test('each page continues where the last one ended', async (t) => {
  const { alice } = await docket(t)
  for (const title of ['a', 'b', 'c']) await alice.createTask({ title })
  const first = (await alice.get('/changes?limit=2')).body
  assert.deepEqual([first.items.length, first.revision, first.more], [2, 2, true])
  const second = (await alice.get(`/changes?limit=2&since=${first.revision}`)).body
  assert.deepEqual([second.items.length, second.revision, second.more], [1, 3, false])
})

test('a page covers at most 1,000 changes and says that there are more', async (t) => {
  const { alice } = await docket(t)
  const milk = await alice.createTask({ title: 'Buy milk' })
  const bread = await alice.createTask({ title: 'Buy bread' })
  for (let batch = 0; batch < 11; batch++) {
    const operations = Array.from({ length: 100 }, (_, i) => ({
      method: 'PATCH',
      path: `/tasks/${bread.id}`,
      body: { title: `Buy ${batch * 100 + i} loaves` },
    }))
    assert.equal((await alice.post('/batch', { operations })).status, 200)
  }
  await alice.patch('/me', { name: 'Alice' })
  const page = async (since: number, headers = {}) => {
    const { body } = await alice.get(`/changes?since=${since}`, headers)
    return [body.items.map(({ id }: ChangeItem) => id), body.revision, body.more]
  }

  assert.deepEqual(await page(0), [[milk.id], 1000, true])
  const waited = new Promise((resolve) => setTimeout(resolve, 10_000, 'waited').unref())
  assert.deepEqual(await Promise.race([page(1, { prefer: 'wait=30' }), waited]), [[], 1001, true])
  assert.deepEqual(await page(1000), [[bread.id, alice.id], 1103, false])
})

test('a position ahead of the server gives sync-too-old', async (t) => {
  const { alice } = await docket(t)
  assertProblem(await alice.get('/changes?since=1'), 410, 'sync-too-old')
})

test('Prefer: wait holds the request until there is a change', async (t) => {
  const { alice } = await docket(t)
  const waiting = alice.get('/changes?since=0', { prefer: 'wait=30' })
  await new Promise((resolve) => setTimeout(resolve, 50))
  const task = await alice.createTask({ title: 'Buy milk' })
  const { body, headers } = await waiting
  assert.equal(body.items[0].id, task.id)
  assert.equal(headers.get('preference-applied'), 'wait=30')
  assert.equal((await alice.get('/changes?since=1', { prefer: 'wait=1' })).body.items.length, 0)
})
