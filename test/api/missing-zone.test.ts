import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../../src/database/database.ts'
import { docket } from '../harness.ts'

test('an owner whose time zone is no longer known has days in UTC, and one warning tells', async (t) => {
  const server = await docket(t, { now: Date.UTC(2026, 10, 22, 23, 30), isStill: true })
  const { alice } = server
  await alice.patch('/me', { timeZone: 'Asia/Tokyo' }) // where it is tomorrow already
  await server.database.transaction(async (tx) => {
    await tx.query(sql`update owners set time_zone = 'Asia/Atlantis' where owner_id = ${alice.id}`)
  })

  const task = await alice.createTask({ title: 'Buy milk', dueDate: '2026-11-22' })
  for (const [query, count] of [
    ['', 1],
    ['?due=today', 1],
    ['?due=overdue', 0],
    ['?due=upcoming', 0],
    ['?dueFrom=2026-11-22T23:00:00Z&dueBefore=2026-11-23', 1],
    ['?createdFrom=2026-11-22&createdBefore=2026-11-23', 1],
    ['?createdFrom=2026-11-23', 0],
  ] as const) {
    const { status, body } = await alice.get(`/tasks${query}`)
    assert.equal(status, 200, query)
    assert.equal(body.items.length, count, query)
  }

  assert.equal((await alice.get('/me')).body.timeZone, 'Asia/Atlantis')
  assert.equal((await alice.patch('/me', { name: 'Alice' })).status, 200)
  assert.equal((await alice.patch(`/tasks/${task.id}`, { dueDate: '2026-11-23' })).status, 200)
  assert.equal((await alice.get('/tasks?due=upcoming')).body.items.length, 1)
  assert.equal((await alice.get('/changes')).status, 200)
  const warnings = server.logs.filter(({ level, timeZone }) => level === 40 && timeZone === 'Asia/Atlantis')
  assert.equal(warnings.length, 1)

  assert.equal((await alice.patch('/me', { timeZone: 'Asia/Tokyo' })).status, 200)
  assert.equal((await alice.get('/tasks?due=today')).body.items.length, 1)
})
