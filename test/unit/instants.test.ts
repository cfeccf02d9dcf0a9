import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { formatInstant, parseInstant } from '../../src/core/dates.ts'
import { dates, instants, lastMs, twoDigits, utc } from './date-arbitraries.ts'

const dayMs = 86_400_000

describe('parseInstant', () => {
  const accepted: [text: string, instant: string][] = [
    ['2026-11-22T09:30:00Z', '2026-11-22T09:30:00.000Z'],
    ['2026-11-22t09:30:00z', '2026-11-22T09:30:00.000Z'],
    ['2026-12-01T17:00:00+01:00', '2026-12-01T16:00:00.000Z'],
    ['2026-12-01T17:00:00-05:30', '2026-12-01T22:30:00.000Z'],
    ['2026-12-01T17:00:00-00:00', '2026-12-01T17:00:00.000Z'],
    ['2026-12-01T17:00:00+23:59', '2026-11-30T17:01:00.000Z'],
    ['2026-11-22T09:30:00.5Z', '2026-11-22T09:30:00.500Z'],
    ['2026-11-22T09:30:00.05+00:00', '2026-11-22T09:30:00.050Z'],
    ['2026-11-22T09:30:00.1239Z', '2026-11-22T09:30:00.123Z'],
    ['2026-11-22T09:30:59.999999999Z', '2026-11-22T09:30:59.999Z'],
    ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['2000-02-29T00:00:00Z', '2000-02-29T00:00:00.000Z'],
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z'],
    ['1969-12-31T23:30:00-01:00', '1970-01-01T00:30:00.000Z'],
    ['9999-12-31T23:59:59.9999Z', '9999-12-31T23:59:59.999Z'],
  ]
  for (const [text, instant] of accepted) {
    test(`accepts ${text}`, () => assert.equal(parseInstant(text), Date.parse(instant)))
  }

  const refused: [why: string, text: string][] = [
    ['nothing', ''],
    ['a date alone', '2026-11-22'],
    ['no seconds', '2026-11-22T09:30Z'],
    ['no offset', '2026-11-22T09:30:00'],
    ['second 60', '2016-12-31T23:59:60Z'],
    ['minute 60', '2026-11-22T09:60:00Z'],
    ['hour 24', '2026-11-22T24:00:00Z'],
    ['30 February', '2026-02-30T00:00:00Z'],
    ['29 February of a common year', '2026-02-29T00:00:00Z'],
    ['29 February of a common century', '2100-02-29T00:00:00Z'],
    ['31 April', '2026-04-31T00:00:00Z'],
    ['day 0', '2026-04-00T00:00:00Z'],
    ['day 32', '2026-05-32T00:00:00Z'],
    ['month 0', '2026-00-10T00:00:00Z'],
    ['month 13', '2026-13-10T00:00:00Z'],
    ['offset +99:00', '2026-11-22T09:30:00+99:00'],
    ['offset +24:00', '2026-11-22T09:30:00+24:00'],
    ['offset +01:60', '2026-11-22T09:30:00+01:60'],
    ['offset +01', '2026-11-22T09:30:00+01'],
    ['an offset without its colon', '2026-11-22T09:30:00+0100'],
    ['an offset with seconds', '2026-11-22T09:30:00+01:00:00'],
    ['a plus that became a space', '2026-11-22T09:30:00 01:00'],
    ['a typographic minus', '2026-11-22T09:30:00\u221201:00'],
    ['Z and an offset', '2026-11-22T09:30:00Z+01:00'],
    ['a zone name', '2026-11-22T09:30:00+01:00[Europe/Berlin]'],
    ['a space instead of T', '2026-11-22 09:30:00Z'],
    ['the basic format', '20261122T093000Z'],
    ['10 digits of a second', '2026-11-22T09:30:00.1234567890Z'],
    ['a dot without digits', '2026-11-22T09:30:00.Z'],
    ['a comma', '2026-11-22T09:30:00,5Z'],
    ['year 0', '0000-01-01T00:00:00Z'],
    ['year 1', '0001-01-01T00:00:00Z'],
    ['1969', '1969-12-31T23:59:59.999Z'],
    ['an offset that leads back to 1969', '1970-01-01T00:30:00+01:00'],
    ['year 10000', '10000-01-01T00:00:00Z'],
    ['year +010000', '+010000-01-01T00:00:00Z'],
    ['an offset that leads on to year 10000', '9999-12-31T23:30:00-01:00'],
    ['full-width digits', '２０２６-11-22T09:30:00Z'],
    ['a line break at the end', '2026-11-22T09:30:00Z\n'],
    ['a space at the start', ' 2026-11-22T09:30:00Z'],
    ['NUL at the end', '2026-11-22T09:30:00Z\0'],
    ['epoch milliseconds', '1795339800000'],
  ]
  for (const [why, text] of refused) {
    test(`refuses ${why}`, () => assert.equal(parseInstant(text), undefined))
  }

  test('agrees with Temporal on every text of its grammar', () => {
    const fraction = fc.oneof(fc.constant(''), fc.stringMatching(/^\.[0-9]{1,9}$/))
    const offset = fc.oneof(
      fc.constantFrom('Z', 'z'),
      fc
        .tuple(fc.constantFrom('+', '-'), twoDigits(23), fc.constant(':'), twoDigits(59))
        .map((parts) => parts.join('')),
    )
    const time = fc.tuple(twoDigits(23), twoDigits(59), twoDigits(59)).map((parts) => parts.join(':'))
    fc.assert(
      fc.property(dates, fc.constantFrom('T', 't'), time, fraction, offset, (date, t, clock, sub, zone) => {
        const text = `${date}${t}${clock}${sub}${zone}`
        const ms = utc(text)
        assert.equal(parseInstant(text), ms >= 0 && ms <= lastMs ? ms : undefined)
      }),
      { numRuns: 2000 },
    )
  })

  test('never throws, and accepts nothing that Date refuses', () => {
    const nearly = fc
      .tuple(fc.integer({ min: 0, max: 28 }), fc.string({ maxLength: 2 }))
      .map(
        ([at, noise]) =>
          '2026-11-22T09:30:00.123+01:00'.slice(0, at) +
          noise +
          '2026-11-22T09:30:00.123+01:00'.slice(at + 1),
      )
    fc.assert(
      fc.property(fc.oneof(fc.string(), nearly), (text) => {
        const ms = parseInstant(text)
        if (ms !== undefined) assert.equal(ms, Date.parse(text))
      }),
      { numRuns: 2000 },
    )
  })
})

describe('formatInstant', () => {
  test('writes what toISOString writes', () => {
    fc.assert(
      fc.property(instants, (ms) => assert.equal(formatInstant(ms), new Date(ms).toISOString())),
      { numRuns: 5000 },
    )
    for (const ms of [0, 999, dayMs - 1, dayMs, lastMs])
      assert.equal(formatInstant(ms), new Date(ms).toISOString())
  })

  test('writes each week of 1970–9999 as toISOString does', () => {
    for (let day = 0; day <= lastMs; day += dayMs * 7) {
      assert.equal(formatInstant(day), new Date(day).toISOString())
    }
  })

  test('is reversed by parseInstant', () => {
    fc.assert(fc.property(instants, (ms) => assert.equal(parseInstant(formatInstant(ms)), ms)))
  })
})
