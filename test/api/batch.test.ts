import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Task } from '../../src/tasks/schema.ts'
import { assertProblem, docket, etagOf } from '../harness.ts'

interface Result {
  status: number
  body?: { title?: string; type?: string }
  etag?: string
}

test('a batch does every operation in order, each with a revision of its own', async (t) => {
  const { alice } = await docket(t)
  const task = await alice.createTask({ title: 'Buy milk' })
  const other = await alice.createTask({ title: 'Buy bread' })

  const answer = await alice.post('/batch', {
    operations: [
      { method: 'POST', path: '/tasks', body: { title: 'Buy eggs' } },
      { method: 'PATCH', path: `/tasks/${task.id}`, body: { status: 'complete' }, ifMatch: etagOf(task) },
      { method: 'DELETE', path: `/tasks/${other.id}` },
      { method: 'PUT', path: `/tasks/${task.id}`, body: { title: 'Buy oat milk' } },
    ],
  })

  assert.equal(answer.status, 200, answer.text)
  assert.deepEqual(
    answer.body.results.map(({ status, body, etag }: Result) => [status, body?.title, etag]),
    [
      [201, 'Buy eggs', '"3"'],
      [200, 'Buy milk', '"4"'],
      [204, undefined, undefined],
      [200, 'Buy oat milk', '"6"'],
    ],
  )
  assert.equal(answer.headers.get('docket-revision'), '6')

  assert.equal((await alice.post('/changes/5/undo')).status, 200)
  const titles = (await alice.get('/tasks?sort=title')).body.items.map(({ title, status }: Task) => [
    title,
    status,
  ])
  assert.deepEqual(titles, [
    ['Buy bread', 'incomplete'],
    ['Buy milk', 'incomplete'],
  ])
})

test('faults of every operation are told at once, each at its field', async (t) => {
  const { alice } = await docket(t)
  const task = await alice.createTask({ title: 'Buy milk' })
  const path = `/tasks/${task.id}`
  const operations = [
    { method: 'POST', path: '/tasks', body: { title: 'x' } },
    { method: 'POST', path: '/tasks', body: { title: '', dueDate: 'soon' } },
    { method: 'POST', path: '/tasks', body: { title: 'x' }, ifMatch: '"1"' },
    { method: 'DELETE', path, body: {} },
    { method: 'PATCH', path: '/tasks/1', body: { title: 'x' } },
    { method: 'PATCH', path, body: { title: null } },
  ]
  const problem = assertProblem(await alice.post('/batch', { operations }), 422, 'validation-failed')
  assert.match(problem.detail, /^Operation 1: .*5 operations are at fault/)
  assert.deepEqual(
    problem.errors?.map((fault) => 'pointer' in fault && fault.pointer),
    [
      '/operations/1/body/title',
      '/operations/1/body/dueDate',
      '/operations/2/ifMatch',
      '/operations/3/body',
      '/operations/4/path',
      '/operations/5/body/title',
    ],
  )
})

test('one that is refused refuses all, and is named', async (t) => {
  const { alice } = await docket(t)
  const task = await alice.createTask({ title: 'Buy milk' })
  const batch = (operation: object) =>
    alice.post('/batch', {
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
  const { body } = await alice.post('/batch?atomic=false', {
    operations: [
      { method: 'POST', path: '/tasks', body: { title: '' } },
      { method: 'POST', path: '/tasks', body: { title: 'Buy milk' } },
      { method: 'DELETE', path: '/tasks/019aa8b2-6f3e-7c41-9d3a-5b1f0c2d7e11' },
    ],
  })
  assert.deepEqual(
    body.results.map(({ status, body: inner }: Result) => [status, inner?.type ?? inner?.title]),
    [
      [422, '/problems/validation-failed'],
      [201, 'Buy milk'],
      [404, '/problems/not-found'],
    ],
  )
})

test('a batch is repeated safely with its key', async (t) => {
  const { alice } = await docket(t)
  for (const path of ['/batch', '/batch?atomic=false']) {
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

test('a stored batch is erased with any task in it, also with one that it wrote twice', async (t) => {
  const { alice } = await docket(t)
  const [milk, bread] = [
    await alice.createTask({ title: 'Buy milk' }),
    await alice.createTask({ title: 'Buy bread' }),
  ]
  const change = ({ id }: Task, title: string) => ({ method: 'PATCH', path: `/tasks/${id}`, body: { title } })
  const operations = [
    change(milk, 'Buy oat milk'),
    change(bread, 'Buy rye bread'),
    change(milk, 'Buy soy milk'),
  ]
  const send = () => alice.post('/batch', { operations }, { 'idempotency-key': 'twice' })
  const first = await send()
  assert.equal((await send()).text, first.text)

  await alice.delete(`/tasks/${bread.id}?permanent=true`)

  assertProblem(await send(), 404, 'not-found')
  assert.equal((await alice.read(milk)).title, 'Buy soy milk')
})

test('a key is for one request, whatever became of its operations', async (t) => {
  const { alice } = await docket(t)
  const send = (...titles: string[]) =>
    alice.post(
      '/batch?atomic=false',
      { operations: titles.map((title) => ({ method: 'POST', path: '/tasks', body: { title } })) },
      { 'idempotency-key': 'one' },
    )
  assert.deepEqual(
    (await send('', 'Buy milk')).body.results.map(({ status }: Result) => status),
    [422, 201],
  )

  // Neither in the place of the refused one, nor behind the last.
  for (const titles of [['Buy bread'], ['', 'Buy milk', 'Buy bread']])
    assertProblem(await send(...titles), 422, 'idempotency-key-reused')

  const repeated = await send('', 'Buy milk')
  assert.deepEqual(
    repeated.body.results.map(({ status }: Result) => status),
    [422, 201],
  )
  assert.equal((await alice.get('/tasks')).body.items.length, 1)
})

test('what an operation has no use for is refused, not dropped', async (t) => {
  const { alice } = await docket(t)
  const task = await alice.createTask({ title: 'Buy milk' })
  for (const operation of [
    { method: 'DELETE', path: `/tasks/${task.id}`, body: { permanent: true } },
    { method: 'POST', path: '/tasks', body: { title: 'x' }, ifMatch: '"1"' },
  ]) {
    const answer = await alice.post('/batch', { operations: [operation] })
    assert.match(assertProblem(answer, 422, 'validation-failed').detail, /must be left out/)
  }
  assert.deepEqual((await alice.get('/tasks')).body.items, [task])
})

test('a stale ifMatch tells the entity tag that is there now', async (t) => {
  const { alice } = await docket(t)
  const task = await alice.createTask({ title: 'Buy milk' })
  const operations = [{ method: 'DELETE', path: `/tasks/${task.id}`, ifMatch: '"9"' }]
  const whole = await alice.post('/batch', { operations })
  assertProblem(whole, 412, 'precondition-failed')
  assert.equal(whole.headers.get('etag'), '"1"')
  const each = await alice.post('/batch?atomic=false', { operations })
  assert.deepEqual([each.body.results[0].status, each.body.results[0].etag], [412, '"1"'])
})
