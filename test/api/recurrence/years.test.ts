import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Task } from '../../../src/tasks/schema.ts'
import { docket, type User } from '../../harness.ts'
import { bodyOf } from '../organise/organise.ts'

const now = Date.parse('2026-08-03T12:00:00.000Z')
const daily = { title: 'Water the plants', dueDate: '2026-08-01', recurrence: { rule: 'FREQ=DAILY' } }
const complete = (user: User, { id }: Pick<Task, 'id'>) => user.patch(`/tasks/${id}`, { status: 'complete' })
const dueDates = async (user: User, { id }: Pick<Task, 'id'>, query = ''): Promise<string[]> =>
  bodyOf(await user.get(`/tasks/${id}/occurrences${query}`)).items

test('a series of many years', async (t) => {
  const server = await docket(t, { now, isStill: true })
  const { alice } = server
  const since1970 = (rule: string, time = '') =>
    alice.createTask({ title: 'Water the plants', dueDate: `1970-01-01${time}`, recurrence: { rule } })

  await t.test('goes on after today', async () => {
    for (const [rule, time, next] of [
      ['FREQ=DAILY', '', '2026-08-04'],
      ['FREQ=DAILY;COUNT=30000', '', '2026-08-04'],
      ['FREQ=DAILY;COUNT=30000', 'T07:00:00Z', '2026-08-04T07:00:00.000Z'],
      ['FREQ=DAILY', 'T17:00:00Z', '2026-08-03T17:00:00.000Z'],
    ] as const) {
      const answer = bodyOf(await complete(alice, await since1970(rule, time)))
      assert.deepEqual([answer.dueDate, answer.status], [next, 'incomplete'], rule)
    }
    const over = bodyOf(await complete(alice, await since1970('FREQ=DAILY;COUNT=20000')))
    assert.deepEqual([over.dueDate, over.status], ['1970-01-01', 'complete'])
  })

  await t.test('lists the dates of any time without those before', async () => {
    const task = await since1970('FREQ=DAILY', 'T07:00:00Z')
    const far = await dueDates(alice, task, '?from=2120-01-01&limit=500')
    assert.deepEqual(
      [far.length, far[0], far[499]],
      [500, '2120-01-01T07:00:00.000Z', '2121-05-14T07:00:00.000Z'],
    )
    assert.deepEqual(await dueDates(alice, task, '?from=2026-08-05&before=2026-08-05T07:00:00Z'), [])
    assert.deepEqual(await dueDates(alice, task, '?from=9999-12-31'), ['9999-12-31T07:00:00.000Z'])
  })

  await t.test('lists an overdue one from its completions as if it were done today', async () => {
    const task = await alice.createTask({
      ...daily,
      recurrence: { rule: 'FREQ=DAILY;INTERVAL=3;COUNT=3', from: 'completion' },
    })
    assert.deepEqual(await dueDates(alice, task), ['2026-08-01', '2026-08-06', '2026-08-09'])
    assert.equal(bodyOf(await complete(alice, task)).dueDate, '2026-08-06')
    assert.deepEqual(await dueDates(alice, task), ['2026-08-06', '2026-08-09'])
    assert.deepEqual(await dueDates(alice, task, '?from=2026-08-08'), ['2026-08-09'])
    const monthly = await alice.createTask({
      ...daily,
      dueDate: '2027-01-31',
      recurrence: { rule: 'FREQ=MONTHLY;SKIP=BACKWARD;COUNT=3', from: 'completion' },
    })
    assert.deepEqual(await dueDates(alice, monthly), ['2027-01-31', '2027-02-28', '2027-03-28'])
  })

  await t.test('is not judged again by writes of other fields', async () => {
    const task = await since1970('FREQ=YEARLY;INTERVAL=60')
    await complete(alice, task)
    assert.equal(bodyOf(await complete(alice, task)).dueDate, '2090-01-01')
    const { title, dueDate } = bodyOf(await alice.patch(`/tasks/${task.id}`, { title: 'Water all' }))
    assert.deepEqual([title, dueDate], ['Water all', '2090-01-01'])
  })
})
