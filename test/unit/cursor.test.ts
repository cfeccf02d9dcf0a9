import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { openCursor, sealCursor, type Position } from '../../src/core/cursor.ts'
import { AppError } from '../../src/core/errors.ts'
import { createKeyring } from '../../src/core/keyring.ts'

const keyring = createKeyring(['a secret'])
const scope = 'alice|status=incomplete|-createdAt'
const position: Position = [1795338600000, 'Ärger 🦊', null, '019aa8b2-6f3e-7c41-9d3a-5b1f0c2d7e11']

const isInvalidCursor = (error: unknown) => {
  assert.ok(error instanceof AppError)
  assert.equal(error.slug, 'invalid-cursor')
  assert.ok(error.hints.faults?.every((fault) => 'parameter' in fault && fault.parameter === 'cursor'))
  return true
}

test('opening a cursor returns the position that was sealed in it', () => {
  const values = fc.oneof(fc.string({ unit: 'grapheme' }), fc.maxSafeInteger(), fc.constant(null))
  fc.assert(
    fc.property(fc.array(values, { minLength: 1, maxLength: 4 }), fc.string(), (written, where) => {
      assert.deepEqual(openCursor(keyring, where, sealCursor(keyring, where, written)), written)
    }),
  )
})

test('a cursor needs no URL encoding, and the same position gives the same cursor', () => {
  const cursor = sealCursor(keyring, scope, position)
  assert.equal(encodeURIComponent(cursor), cursor)
  assert.equal(sealCursor(keyring, scope, position), cursor)
})

test('a cursor is refused in any other scope', () => {
  const cursor = sealCursor(keyring, scope, position)
  for (const other of ['', 'bob|status=incomplete|-createdAt', `${scope} `, scope.slice(0, -1)]) {
    assert.throws(() => openCursor(keyring, other, cursor), isInvalidCursor)
  }
})

test('moving a character from the position to the scope invalidates a cursor', () => {
  const [payload, tag] = sealCursor(keyring, 'a', ['b']).split('.')
  assert.throws(
    () => openCursor(keyring, `a${payload?.slice(0, 1)}`, `${payload?.slice(1)}.${tag}`),
    isInvalidCursor,
  )
})

test('a cursor that was cut, extended or changed by one character is refused', () => {
  const cursor = sealCursor(keyring, scope, position)
  const wrong = [
    '',
    '.',
    'x',
    'null',
    `${cursor}=`,
    `${cursor} `,
    `.${cursor}`,
    cursor.replace('.', ''),
    `${cursor}.x`,
  ]
  for (let i = 0; i < cursor.length; i += 1) {
    wrong.push(cursor.slice(0, i) + cursor.slice(i + 1), cursor.slice(0, i))
    for (const letter of 'Ab0-')
      if (cursor[i] !== letter) wrong.push(cursor.slice(0, i) + letter + cursor.slice(i + 1))
  }
  wrong.push('x'.repeat(100_000), `${'x'.repeat(100_000)}.${cursor.split('.')[1]}`)
  for (const text of wrong)
    assert.throws(() => openCursor(keyring, scope, text), isInvalidCursor, text.slice(0, 200))
})

test('a cursor survives the rotation of its secret, but not its removal', () => {
  const cursor = sealCursor(keyring, scope, position)
  assert.deepEqual(openCursor(createKeyring(['a newer secret', 'a secret']), scope, cursor), position)
  assert.throws(() => openCursor(createKeyring(['a newer secret']), scope, cursor), isInvalidCursor)
})
