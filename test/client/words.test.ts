import assert from 'node:assert/strict'
import { test } from 'node:test'
import { casual } from 'chrono-node/en'
import fc from 'fast-check'
import { readWords, type Reading, type Words } from '../../client/src/words/index.ts'
import { clientOf } from './helpers.ts'
import { docket } from '../harness.ts'
import { table } from './words-table.ts'

/** A Wednesday, 11:00 in Berlin. */
const wednesday: Reading = {
  now: Date.parse('2026-11-25T10:00:00Z'),
  timeZone: 'Europe/Berlin',
  parser: casual,
  projects: ['Home', 'Trip to Japan', 'Trip', 'Cook @home'],
}

/** What a line says, in short: title, due date, rule, marks. */
function told({ title, dueDate, recurrence, priority, project, labels }: Words): string {
  const rule = recurrence && recurrence.rule + (recurrence.from === 'completion' ? ' completion' : '')
  const marks = [priority && `!${priority}`, project && `#${project}`, ...labels.map((label) => `@${label}`)]
  return [title, dueDate, rule, ...marks].filter((part) => part !== undefined && part !== '').join(' · ')
}

test('a line of words means what the table says, whatever the time zone of the machine', (t) => {
  const { TZ: zone } = process.env
  t.after(() => (zone === undefined ? delete process.env['TZ'] : (process.env['TZ'] = zone)))
  for (const machine of [zone ?? 'UTC', 'Pacific/Apia', 'America/St_Johns', 'Pacific/Pago_Pago']) {
    process.env['TZ'] = machine
    for (const [line, meaning] of table) {
      assert.equal(told(readWords(line, wednesday)), meaning, `${line}, in ${machine}`)
    }
  }
})

test('the server takes every rule and date that words can say', async (t) => {
  const server = await docket(t, { now: wednesday.now })
  const client = clientOf(server, server.alice)
  const said = table.map(([line]) => readWords(line, wednesday))
  const fields = said.map(({ title, dueDate, recurrence, labels, priority }) => ({
    title,
    labels,
    ...(dueDate !== undefined && { dueDate }),
    ...(recurrence && { recurrence }),
    ...(priority && { priority }),
  }))
  for (let i = 0; i < fields.length; i += 100) {
    const operations = fields
      .slice(i, i + 100)
      .map((body) => ({ method: 'POST' as const, path: '/tasks', body }))
    await client.batch(operations)
  }
  const recurring = await client.tasks.list({ recurring: true }).toArray()
  assert.equal(recurring.length, said.filter(({ recurrence }) => recurrence).length)
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
  assert.equal(told(readWords(line, { ...wednesday, plain: parts.slice(0, 1) })), 'Call tomorrow · #home')
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
  const pieces = fc.record({
    line: lines,
    projects: fc.array(lines, { maxLength: 3 }),
    timeZone: zones,
    now: fc.integer({ min: 0, max: Date.UTC(9000) }),
  })
  fc.assert(
    fc.property(pieces, ({ line, ...reading }) => {
      const { title, parts, dueDate, recurrence } = readWords(line, { ...wednesday, ...reading })
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
