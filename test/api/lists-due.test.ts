import assert from 'node:assert/strict'
import { test } from 'node:test'
import { docket, type Docket, type User } from '../harness.ts'
import { travel } from '../travel.ts'

/** Returns the titles of a list as a set, since their order does not matter here. */
async function due(user: User, query: string): Promise<Set<string>> {
  const { status, body, text } = await user.get(`/tasks?${query}`)
  assert.equal(status, 200, text)
  return new Set(body.items.map(({ title }: { title: string }) => title))
}

async function create(user: User, tasks: Record<string, string | null>, more = {}): Promise<void> {
  await Promise.all(
    Object.entries(tasks).map(([title, dueDate]) => user.createTask({ title, dueDate, ...more })),
  )
}

/** The titles in each group at an instant. */
type Moment = [instant: string, groups: { overdue: string[]; today: string[]; upcoming: string[] }]

async function checkMoments(server: Docket, user: User, moments: Moment[]): Promise<void> {
  for (const [instant, groups] of moments) {
    await travel(server, user, instant)
    for (const [group, expected] of Object.entries(groups)) {
      assert.deepEqual(await due(user, `due=${group}`), new Set(expected), `${group} at ${instant}`)
    }
  }
}

test('a date becomes overdue at midnight in the owner’s time zone', async (t) => {
  const server = await docket(t, { now: Date.parse('2026-11-21T00:00:00Z') })
  const dates = { '21st': '2026-11-21', '22nd': '2026-11-22', '23rd': '2026-11-23', never: null }

  await t.test('in Auckland, 13 hours ahead of UTC', async () => {
    const ada = await server.register('ada', { timeZone: 'Pacific/Auckland' })
    await create(ada, dates)
    await checkMoments(server, ada, [
      ['2026-11-21T10:59:00Z', { overdue: [], today: ['21st'], upcoming: ['22nd', '23rd'] }],
      ['2026-11-21T11:00:00Z', { overdue: ['21st'], today: ['22nd'], upcoming: ['23rd'] }],
      ['2026-11-22T10:59:00Z', { overdue: ['21st'], today: ['22nd'], upcoming: ['23rd'] }],
      ['2026-11-22T11:00:00Z', { overdue: ['21st', '22nd'], today: ['23rd'], upcoming: [] }],
    ])
    assert.deepEqual(await due(ada, 'due=none'), new Set(['never']))
  })
  await t.test('in Los Angeles, 8 hours behind', async () => {
    const lee = await server.register('lee', { timeZone: 'America/Los_Angeles' })
    await create(lee, dates)
    await checkMoments(server, lee, [
      ['2026-11-22T07:59:00Z', { overdue: [], today: ['21st'], upcoming: ['22nd', '23rd'] }],
      ['2026-11-22T08:00:00Z', { overdue: ['21st'], today: ['22nd'], upcoming: ['23rd'] }],
      ['2026-11-23T08:00:00Z', { overdue: ['21st', '22nd'], today: ['23rd'], upcoming: [] }],
    ])
  })
})

test('an instant is overdue once it has passed, and due on its day in the owner’s time zone', async (t) => {
  const server = await docket(t, { now: Date.parse('2026-11-21T00:00:00Z') })
  const ada = await server.register('ada', { timeZone: 'Pacific/Auckland' })
  // The 22nd in Auckland is 2026-11-21T11:00Z to 2026-11-22T11:00Z.
  await create(ada, {
    'last of the 21st': '2026-11-21T10:59:59.999Z',
    'first of the 22nd': '2026-11-21T11:00:00Z',
    noon: '2026-11-22T12:00:00+13:00',
    'last of the 22nd': '2026-11-22T23:59:59.999+13:00',
    'first of the 23rd': '2026-11-22T11:00:00Z',
  })
  await checkMoments(server, ada, [
    [
      '2026-11-21T22:59:00Z',
      {
        overdue: ['last of the 21st', 'first of the 22nd'],
        today: ['first of the 22nd', 'noon', 'last of the 22nd'],
        upcoming: ['first of the 23rd'],
      },
    ],
    [
      '2026-11-21T23:00:01Z',
      {
        overdue: ['last of the 21st', 'first of the 22nd', 'noon'],
        today: ['first of the 22nd', 'noon', 'last of the 22nd'],
        upcoming: ['first of the 23rd'],
      },
    ],
  ])
})

