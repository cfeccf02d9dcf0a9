import assert from 'node:assert/strict'
import { test } from 'node:test'
import { model } from '../../src/tasks/tasks.ts'
import { assertProblem, docket, type Answer } from '../harness.ts'

// What String.prototype.trim takes away, character by character (ECMA-262 §22.1.3.32).
const spaces =
  '\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff'
const astral = '🦆'
const missing = '019aa8b2-6f3e-7c41-9d3a-5b1f0c2d7e11'

/** Fields a task takes, and what it answers for them. */
const accepted: [what: string, given: object, answered: object][] = [
  ['a title of one character', { title: 'x' }, { title: 'x' }],
  ['a title of 200 characters', { title: 'x'.repeat(200) }, { title: 'x'.repeat(200) }],
  ['a title of 200 characters outside the BMP', { title: astral.repeat(200) }, { title: astral.repeat(200) }],
  ['a title within every kind of space', { title: `${spaces}a \u00a0 b${spaces}` }, { title: 'a \u00a0 b' }],
  ['200 characters within spaces', { title: `  ${'x'.repeat(200)}\n` }, { title: 'x'.repeat(200) }],
  ['a title in the form it came in, not composed', { title: 'e\u0301 İ ß ﬁ' }, { title: 'e\u0301 İ ß ﬁ' }],
  ['a title of characters that nobody sees', { title: '\u200b\u200d' }, { title: '\u200b\u200d' }],
  [
    'a title of markup, quotes and SQL',
    { title: `<b>"'; drop table tasks--\\` },
    { title: `<b>"'; drop table tasks--\\` },
  ],
  ['an empty description', { description: '' }, { description: '' }],
  [
    'a description with its line breaks and spaces',
    { description: ' \r\n\ta\r\n ' },
    { description: ' \r\n\ta\r\n ' },
  ],
  [
    'a description of 10,000 characters',
    { description: astral.repeat(10_000) },
    { description: astral.repeat(10_000) },
  ],
  ['a description not composed', { description: 'A\u030a\ufeff' }, { description: 'A\u030a\ufeff' }],
  ['no due date', { dueDate: null }, { dueDate: null }],
  ['a date', { dueDate: '2026-12-01' }, { dueDate: '2026-12-01' }],
  ['a date in the past', { dueDate: '1970-01-01' }, { dueDate: '1970-01-01' }],
  ['the last date', { dueDate: '9999-12-31' }, { dueDate: '9999-12-31' }],
  ['a leap day', { dueDate: '2028-02-29' }, { dueDate: '2028-02-29' }],
  [
    'an instant with an offset',
    { dueDate: '2026-12-01T17:00:00+01:00' },
    { dueDate: '2026-12-01T16:00:00.000Z' },
  ],
  [
    'an instant on another day in UTC',
    { dueDate: '2026-12-01T23:00:00-05:30' },
    { dueDate: '2026-12-02T04:30:00.000Z' },
  ],
  ['an instant in lower case', { dueDate: '2026-12-01t17:00:00z' }, { dueDate: '2026-12-01T17:00:00.000Z' }],
  [
    'midnight, which stays an instant',
    { dueDate: '2026-12-01T00:00:00Z' },
    { dueDate: '2026-12-01T00:00:00.000Z' },
  ],
  [
    'nine digits, cut and not rounded',
    { dueDate: '2026-12-01T17:00:00.999999999Z' },
    { dueDate: '2026-12-01T17:00:00.999Z' },
  ],
  ['one digit', { dueDate: '2026-12-01T17:00:00.5Z' }, { dueDate: '2026-12-01T17:00:00.500Z' }],
  [
    '1969 by offset, 1970 in UTC',
    { dueDate: '1969-12-31T23:30:00-01:00' },
    { dueDate: '1970-01-01T00:30:00.000Z' },
  ],
  ['incomplete', { status: 'incomplete' }, { status: 'incomplete' }],
  ['status in any letter case', { status: 'In_PROGRESS' }, { status: 'in_progress' }],
  ['cancelled', { status: 'CANCELLED' }, { status: 'cancelled' }],
]

const controls = /control characters/
const dates = /a date that exists .* or an instant with an offset/
const someStatus = /incomplete, in_progress, complete, cancelled/

