import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HistoryItem } from '../../src/journal/schema.ts'
import { assertProblem, docket } from '../harness.ts'

test('history tells which fields went from what to what', async (t) => {
  const { alice } = await docket(t)
  const task = await alice.createTask({ title: 'Buy milk' })
  await alice.patch(`/tasks/${task.id}`, { title: 'Buy oat milk', status: 'complete' })
  await alice.delete(`/tasks/${task.id}`)

  const { body } = await alice.get(`/tasks/${task.id}/history`)

  const [session] = (await alice.get('/me/sessions')).body.items
  assert.deepEqual(
    body.items.map(({ at: _at, ...item }: HistoryItem) => item),
    [
      { revision: 3, action: 'delete', sessionId: session.id, origin: 'request', fields: {} },
      {
        revision: 2,
        action: 'update',
        sessionId: session.id,
        origin: 'request',
        fields: {
          title: { from: 'Buy milk', to: 'Buy oat milk' },
          status: { from: 'incomplete', to: 'complete' },
        },
      },
      {
        revision: 1,
        action: 'create',
        sessionId: session.id,
        origin: 'request',
        fields: {
          title: { from: null, to: 'Buy milk' },
          description: { from: null, to: '' },
          status: { from: null, to: 'incomplete' },
          priority: { from: null, to: 'none' },
          labels: { from: null, to: [] },
          position: { from: null, to: 'a0' },
        },
      },
    ],
  )
  const first = (await alice.get(`/tasks/${task.id}/history?limit=2`)).body
  const rest = (await alice.get(`/tasks/${task.id}/history?limit=2&cursor=${first.nextCursor}`)).body
  assert.deepEqual([...first.items, ...rest.items], body.items)
  assert.equal(rest.nextCursor, null)
})

test('a task in the place of one that is gone has the history of both', async (t) => {
  const { alice } = await docket(t)
  const { id } = await alice.createTask({ title: 'Buy milk' })
  await alice.createTask({ title: 'Buy bread' })
  await alice.delete(`/tasks/${id}`)
  await alice.put(`/tasks/${id}`, { title: 'Buy oat milk' }, { 'if-none-match': '*' })

  const { body } = await alice.get(`/tasks/${id}/history`)

  assert.deepEqual(
    body.items.map(({ revision, action }: HistoryItem) => [revision, action]),
    [
      [4, 'create'],
      [3, 'delete'],
      [1, 'create'],
    ],
  )
})

test('an undo sets back what the change changed, and can be undone', async (t) => {
  const { alice } = await docket(t)
  const task = await alice.createTask({ title: 'Buy milk', dueDate: '2026-12-01' })
  const write = await alice.patch(`/tasks/${task.id}`, { title: 'Buy oat milk', dueDate: null })
  await alice.patch(`/tasks/${task.id}`, { status: 'in_progress' })
  assert.equal(write.headers.get('docket-revision'), '2')

  const undone = await alice.post('/changes/2/undo')

  assert.equal(undone.status, 200)
  assert.deepEqual(
    [undone.body.title, undone.body.dueDate, undone.body.status, undone.body.revision],
    ['Buy milk', '2026-12-01', 'in_progress', 4],
  )
  assert.equal(undone.headers.get('docket-revision'), '4')
  const again = await alice.post('/changes/4/undo')
  assert.deepEqual([again.body.title, again.body.dueDate], ['Buy oat milk', null])
})

test('an undo of what was changed since is a conflict that names the fields, unless forced', async (t) => {
  const { alice } = await docket(t)
  const task = await alice.createTask({ title: 'Buy milk' })
  await alice.patch(`/tasks/${task.id}`, { title: 'Buy oat milk' })
  await alice.patch(`/tasks/${task.id}`, { title: 'Buy soy milk' })
  const problem = assertProblem(await alice.post('/changes/2/undo'), 409, 'undo-conflict')
  assert.deepEqual(problem.errors, [
    { thing: `/tasks/${task.id}`, pointer: '/title', detail: 'was changed since' },
  ])
  assert.equal((await alice.post('/changes/2/undo?force=true')).body.title, 'Buy milk')
})

