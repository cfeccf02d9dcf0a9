import assert from 'node:assert/strict'
import { test } from 'node:test'
import { model } from '../../src/tasks/tasks.ts'
import { listed } from '../../src/things/schemas.ts'
import { assertProblem, docket, type Answer } from '../harness.ts'
import { onlyFault } from './field-fault.ts'

const missing = '019aa8b2-6f3e-7c41-9d3a-5b1f0c2d7e11'

test('a new task has exactly the documented fields and defaults', async (t) => {
  const { alice } = await docket(t, { now: Date.UTC(2026, 10, 22, 9, 30) })
  const answer = await alice.post('/tasks', { title: 'Renew the passport' })
  const { id, createdAt, ...rest } = answer.body
  assert.equal(answer.status, 201)
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  assert.match(createdAt, /^2026-11-22T09:30:0\d\.\d{3}Z$/)
  assert.deepEqual(rest, {
    ...model.complete({ title: 'Renew the passport', position: 'a0' }),
    completedAt: null,
    occurrenceOf: null,
    updatedAt: createdAt,
    revision: 1,
  })
  assert.equal(answer.headers.get('location'), `/tasks/${id}`)
  assert.equal(answer.headers.get('etag'), '"1"')
  assert.equal(answer.headers.get('cache-control'), 'private, no-cache')
})

test('read-only fields', async (t) => {
  const { alice } = await docket(t)
  const task = await alice.createTask({ title: 'Renew the passport', status: 'complete' })
  const readOnly = { id: task.id, createdAt: null, updatedAt: 'x', completedAt: [], revision: 1e9 }
  const pointers = ({ body }: Answer) =>
    body.errors.map(({ pointer }: { pointer: string }) => pointer).toSorted()

  await t.test('are refused by name in POST and PATCH', async () => {
    for (const answer of [
      await alice.post('/tasks', { title: 'x', ...readOnly }),
      await alice.patch(`/tasks/${task.id}`, readOnly),
    ]) {
      const { errors = [] } = assertProblem(answer, 422, 'validation-failed')
      assert.deepEqual(
        pointers(answer),
        Object.keys(readOnly)
          .map((name) => `/${name}`)
          .toSorted(),
      )
      for (const { detail } of errors) assert.match(detail, /set by the server/)
    }
  })
  await t.test('are ignored in PUT, whatever their values', async () => {
    const { title, status } = task
    const answer = await alice.put(`/tasks/${task.id}`, { ...readOnly, title, status })
    assert.equal(answer.status, 200, answer.text)
    assert.deepEqual(answer.body, task)
  })
  await t.test('are refused in PUT if the id is another one', async () => {
    for (const id of [missing, task.id.toUpperCase(), null, 5, '', [task.id]]) {
      const { pointer } = onlyFault(await alice.put(`/tasks/${task.id}`, { title: 'x', id }))
      assert.equal(pointer, '/id')
    }
    assert.deepEqual(await alice.read(task), task)
  })
})

test('all faults of a body are reported together, up to fifty', async (t) => {
  const { alice } = await docket(t)
  const answer = await alice.post('/tasks', {
    description: '\0',
    dueDate: 'soon',
    status: 'late',
    nonsense: 1,
  })
  const { errors = [] } = assertProblem(answer, 422, 'validation-failed')
  const pointers = new Set(errors.map((fault) => ('pointer' in fault ? fault.pointer : undefined)))
  assert.deepEqual(pointers, new Set(['/title', '/description', '/dueDate', '/status', '/nonsense']))

  const many = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`field${i}`, i]))
  const { errors: reported } = assertProblem(
    await alice.post('/tasks', { title: 'x', ...many }),
    422,
    'validation-failed',
  )
  assert.equal(reported?.length, 50)
})

test('messages of refused writes say what to do instead', async (t) => {
  const { alice } = await docket(t)
  const { id } = await alice.createTask({ title: 'Renew the passport' })
  const details = async (answer: Promise<Answer>) => onlyFault(await answer).detail

  assert.match(await details(alice.put(`/tasks/${id}`, { status: 'complete' })), /PUT replaces .*PATCH/)
  const cleared = new RegExp(`only ${listed(model.clearable)} can be cleared with null`)
  for (const name of ['title', 'description', 'status'])
    assert.match(await details(alice.patch(`/tasks/${id}`, { [name]: null })), cleared)
  assert.match(await details(alice.post('/tasks', {})), /required/)
  for (const body of [null, [], 'text', 5, true]) {
    for (const [method, path] of [
      ['POST', '/tasks'],
      ['PUT', `/tasks/${id}`],
      ['PATCH', `/tasks/${id}`],
    ] as const) {
      const headers = { 'content-type': 'application/json' }
      const { pointer, detail } = onlyFault(
        await alice.request(method, path, { body: JSON.stringify(body), headers }),
      )
      assert.equal(pointer, '')
      assert.match(detail, /JSON object/)
    }
  }
})
