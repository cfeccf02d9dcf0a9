import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertProblem, docket, etagOf } from '../harness.ts'

test('a batch does every operation in order, each with a revision of its own', async (t) => {
  const { alice } = await docket(t)
  const task = await alice.createTask({ title: 'Buy milk' })
  const other = await alice.createTask({ title: 'Buy bread' })

  const answer = await alice.post('/tasks/batch', {
    operations: [
      { method: 'POST', path: '/tasks', body: { title: 'Buy eggs' } },
      { method: 'PATCH', path: `/tasks/${task.id}`, body: { status: 'complete' }, ifMatch: etagOf(task) },
      { method: 'DELETE', path: `/tasks/${other.id}` },
      { method: 'PUT', path: `/tasks/${task.id}`, body: { title: 'Buy oat milk' } },
    ],
  })

  assert.equal(answer.status, 200, answer.text)
  assert.deepEqual(
    answer.body.results.map(({ status, body, etag }: any) => [status, body?.title, etag]),
    [
      [201, 'Buy eggs', '"3"'],
      [200, 'Buy milk', '"4"'],
      [204, undefined, undefined],
      [200, 'Buy oat milk', '"6"'],
    ],
  )
  assert.equal(answer.headers.get('docket-revision'), '6')

  assert.equal((await alice.post('/changes/5/undo')).status, 200)
  const titles = (await alice.get('/tasks?sort=title')).body.items.map(({ title, status }: any) => [
    title,
    status,
  ])
  assert.deepEqual(titles, [
    ['Buy bread', 'incomplete'],
    ['Buy milk', 'incomplete'],
  ])
})

test('one that is refused refuses all, and is named', async (t) => {
  const { alice } = await docket(t)
  const task = await alice.createTask({ title: 'Buy milk' })
  const batch = (operation: object) =>
    alice.post('/tasks/batch', {
      operations: [{ method: 'POST', path: '/tasks', body: { title: 'x' } }, operation],
    })

  const invalid = assertProblem(
    await batch({ method: 'PATCH', path: `/tasks/${task.id}`, body: { title: '' } }),
    422,
    'validation-failed',
  )
  assert.deepEqual(invalid.errors, [{ pointer: '/operations/1/body/title', detail: 'must not be empty' }])
  const stale = await batch({ method: 'DELETE', path: `/tasks/${task.id}`, ifMatch: '"9"' })
  assert.equal(
    Object.values(assertProblem(stale, 412, 'precondition-failed').errors?.[0] ?? {})[0],
    '/operations/1',
  )
  assertProblem(await batch({ method: 'PUT', path: '/tasks/nope', body: { title: 'x' } }), 404, 'not-found')
  assertProblem(await batch({ method: 'GET', path: '/tasks' }), 422, 'validation-failed')

  assert.equal((await alice.get('/tasks')).body.items.length, 1)
})

test('with atomic=false each stands on its own', async (t) => {
  const { alice } = await docket(t)
  const { body } = await alice.post('/tasks/batch?atomic=false', {
    operations: [
      { method: 'POST', path: '/tasks', body: { title: '' } },
      { method: 'POST', path: '/tasks', body: { title: 'Buy milk' } },
      { method: 'DELETE', path: '/tasks/019aa8b2-6f3e-7c41-9d3a-5b1f0c2d7e11' },
    ],
  })
  assert.deepEqual(
    body.results.map(({ status, body: inner }: any) => [status, inner.type ?? inner.title]),
    [
      [422, '/problems/validation-failed'],
      [201, 'Buy milk'],
      [404, '/problems/not-found'],
    ],
  )
})

test('a batch is repeated safely with its key', async (t) => {
  const { alice } = await docket(t)
  for (const path of ['/tasks/batch', '/tasks/batch?atomic=false']) {
    const post = () =>
      alice.post(
        path,
        { operations: [{ method: 'POST', path: '/tasks', body: { title: path } }] },
        { 'idempotency-key': path },
      )
    const first = await post()
    const second = await post()
    assert.equal(second.text, first.text)
    assert.equal(second.headers.get('idempotent-replayed'), 'true')
  }
  assert.equal((await alice.get('/tasks')).body.items.length, 2)
})
