import assert from 'node:assert/strict'
import { test } from 'node:test'
import { model } from '../../src/tasks/tasks.ts'
import { assertProblem, docket } from '../harness.ts'

test('all faults of a body are reported at once, each with its place', async (t) => {
  const { alice, request } = await docket(t)

  await t.test('in a task', async () => {
    const body = {
      title: ' ',
      description: 'a'.repeat(10_001),
      dueDate: '2026-02-30',
      status: 'done',
      colour: 'red',
      id: 'x',
    }
    const { errors = [], detail } = assertProblem(await alice.post('/tasks', body), 422, 'validation-failed')
    const told = new Map(errors.map((fault) => ['pointer' in fault ? fault.pointer : '', fault.detail]))
    assert.deepEqual(
      new Set(told.keys()),
      new Set(['/title', '/description', '/dueDate', '/status', '/colour', '/id']),
    )
    assert.match(told.get('/description') ?? '', /10000 characters/)
    assert.match(told.get('/status') ?? '', /incomplete, in_progress, complete, cancelled/)
    assert.match(told.get('/colour') ?? '', new RegExp(model.fieldNames.join(', ')))
    assert.match(told.get('/id') ?? '', /server/)
    assert.match(detail, /6 faults/)
  })

  await t.test('in a registration', async () => {
    const body = {
      email: 'nobody',
      password: 'short',
      name: 'two\nlines',
      timeZone: 'Mars/Olympus',
      admin: true,
    }
    const { errors = [] } = assertProblem(
      await request('POST', '/auth/register', { body }),
      422,
      'validation-failed',
    )
    const pointers = new Set(errors.map((fault) => 'pointer' in fault && fault.pointer))
    assert.deepEqual(pointers, new Set(['/email', '/password', '/name', '/timeZone', '/admin']))
  })

  await t.test('but at most fifty, and long names are cut', async () => {
    const body = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`${i}`.padEnd(500, '~/😀'), 1]))
    const answer = await alice.post('/tasks', body)
    const { errors = [] } = assertProblem(answer, 422, 'validation-failed')
    assert.equal(errors.length, 50)
    assert.ok(answer.text.length < 30_000)
    assert.ok(answer.text.isWellFormed() && !/\\ud[89a-f]/.test(answer.text))
  })

  await t.test('and a null is explained: only dueDate takes one', async () => {
    const task = await alice.createTask({ title: 'a' })
    const { detail } = assertProblem(
      await alice.patch(`/tasks/${task.id}`, { title: null }),
      422,
      'validation-failed',
    )
    assert.match(detail, /dueDate/)
  })
})
