import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import ICAL from 'ical.js'
import { formatDay } from '../../src/core/dates.ts'
import { dayAt } from '../../src/core/calendar.ts'
import { daysOf } from '../../src/recurrence/days.ts'
import { parseRule } from '../../src/recurrence/rule.ts'

const occurrences = 20
const weekday = fc.constantFrom('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU')
const listOf = (value: fc.Arbitrary<unknown>) =>
  fc.uniqueArray(value, { minLength: 1, maxLength: 4 }).map((values) => values.join())
const part = (name: string, value: fc.Arbitrary<string>) =>
  fc.option(value, { freq: 2 }).map((some) => (some === null ? [] : [`${name}=${some}`]))
const months = listOf(fc.integer({ min: 1, max: 12 }))
const daysTo = (last: number) => listOf(fc.integer({ min: 1, max: last }))
const nthDays = listOf(fc.tuple(fc.constantFrom('1', '2', '-1', '-2'), weekday).map((both) => both.join('')))

/** Shapes that ical.js gets right: it ignores or hangs on others, which docs/decisions/0018 lists. */
const shapes: fc.Arbitrary<string[][]>[] = [
  fc
    .tuple(part('BYMONTH', months), part('BYDAY', listOf(weekday)))
    .map((parts) => [['FREQ=DAILY'], ...parts]),
  fc.tuple(part('BYDAY', listOf(weekday)), part('WKST', weekday)).map((parts) => [['FREQ=WEEKLY'], ...parts]),
  fc.tuple(part('BYMONTHDAY', daysTo(31))).map((parts) => [['FREQ=MONTHLY'], ...parts]),
  fc.oneof(listOf(weekday), nthDays).map((days) => [['FREQ=MONTHLY'], [`BYDAY=${days}`]]),
  fc
    .tuple(
      months,
      fc.oneof(
        daysTo(28).map((days) => `BYMONTHDAY=${days}`),
        nthDays.map((days) => `BYDAY=${days}`),
      ),
    )
    .map(([some, days]) => [['FREQ=YEARLY'], [`BYMONTH=${some}`], [days]]),
  fc.tuple(part('BYMONTH', months)).map((parts) => [['FREQ=YEARLY'], ...parts]),
  nthDays.map((days) => [['FREQ=YEARLY'], [`BYDAY=${days}`]]),
]

const rules = fc
  .tuple(fc.oneof(...shapes), fc.integer({ min: 1, max: 4 }))
  .map(([parts, interval]) => [...parts.flat(), ...(interval > 1 ? [`INTERVAL=${interval}`] : [])].join(';'))
/** Days that every month has: ical.js moves others into the next month. */
const starts = fc
  .tuple(
    fc.integer({ min: 1999, max: 2030 }),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 28 }),
  )
  .map(([year, month, day]) => dayAt(year, month, day))

function ours(rule: string, start: number): string[] {
  const found: string[] = []
  for (const day of daysOf(parseRule(rule), start, start, start + 200 * 366)) {
    found.push(formatDay(day))
    if (found.length === occurrences) break
  }
  return found
}

/** The same by ical.js, which gives a start that the rule does not have as well. */
function theirs(rule: string, start: string, isStartGiven: boolean): string[] {
  const found: string[] = []
  const iterator = ICAL.Recur.fromString(rule).iterator(ICAL.Time.fromDateString(start))
  while (found.length < occurrences) {
    const next = iterator.next()?.toString()
    if (next === undefined) break
    if (next > start || isStartGiven) found.push(next)
  }
  return found
}

test('2,000 random rules give the days that another implementation gives', () => {
  let compared = 0
  fc.assert(
    fc.property(rules, starts, (rule, start) => {
      const expected = ours(rule, start)
      if (expected.length < occurrences) return // ical.js looks for more of them for ever
      compared += 1
      const first = formatDay(start)
      assert.deepEqual(theirs(rule, first, expected[0] === first), expected, `${rule} from ${first}`)
    }),
    { numRuns: 2000, seed: 16 },
  )
  assert.ok(compared > 1800, `${compared} compared`)
})
