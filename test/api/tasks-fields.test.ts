import assert from 'node:assert/strict'
import { test } from 'node:test'
import { model } from '../../src/tasks/tasks.ts'
import { docket, type Answer } from '../harness.ts'
import { onlyFault } from './field-fault.ts'

// Every character that String.prototype.trim removes (ECMA-262 §22.1.3.32).
const spaces =
  '\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff'
const astral = '🦆'

/** Fields that a task accepts, and how they are returned. */
const accepted: { what: string; given: object; returned: object }[] = [
  { what: 'a title of one character', given: { title: 'x' }, returned: { title: 'x' } },
  {
    what: 'a title of 200 characters',
    given: { title: 'x'.repeat(200) },
    returned: { title: 'x'.repeat(200) },
  },
  {
    what: 'a title of 200 characters outside the BMP',
    given: { title: astral.repeat(200) },
    returned: { title: astral.repeat(200) },
  },
  {
    what: 'a title between all kinds of spaces',
    given: { title: `${spaces}a \u00a0 b${spaces}` },
    returned: { title: 'a \u00a0 b' },
  },
  {
    what: '200 characters between spaces',
    given: { title: `  ${'x'.repeat(200)}\n` },
    returned: { title: 'x'.repeat(200) },
  },
  {
    what: 'a title without normalizing it',
    given: { title: 'e\u0301 İ ß ﬁ' },
    returned: { title: 'e\u0301 İ ß ﬁ' },
  },
  {
    what: 'a title of invisible characters',
    given: { title: '\u200b\u200d' },
    returned: { title: '\u200b\u200d' },
  },
  {
    what: 'a title with markup, quotes and SQL',
    given: { title: `<b>"'; drop table tasks--\\` },
    returned: { title: `<b>"'; drop table tasks--\\` },
  },
  { what: 'an empty description', given: { description: '' }, returned: { description: '' } },
  {
    what: 'a description with its line breaks and spaces',
    given: { description: ' \r\n\ta\r\n ' },
    returned: { description: ' \r\n\ta\r\n ' },
  },
  {
    what: 'a description of 10,000 characters',
    given: { description: astral.repeat(10_000) },
    returned: { description: astral.repeat(10_000) },
  },
  {
    what: 'a description without normalizing it',
    given: { description: 'A\u030a\ufeff' },
    returned: { description: 'A\u030a\ufeff' },
  },
  { what: 'no due date', given: { dueDate: null }, returned: { dueDate: null } },
  { what: 'a date', given: { dueDate: '2026-12-01' }, returned: { dueDate: '2026-12-01' } },
  { what: 'a date in the past', given: { dueDate: '1970-01-01' }, returned: { dueDate: '1970-01-01' } },
  { what: 'the last date', given: { dueDate: '9999-12-31' }, returned: { dueDate: '9999-12-31' } },
  { what: 'a leap day', given: { dueDate: '2028-02-29' }, returned: { dueDate: '2028-02-29' } },
  {
    what: 'an instant with an offset',
    given: { dueDate: '2026-12-01T17:00:00+01:00' },
    returned: { dueDate: '2026-12-01T16:00:00.000Z' },
  },
  {
    what: 'an instant on another day in UTC',
    given: { dueDate: '2026-12-01T23:00:00-05:30' },
    returned: { dueDate: '2026-12-02T04:30:00.000Z' },
  },
  {
    what: 'an instant in lower case',
    given: { dueDate: '2026-12-01t17:00:00z' },
    returned: { dueDate: '2026-12-01T17:00:00.000Z' },
  },
  {
    what: 'midnight, which stays an instant',
    given: { dueDate: '2026-12-01T00:00:00Z' },
    returned: { dueDate: '2026-12-01T00:00:00.000Z' },
  },
  {
    what: 'an instant with nine decimals, which are truncated',
    given: { dueDate: '2026-12-01T17:00:00.999999999Z' },
    returned: { dueDate: '2026-12-01T17:00:00.999Z' },
  },
  {
    what: 'an instant with one decimal',
    given: { dueDate: '2026-12-01T17:00:00.5Z' },
    returned: { dueDate: '2026-12-01T17:00:00.500Z' },
  },
  {
    what: 'an instant in 1969 by its offset and 1970 in UTC',
    given: { dueDate: '1969-12-31T23:30:00-01:00' },
    returned: { dueDate: '1970-01-01T00:30:00.000Z' },
  },
  { what: 'the status incomplete', given: { status: 'incomplete' }, returned: { status: 'incomplete' } },
  {
    what: 'a status in any letter case',
    given: { status: 'In_PROGRESS' },
    returned: { status: 'in_progress' },
  },
  { what: 'the status cancelled', given: { status: 'CANCELLED' }, returned: { status: 'cancelled' } },
]

const controls = /control characters/
const dates = /a date that exists .* or an instant with an offset/
const someStatus = /incomplete, in_progress, complete, cancelled/

