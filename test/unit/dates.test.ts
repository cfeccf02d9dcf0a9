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
  startOfDay,
} from '../../src/core/dates.ts'
import { dates, instants, twoDigits, utc } from './date-arbitraries.ts'

const zones = Intl.supportedValuesOf('timeZone')

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
    test(`${exists ? 'accepts' : 'refuses'} ${JSON.stringify(text)}`, () =>
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
    test(`accepts ${name}`, () => assert.equal(isTimeZone(name), true))
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

  test('accepts every name that Intl lists', () => {
    assert.deepEqual(
      zones.filter((zone) => !isTimeZone(zone)),
      [],
    )
  })

  test('never throws, and dayOf works with every accepted name', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom(...zones)), (name) => {
        if (isTimeZone(name)) assert.match(dayOf(0, name), /^19(69-12-31|70-01-01)$/)
      }),
    )
  })
})

describe('days in a time zone', () => {
  const starts = [
    { why: 'UTC', date: '2026-11-22', zone: 'UTC', start: '2026-11-22T00:00Z' },
    { why: 'winter', date: '2026-11-22', zone: 'Europe/Berlin', start: '2026-11-21T23:00Z' },
    { why: 'summer', date: '2026-07-01', zone: 'Europe/Berlin', start: '2026-06-30T22:00Z' },
    { why: 'a quarter of an hour', date: '2026-07-01', zone: 'Asia/Kathmandu', start: '2026-06-30T18:15Z' },
    {
      why: 'midnight skipped in São Paulo',
      date: '2018-11-04',
      zone: 'America/Sao_Paulo',
      start: '2018-11-04T03:00Z',
    },
    {
      why: 'midnight skipped in Beirut',
      date: '2022-03-27',
      zone: 'Asia/Beirut',
      start: '2022-03-26T22:00Z',
    },
    {
      why: 'midnight twice in Havana',
      date: '2026-11-01',
      zone: 'America/Havana',
      start: '2026-11-01T04:00Z',
    },
    {
      why: 'midnight twice in St John’s',
      date: '2010-11-07',
      zone: 'America/St_Johns',
      start: '2010-11-07T02:30Z',
    },
    {
      why: 'the day that Samoa skipped',
      date: '2011-12-30',
      zone: 'Pacific/Apia',
      start: '2011-12-30T10:00Z',
    },
    { why: 'the day after it', date: '2011-12-31', zone: 'Pacific/Apia', start: '2011-12-30T10:00Z' },
    { why: 'the first day, east', date: '1970-01-01', zone: 'Etc/GMT-14', start: '1969-12-31T10:00Z' },
    { why: 'the last day, west', date: '9999-12-31', zone: 'Etc/GMT+12', start: '9999-12-31T12:00Z' },
    { why: 'the day after the last', date: '9999-12-32', zone: 'Asia/Tokyo', start: '9999-12-31T15:00Z' },
    { why: 'the day after the last in UTC', date: '9999-12-32', zone: 'UTC', start: '+010000-01-01T00:00Z' },
  ]
  for (const { why, date, zone, start } of starts) {
    test(`startOfDay: ${why}`, () => assert.equal(startOfDay(date, zone), utc(start)))
  }

  const days = [
    { instant: '2026-11-22T23:30Z', zone: 'UTC', day: '2026-11-22' },
    { instant: '2026-11-22T23:30Z', zone: 'Europe/Berlin', day: '2026-11-23' },
    { instant: '2026-11-22T04:59:59.999Z', zone: 'America/New_York', day: '2026-11-21' },
    { instant: '2026-11-22T05:00Z', zone: 'America/New_York', day: '2026-11-22' },
    { instant: '2011-12-30T09:59:59.999Z', zone: 'Pacific/Apia', day: '2011-12-29' },
    { instant: '2011-12-30T10:00Z', zone: 'Pacific/Apia', day: '2011-12-31' },
    { instant: '1970-01-01T00:00Z', zone: 'America/New_York', day: '1969-12-31' },
    { instant: '1970-01-01T00:44:29.999Z', zone: 'Africa/Monrovia', day: '1969-12-31' }, // 44 min 30 s behind until 1972
    { instant: '1970-01-01T00:44:30Z', zone: 'Africa/Monrovia', day: '1970-01-01' },
    { instant: '9999-12-31T23:59:59.999Z', zone: 'UTC', day: '9999-12-31' },
    { instant: '9999-12-31T23:59:59.999Z', zone: 'Pacific/Kiritimati', day: '9999-12-32' },
  ]
  for (const { instant, zone, day } of days) {
    test(`${instant} is ${day} in ${zone}`, () => assert.equal(dayOf(utc(instant), zone), day))
  }

  test('a day starts on its own date, and the instant before belongs to an earlier date', () => {
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

  test('an earlier day never starts later', () => {
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

  test('nextDay agrees with Temporal, and its result sorts after its argument', () => {
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