test('a complete or cancelled task is never overdue', async (t) => {
  const { alice } = await docket(t, { now: Date.parse('2026-11-22T12:00:00Z') })
  for (const status of ['incomplete', 'in_progress', 'complete', 'cancelled']) {
    await create(
      alice,
      { [`${status} by date`]: '2026-11-21', [`${status} by instant`]: '2026-11-22T11:00:00Z' },
      { status },
    )
  }
  const open = [
    'incomplete by date',
    'incomplete by instant',
    'in_progress by date',
    'in_progress by instant',
  ]
  assert.deepEqual(await due(alice, 'due=overdue'), new Set(open))
  assert.deepEqual(await due(alice, 'due=overdue&status=in_progress,complete'), new Set(open.slice(2)))
  assert.deepEqual(await due(alice, 'due=overdue&status=complete,cancelled'), new Set())
  assert.deepEqual(await due(alice, 'due=today&status=complete'), new Set(['complete by instant']))
})

/** Days with an unusual start or length, such as those on which clocks change, and when they begin and end. */
const unusualDays: { timeZone: string; day: string; begins: string; ends: string }[] = [
  {
    timeZone: 'America/Los_Angeles',
    day: '2026-03-08',
    begins: '2026-03-08T08:00:00Z',
    ends: '2026-03-09T07:00:00Z',
  }, // 23 hours
  {
    timeZone: 'America/Los_Angeles',
    day: '2026-11-01',
    begins: '2026-11-01T07:00:00Z',
    ends: '2026-11-02T08:00:00Z',
  }, // 25 hours
  {
    timeZone: 'Pacific/Auckland',
    day: '2026-04-05',
    begins: '2026-04-04T11:00:00Z',
    ends: '2026-04-05T12:00:00Z',
  }, // 25 hours
  {
    timeZone: 'Pacific/Auckland',
    day: '2026-09-27',
    begins: '2026-09-26T12:00:00Z',
    ends: '2026-09-27T11:00:00Z',
  }, // 23 hours
  {
    timeZone: 'Africa/Cairo',
    day: '2026-04-24',
    begins: '2026-04-23T22:00:00Z',
    ends: '2026-04-24T21:00:00Z',
  }, // begins at 01:00
  {
    timeZone: 'Asia/Kathmandu',
    day: '2026-06-01',
    begins: '2026-05-31T18:15:00Z',
    ends: '2026-06-01T18:15:00Z',
  }, // UTC+05:45
  {
    timeZone: 'Pacific/Apia',
    day: '2011-12-29',
    begins: '2011-12-29T10:00:00Z',
    ends: '2011-12-30T10:00:00Z',
  }, // the last before the skip
  {
    timeZone: 'Pacific/Apia',
    day: '2011-12-31',
    begins: '2011-12-30T10:00:00Z',
    ends: '2011-12-31T10:00:00Z',
  }, // the first after it
]

