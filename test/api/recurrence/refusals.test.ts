import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertProblem, docket } from '../../harness.ts'

const date = '2026-12-01'
const instant = '2026-12-01T09:00:00.000Z'

/** Bodies beside a title, each with the pointer at fault and a part of its words. */
const refused: [body: object, pointer: string, words: RegExp][] = [
  [{ recurrence: { rule: 'FREQ=DAILY' } }, '/dueDate', /recurs/],
  [{ dueDate: date, recurrence: {} }, '/recurrence/rule', /is required/],
  [{ dueDate: date, recurrence: { rule: 'FREQ=DAILY', done: 1 } }, '/recurrence/done', /set by the server/],
  [{ dueDate: date, recurrence: { rule: 'FREQ=DAILY', every: 1 } }, '/recurrence/every', /not known/],
  [{ dueDate: date, recurrence: { rule: 'FREQ=DAILY', from: 'now' } }, '/recurrence/from', /due, completion/],
  [{ dueDate: date, recurrence: { rule: 'FREQ=DAILY', start: 'soon' } }, '/recurrence/start', /date/],
  [
    { dueDate: date, recurrence: { rule: 'FREQ=DAILY', start: instant } },
    '/recurrence/start',
    /must be a date/,
  ],
  [{ dueDate: instant, recurrence: { rule: 'FREQ=DAILY', start: date } }, '/recurrence/start', /an instant/],
  [{ dueDate: date, recurrence: { rule: 'FREQ=DAILY', start: '1970-01-01' } }, '', /^$/],
  [{ dueDate: '2099-01-01', recurrence: { rule: 'FREQ=DAILY', start: '1970-01-01' } }, '', /^$/],
  ...rules(
    ['', /RFC 5545/],
    ['DAILY', /RFC 5545/],
    ['RRULE:FREQ=DAILY', /without RRULE/],
    ['FREQ=DAILY;', /RFC 5545/],
    ['FREQ=HOURLY', /DAILY, WEEKLY, MONTHLY, YEARLY/],
    ['INTERVAL=2', /FREQ/],
    ['FREQ=DAILY;FREQ=DAILY', /twice/],
    ['FREQ=DAILY;INTERVAL=0', /INTERVAL/],
    ['FREQ=DAILY;INTERVAL=-1', /INTERVAL/],
    ['FREQ=DAILY;INTERVAL=1000000000', /hundred years/],
    ['FREQ=DAILY;COUNT=0', /COUNT/],
    ['FREQ=DAILY;COUNT=-1', /COUNT/],
    ['FREQ=DAILY;UNTIL=20261130', /not before its start/],
    ['FREQ=DAILY;COUNT=2;UNTIL=20261231', /both/],
    ['FREQ=DAILY;UNTIL=20260231', /UNTIL/],
    ['FREQ=DAILY;UNTIL=20261231T090000Z', /UNTIL a date/],
    ['FREQ=DAILY;UNTIL=20261231T090000', /UNTIL/],
    ['FREQ=DAILY;BYHOUR=9', /BYHOUR/],
    ['FREQ=DAILY;BYMONTH=13', /1 to 12/],
    ['FREQ=DAILY;BYMONTH=-1', /1 to 12/],
    ['FREQ=DAILY;BYMONTH=+1', /1 to 12/],
    ['FREQ=DAILY;\u0131NTERVAL=2', /RFC 5545/],
    ['FREQ=DAILY;BYDAY=', /MO, TU/],
    ['FREQ=DAILY\nINTERVAL=2', /RFC 5545|FREQ/],
    ['FREQ=MONTHLY;BYMONTHDAY=0', /1 to 31/],
    ['FREQ=MONTHLY;BYMONTHDAY=32', /1 to 31/],
    ['FREQ=WEEKLY;BYMONTHDAY=1', /BYMONTHDAY/],
    ['FREQ=MONTHLY;BYYEARDAY=1', /BYYEARDAY/],
    ['FREQ=MONTHLY;BYWEEKNO=1', /BYWEEKNO/],
    ['FREQ=WEEKLY;BYDAY=1MO', /before a weekday/],
    ['FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO', /before a weekday/],
    ['FREQ=WEEKLY;BYDAY=XX', /MO, TU/],
    ['FREQ=MONTHLY;BYDAY=54MO', /MO, TU/],
    ['FREQ=DAILY;BYSETPOS=1', /BYSETPOS/],
    ['FREQ=MONTHLY;SKIP=SIDEWAYS', /OMIT, BACKWARD, FORWARD/],
    ['FREQ=MONTHLY;RSCALE=CHINESE', /GREGORIAN/],
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', /hundred years/],
    ['FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30', /hundred years/],
    ['FREQ=MONTHLY;BYDAY=6MO', /hundred years/],
    [`FREQ=YEARLY;BYYEARDAY=${Array(200).fill('1').join()}`.padEnd(501, ',1'), /500/],
  ),
]