/** Fields that a task refuses, and what the message must say. */
const refused: { what: string; given: object; message: RegExp }[] = [
  { what: 'an empty title', given: { title: '' }, message: /empty/ },
  { what: 'a title of spaces only', given: { title: spaces }, message: /empty/ },
  { what: 'a title of 201 characters', given: { title: 'x'.repeat(201) }, message: /at most 200 characters/ },
  {
    what: 'a title of 201 characters outside the BMP',
    given: { title: astral.repeat(201) },
    message: /at most 200 characters/,
  },
  { what: 'a title of two lines', given: { title: 'a\nb' }, message: controls },
  { what: 'a tab in a title', given: { title: 'a\tb' }, message: controls },
  { what: 'DEL in a title', given: { title: 'a\u007f' }, message: controls },
  {
    what: 'a C1 control at the end of a title, which trim leaves',
    given: { title: 'a\u0085' },
    message: controls,
  },
  { what: 'U+0000 in a title', given: { title: 'a\0' }, message: controls },
  { what: 'a lone surrogate in a title', given: { title: 'a\ud800' }, message: /surrogates/ },
  { what: 'a number as title', given: { title: 5 }, message: /must be text/ },
  { what: 'a list as title', given: { title: ['x'] }, message: /must be text/ },
  { what: 'null as title', given: { title: null }, message: /not null|must not be null/ },
  {
    what: 'a description of 10,001 characters',
    given: { description: astral.repeat(10_001) },
    message: /at most 10000 characters/,
  },
  { what: 'U+0000 in a description', given: { description: 'a\0' }, message: controls },
  { what: 'a vertical tab in a description', given: { description: 'a\v' }, message: controls },
  { what: 'an escape sequence in a description', given: { description: '\u001b[31m' }, message: controls },
  { what: 'a lone surrogate in a description', given: { description: '\udc00a' }, message: /surrogates/ },
  { what: 'null as description', given: { description: null }, message: /not null|must not be null/ },
  { what: 'a date that does not exist', given: { dueDate: '2026-02-30' }, message: dates },
  { what: '29 February of a common year', given: { dueDate: '2026-02-29' }, message: dates },
  { what: 'a year before 1970', given: { dueDate: '1969-12-31' }, message: dates },
  { what: 'a year of five digits', given: { dueDate: '10000-01-01' }, message: dates },
  { what: 'an instant that is 1969 in UTC', given: { dueDate: '1970-01-01T00:30:00+01:00' }, message: dates },
  {
    what: 'an instant that is 10000 in UTC',
    given: { dueDate: '9999-12-31T23:30:00-01:00' },
    message: dates,
  },
  { what: 'an instant without offset', given: { dueDate: '2026-12-01T17:00:00' }, message: dates },
  { what: 'an instant without seconds', given: { dueDate: '2026-12-01T17:00Z' }, message: dates },
  { what: 'second 60', given: { dueDate: '2016-12-31T23:59:60Z' }, message: dates },
  { what: 'hour 24', given: { dueDate: '2026-12-01T24:00:00Z' }, message: dates },
  { what: 'an offset of 99 hours', given: { dueDate: '2026-12-01T17:00:00+99:00' }, message: dates },
  {
    what: 'an instant with ten decimals',
    given: { dueDate: '2026-12-01T17:00:00.1234567890Z' },
    message: dates,
  },
  { what: 'a space before a date', given: { dueDate: ' 2026-12-01' }, message: dates },
  { what: 'a space instead of T', given: { dueDate: '2026-12-01 17:00:00Z' }, message: dates },
  { what: 'an empty due date', given: { dueDate: '' }, message: dates },
  { what: 'a number as due date', given: { dueDate: 1_796_000_000_000 }, message: /must be text or null/ },
  { what: 'an unknown status', given: { status: 'done' }, message: someStatus },
  { what: 'a status with spaces', given: { status: ' complete ' }, message: someStatus },
  { what: 'null as status', given: { status: null }, message: /not null|must not be null/ },
  {
    what: 'an unknown field',
    given: { priority: 1 },
    message: new RegExp(`allowed are ${model.fieldNames.join(', ')}`),
  },
]

test('POST, PUT and PATCH apply every rule for the fields of a task', async (t) => {
  const { alice } = await docket(t)
  const task = await alice.createTask({ title: 'Renew the passport' })

  for (const { what, given, returned } of accepted) {
    await t.test(`accepts ${what}`, async () => {
      const path = `/tasks/${task.id}`
      const check = async (answer: Answer) => {
        assert.ok(answer.status < 300, answer.text)
        assert.deepEqual({ ...answer.body, ...returned }, answer.body)
        assert.deepEqual(await alice.read(answer.body), answer.body)
      }
      await check(await alice.post('/tasks', { title: 'x', ...given }))
      await check(await alice.put(path, { title: 'x', ...given }))
      await alice.put(path, {
        title: 'Renew the passport',
        description: 'x',
        dueDate: '2026-12-24',
        status: 'complete',
      })
      await check(await alice.patch(path, given))
    })
  }

  const before = await alice.read(task)
  for (const { what, given, message } of refused) {
    await t.test(`refuses ${what}`, async () => {
      const field = `/${Object.keys(given)[0]}`
      for (const answer of [
        await alice.post('/tasks', { title: 'x', ...given }),
        await alice.put(`/tasks/${task.id}`, { title: 'x', ...given }),
        await alice.patch(`/tasks/${task.id}`, given),
      ]) {
        const { pointer, detail } = onlyFault(answer)
        assert.equal(pointer, field)
        assert.match(detail, message)
      }
    })
  }
  assert.deepEqual(await alice.read(task), before, 'a refused write changes nothing')
})
