import assert from 'node:assert/strict'
import { test } from 'node:test'
import { docket, password, userOf, type Docket, type User } from '../../harness.ts'

interface Row {
  name?: string
  zone?: string
  due: string
  rule: string
  from?: 'due' | 'completion'
  start?: string
  /** When each occurrence is completed, and the due date afterwards; null where the series ends. */
  completions: [on: string, next: string | null][]
}

const noon = (day: string) => `${day}T12:00:00.000Z`

/** The rows of the contract, and those of the same kind. */
const rows: Row[] = [
  {
    due: '2026-01-31',
    rule: 'FREQ=MONTHLY;SKIP=BACKWARD',
    completions: [
      [noon('2026-01-31'), '2026-02-28'],
      [noon('2026-02-28'), '2026-03-31'],
    ],
  },
  { due: '2026-01-31', rule: 'FREQ=MONTHLY', completions: [[noon('2026-01-31'), '2026-03-31']] },
  { due: '2026-01-31', rule: 'FREQ=MONTHLY;SKIP=FORWARD', completions: [[noon('2026-01-31'), '2026-03-01']] },
  {
    due: '2026-07-31',
    rule: 'FREQ=MONTHLY;BYMONTHDAY=-1',
    completions: [[noon('2026-07-30'), '2026-08-31']],
  },
  { due: '2026-08-01', rule: 'FREQ=DAILY', completions: [[noon('2026-08-04'), '2026-08-05']] },
  {
    due: '2026-08-29',
    rule: 'FREQ=MONTHLY',
    from: 'completion',
    completions: [[noon('2026-09-10'), '2026-10-10']],
  },
  {
    due: '2026-04-30',
    rule: 'FREQ=WEEKLY;BYDAY=SU',
    from: 'completion',
    completions: [[noon('2026-04-28'), '2026-05-03']],
  },
  {
    name: 'done early, the very occurrence is not given again',
    due: '2026-09-05',
    rule: 'FREQ=DAILY',
    from: 'completion',
    completions: [[noon('2026-09-04'), '2026-09-06']],
  },
  {
    zone: 'Europe/Berlin',
    due: '2026-10-24T07:00:00.000Z',
    rule: 'FREQ=DAILY',
    completions: [['2026-10-24T08:00:00.000Z', '2026-10-25T08:00:00.000Z']],
  },
  {
    name: 'a wall time that the clocks skip is an hour later',
    zone: 'Europe/Berlin',
    due: '2026-03-28T01:30:00.000Z',
    rule: 'FREQ=DAILY',
    completions: [
      ['2026-03-28T02:00:00.000Z', '2026-03-29T01:30:00.000Z'],
      ['2026-03-29T02:00:00.000Z', '2026-03-30T00:30:00.000Z'],
    ],
  },
  {
    name: 'a wall time that the clocks repeat is the first',
    zone: 'Europe/Berlin',
    due: '2026-10-24T00:30:00.000Z',
    rule: 'FREQ=DAILY',
    completions: [['2026-10-24T01:00:00.000Z', '2026-10-25T00:30:00.000Z']],
  },
  {
    name: 'half an hour of summer time on Lord Howe',
    zone: 'Australia/Lord_Howe',
    due: '2026-04-03T22:00:00.000Z',
    rule: 'FREQ=DAILY',
    completions: [['2026-04-03T23:00:00.000Z', '2026-04-04T22:30:00.000Z']],
  },
  {
    name: 'a zone with a half hour',
    zone: 'Asia/Kolkata',
    due: '2026-04-01T18:45:00.000Z',
    rule: 'FREQ=MONTHLY',
    completions: [['2026-04-02T00:00:00.000Z', '2026-05-01T18:45:00.000Z']],
  },
  {
    name: 'the day that Apia skipped',
    zone: 'Pacific/Apia',
    due: '2011-12-29T19:00:00.000Z',
    rule: 'FREQ=DAILY',
    completions: [['2011-12-29T20:00:00.000Z', '2011-12-30T19:00:00.000Z']],
  },
  {
    name: 'the fasting month of Casablanca',
    zone: 'Africa/Casablanca',
    due: '2026-02-14T08:00:00.000Z',
    rule: 'FREQ=DAILY',
    completions: [['2026-02-14T09:00:00.000Z', '2026-02-15T09:00:00.000Z']],
  },
  {
    name: 'counted from the day of its completion for the owner, at the time that it was due',
    zone: 'Europe/Berlin',
    due: '2026-10-24T07:00:00.000Z',
    rule: 'FREQ=DAILY',
    from: 'completion',
    completions: [['2026-10-24T22:30:00.000Z', '2026-10-26T08:00:00.000Z']],
  },
  {
    name: 'done on the day before, the day of the owner counts',
    zone: 'Pacific/Auckland',
    due: '2026-06-10',
    rule: 'FREQ=WEEKLY',
    completions: [['2026-06-16T13:00:00.000Z', '2026-06-24']],
  },
  {
    name: 'SKIP gives no day twice',
    due: '2027-01-29',
    rule: 'FREQ=MONTHLY;BYMONTHDAY=29,30,31;SKIP=FORWARD',
    completions: [
      [noon('2027-01-29'), '2027-01-30'],
      [noon('2027-01-31'), '2027-03-01'],
      [noon('2027-03-01'), '2027-03-29'],
    ],
  },
  {
    name: 'leap days',
    due: '2024-02-29',
    rule: 'FREQ=YEARLY',
    completions: [[noon('2024-02-29'), '2028-02-29']],
  },
  {
    name: 'leap days, else the day before',
    due: '2024-02-29',
    rule: 'FREQ=YEARLY;SKIP=BACKWARD',
    completions: [[noon('2024-02-29'), '2025-02-28']],
  },
  {
    name: 'week 53',
    due: '2026-12-28',
    rule: 'FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO',
    completions: [[noon('2026-12-28'), '2032-12-27']],
  },
  {
    name: 'the first week of a year begins in the year before',
    due: '2025-12-29',
    rule: 'FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO',
    completions: [[noon('2025-12-29'), '2027-01-04']],
  },
  {
    name: 'the last working day of the month',
    due: '2026-01-30',
    rule: 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
    completions: [
      [noon('2026-01-30'), '2026-02-27'],
      [noon('2026-02-27'), '2026-03-31'],
    ],
  },
  {
    name: 'COUNT on its last day',
    due: '2026-05-01',
    rule: 'FREQ=DAILY;COUNT=3',
    completions: [
      [noon('2026-05-01'), '2026-05-02'],
      [noon('2026-05-02'), '2026-05-03'],
      [noon('2026-05-03'), null],
    ],
  },
  {
    name: 'COUNT of a series from its completions',
    due: '2026-05-01',
    rule: 'FREQ=DAILY;COUNT=2',
    from: 'completion',
    completions: [
      [noon('2026-05-10'), '2026-05-11'],
      [noon('2026-05-11'), null],
    ],
  },
  {
    name: 'UNTIL on its last day',
    due: '2026-05-01',
    rule: 'FREQ=DAILY;UNTIL=20260502',
    completions: [
      [noon('2026-05-01'), '2026-05-02'],
      [noon('2026-05-02'), null],
    ],
  },
  {
    name: 'UNTIL at its very instant',
    due: '2026-05-01T09:00:00.000Z',
    rule: 'FREQ=DAILY;UNTIL=20260502T090000Z',
    completions: [
      ['2026-05-01T10:00:00.000Z', '2026-05-02T09:00:00.000Z'],
      ['2026-05-02T10:00:00.000Z', null],
    ],
  },
  {
    name: 'a series of decades ago goes on after today',
    due: '1970-01-05',
    rule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH',
    completions: [[noon('2026-11-25'), '2026-11-26']],
  },
]