function rules(...rows: [rule: string, words: RegExp][]): typeof refused {
  return rows.map(([rule, words]) => [{ dueDate: date, recurrence: { rule } }, '/recurrence/rule', words])
}

test('a recurrence that cannot be is refused in words', async (t) => {
  const { alice } = await docket(t)
  for (const [body, pointer, words] of refused) {
    await t.test(JSON.stringify(body).slice(0, 120), async () => {
      const answer = await alice.post('/tasks', { title: 'x', ...body })
      if (pointer === '') return assert.equal(answer.status, 201, answer.text)
      const { errors = [] } = assertProblem(answer, 422, 'validation-failed')
      assert.deepEqual(
        errors.map((fault) => 'pointer' in fault && fault.pointer),
        [pointer],
      )
      assert.match(String(errors[0]?.detail), words)
    })
  }
})

test('a rule is taken in any letter case and answered as it was given', async (t) => {
  const { alice } = await docket(t)
  for (const rule of [
    'freq=weekly;byday=mo',
    'FREQ=MONTHLY;BYDAY=+1MO,-1FR;WKST=SU;INTERVAL=02',
    'FREQ=MONTHLY;RSCALE=GREGORIAN;SKIP=FORWARD',
    'FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO',
    'FREQ=DAILY;UNTIL=20261231',
  ]) {
    const { recurrence } = await alice.createTask({ title: 'x', dueDate: date, recurrence: { rule } })
    assert.equal(recurrence?.rule, rule)
  }
})

test('a merge patch changes a part of a recurrence', async (t) => {
  const { alice } = await docket(t)
  const task = await alice.createTask({
    title: 'x',
    dueDate: date,
    recurrence: { rule: 'FREQ=DAILY', start: '2026-11-01' },
  })
  const path = `/tasks/${task.id}`
  const patched = async (body: object) => (await alice.patch(path, body)).body.recurrence
  const first = { rule: 'FREQ=DAILY', from: 'due', start: '2026-11-01', done: 0 }

  assert.deepEqual(await patched({ recurrence: { from: 'completion' } }), { ...first, from: 'completion' })
  assert.deepEqual(await patched({ recurrence: { from: null, start: null } }), { ...first, start: date })
  assert.deepEqual(await patched({ recurrence: { rule: 'FREQ=WEEKLY' } }), {
    ...first,
    rule: 'FREQ=WEEKLY',
    start: date,
  })
  await t.test('the start follows a due date that becomes an instant, and back', async () => {
    assert.equal((await patched({ dueDate: instant })).start, '2026-12-01T09:00:00.000Z')
    assert.equal((await patched({ dueDate: '2026-12-08' })).start, date)
  })
  await t.test('and UNTIL refuses it', async () => {
    await patched({ recurrence: { rule: 'FREQ=DAILY;UNTIL=20271231' } })
    assertProblem(await alice.patch(path, { dueDate: instant }), 422, 'validation-failed')
  })
  await t.test('a due date stays as long as the task recurs', async () => {
    const { errors } = assertProblem(await alice.patch(path, { dueDate: null }), 422, 'validation-failed')
    assert.deepEqual(errors?.[0] && 'pointer' in errors[0] && errors[0].pointer, '/dueDate')
    const both = await alice.patch(path, { dueDate: null, recurrence: null })
    assert.deepEqual([both.body.dueDate, both.body.recurrence], [null, null])
  })
  await t.test('what GET gave can be PUT back', async () => {
    await alice.patch(path, { dueDate: date, recurrence: { rule: 'FREQ=DAILY' } })
    const whole = await alice.read(task)
    const put = await alice.put(path, whole)
    assert.deepEqual([put.status, put.body.revision], [200, whole.revision], put.text)
  })
  await t.test('only null or an object', async () => {
    for (const recurrence of ['FREQ=DAILY', ['FREQ=DAILY'], true, 1])
      assertProblem(await alice.patch(path, { recurrence }), 422, 'validation-failed')
  })
})
