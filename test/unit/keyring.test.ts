import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createKeyring, mac, verifyMac, type Purpose } from '../../src/core/keyring.ts'

const [first, second, third] = ['first secret', 'second secret', 'third secret']
const purposes: Purpose[] = ['access-token', 'refresh-token', 'cursor', 'throttle']

test('the first secret signs and all secrets verify', () => {
  const { signing, all } = createKeyring([first, second, third])
  assert.equal(all.length, 3)
  assert.equal(all[0], signing)
  assert.equal(signing.id, createKeyring([first]).signing.id)
})

test('the same secret gives the same keys, on every node and after a restart', () => {
  const [one, other] = [createKeyring([first]).signing, createKeyring([first]).signing]
  assert.equal(one.id, other.id)
  for (const purpose of purposes) assert.deepEqual(one.for(purpose), other.for(purpose))
  assert.equal(one.for('cursor'), one.for('cursor')) // derived once
})

test('no two secrets and no two purposes share a key', () => {
  const keys = createKeyring([first, second, third]).all.flatMap((key) =>
    purposes.map((purpose) => key.for(purpose)),
  )
  assert.ok(keys.every(({ length }) => length === 32))
  assert.equal(new Set(keys.map((key) => key.toString('hex'))).size, 12)
})

test('a key id reveals neither the secret nor any part of a key', () => {
  const keyring = createKeyring([first, second])
  assert.notEqual(keyring.all[0]?.id, keyring.all[1]?.id)
  const { id } = keyring.signing
  assert.match(id, /^[0-9a-f]{16}$/)
  for (const purpose of purposes) assert.ok(!keyring.signing.for(purpose).toString('hex').includes(id))
})

test('a MAC is HMAC-SHA-256 in base64url', () => {
  // RFC 4231 §4.3
  const digest = Buffer.from('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843', 'hex')
  assert.equal(mac(Buffer.from('Jefe'), 'what do ya want for nothing?'), digest.toString('base64url'))
  assert.equal(
    mac(Buffer.from('Jefe'), 'what do ya want for nothing?', 16),
    digest.toString('base64url', 0, 16),
  )
})

test('a MAC verifies with any secret of the ring, but only for its own purpose and text', () => {
  const old = createKeyring([second])
  const given = mac(old.signing.for('cursor'), 'text')
  const rotated = createKeyring([first, second])

  assert.ok(verifyMac(rotated, 'cursor', 'text', given))
  assert.ok(!verifyMac(createKeyring([first]), 'cursor', 'text', given)) // the secret was removed
  assert.ok(!verifyMac(rotated, 'refresh-token', 'text', given))
  assert.ok(!verifyMac(rotated, 'cursor', 'texts', given))
})

test('a MAC has only one valid spelling', () => {
  const keyring = createKeyring([first])
  const given = mac(keyring.signing.for('cursor'), 'text')
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const passing = alphabet
    .split('')
    .filter((last) => verifyMac(keyring, 'cursor', 'text', given.slice(0, -1) + last))
  assert.deepEqual(passing, [given.at(-1)])
  for (const wrong of ['', given.slice(0, -1), `${given}=`, ` ${given}`, 'ü'.repeat(given.length)]) {
    assert.ok(!verifyMac(keyring, 'cursor', 'text', wrong))
  }
  assert.ok(!verifyMac(keyring, 'cursor', 'text', given, 16)) // a full-length MAC where a short one is expected
})