test('creations, deletions and restorations can be undone', async (t) => {
  const { alice } = await docket(t)
  const task = await alice.createTask({ title: 'Buy milk' })
  const gone = await alice.post('/changes/1/undo')
  assert.deepEqual([gone.status, gone.headers.get('docket-revision')], [204, '2'])
  assertProblem(await alice.get(`/tasks/${task.id}`), 404, 'not-found')
  const back = await alice.post('/changes/2/undo')
  assert.deepEqual([back.status, back.body.title], [200, 'Buy milk'])
  assert.equal((await alice.post('/changes/3/undo')).status, 204)
  assert.equal((await alice.post(`/tasks/${task.id}/restore`)).body.revision, 5)
  assertProblem(await alice.post('/changes/99/undo'), 404, 'not-found')
  assertProblem(await alice.post('/changes/x/undo'), 404, 'not-found')
})

test('a change of name can be undone', async (t) => {
  const { alice } = await docket(t)
  const change = await alice.patch('/me', { name: 'Alice' })
  assert.equal((await alice.post(`/changes/${change.headers.get('docket-revision')}/undo`)).status, 204)
  assert.equal((await alice.get('/me')).body.name, '')
})

test('an undo of what was erased for good is a conflict, and nothing if forced', async (t) => {
  const { alice } = await docket(t)
  const task = await alice.createTask({ title: 'Buy milk' })
  const path = `/tasks/${task.id}`
  await alice.patch(path, { title: 'Buy oat milk' })
  await alice.delete(path)
  const trashed = assertProblem(await alice.post('/changes/2/undo'), 409, 'undo-conflict')
  assert.deepEqual(trashed.errors, [
    { thing: path, pointer: '', detail: 'was deleted since; restore it first' },
  ])
  await alice.delete(`${path}?permanent=true`)
  for (const revision of [1, 2, 3, 4]) {
    const problem = assertProblem(await alice.post(`/changes/${revision}/undo`), 409, 'undo-conflict')
    assert.deepEqual(problem.errors, [{ thing: path, pointer: '', detail: 'was erased for good' }])
    const forced = await alice.post(`/changes/${revision}/undo?force=true`)
    assert.deepEqual([forced.status, forced.headers.get('docket-revision')], [204, null])
  }
})

test('a forced undo of fields sets them back in the trash', async (t) => {
  const { alice } = await docket(t)
  const task = await alice.createTask({ title: 'Buy milk' })
  const path = `/tasks/${task.id}`
  await alice.patch(path, { title: 'Buy oat milk' })
  await alice.delete(path)
  assert.equal((await alice.post('/changes/2/undo?force=true')).status, 204)
  assertProblem(await alice.get(path), 404, 'not-found')
  assert.equal((await alice.post(`${path}/restore`)).body.title, 'Buy milk')
})

test('a creation or a restoration is not undone over any later change', async (t) => {
  const { alice } = await docket(t)
  const task = await alice.createTask({ title: 'Buy milk' })
  const path = `/tasks/${task.id}`
  await alice.patch(path, { dueDate: '2026-12-01' })
  const problem = assertProblem(await alice.post('/changes/1/undo'), 409, 'undo-conflict')
  assert.deepEqual(problem.errors, [{ thing: path, pointer: '/dueDate', detail: 'was changed since' }])
  await alice.patch(path, { dueDate: null })
  const agreeing = assertProblem(await alice.post('/changes/1/undo'), 409, 'undo-conflict')
  assert.deepEqual(agreeing.errors, [{ thing: path, pointer: '', detail: 'was changed since' }])

  await alice.delete(path)
  const restored = (await alice.post(`${path}/restore`)).body
  await alice.patch(path, { title: 'Buy oat milk' })
  assertProblem(await alice.post(`/changes/${restored.revision}/undo`), 409, 'undo-conflict')
  assert.equal((await alice.post(`/changes/${restored.revision}/undo?force=true`)).status, 204)
})

