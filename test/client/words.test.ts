import assert from 'node:assert/strict'
import { test } from 'node:test'
import { casual } from 'chrono-node/en'
import fc from 'fast-check'
import { readWords, type Reading, type Words } from '../../client/src/words/index.ts'

/** A Wednesday, 11:00 in Berlin. */
const wednesday: Reading = {
  now: Date.parse('2026-11-25T10:00:00Z'),
  timeZone: 'Europe/Berlin',
  parser: casual,
  projects: ['Home', 'Trip to Japan', 'Trip'],
}

/** What a line says, in short: title, due date, rule, marks. */
function told({ title, dueDate, recurrence, priority, project, labels }: Words): string {
  const rule = recurrence && recurrence.rule + (recurrence.from === 'completion' ? ' completion' : '')
  const marks = [priority && `!${priority}`, project && `#${project}`, ...labels.map((label) => `@${label}`)]
  return [title, dueDate, rule, ...marks].filter((part) => part !== undefined && part !== '').join(' · ')
}

const monthly = 'FREQ=MONTHLY;BYMONTHDAY'
const weekly = 'FREQ=WEEKLY'
const workdays = 'BYDAY=MO,TU,WE,TH,FR'

const table: [line: string, meaning: string][] = [
  // Marks.
  [
    'Pay rent every 1st #home !high @phone tomorrow 5pm',
    `Pay rent · 2026-11-26T17:00:00+01:00 · ${monthly}=1 · !high · #Home · @phone`,
  ],
  ['Pack #Trip to Japan @bag', 'Pack · #Trip to Japan · @bag'],
  ['Pack #trip, then go', 'Pack , then go · #Trip'],
  ['Pack #"New places" today', 'Pack · 2026-11-25 · #New places'],
  ['Call @"at home" @phone @Phone', 'Call · @at home · @Phone'],
  ['p1 Call !low', 'p1 Call · !low'],
  ['Call p4', 'Call · !none'],
  ['Call !2', 'Call · !medium'],
  ['Learn C#, mail a@b.example, see #12 !important', 'Learn C#, mail a@b.example, see #12 !important'],
  ['Call @ # !', 'Call @ # !'],
  // Days.
  ['Call today', 'Call · 2026-11-25'],
  ['Call tomorrow', 'Call · 2026-11-26'],
  ['Call the day after tomorrow', 'Call · 2026-11-27'],
  ['Call friday', 'Call · 2026-11-27'],
  ['Call on Friday.', 'Call · 2026-11-27'],
  ['Call wednesday', 'Call · 2026-12-02'],
  ['Call this wednesday', 'Call · 2026-11-25'],
  ['Call next friday', 'Call · 2026-12-04'],
  ['Call in 3 days', 'Call · 2026-11-28'],
  ['Call in a week', 'Call · 2026-12-02'],
  ['Call in two months', 'Call · 2027-01-25'],
  ['Call 10 days from now', 'Call · 2026-12-05'],
  ['Call next week', 'Call · 2026-11-30'],
  ['Call next month', 'Call · 2026-12-01'],
  ['Call next year', 'Call · 2027-01-01'],
  ['Call this weekend', 'Call · 2026-11-28'],
  ['Call at the end of the month', 'Call · 2026-11-30'],
  ['Call by the 5th', 'Call · 2026-12-05'],
  ['Call on the 31st', 'Call · 2026-12-31'],
  ['Call 24 dec', 'Call · 2026-12-24'],
  ['Call March 3rd', 'Call · 2027-03-03'],
  ['Call 24th of december 2027', 'Call · 2027-12-24'],
  ['Call on monday, 7 december at 17:30', 'Call · 2026-12-07T17:30:00+01:00'],
  ['Call 29 feb', 'Call · 2028-02-29'],
  ['Call 31 feb', 'Call 31 feb'],
  ['Call 2026-12-01', 'Call · 2026-12-01'],
  ['Call 2026-02-30', 'Call 2026-02-30'],
  ['Call 1.2.2027', 'Call · 2027-02-01'],
  ['Call 24/12/2026', 'Call · 2026-12-24'],
  ['Call 12/24/2026', 'Call · 2026-12-24'],
  ['Call 1/2/2027', 'Call 1/2/2027'],
  // Times.
  ['Call tomorrow 5pm', 'Call · 2026-11-26T17:00:00+01:00'],
  ['Call 5 pm', 'Call · 2026-11-25T17:00:00+01:00'],
  ['Call 9am', 'Call · 2026-11-26T09:00:00+01:00'],
  ['Call 17:00', 'Call · 2026-11-25T17:00:00+01:00'],
  ['Call at 9.30', 'Call · 2026-11-26T09:30:00+01:00'],
  ['Call at noon on friday', 'Call · 2026-11-27T12:00:00+01:00'],
  ['Call tomorrow, 12am', 'Call · 2026-11-26T00:00:00+01:00'],
  ['Call friday morning', 'Call · 2026-11-27T09:00:00+01:00'],
  ['Call tonight', 'Call · 2026-11-25T21:00:00+01:00'],
  ['Call in 90 minutes', 'Call · 2026-11-25T12:30:00+01:00'],
  ['Call in an hour', 'Call · 2026-11-25T12:00:00+01:00'],
  ['Call 28 march 2027 at 02:30', 'Call · 2027-03-28T03:30:00+02:00'],
  ['Call 31 october 2027 at 02:30', 'Call · 2027-10-31T02:30:00+02:00'],
  ['Call sun 5pm', 'Call · 2026-11-29T17:00:00+01:00'],
  // What recurs.
  ['Rent every 1st', `Rent · 2026-12-01 · ${monthly}=1`],
  ['Rent every 1st and 15th', `Rent · 2026-12-01 · ${monthly}=1,15`],
  ['Rent every 31st', `Rent · 2026-11-30 · ${monthly}=31;SKIP=BACKWARD`],
  ['Rent every last day of the month', `Rent · 2026-11-30 · ${monthly}=-1`],
  ['Rent every month on the 15th', `Rent · 2026-12-15 · ${monthly}=15`],
  ['Rent every month', 'Rent · 2026-11-25 · FREQ=MONTHLY;SKIP=BACKWARD'],
  ['Rent every quarter', 'Rent · 2026-11-25 · FREQ=MONTHLY;INTERVAL=3;SKIP=BACKWARD'],
  ['Bins every monday', `Bins · 2026-11-30 · ${weekly};BYDAY=MO`],
  ['Bins every wed', `Bins · 2026-11-25 · ${weekly};BYDAY=WE`],
  ['Bins every mon, wed and fri', `Bins · 2026-11-25 · ${weekly};BYDAY=MO,WE,FR`],
  ['Bins every 2 weeks on mon and thu', `Bins · 2026-11-26 · ${weekly};INTERVAL=2;BYDAY=MO,TH`],
  ['Bins every other friday', `Bins · 2026-11-27 · ${weekly};INTERVAL=2;BYDAY=FR`],
  ['Walk every day', 'Walk · 2026-11-25 · FREQ=DAILY'],
  ['Walk every other day', 'Walk · 2026-11-25 · FREQ=DAILY;INTERVAL=2'],
  ['Walk every 3rd day', 'Walk · 2026-11-25 · FREQ=DAILY;INTERVAL=3'],
  ['Walk every morning', 'Walk · 2026-11-26T09:00:00+01:00 · FREQ=DAILY'],
  ['Walk every friday evening', `Walk · 2026-11-27T19:00:00+01:00 · ${weekly};BYDAY=FR`],
  ['Walk daily at 12:00', 'Walk · 2026-11-25T12:00:00+01:00 · FREQ=DAILY'],
  ['Work every weekday at 9am', `Work · 2026-11-26T09:00:00+01:00 · ${weekly};${workdays}`],
  ['Work every mon-fri', `Work · 2026-11-25 · ${weekly};${workdays}`],
  ['Rest every weekend', `Rest · 2026-11-28 · ${weekly};BYDAY=SA,SU`],
  ['Close every last weekday of the month', `Close · 2026-11-30 · FREQ=MONTHLY;${workdays};BYSETPOS=-1`],
  ['Meet every 2nd tuesday', 'Meet · 2026-12-08 · FREQ=MONTHLY;BYDAY=2TU'],
  ['Meet every last friday of the month', 'Meet · 2026-11-27 · FREQ=MONTHLY;BYDAY=-1FR'],
  ['Clocks every last sunday of march', 'Clocks · 2027-03-28 · FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU'],
  ['Gift every 24 december', 'Gift · 2026-12-24 · FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24'],
  ['Gift every year on feb 29', 'Gift · 2027-02-28 · FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;SKIP=BACKWARD'],
  ['Water every! 3 days', 'Water · 2026-11-25 · FREQ=DAILY;INTERVAL=3 completion'],
  ['Water every week starting next monday', `Water · 2026-11-30 · ${weekly}`],
  ['Water every day until 24 dec', 'Water · 2026-11-25 · FREQ=DAILY;UNTIL=20261224'],
  [
    'Water every day at 5pm until fri',
    'Water · 2026-11-25T17:00:00+01:00 · FREQ=DAILY;UNTIL=20261127T225959Z',
  ],
  ['Water every sunday 10 times', `Water · 2026-11-29 · ${weekly};BYDAY=SU;COUNT=10`],
  // Words that are no dates.
  ...[
    'Buy sun cream',
    'May I come',
    'march on',
    'The second may wait',
    'Ask what they sat on, wed or not',
    'Weekly report',
    'Write every word',
    'Check every hour',
    'look at 5 houses',
    'Read John 3:16',
    'Run for 30 minutes',
    'Answer what she said yesterday, last week and 2 days ago',
    'Read "Sunday" and “tomorrow”',
    "Read 'Every Monday'",
    'Open 24/7, 1/2 price',
    'Clock in at 25:00',
    'Cross the monday.com bridge',
  ].map((line): [string, string] => [line, line]),
  // The last counts.
  ['Pay the 1 may bill by 5 june', 'Pay the 1 may bill · 2027-06-05'],
  ['Pills at 8am and 8pm', 'Pills at 8am and · 2026-11-25T20:00:00+01:00'],
  ['Move #home things #trip', 'Move #home things · #Trip'],
]

