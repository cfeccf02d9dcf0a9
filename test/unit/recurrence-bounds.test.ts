import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dayNumber } from '../../src/core/dates.ts'
import { daysOf } from '../../src/recurrence/days.ts'
import { parseRule } from '../../src/recurrence/rule.ts'
import { dueDatesOf, nextDueDate, recurrenceFault } from '../../src/recurrence/recurrence.ts'

const numbers = (most: number) => Array.from({ length: most }, (_, i) => i + 1).join()
const hostile = [
  'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30',
  'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO',
  'FREQ=DAILY;INTERVAL=1000000000',
  'FREQ=WEEKLY;INTERVAL=999999999999999;BYDAY=MO',
  `FREQ=YEARLY;BYYEARDAY=${numbers(100)};BYSETPOS=-1,-100`,
  `FREQ=YEARLY;BYMONTHDAY=${numbers(31)};BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=366`,
  `FREQ=YEARLY;BYMONTH=${numbers(12)};BYMONTHDAY=${numbers(31)};BYDAY=53MO`,
  `FREQ=YEARLY;BYWEEKNO=${numbers(53)};BYYEARDAY=366;BYDAY=MO`,
  'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;COUNT=10000',
  'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=9998',
  'FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2,4,6,9,11;SKIP=FORWARD;COUNT=10000',
  'FREQ=DAILY;BYSETPOS=2;BYDAY=MO',
]

test('hostile rules are refused, or give what they have within a hundred years', async (t) => {
  const context = { timeZone: 'Europe/Berlin', now: Date.parse('2026-11-27T00:00:00Z') }
  for (const rule of hostile) {
    for (const start of ['1970-01-01', '1970-01-01T07:00:00.000Z']) {
      await t.test(`${rule.slice(0, 50)} from ${start}`, () => {
        const recurrence = { rule, from: 'due' as const, start, done: 0 }
        if (recurrenceFault(recurrence, start, context.timeZone)) return
        const next = nextDueDate(recurrence, start, context)
        assert.ok(next === undefined || (next > '2026-11-27' && next < '2127'), String(next))
        for (const due of dueDatesOf(recurrence, start, context)) assert.ok(due < '2127', due)
      })
    }
  }
})

test('no day is looked at after the bound, nor after 9999', () => {
  const endless = parseRule('FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30')
  assert.deepEqual([...daysOf(endless, 0, 0, Number.MAX_SAFE_INTEGER)], [])
  const start = dayNumber('9999-12-30')
  assert.equal([...daysOf(parseRule('FREQ=DAILY'), start, start, start + 36_525)].length, 2)
})
