import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { newPassword } from '../../src/accounts/passwords.ts'
import { formats, type Format } from '../../src/http/reading/formats.ts'

/** Every format that the document shows a pattern of. */
const shown = Object.entries({ ...formats, 'new-password': newPassword }).flatMap(
  ([name, { pattern, ...format }]: [string, Format]) =>
    pattern === undefined ? [] : [{ name, pattern, ...format }],
)

/** An instant of 1969 that its offset moves into 1970. */
const isBefore1970 = (text: string) => text.startsWith('1969-12-31')

for (const { name, pattern, test: accepts } of shown) {
  const expression = new RegExp(pattern)
  const fitting = fc.stringMatching(expression)
  /** What fits, with a character put into it, left out of it or put in the place of another. */
  const nearly = fc
    .tuple(fitting, fc.nat(300), fc.nat(1), fc.string({ unit: 'binary', maxLength: 1 }))
    .map(([text, at, length, more]) => {
      const i = at % (text.length + 1)
      return text.slice(0, i) + more + text.slice(i + length)
    })

  test(`what the pattern of ${name} refuses, its judge refuses too`, () => {
    fc.assert(
      fc.property(fc.oneof(fitting, nearly, fc.string({ unit: 'binary' })), (text) => {
        fc.pre(!isBefore1970(text))
        assert.ok(!accepts(text) || expression.test(text), JSON.stringify(text))
      }),
    )
  })
}

const exact = new Set(['line', 'text', 'entity-tags', 'idempotency-key', 'uuid', 'plain'])

test('where the pattern says all, the judge takes whatever fits', () => {
  for (const { name, pattern, test: accepts } of shown.filter((one) => exact.has(one.name))) {
    const fitting = fc.stringMatching(new RegExp(pattern)).filter((text) => text.isWellFormed())
    fc.assert(fc.property(fitting, (text) => assert.ok(accepts(text), `${name} ${JSON.stringify(text)}`)))
  }
})

test('the pattern of a date has every day of the calendar, and no other', () => {
  const { pattern = '', test: accepts } = formats['due-date'] ?? assert.fail()
  const expression = new RegExp(pattern)
  for (const year of [1969, 1970, 1999, 2000, 2023, 2024, 2100, 2400, 9996, 9999]) {
    for (let month = 0; month <= 13; month++) {
      for (let day = 0; day <= 32; day++) {
        const text = [year, ...[month, day].map((n) => String(n).padStart(2, '0'))].join('-')
        assert.equal(expression.test(text), accepts(text), text)
      }
    }
  }
})