test('a line of words means what the table says', () => {
  for (const [line, meaning] of table) assert.equal(told(readWords(line, wednesday)), meaning, line)
})

test('dates in words are reckoned from the last day of a month and of a year', () => {
  const at = (now: string, line: string) => readWords(line, { ...wednesday, now: Date.parse(now) }).dueDate
  assert.equal(at('2027-01-31T12:00:00Z', 'a tomorrow'), '2027-02-01')
  assert.equal(at('2027-01-31T12:00:00Z', 'a every 30th'), '2027-02-28')
  assert.equal(at('2027-01-31T12:00:00Z', 'a end of month'), '2027-01-31')
  assert.equal(at('2027-01-31T12:00:00Z', 'a end of next month'), '2027-02-28')
  assert.equal(at('2026-12-31T12:00:00Z', 'a next month'), '2027-01-01')
  // Midnight in Berlin has passed, in UTC it has not.
  assert.equal(at('2026-12-31T23:30:00Z', 'a today'), '2027-01-01')
})

test('what a user dismisses is text', () => {
  const line = 'Call tomorrow #home'
  const { parts } = readWords(line, wednesday)
  assert.deepEqual(parts, [
    { kind: 'due', start: 5, end: 13 },
    { kind: 'project', start: 14, end: 19 },
  ])
  assert.equal(told(readWords(line, { ...wednesday, plain: parts.slice(0, 1) })), 'Call tomorrow · #Home')
  assert.equal(told(readWords(line, { ...wednesday, plain: parts })), line)
})

