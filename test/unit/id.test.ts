import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isId, newId, successorOf } from '../../src/core/id.ts'

test('ids sort in the order in which they were made, many in one millisecond and none twice', () => {
  const ids = Array.from({ length: 20_000 }, newId)
  assert.deepEqual(ids, ids.toSorted())
  assert.equal(new Set(ids).size, ids.length)
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-/)
  assert.ok(ids.every(isId))
})

test('the id after another one carries where its last part is full', () => {
  const head = '019aa8b2-6f3e-7c41-9d3a'
  assert.equal(successorOf(`${head}-00000000000f`), `${head}-000000000010`)
  assert.equal(successorOf(`${head}-ffffffffffff`), '019aa8b2-6f3e-7c41-9d3b-000000000000')
})
