import assert from 'node:assert/strict'
import { test } from 'node:test'
import { statuses } from '../../src/tasks/fields.ts'
import { listParameters, sortKeys } from '../../src/tasks/schema.ts'
import { assertProblem, docket, type Answer } from '../harness.ts'
import { travel } from '../travel.ts'

const titles = ({ status, body, text }: Answer): string[] => {
  assert.equal(status, 200, text)
  return body.items.map(({ title }: { title: string }) => title).toSorted()
}

const someStatus = new RegExp(`one or several of ${statuses.join(', ')}`)
const someSort = new RegExp(`one or two different keys of ${sortKeys.join(', ')}`)
const someBound = /a date that exists \(2026-12-01\) or an instant with an offset/
const known = new RegExp(`allowed are ${listParameters.join(', ')}$`)

/** Invalid texts of a parameter as they stand in the URL, and what the message must say. */
const refused: { parameter: string; texts: string[]; message: RegExp }[] = [
  { parameter: 'limit', texts: ['0', '101', '-1', '1000000'], message: /from 1 to 100/ },
  {
    parameter: 'limit',
    texts: ['1e1', '+5', '%205', '5%20', '5.0', '0x10', '', '05', 'ten', '٥', '1_0'].map(encodeOnce),
    message: /integer/,
  },
  {
    parameter: 'status',
    texts: ['', 'done', 'complete,', ',complete', 'complete,,cancelled', 'complete%20', 'complete;cancelled'],
    message: someStatus,
  },
  {
    parameter: 'due',
    texts: ['', 'soon', 'TODAY', 'overdue,today'],
    message: /one of overdue, today, upcoming, none/,
  },
  {
    parameter: 'sort',
    texts: [
      '',
      'passwordHash',
      'id',
      'title,title',
      'title,-title',
      '-title,title',
      'title,',
      '--title',
      '%2Btitle',
    ],
    message: someSort,
  },
  {
    parameter: 'sort',
    texts: [
      'title,status,dueDate',
      'Title',
      'title%20',
      'title%20desc',
      'title,%20status',
      '%25'.repeat(1000),
    ],
    message: someSort,
  },
  { parameter: 'count', texts: ['', '1', 'yes', 'TRUE', 'null'], message: /true or false/ },
  ...[
    'dueFrom',
    'dueBefore',
    'createdFrom',
    'createdBefore',
    'updatedFrom',
    'updatedBefore',
    'completedFrom',
    'completedBefore',
  ].map((parameter) => ({
    parameter,
    texts: [
      '',
      'today',
      '2026-02-30',
      '1969-12-31',
      '10000-01-01',
      '2026-12-01T17:00:00',
      '2026-12-01T24:00:00Z',
      '2026-12-01T17:00:00%20+01:00',
    ],
    message: someBound,
  })),
  { parameter: 'colour', texts: ['', 'red'], message: known },
  { parameter: 'Status', texts: ['complete'], message: known },
  { parameter: '__proto__', texts: ['x'], message: known },
  { parameter: 'constructor', texts: ['x'], message: known },
  { parameter: 'access_token', texts: ['x'], message: known },
  { parameter: 'limit[]', texts: ['1'], message: known },
]

function encodeOnce(text: string): string {
  return /^[!-~]*$/.test(text) ? text : encodeURIComponent(text)
}

test('a malformed or unknown parameter is refused by name with the allowed values', async (t) => {
  const { alice } = await docket(t)
  const fault = (answer: Answer) => {
    const { errors = [], detail } = assertProblem(answer, 400, 'invalid-parameter')
    assert.equal(errors.length, 1, answer.text)
    const [first] = errors
    assert.ok(first && 'parameter' in first)
    assert.ok(detail.includes(first.parameter))
    return first
  }
  for (const { parameter, texts, message } of refused) {
    for (const text of texts) {
      await t.test(`${parameter}=${text.slice(0, 40)}`, async () => {
        const { parameter: named, detail } = fault(await alice.get(`/tasks?${parameter}=${text}`))
        assert.equal(named, parameter)
        assert.match(detail, message)
      })
    }
  }
  for (const repeated of [
    'limit=5&limit=5',
    'status=complete&limit=1&status=cancelled',
    'cursor=&cursor=',
    'due=x&due=x',
  ]) {
    await t.test(`repeated: ${repeated}`, async () => {
      const { parameter, detail } = fault(await alice.get(`/tasks?${repeated}`))
      assert.equal(parameter, repeated.slice(0, repeated.indexOf('=')))
      assert.match(detail, /at most once/)
    })
  }
  await t.test('an invalid percent-encoding', async () => {
    for (const query of ['limit=%', 'limit=%zz', 'status=%ff', '%c3=1']) {
      assertProblem(await alice.get(`/tasks?${query}`), 400, 'malformed-request')
    }
  })
})