const words = fc.constantFrom(
  ...table.flatMap(([line]) => line.split(' ')),
  'every!',
  'every',
  'until',
  'starting',
  '999',
  '0',
  '\uffff',
  '\u0000',
  '\ud800',
  '👩‍👩‍👧',
  '東京',
  '""',
  "'",
  '“',
  ',',
  '\n',
  '!1!',
)
const lines = fc.oneof(
  fc.array(words, { maxLength: 12 }).map((some) => some.join(' ')),
  fc.array(words, { maxLength: 6 }).map((some) => some.join('')),
  fc.string({ unit: 'binary', maxLength: 60 }),
)
const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Pacific/Apia', 'Asia/Kathmandu')

test('whatever the line, its parts and its title are the line', () => {
  const pieces = fc.record({ line: lines, timeZone: zones, now: fc.integer({ min: 0, max: Date.UTC(9000) }) })
  fc.assert(
    fc.property(pieces, ({ line, timeZone, now }) => {
      const { title, parts, dueDate, recurrence } = readWords(line, { ...wednesday, timeZone, now })
      let at = 0
      const rest: string[] = []
      for (const { start, end } of parts) {
        assert.ok(at <= start && start < end && end <= line.length)
        rest.push(line.slice(at, start))
        at = end
      }
      rest.push(line.slice(at))
      assert.equal(
        title,
        rest
          .map((text) => text.trim())
          .filter(Boolean)
          .join(' '),
      )
      if (dueDate !== undefined) assert.match(dueDate, /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d[+-]\d\d:\d\d)?$/)
      if (recurrence) assert.notEqual(dueDate, undefined)
    }),
    { numRuns: 3000 },
  )
})

test('a long line is read in a moment', () => {
  for (const word of ['every ', 'friday ', '31 feb ', '#a ', '"', 'a', '5pm ', 'every mon, ', '1st and ']) {
    const line = word.repeat(Math.ceil(10_000 / word.length))
    const begun = performance.now()
    readWords(line, wednesday)
    assert.ok(performance.now() - begun < 2000, word)
  }
})