test('a PUT that creates over a task in the trash is undone to that task', async (t) => {
  const { alice } = await docket(t)
  const old = await alice.createTask({ title: 'Old', status: 'complete' })
  const path = `/tasks/${old.id}`
  await alice.delete(path)
  const put = await alice.put(path, { title: 'New' }, { 'if-none-match': '*' })
  assert.equal(put.status, 201)

  const again = assertProblem(await alice.post('/changes/2/undo'), 409, 'undo-conflict')
  assert.deepEqual(again.errors, [{ thing: path, pointer: '', detail: 'is there again' }])

  const undone = await alice.post(`/changes/${put.body.revision}/undo`)
  assert.equal(undone.status, 204)
  const [trashed] = (await alice.get('/tasks?deleted=true')).body.items
  const revision = Number(undone.headers.get('docket-revision'))
  assert.deepEqual(trashed, { ...old, revision })

  const redone = await alice.post(`/changes/${revision}/undo`)
  assert.deepEqual([redone.body.title, redone.body.status], ['New', 'incomplete'])
  const forced = await alice.post('/changes/2/undo?force=true')
  assert.deepEqual([forced.body.title, forced.body.status], ['Old', 'complete'])
  await alice.delete(path)
  assert.equal((await alice.post('/changes/2/undo')).body.title, 'Old')
})

test('every conflict of a batch is told at once, and a forced undo passes over what was erased', async (t) => {
  const { alice } = await docket(t)
  const [a, b, c] = [
    await alice.createTask({ title: 'a' }),
    await alice.createTask({ title: 'b' }),
    await alice.createTask({ title: 'c' }),
  ]
  const operations = [a, b, c].map(({ id }) => ({
    method: 'PATCH',
    path: `/tasks/${id}`,
    body: { title: 'done', status: 'complete' },
  }))
  const { headers } = await alice.post('/batch', { operations })
  await alice.patch(`/tasks/${a.id}`, { title: 'later', status: 'cancelled' })
  await alice.delete(`/tasks/${c.id}?permanent=true`)
  const path = `/changes/${headers.get('docket-revision')}/undo`

  const problem = assertProblem(await alice.post(path), 409, 'undo-conflict')
  assert.deepEqual(problem.errors, [
    { thing: `/tasks/${c.id}`, pointer: '', detail: 'was erased for good' },
    { thing: `/tasks/${a.id}`, pointer: '/title', detail: 'was changed since' },
    { thing: `/tasks/${a.id}`, pointer: '/status', detail: 'was changed since' },
  ])
  await alice.post(`${path}?force=true`)
  assert.deepEqual([(await alice.read(a)).title, (await alice.read(b)).title], ['a', 'b'])
})

test('an undo of a revision that is not kept says so', async (t) => {
  const { alice } = await docket(t)
  const problem = assertProblem(await alice.post('/changes/999/undo'), 404, 'not-found')
  assert.match(problem.detail, /is not among your changes that are kept/)
})

test('a batch is undone whole by any of its revisions, the last first', async (t) => {
  const { alice } = await docket(t)
  const one = await alice.createTask({ title: 'a' })
  const other = await alice.createTask({ title: 'x' })
  const patch = (path: string, title: string) => ({ method: 'PATCH', path, body: { title } })
  const operations = [
    patch(`/tasks/${one.id}`, 'b'),
    patch(`/tasks/${one.id}`, 'c'),
    patch(`/tasks/${other.id}`, 'y'),
    { method: 'DELETE', path: `/tasks/${other.id}` },
  ]
  for (const chosen of [0, 1, 2, 3]) {
    const { headers } = await alice.post('/batch', { operations })
    const last = Number(headers.get('docket-revision'))
    const undone = await alice.post(`/changes/${last - chosen}/undo`)
    assert.equal(undone.status, 200, undone.text)
    assert.equal(undone.headers.get('docket-revision'), String(last + 4))
    assert.deepEqual([(await alice.read(one)).title, (await alice.read(other)).title], ['a', 'x'])
  }

  const { headers } = await alice.post('/batch', { operations })
  await alice.patch(`/tasks/${one.id}`, { title: 'd' })
  const before = (await alice.get('/tasks?sort=title')).body
  assertProblem(await alice.post(`/changes/${headers.get('docket-revision')}/undo`), 409, 'undo-conflict')
  assert.deepEqual((await alice.get('/tasks?sort=title')).body, before, 'all of it, or nothing')
})