test('limit bounds a page, and count adds the total of the whole list', async (t) => {
  const { alice } = await docket(t)
  await Promise.all(Array.from({ length: 101 }, (_, i) => alice.createTask({ title: `Task ${i}` })))
  const page = async (query: string) => (await alice.get(`/tasks${query}`)).body
  assert.equal((await page('')).items.length, 50)
  assert.equal((await page('?limit=100')).items.length, 100)
  assert.equal((await page('?limit=1')).items.length, 1)
  assert.ok((await page('?limit=100')).nextCursor)
  assert.ok(!('total' in (await page('?limit=1'))) && !('total' in (await page('?count=false'))))
  const counted = await page('?limit=1&count=true')
  assert.equal(counted.total, 101)
  assert.equal(
    (await page(`?limit=1&count=true&cursor=${counted.nextCursor}`)).total,
    101,
    'of the whole list, not of the remaining pages',
  )
  assert.equal((await page('?count=true&status=complete')).total, 0)
  await alice.delete(`/tasks/${counted.items[0].id}`)
  const whole = await page('?limit=100&count=true')
  assert.deepEqual(
    [whole.items.length, whole.nextCursor, whole.total],
    [100, null, 100],
    'a full last page has no cursor',
  )
})

test('ranges are half open, and dates in them are days in the owner’s time zone', async (t) => {
  const server = await docket(t, { now: Date.parse('2026-11-21T09:00:00Z') })
  const alice = await server.register('ada', { timeZone: 'America/Los_Angeles' })
  const at = (text: string) => travel(server, alice, text)
  await at('2026-11-22T07:30:00Z') // still the 21st in Los Angeles
  const late = await alice.createTask({ title: 'late on the 21st' })
  await at('2026-11-22T08:30:00Z') // the 22nd
  await alice.createTask({ title: 'early on the 22nd', status: 'complete' })
  const edge = late.createdAt

  const rows: [query: string, expected: string[]][] = [
    ['createdFrom=2026-11-22', ['early on the 22nd']],
    ['createdBefore=2026-11-22', ['late on the 21st']],
    ['createdFrom=2026-11-21&createdBefore=2026-11-22', ['late on the 21st']],
    ['createdFrom=2026-11-22&createdBefore=2026-11-22', []],
    ['createdFrom=2026-11-23&createdBefore=2026-11-21', []],
    ['createdFrom=2026-11-22T08:00:00Z', ['early on the 22nd']],
    ['createdFrom=2026-11-22T00:00:00-08:00', ['early on the 22nd']],
    ['createdFrom=2026-11-22T09:00:00+01:00', ['early on the 22nd']],
    [`createdFrom=${edge}&createdBefore=2026-11-22`, ['late on the 21st']],
    [`createdBefore=${edge}`, []],
    [`createdBefore=${edge.replace('Z', '999999Z')}`, []],
    ['updatedFrom=2026-11-22', ['early on the 22nd']],
    ['updatedBefore=2026-11-22', ['late on the 21st']],
    ['completedFrom=2026-11-22', ['early on the 22nd']],
    ['completedBefore=2026-11-22', []],
    ['completedBefore=9999-12-31', ['early on the 22nd']],
    ['createdFrom=1970-01-01&createdBefore=9999-12-31', ['early on the 22nd', 'late on the 21st']],
    ['status=COMPLETE', ['early on the 22nd']],
    ['status=complete,Incomplete,complete', ['early on the 22nd', 'late on the 21st']],
    ['status=cancelled,in_progress', []],
  ]
  for (const [query, expected] of rows) {
    await t.test(query, async () => assert.deepEqual(titles(await alice.get(`/tasks?${query}`)), expected))
  }
  await t.test('a new time zone moves the days', async () => {
    await alice.patch('/me', { timeZone: 'UTC' })
    assert.deepEqual(titles(await alice.get('/tasks?createdFrom=2026-11-22')), [
      'early on the 22nd',
      'late on the 21st',
    ])
  })
})

test('a list contains only its owner’s tasks', async (t) => {
  const { alice, register } = await docket(t)
  const bob = await register('bob')
  await alice.createTask({ title: 'Hers' })
  assert.deepEqual((await bob.get('/tasks?count=true')).body, { items: [], nextCursor: null, total: 0 })
})
