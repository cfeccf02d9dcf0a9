import assert from 'node:assert/strict'
import { test } from 'node:test'
import { statuses } from '../../src/tasks/fields.ts'
import { docket, type Docket, type User } from '../harness.ts'
import { listOf, walk, type Query } from '../list-model.ts'

const now = Date.UTC(2026, 10, 27, 9, 30)
const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
const timeZone = 'Pacific/Auckland'

/** 700 tasks, a hundred each minute: one in twenty without a due date, the others on days and at times before and after the present. */
async function fill(server: Docket, user: User): Promise<void> {
  const dueOf = (i: number) => {
    const at = new Date(now + ((i * 37) % 400) * (dayMs / 8) - 4 * dayMs).toISOString()
    if (i % 20 === 0) return null
    return i % 2 === 0 ? at : at.slice(0, 10)
  }
  const operations = Array.from({ length: 700 }, (_, i) => ({
    method: 'POST',
    path: '/tasks',
    body: { title: `Task ${(i * 11) % 50}`, dueDate: dueOf(i), status: statuses[i % statuses.length] },
  }))
  for (let i = 0; i < operations.length; i += 100) {
    const answer = await user.post('/batch', { operations: operations.slice(i, i + 100) })
    assert.equal(answer.status, 200, answer.text)
    server.advance(minuteMs)
  }
}

test('a range that leaves more tasks than are sorted at once gives the same list', async (t) => {
  const server = await docket(t, { now, isStill: true })
  const user = await server.register('many', { timeZone })
  await fill(server, user)
  const all = await walk(user, { limit: '100' })
  assert.equal(all.length, 700)

  const filters: Query[] = [
    { due: 'upcoming' },
    { due: 'overdue' },
    { dueFrom: '2026-11-20', dueBefore: '2027-01-01' },
    { dueFrom: new Date(now).toISOString() },
    { createdFrom: new Date(now + minuteMs).toISOString() },
    { updatedBefore: new Date(now + 6 * minuteMs).toISOString() },
    { updatedFrom: '2026-11-01', due: 'upcoming', status: 'incomplete,complete' },
    { createdBefore: '2027-01-01', dueBefore: '2027-02-01' },
  ]
  for (const filter of filters) {
    for (const sort of [
      '-createdAt',
      'title',
      '-dueDate',
      'dueDate,title',
      'completedAt',
      '-priority,dueDate',
    ]) {
      const query = { ...filter, sort, limit: '100' }
      const expected = listOf(all, query, timeZone, server.now()).map(({ id }) => id)
      assert.deepEqual(
        (await walk(user, query)).map(({ id }) => id),
        expected,
        JSON.stringify(query),
      )
    }
  }
  assert.ok(listOf(all, { due: 'upcoming' }, timeZone, now).length > 500)
})