test('the next occurrence', async (t) => {
  const server = await docket(t, { isStill: true })
  for (const [i, row] of rows.entries()) {
    const { name = '', zone = 'UTC', due, rule, from = 'due' } = row
    await t.test(`${due} ${rule} ${from} ${name}`, async () => {
      const user = await server.register(`user-${i}`, { timeZone: zone })
      await assertRow(server, user, row)
    })
  }
})

async function assertRow(
  server: Docket,
  owner: User,
  { due, rule, from, start, completions }: Row,
): Promise<void> {
  const recurrence = { rule, ...(from && { from }), ...(start && { start }) }
  const { email } = owner
  const { id } = await owner.createTask({ title: 'Water the plants', dueDate: due, recurrence })
  for (const [i, [on, next]] of completions.entries()) {
    server.advance(Date.parse(on) - server.now())
    const login = await server.request('POST', '/auth/login', { body: { email, password } })
    const user = userOf(login.body, server.request) // the token from before is from another year
    const before = await user.read({ id })
    const answer = await user.patch(`/tasks/${id}`, { status: 'complete' })
    assert.equal(answer.status, 200, answer.text)
    const { dueDate, status, recurrence: now } = answer.body
    const isOver = next === null
    assert.deepEqual(
      [dueDate, status, now.done],
      [next ?? before.dueDate, isOver ? 'complete' : 'incomplete', i + 1],
    )
    assert.equal(answer.headers.get('link') === null, isOver)
  }
}