/** Fields a task refuses; each answer points at the field and says what is allowed. */
const refused: [what: string, given: object, words: RegExp][] = [
  ['an empty title', { title: '' }, /empty/],
  ['a title of spaces only', { title: spaces }, /empty/],
  ['201 characters', { title: 'x'.repeat(201) }, /at most 200 characters/],
  ['201 characters outside the BMP', { title: astral.repeat(201) }, /at most 200 characters/],
  ['two lines', { title: 'a\nb' }, controls],
  ['a tab within the title', { title: 'a\tb' }, controls],
  ['DEL', { title: 'a\u007f' }, controls],
  ['a C1 control, which trim leaves', { title: 'a\u0085' }, controls],
  ['U+0000', { title: 'a\0' }, controls],
  ['a lone surrogate', { title: 'a\ud800' }, /surrogates/],
  ['a number as title', { title: 5 }, /must be text/],
  ['a list as title', { title: ['x'] }, /must be text/],
  ['null as title', { title: null }, /not null|must not be null/],
  ['10,001 characters', { description: astral.repeat(10_001) }, /at most 10000 characters/],
  ['U+0000 in the description', { description: 'a\0' }, controls],
  ['a vertical tab', { description: 'a\v' }, controls],
  ['an escape sequence', { description: '\u001b[31m' }, controls],
  ['a lone surrogate in the description', { description: '\udc00a' }, /surrogates/],
  ['null as description', { description: null }, /not null|must not be null/],
  ['a date that does not exist', { dueDate: '2026-02-30' }, dates],
  ['29 February of a common year', { dueDate: '2026-02-29' }, dates],
  ['a year before 1970', { dueDate: '1969-12-31' }, dates],
  ['a year of five digits', { dueDate: '10000-01-01' }, dates],
  ['1969 in UTC', { dueDate: '1970-01-01T00:30:00+01:00' }, dates],
  ['10000 in UTC', { dueDate: '9999-12-31T23:30:00-01:00' }, dates],
  ['an instant without offset', { dueDate: '2026-12-01T17:00:00' }, dates],
  ['an instant without seconds', { dueDate: '2026-12-01T17:00Z' }, dates],
  ['second 60', { dueDate: '2016-12-31T23:59:60Z' }, dates],
  ['hour 24', { dueDate: '2026-12-01T24:00:00Z' }, dates],
  ['an offset of 99 hours', { dueDate: '2026-12-01T17:00:00+99:00' }, dates],
  ['ten digits', { dueDate: '2026-12-01T17:00:00.1234567890Z' }, dates],
  ['a space around the date', { dueDate: ' 2026-12-01' }, dates],
  ['a space for the T', { dueDate: '2026-12-01 17:00:00Z' }, dates],
  ['an empty due date', { dueDate: '' }, dates],
  ['a number as due date', { dueDate: 1_796_000_000_000 }, /must be text or null/],
  ['an unknown status', { status: 'done' }, someStatus],
  ['a status with spaces', { status: ' complete ' }, someStatus],
  ['null as status', { status: null }, /not null|must not be null/],
  ['an unknown field', { priority: 1 }, new RegExp(`allowed are ${model.fieldNames.join(', ')}`)],
]

/** The one field at fault, with all that is said of it. */
function only(answer: Answer): { pointer: string; detail: string } {
  const { errors = [] } = assertProblem(answer, 422, 'validation-failed')
  const faults = errors as { pointer: string; detail: string }[]
  const [pointer, ...others] = new Set(faults.map((fault) => fault.pointer))
  assert.ok(pointer !== undefined && others.length === 0, answer.text)
  return { pointer, detail: faults.map(({ detail }) => detail).join('; ') }
}

