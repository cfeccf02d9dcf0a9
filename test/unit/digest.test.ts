import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isSameText, sha256 } from '../../src/core/digest.ts'

// FIPS 180-2 B.1; event tickets and fingerprints are stored in this form, so it must not change.
const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'

test('a digest is SHA-256 in base64url', () => {
  assert.equal(sha256('abc'), Buffer.from(abc, 'hex').toString('base64url'))
  assert.equal(sha256(Buffer.from('abc'), 'base64'), Buffer.from(abc, 'hex').toString('base64'))
  assert.equal(sha256('é'), sha256(Buffer.from('é')))
})

test('texts are the same or not, whatever their lengths', () => {
  assert.ok(isSameText('', ''))
  assert.ok(isSameText('é', 'é'))
  for (const other of ['', 'e', 'ee', 'é ', 'è']) assert.ok(!isSameText('é', other), other)
})
