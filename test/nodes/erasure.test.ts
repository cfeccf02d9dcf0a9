import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eraseClosed } from '../../src/database/erasure.ts'
import { sql } from '../../src/database/database.ts'
import { sweepAll } from '../../src/database/sweep.ts'
import { password } from '../harness.ts'
import { pair } from './pair.ts'

test('nodes that erase closed accounts at the same time do not disturb each other', async (t) => {
  const nodes = await pair(t)
  const [first, second] = nodes
  for (const name of ['carol', 'dave', 'erin']) {
    const user = await first.register(name)
    const operations = Array.from({ length: 50 }, (_, n) => ({
      method: 'POST',
      path: '/tasks',
      body: { title: `Task ${n}` },
    }))
    for (let n = 0; n < 8; n++) await user.post('/batch', { operations })
    await user.post('/me/deletion', { password })
  }

  const erased = await Promise.all(nodes.map((node) => sweepAll(node.database, [eraseClosed], node.now)))

  assert.ok(erased.every((rows) => rows > 0))
  const left = await second.database.query(sql`
    select owner_id from tasks union all select owner_id from changes union all select id from users`)
  assert.deepEqual(left, [{ owner_id: first.alice.id }])
})