test('every rule of the field table, by POST, PUT and PATCH', async (t) => {
  const { alice } = await docket(t)
  const task = await alice.createTask({ title: 'Renew the passport' })

  for (const [what, given, answered] of accepted) {
    await t.test(`takes ${what}`, async () => {
      const path = `/tasks/${task.id}`
      const check = async (answer: Answer) => {
        assert.ok(answer.status < 300, answer.text)
        assert.deepEqual({ ...answer.body, ...answered }, answer.body)
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
  for (const [what, given, words] of refused) {
    await t.test(`refuses ${what}`, async () => {
      const field = `/${Object.keys(given)[0]}`
      for (const answer of [
        await alice.post('/tasks', { title: 'x', ...given }),
        await alice.put(`/tasks/${task.id}`, { title: 'x', ...given }),
        await alice.patch(`/tasks/${task.id}`, given),
      ]) {
        const { pointer, detail } = only(answer)
        assert.equal(pointer, field)
        assert.match(detail, words)
      }
    })
  }
  assert.deepEqual(await alice.read(task), before, 'what was refused changed nothing')
})

test('a new task has the defaults of the contract, and nothing else', async (t) => {
  const { alice } = await docket(t, { now: Date.UTC(2026, 10, 22, 9, 30) })
  const answer = await alice.post('/tasks', { title: 'Renew the passport' })
  const { id, createdAt, ...rest } = answer.body
  assert.equal(answer.status, 201)
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  assert.match(createdAt, /^2026-11-22T09:30:0\d\.\d{3}Z$/)
  assert.deepEqual(rest, {
    title: 'Renew the passport',
    description: '',
    dueDate: null,
    status: 'incomplete',
    completedAt: null,
    updatedAt: createdAt,
    revision: 1,
  })
  assert.equal(answer.headers.get('location'), `/tasks/${id}`)
  assert.equal(answer.headers.get('etag'), '"1"')
  assert.equal(answer.headers.get('cache-control'), 'private, no-cache')
})

test('fields that only the server sets', async (t) => {
  const { alice } = await docket(t)
  const task = await alice.createTask({ title: 'Renew the passport', status: 'complete' })
  const readOnly = { id: task.id, createdAt: null, updatedAt: 'x', completedAt: [], revision: 1e9 }
  const pointers = ({ body }: Answer) =>
    body.errors.map(({ pointer }: { pointer: string }) => pointer).toSorted()

  await t.test('are refused in POST and PATCH, each by its name', async () => {
    for (const answer of [
      await alice.post('/tasks', { title: 'x', ...readOnly }),
      await alice.patch(`/tasks/${task.id}`, readOnly),
    ]) {
      const { errors = [] } = assertProblem(answer, 422, 'validation-failed')
      assert.deepEqual(
        pointers(answer),
        Object.keys(readOnly)
          .map((name) => `/${name}`)
          .toSorted(),
      )
      for (const { detail } of errors) assert.match(detail, /set by the server/)
    }
  })
  await t.test('are taken and ignored in PUT, whatever they hold', async () => {
    const { title, status } = task
    const answer = await alice.put(`/tasks/${task.id}`, { ...readOnly, title, status })
    assert.equal(answer.status, 200, answer.text)
    assert.deepEqual(answer.body, task)
  })
  await t.test('another id in a PUT is refused', async () => {
    for (const id of [missing, task.id.toUpperCase(), null, 5, '', [task.id]]) {
      const { pointer } = only(await alice.put(`/tasks/${task.id}`, { title: 'x', id }))
      assert.equal(pointer, '/id')
    }
    assert.deepEqual(await alice.read(task), task)
  })
})

test('all faults of a body are told at once', async (t) => {
  const { alice } = await docket(t)
  const answer = await alice.post('/tasks', {
    description: '\0',
    dueDate: 'soon',
    status: 'late',
    nonsense: 1,
  })
  const { errors = [] } = assertProblem(answer, 422, 'validation-failed')
  const pointers = new Set(errors.map((fault) => ('pointer' in fault ? fault.pointer : undefined)))
  assert.deepEqual(pointers, new Set(['/title', '/description', '/dueDate', '/status', '/nonsense']))

  const many = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`field${i}`, i]))
  const { errors: told } = assertProblem(
    await alice.post('/tasks', { title: 'x', ...many }),
    422,
    'validation-failed',
  )
  assert.equal(told?.length, 50)
})

test('refusals teach', async (t) => {
  const { alice } = await docket(t)
  const { id } = await alice.createTask({ title: 'Renew the passport' })
  const details = async (answer: Promise<Answer>) => only(await answer).detail

  assert.match(await details(alice.put(`/tasks/${id}`, { status: 'complete' })), /PUT replaces .*PATCH/)
  assert.match(
    await details(alice.patch(`/tasks/${id}`, { title: null })),
    /only dueDate can be cleared with null/,
  )
  assert.match(
    await details(alice.patch(`/tasks/${id}`, { description: null })),
    /only dueDate can be cleared/,
  )
  assert.match(await details(alice.patch(`/tasks/${id}`, { status: null })), /only dueDate can be cleared/)
  assert.match(await details(alice.post('/tasks', {})), /required/)
  for (const body of [null, [], 'text', 5, true]) {
    for (const [method, path] of [
      ['POST', '/tasks'],
      ['PUT', `/tasks/${id}`],
      ['PATCH', `/tasks/${id}`],
    ] as const) {
      const headers = { 'content-type': 'application/json' }
      const { pointer, detail } = only(
        await alice.request(method, path, { body: JSON.stringify(body), headers }),
      )
      assert.equal(pointer, '')
      assert.match(detail, /JSON object/)
    }
  }
})
