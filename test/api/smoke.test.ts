import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertProblem, docket, etagOf } from '../harness.ts'

test('a stale If-Match changes nothing', async (t) => {
  const { alice } = await docket(t)
  const task = await alice.createTask({ title: 'Buy milk' })
  await alice.patch(`/tasks/${task.id}`, { title: 'Buy oat milk' })

  const late = await alice.patch(`/tasks/${task.id}`, { title: 'Buy soy milk' }, { 'if-match': etagOf(task) })

  assertProblem(late, 412, 'precondition-failed')
  assert.equal(late.headers.get('etag'), '"2"')
  assert.equal((await alice.read(task)).title, 'Buy oat milk')
})
