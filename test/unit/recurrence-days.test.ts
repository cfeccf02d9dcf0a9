import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dayNumber, formatDay } from '../../src/core/dates.ts'
import { daysOf as enumerate } from '../../src/recurrence/days.ts'
import { parseRule } from '../../src/recurrence/rule.ts'

/** The first days that a rule gives from a date on. */
function daysOf(text: string, start: string, limit: number): string[] {
  const first = dayNumber(start)
  const found: string[] = []
  for (const day of enumerate(parseRule(text), first, first, first + 200 * 366)) {
    if (found.push(formatDay(day)) === limit) break
  }
  return found
}

const rules: [what: string, rule: string, start: string, days: string][] = [
  ['a leap day', 'FREQ=YEARLY', '2024-02-29', '2024-02-29 2028-02-29 2032-02-29'],
  [
    'a leap day, or the day before',
    'FREQ=YEARLY;SKIP=BACKWARD',
    '2024-02-29',
    '2024-02-29 2025-02-28 2026-02-28',
  ],
  [
    'a leap day, or the day after',
    'FREQ=YEARLY;SKIP=FORWARD',
    '2024-02-29',
    '2024-02-29 2025-03-01 2026-03-01',
  ],
  ['no leap day in 2100', 'FREQ=YEARLY', '2096-02-29', '2096-02-29 2104-02-29'],
  [
    'a leap day that is a Monday',
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO',
    '2016-02-29',
    '2016-02-29 2044-02-29',
  ],
  [
    'the 31st, or the 1st after',
    'FREQ=MONTHLY;SKIP=FORWARD',
    '2026-01-31',
    '2026-01-31 2026-03-01 2026-03-31 2026-05-01',
  ],
  [
    'the 30th and 31st, or the last',
    'FREQ=MONTHLY;BYMONTHDAY=30,31;SKIP=BACKWARD',
    '2026-01-30',
    '2026-01-30 2026-01-31 2026-02-28 2026-03-30',
  ],
  [
    'the 31st and 1st, each day once',
    'FREQ=MONTHLY;BYMONTHDAY=1,31;SKIP=FORWARD',
    '2026-02-01',
    '2026-02-01 2026-03-01 2026-03-31 2026-04-01 2026-05-01 2026-05-31',
  ],
  [
    'the 29th from the end, or the day before the month',
    'FREQ=MONTHLY;BYMONTHDAY=-29;SKIP=BACKWARD',
    '2026-01-03',
    '2026-01-03 2026-01-31 2026-03-03',
  ],
  ['the 366th day', 'FREQ=YEARLY;BYYEARDAY=366', '2024-01-01', '2024-12-31 2028-12-31'],
  ['the last day of the year', 'FREQ=YEARLY;BYYEARDAY=-1', '2024-01-01', '2024-12-31 2025-12-31'],
  ['the 53rd week', 'FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO', '2020-01-01', '2020-12-28 2026-12-28 2032-12-27'],
  [
    'a week that began last year',
    'FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO',
    '2024-06-01',
    '2024-12-30 2025-12-29 2027-01-04',
  ],
  [
    'a week without a weekday has that of the start',
    'FREQ=YEARLY;BYWEEKNO=20',
    '2026-05-14',
    '2026-05-14 2027-05-20',
  ],
  [
    'weeks that begin on Sunday',
    'FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=TU,SU',
    '1997-08-05',
    '1997-08-05 1997-08-17 1997-08-19 1997-08-31',
  ],
  [
    'weeks that begin on Monday',
    'FREQ=WEEKLY;INTERVAL=2;WKST=MO;BYDAY=TU,SU',
    '1997-08-05',
    '1997-08-05 1997-08-10 1997-08-19 1997-08-24',
  ],
  [
    'the last weekday of the month',
    'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
    '2026-01-01',
    '2026-01-30 2026-02-27 2026-03-31',
  ],
  [
    'the second and the last but one',
    'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=2,-2',
    '2026-01-01',
    '2026-01-02 2026-01-29 2026-02-03 2026-02-26',
  ],
  [
    'a position counts days before the start',
    'FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2',
    '2026-01-08',
    '2026-01-13 2026-02-10',
  ],
  [
    'Friday the 13th',
    'FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13',
    '2026-01-01',
    '2026-02-13 2026-03-13 2026-11-13',
  ],
  ['the 20th Monday of the year', 'FREQ=YEARLY;BYDAY=20MO', '1997-05-19', '1997-05-19 1998-05-18 1999-05-17'],
  [
    'a Tuesday after the first Monday of November',
    'FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8',
    '1996-11-05',
    '1996-11-05 2000-11-07 2004-11-02',
  ],
  ['letters of either case', 'freq=weekly;byday=mo', '2026-01-01', '2026-01-05 2026-01-12'],
]

for (const [what, rule, start, days] of rules) {
  test(`${what}: ${rule}`, () => {
    const expected = days.split(' ')
    assert.deepEqual(daysOf(rule, start, expected.length), expected)
  })
}