test('a day begins and ends as in the owner’s time zone', async (t) => {
  const server = await docket(t, { now: Date.parse('2011-12-01T00:00:00Z'), withAlice: false })
  const shift = (instant: string, ms: number) => new Date(Date.parse(instant) + ms).toISOString()
  const within = new Set(['first', 'last', 'all day'])

  for (const { timeZone, day, begins, ends } of unusualDays.toSorted((a, b) => (a.day < b.day ? -1 : 1))) {
    await t.test(`${day} in ${timeZone}`, async () => {
      server.advance(Date.parse(begins) - server.now())
      const user = await server.register(`ada-${day}`, { timeZone })
      await create(user, {
        before: shift(begins, -1),
        first: begins,
        last: shift(ends, -1),
        after: ends,
        'all day': day,
      })
      const next = Temporal.PlainDate.from(day).add({ days: 1 }).toString()

      assert.deepEqual(await due(user, `dueFrom=${day}&dueBefore=${next}`), within)
      assert.deepEqual(await due(user, 'due=today'), within, 'when it begins')
      await travel(server, user, shift(ends, -60_000))
      assert.deepEqual(await due(user, 'due=today'), within, 'shortly before it ends')
      await travel(server, user, shift(ends, 1000))
      assert.deepEqual(await due(user, 'due=today'), new Set(['after']))
      assert.deepEqual(await due(user, 'due=overdue'), new Set(['before', 'after', ...within]))
    })
  }
})

test('a range compares a date with the day of each bound', async (t) => {
  const server = await docket(t, { now: Date.parse('2026-11-01T00:00:00Z') })
  const ada = await server.register('ada', { timeZone: 'Pacific/Auckland' })
  await create(ada, {
    date: '2026-11-22',
    morning: '2026-11-22T09:00:00+13:00',
    evening: '2026-11-22T21:00:00+13:00',
    never: null,
  })

  const rows: [query: string, expected: string[]][] = [
    ['dueFrom=2026-11-22', ['date', 'morning', 'evening']],
    ['dueFrom=2026-11-23', []],
    ['dueBefore=2026-11-22', []],
    ['dueBefore=2026-11-23', ['date', 'morning', 'evening']],
    ['dueFrom=2026-11-22T12:00:00%2B13:00', ['date', 'evening']],
    ['dueFrom=2026-11-21T23:00:00Z', ['date', 'evening']], // noon of the 22nd in Auckland
    ['dueFrom=2026-11-21T10:59:59.999Z', ['date', 'morning', 'evening']],
    ['dueFrom=2026-11-22T11:00:00Z', []], // the 23rd in Auckland
    ['dueBefore=2026-11-21T23:00:00Z', ['morning']],
    ['dueBefore=2026-11-22T11:00:00Z', ['date', 'morning', 'evening']],
    ['dueFrom=2026-11-21T20:00:00Z', ['date', 'morning', 'evening']], // exactly the instant of the morning
    ['dueBefore=2026-11-21T20:00:00Z', []],
    ['dueFrom=2026-11-22&dueBefore=2026-11-22', []],
    ['dueFrom=2026-11-21T12:00:00Z&dueBefore=2026-11-22T10:00:00Z', ['morning', 'evening']], // both bounds on the 22nd
    ['dueFrom=1970-01-01&dueBefore=9999-12-31', ['date', 'morning', 'evening']],
    ['dueBefore=9999-12-31T23:59:59.999Z', ['date', 'morning', 'evening']],
    ['due=none&dueFrom=2026-11-22', []],
    ['due=upcoming&dueBefore=2026-11-21T23:00:00Z', ['morning']],
  ]
  for (const [query, expected] of rows) {
    await t.test(query, async () => assert.deepEqual(await due(ada, query), new Set(expected)))
  }
})

test('a bound late in the evening west of UTC belongs to its local day', async (t) => {
  const server = await docket(t)
  const lee = await server.register('lee', { timeZone: 'America/Los_Angeles' })
  await create(lee, { '22nd': '2026-11-22', '23rd': '2026-11-23' })
  const evening = '2026-11-22T22:00:00-08:00' // the 23rd in UTC
  assert.deepEqual(await due(lee, `dueFrom=${evening}`), new Set(['22nd', '23rd']))
  assert.deepEqual(await due(lee, `dueBefore=${evening}`), new Set())
  assert.deepEqual(await due(lee, 'dueBefore=2026-11-23T00:00:00-08:00'), new Set(['22nd']))
})
