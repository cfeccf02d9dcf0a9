import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noticeOthers } from '../../src/database/notice-others.ts'

test('a look at the file that fails harms nobody, and the next one finds what was written', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  let version: () => number = () => 1
  let notices = 0
  const connection = { inTransaction: false, pragma: () => version() }
  const stop = noticeOthers(connection, () => void (notices += 1))
  const look = () => t.mock.timers.tick(500)

  look()
  assert.equal(notices, 0)
  version = () => {
    throw new Error('disk I/O error')
  }
  look()
  version = () => 2
  connection.inTransaction = true
  look()
  assert.equal(notices, 0)
  connection.inTransaction = false
  look()
  look()
  assert.equal(notices, 1)
  stop()
  version = () => 3
  look()
  assert.equal(notices, 1)
})
