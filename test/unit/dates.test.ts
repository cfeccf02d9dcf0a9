import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  dayOf,
  endOfDayUtc,
  formatInstant,
  isCalendarDate,
  isTimeZone,
  nextDay,
  parseInstant,
  startOfDay,
} from '../../src/core/dates.ts'

const dayMs = 86_400_000
const lastMs = Date.UTC(9999, 11, 31, 23, 59, 59, 999)
const zones = Intl.supportedValuesOf('timeZone')

// Half of the instants fall in the years for which zones have rules of their own.
const instants = fc.oneof(fc.integer({ min: 0, max: lastMs }), fc.integer({ min: 0, max: Date.UTC(2040) }))
const dates = instants.map((ms) => new Date(ms).toISOString().slice(0, 10))
const twoDigits = (max: number) => fc.integer({ min: 0, max }).map((n) => String(n).padStart(2, '0'))

function utc(text: string): number {
  return Temporal.Instant.from(text).epochMilliseconds
}

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
    test(`takes ${text}`, () => assert.equal(parseInstant(text), Date.parse(instant)))
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

  test('agrees with Temporal wherever the grammar holds', () => {
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

  test('never throws, and takes nothing that Date refuses', () => {
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

  test('is undone by parseInstant', () => {
    fc.assert(fc.property(instants, (ms) => assert.equal(parseInstant(formatInstant(ms)), ms)))
  })
})

describe('isCalendarDate', () => {
  const cases: [text: string, exists: boolean][] = [
    ['1970-01-01', true],
    ['2026-12-31', true],
    ['2028-02-29', true],
    ['2000-02-29', true],
    ['9999-12-31', true],
    ['2026-02-29', false],
    ['2026-02-30', false],
    ['1900-02-29', false],
    ['2100-02-29', false],
    ['2026-11-31', false],
    ['2026-13-01', false],
    ['2026-00-01', false],
    ['2026-01-00', false],
    ['1969-12-31', false],
    ['0001-01-01', false],
    ['10000-01-01', false],
    ['9999-12-32', false],
    ['2026-1-1', false],
    ['20260101', false],
    ['2026/01/01', false],
    ['2026-01-01T00:00:00Z', false],
    ['2026-01-01\n', false],
    [' 2026-01-01', false],
    ['２０２６-01-01', false],
    ['', false],
  ]
  for (const [text, exists] of cases) {
    test(`${JSON.stringify(text)} is ${exists ? 'one' : 'none'}`, () =>
      assert.equal(isCalendarDate(text), exists))
  }

  test('agrees with Temporal on any three numbers', () => {
    const year = fc.integer({ min: 0, max: 9999 }).map((n) => String(n).padStart(4, '0'))
    fc.assert(
      fc.property(fc.tuple(year, twoDigits(13), twoDigits(32)), (parts) => {
        const [y, month, day] = parts.map(Number)
        const text = parts.join('-')
        let exists = Number(y) >= 1970
        try {
          Temporal.PlainDate.from(
            { year: Number(y), month: Number(month), day: Number(day) },
            { overflow: 'reject' },
          )
        } catch {
          exists = false
        }
        assert.equal(isCalendarDate(text), exists)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('isTimeZone', () => {
  for (const name of [
    'UTC',
    'Europe/Berlin',
    'America/Argentina/Buenos_Aires',
    'Europe/Kyiv',
    'Etc/GMT+12',
    'GMT0',
  ]) {
    test(`takes ${name}`, () => assert.equal(isTimeZone(name), true))
  }

  const refused = [
    '',
    'Mars/Olympus',
    '+01:00',
    '-05:00',
    '+01',
    '01:00',
    'Z',
    'UTC+1',
    'PST',
    'Europe/Berlin ',
    ' UTC',
    'UTC\n',
    'UTC\0',
    'Europe/Berlin[UTC]',
    '2026-11-22T09:30:00+01:00[Europe/Berlin]',
    'Europe\\Berlin',
    '../../etc/passwd',
    'A'.repeat(65),
    `Europe/${'x'.repeat(1_000_000)}`,
    'constructor',
  ]
  for (const name of refused) {
    test(`refuses ${JSON.stringify(name.slice(0, 50))}`, () => assert.equal(isTimeZone(name), false))
  }

  test('takes every name that Intl lists', () => {
    assert.deepEqual(
      zones.filter((zone) => !isTimeZone(zone)),
      [],
    )
  })

  test('never throws, and what it takes can be reckoned with', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom(...zones)), (name) => {
        if (isTimeZone(name)) assert.match(dayOf(0, name), /^19(69-12-31|70-01-01)$/)
      }),
    )
  })
})

describe('days of a zone', () => {
  const starts: [why: string, date: string, zone: string, start: string][] = [
    ['UTC', '2026-11-22', 'UTC', '2026-11-22T00:00Z'],
    ['winter', '2026-11-22', 'Europe/Berlin', '2026-11-21T23:00Z'],
    ['summer', '2026-07-01', 'Europe/Berlin', '2026-06-30T22:00Z'],
    ['a quarter of an hour', '2026-07-01', 'Asia/Kathmandu', '2026-06-30T18:15Z'],
    ['midnight skipped in São Paulo', '2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00Z'],
    ['midnight skipped in Beirut', '2022-03-27', 'Asia/Beirut', '2022-03-26T22:00Z'],
    ['midnight twice in Havana', '2026-11-01', 'America/Havana', '2026-11-01T04:00Z'],
    ['midnight twice in St John’s', '2010-11-07', 'America/St_Johns', '2010-11-07T02:30Z'],
    ['the day that Samoa skipped', '2011-12-30', 'Pacific/Apia', '2011-12-30T10:00Z'],
    ['the day after it', '2011-12-31', 'Pacific/Apia', '2011-12-30T10:00Z'],
    ['the first day, east', '1970-01-01', 'Etc/GMT-14', '1969-12-31T10:00Z'],
    ['the last day, west', '9999-12-31', 'Etc/GMT+12', '9999-12-31T12:00Z'],
    ['the day after the last', '9999-12-32', 'Asia/Tokyo', '9999-12-31T15:00Z'],
    ['the day after the last in UTC', '9999-12-32', 'UTC', '+010000-01-01T00:00Z'],
  ]
  for (const [why, date, zone, start] of starts) {
    test(`start: ${why}`, () => assert.equal(startOfDay(date, zone), utc(start)))
  }

  const days: [instant: string, zone: string, day: string][] = [
    ['2026-11-22T23:30Z', 'UTC', '2026-11-22'],
    ['2026-11-22T23:30Z', 'Europe/Berlin', '2026-11-23'],
    ['2026-11-22T04:59:59.999Z', 'America/New_York', '2026-11-21'],
    ['2026-11-22T05:00Z', 'America/New_York', '2026-11-22'],
    ['2011-12-30T09:59:59.999Z', 'Pacific/Apia', '2011-12-29'],
    ['2011-12-30T10:00Z', 'Pacific/Apia', '2011-12-31'],
    ['1970-01-01T00:00Z', 'America/New_York', '1969-12-31'],
    ['1970-01-01T00:44:29.999Z', 'Africa/Monrovia', '1969-12-31'], // 44 min 30 s behind until 1972
    ['1970-01-01T00:44:30Z', 'Africa/Monrovia', '1970-01-01'],
    ['9999-12-31T23:59:59.999Z', 'UTC', '9999-12-31'],
    ['9999-12-31T23:59:59.999Z', 'Pacific/Kiritimati', '9999-12-32'],
  ]
  for (const [instant, zone, day] of days) {
    test(`${instant} is ${day} in ${zone}`, () => assert.equal(dayOf(utc(instant), zone), day))
  }

  test('a day starts on itself, and the instant before is another day', () => {
    const startsOnItself = (date: string) => (zone: string) => {
      const start = startOfDay(date, zone)
      assert.ok(dayOf(start - 1, zone) < date)
      if (startOfDay(nextDay(date), zone) > start) assert.equal(dayOf(start, zone), date)
      else assert.ok(dayOf(start, zone) > date, 'a skipped day starts where the next one does')
    }
    fc.assert(
      fc.property(dates, (date) => zones.forEach(startsOnItself(date))),
      { numRuns: 100, examples: [['1970-01-01'], ['1994-12-31'], ['2011-12-30'], ['9999-12-31']] },
    )
  })

  test('days start in their order', () => {
    fc.assert(
      fc.property(dates, dates, fc.constantFrom(...zones), (one, other, zone) => {
        const [earlier, later] = one < other ? [one, other] : [other, one]
        assert.ok(startOfDay(earlier, zone) <= startOfDay(later, zone))
      }),
      { numRuns: 1000 },
    )
  })

  test('dayOf agrees with Temporal', () => {
    fc.assert(
      fc.property(instants, fc.constantFrom(...zones), (ms, zone) => {
        const day = Temporal.Instant.fromEpochMilliseconds(ms)
          .toZonedDateTimeISO(zone)
          .toPlainDate()
          .toString()
        assert.equal(dayOf(ms, zone), day === '+010000-01-01' ? '9999-12-32' : day)
      }),
      { numRuns: 2000 },
    )
  })

  test('nextDay agrees with Temporal, and sorts after', () => {
    fc.assert(
      fc.property(dates, (date) => {
        fc.pre(date !== '9999-12-31')
        assert.equal(nextDay(date), Temporal.PlainDate.from(date).add({ days: 1 }).toString())
        assert.ok(nextDay(date) > date)
      }),
      { numRuns: 1000 },
    )
    assert.equal(nextDay('2028-02-28'), '2028-02-29')
    assert.equal(nextDay('2026-02-28'), '2026-03-01')
    assert.equal(nextDay('9999-12-31'), '9999-12-32')
  })

  test('endOfDayUtc is the last millisecond of the day', () => {
    fc.assert(fc.property(dates, (date) => assert.equal(endOfDayUtc(date), utc(`${date}T23:59:59.999Z`))))
    assert.equal(formatInstant(endOfDayUtc('9999-12-31')), '9999-12-31T23:59:59.999Z')
  })
})
