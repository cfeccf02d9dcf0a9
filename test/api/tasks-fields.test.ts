import assert from 'node:assert/strict'
import { test } from 'node:test'
import { model } from '../../src/tasks/tasks.ts'
import { docket, type Answer } from '../harness.ts'
import { onlyFault } from './field-fault.ts'

// Every character that String.prototype.trim removes (ECMA-262 §22.1.3.32).
const spaces =
  '\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff'
const astral = '🦆'

const twentyLabels = Array.from({ length: 20 }, (_, i) => astral.repeat(48) + String(i).padStart(2, '0'))

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
  { what: 'a priority in any letter case', given: { priority: 'hIgH' }, returned: { priority: 'high' } },
  { what: 'the priority none', given: { priority: 'none' }, returned: { priority: 'none' } },
  { what: 'no labels', given: { labels: [] }, returned: { labels: [] } },
  {
    what: 'labels as they are written and in their order',
    given: { labels: ['Town', 'errand', 'e\u0301', '🦆', '#a b'] },
    returned: { labels: ['Town', 'errand', 'e\u0301', '🦆', '#a b'] },
  },
  {
    what: 'a label between all kinds of spaces',
    given: { labels: [`${spaces}a \u00a0 b${spaces}`] },
    returned: { labels: ['a \u00a0 b'] },
  },
  {
    what: 'labels that only a search takes for the same',
    given: { labels: ['cafe', 'café', 'ı', 'i', 'ß', 'ss'] },
    returned: { labels: ['cafe', 'café', 'ı', 'i', 'ß', 'ss'] },
  },
  {
    what: '20 labels of 50 characters outside the BMP',
    given: { labels: twentyLabels },
    returned: { labels: twentyLabels },
  },
  { what: 'the first position of all', given: { position: 'a0' }, returned: { position: 'a0' } },
  { what: 'a position before it', given: { position: 'Zz' }, returned: { position: 'Zz' } },
  { what: 'a position in between', given: { position: 'a0V' }, returned: { position: 'a0V' } },
  {
    what: 'a position of 100 characters',
    given: { position: `a0${'V'.repeat(98)}` },
    returned: { position: `a0${'V'.repeat(98)}` },
  },
  { what: 'no project', given: { projectId: null }, returned: { projectId: null } },
  { what: 'no parent', given: { parentId: null }, returned: { parentId: null } },
]

const controls = /control characters/
const dates = /a date that exists .* or an instant with an offset/
const somePriority = /high, medium, low, none/
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
  { what: 'an unknown priority', given: { priority: 'urgent' }, message: somePriority },
  { what: 'a number as priority', given: { priority: 1 }, message: /must be text/ },
  { what: 'null as priority', given: { priority: null }, message: /not null|must not be null/ },
  { what: 'null as labels', given: { labels: null }, message: /not null|must not be null/ },
  { what: 'a text as labels', given: { labels: 'errand' }, message: /list/ },
  { what: '21 labels', given: { labels: [...twentyLabels, 'x'] }, message: /at most 20/ },
  { what: 'one label twice', given: { labels: ['a', 'b', 'a'] }, message: /twice/ },
  { what: 'one label in two letter cases', given: { labels: ['Caf\u00c9', 'cafe\u0301'] }, message: /twice/ },
  { what: 'null as position', given: { position: null }, message: /not null|must not be null/ },
  ...['', 'a', 'a00', 'a0é', 'a 0', 'b0', '0', '!0', `a0${'V'.repeat(99)}`, `A${'0'.repeat(26)}`].map(
    (position) => ({
      what: `the position ${position.slice(0, 10)} of ${position.length} characters`,
      given: { position },
      message: /fractional-indexing|at most 100|must not be empty/,
    }),
  ),
  ...['', 'none', '0', 'ffffffff-ffff-7fff-8fff-fffffffffffg'].flatMap((id) => [
    { what: `the project ${id}`, given: { projectId: id }, message: /UUID/i },
    { what: `the parent ${id}`, given: { parentId: id }, message: /UUID/i },
  ]),
  {
    what: 'a project that never was',
    given: { projectId: 'ffffffff-ffff-7fff-8fff-ffffffffffff' },
    message: /null, or the id of a project of yours that is not in the trash/,
  },
  {
    what: 'a parent that never was',
    given: { parentId: 'ffffffff-ffff-7fff-8fff-ffffffffffff' },
    message: /null, or the id of a task of yours that is not in the trash/,
  },
  {
    what: 'an unknown field',
    given: { colour: 1 },
    message: new RegExp(`allowed are ${model.fieldNames.join(', ')}`),
  },
]

/** Labels that a task refuses; the fault is at the label. */
const refusedLabels: { what: string; label: unknown; message: RegExp }[] = [
  { what: 'an empty label', label: '', message: /empty/ },
  { what: 'a label of spaces only', label: spaces, message: /empty/ },
  { what: 'a label of 51 characters', label: astral.repeat(51), message: /at most 50 characters/ },
  { what: 'a label with a comma', label: 'a,b', message: /comma/ },
  { what: 'a label of two lines', label: 'a\nb', message: controls },
  { what: 'a lone surrogate in a label', label: 'a\ud800', message: /surrogates/ },
  { what: 'a number as label', label: 5, message: /must be text/ },
  { what: 'null as label', label: null, message: /must be text|not null/ },
]

test('every label of a task is judged', async (t) => {
  const { alice } = await docket(t)
  const task = await alice.createTask({ title: 'x', labels: ['errand'] })
  for (const { what, label, message } of refusedLabels) {
    await t.test(`refuses ${what}`, async () => {
      for (const labels of [[label], ['errand', label]]) {
        for (const answer of [
          await alice.post('/tasks', { title: 'x', labels }),
          await alice.put(`/tasks/${task.id}`, { title: 'x', labels }),
          await alice.patch(`/tasks/${task.id}`, { labels }),
        ]) {
          const { pointer, detail } = onlyFault(answer)
          assert.equal(pointer, `/labels/${labels.length - 1}`)
          assert.match(detail, message)
        }
      }
    })
  }
  assert.deepEqual(await alice.read(task), task, 'a refused write changes nothing')
})

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
