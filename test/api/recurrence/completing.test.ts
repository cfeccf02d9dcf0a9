import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Task } from '../../../src/tasks/schema.ts'
import { assertProblem, docket, etagOf, type Answer, type Docket, type User } from '../../harness.ts'

const now = Date.parse('2026-08-03T12:00:00.000Z')
const daily = { title: 'Water the plants', dueDate: '2026-08-01', recurrence: { rule: 'FREQ=DAILY' } }

const start = (t: Parameters<typeof docket>[0]) => docket(t, { now, isStill: true })
const complete = (user: User, task: Pick<Task, 'id'>, headers = {}) =>
  user.patch(`/tasks/${task.id}`, { status: 'complete' }, headers)
const keptIn = (answer: Answer): string =>
  /^<\/tasks\/([0-9a-f-]{36})>; rel="prev"$/.exec(answer.headers.get('link') ?? '')?.[1] ??
  assert.fail(answer.text)
const all = async (user: User, query = ''): Promise<Task[]> =>
  (await user.get(`/tasks?sort=createdAt&limit=100${query}`)).body.items

test('completing a task that recurs', async (t) => {
  const server = await start(t)
  let count = 0
  const newUser = () => server.register(`user-${(count += 1)}`)

  await t.test('keeps the occurrence and goes on, as one change of two', async () => {
    const user = await newUser()
    const task = await user.createTask({
      ...daily,
      labels: ['home'],
      priority: 'high',
      description: 'All of them.',
    })
    assert.deepEqual(task.recurrence, { rule: 'FREQ=DAILY', from: 'due', start: '2026-08-01', done: 0 })
    assert.equal(task.occurrenceOf, null)
    const answer = await complete(user, task, { 'if-match': etagOf(task) })

    const { id, status, dueDate, completedAt, recurrence, revision } = answer.body
    assert.deepEqual([id, status, dueDate, completedAt], [task.id, 'incomplete', '2026-08-04', null])
    assert.deepEqual([recurrence.done, revision], [1, 3])
    assert.equal(answer.headers.get('etag'), '"3"')
    const kept = await user.read({ id: keptIn(answer) })
    const { labels, priority, description, title } = task
    const { occurrenceOf, recurrence: none, dueDate: due, completedAt: at, ...others } = kept
    assert.deepEqual([occurrenceOf, none, due, kept.status], [task.id, null, '2026-08-01', 'complete'])
    assert.equal(at, new Date(now).toISOString())
    assert.deepEqual(
      [others.labels, others.priority, others.description, others.title],
      [labels, priority, description, title],
    )
    assert.deepEqual(
      (await all(user, `&occurrenceOf=${task.id}`)).map((one) => one.id),
      [kept.id],
    )
    const { items } = (await user.get('/changes?since=1')).body
    assert.deepEqual(
      items.map((item: { id: string; action: string }) => [item.id, item.action]),
      [
        [kept.id, 'create'],
        [task.id, 'update'],
      ],
    )

    const undone = await user.post('/changes/3/undo')
    assert.equal(undone.status, 200, undone.text)
    const { dueDate: before, recurrence: former, status: open } = await user.read(task)
    assert.deepEqual([before, former, open], ['2026-08-01', task.recurrence, 'incomplete'])
    assert.deepEqual(
      (await all(user)).map((one) => one.id),
      [task.id],
    )
    const redone = await user.post(`/changes/${undone.headers.get('docket-revision')}/undo`)
    assert.equal(redone.status, 200, redone.text)
    assert.deepEqual(
      [(await user.read(task)).dueDate, (await user.read(kept)).occurrenceOf],
      ['2026-08-04', task.id],
    )
  })

  await t.test('by PUT, in a batch, and at its creation', async () => {
    const user = await newUser()
    const task = await user.createTask(daily)
    const path = `/tasks/${task.id}`
    const { completedAt: _, ...whole } = task
    const put = await user.put(path, { ...whole, status: 'complete' })
    assert.deepEqual(
      [put.status, put.body.dueDate, put.body.recurrence.done],
      [200, '2026-08-04', 1],
      put.text,
    )
    keptIn(put)
    const operations = [{ method: 'PATCH', path, body: { status: 'complete' } }]
    const { body } = await user.post('/batch', { operations })
    assert.deepEqual([body.results[0].body.dueDate, body.results[0].body.recurrence.done], ['2026-08-05', 2])
    const born = await user.post('/tasks', { ...daily, status: 'complete' })
    assert.deepEqual([born.status, born.body.dueDate, born.body.status], [201, '2026-08-04', 'incomplete'])
    assert.equal((await user.read({ id: keptIn(born) })).occurrenceOf, born.body.id)
  })

  await t.test('begins its completed subtasks again, and leaves the others', async () => {
    const user = await newUser()
    const task = await user.createTask({ ...daily, status: 'in_progress' })
    const [done, open] = [
      await user.createTask({ title: 'Balcony', parentId: task.id, status: 'complete' }),
      await user.createTask({ title: 'Hall', parentId: task.id, status: 'in_progress' }),
    ]
    const below = await user.createTask({ title: 'Left', parentId: done.id, status: 'complete' })
    const ended = await user.createTask({
      ...daily,
      parentId: task.id,
      recurrence: { rule: 'FREQ=DAILY;COUNT=1' },
    })
    await complete(user, ended)
    const answer = await complete(user, task)
    assert.equal((await user.read(ended)).status, 'complete', 'a series that has ended')
    const begun = await Promise.all([task, done, open, below].map((one) => user.read(one)))
    assert.deepEqual(
      begun.map(({ status, completedAt }) => [status, completedAt]),
      [
        ['incomplete', null],
        ['incomplete', null],
        ['in_progress', null],
        ['incomplete', null],
      ],
    )
    await user.post(`/changes/${answer.body.revision}/undo`)
    const former = await Promise.all([task, done, open, below].map((one) => user.read(one)))
    assert.deepEqual(
      former.map(({ status }) => status),
      ['in_progress', 'complete', 'in_progress', 'complete'],
    )
  })

  await t.test('fifty at once under one entity tag: one occurrence', async () => {
    const user = await newUser()
    const task = await user.createTask(daily)
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => complete(user, task, { 'if-match': etagOf(task) })),
    )
    assert.deepEqual(answers.filter(({ status }) => status === 200).length, 1)
    assert.equal((await all(user)).length, 2)
  })

  await t.test('repeated under one key: one occurrence, and the same answer', async () => {
    const user = await newUser()
    const task = await user.createTask(daily)
    const key = { 'idempotency-key': 'done' }
    const [first, second] = [await complete(user, task, key), await complete(user, task, key)]
    assert.deepEqual([second.text, keptIn(second)], [first.text, keptIn(first)])
    assert.equal(second.headers.get('idempotent-replayed'), 'true')
    assert.equal((await all(user)).length, 2)
  })

  await t.test('a kept occurrence that is opened again is an ordinary task', async () => {
    const user = await newUser()
    const task = await user.createTask(daily)
    const id = keptIn(await complete(user, task))
    const opened = await user.patch(`/tasks/${id}`, { status: 'incomplete' })
    assert.deepEqual(
      [opened.body.status, opened.body.recurrence, opened.body.dueDate, opened.body.occurrenceOf],
      ['incomplete', null, '2026-08-01', null],
    )
    assert.equal((await user.read(task)).dueDate, '2026-08-04')
    const closed = await user.patch(`/tasks/${id}`, { status: 'complete' })
    assert.deepEqual(
      [closed.body.status, closed.headers.get('link'), closed.body.occurrenceOf],
      ['complete', null, null],
    )
  })

  await t.test('an undo of the opening gives a kept occurrence its task back', async () => {
    const user = await newUser()
    const task = await user.createTask(daily)
    const id = keptIn(await complete(user, task))
    const opened = await user.patch(`/tasks/${id}`, { status: 'incomplete' })
    const undo = (answer: Answer) => user.post(`/changes/${answer.headers.get('docket-revision')}/undo`)
    const undone = await undo(opened)
    assert.deepEqual([undone.body.status, undone.body.occurrenceOf], ['complete', task.id])
    assert.equal((await undo(undone)).body.occurrenceOf, null)
  })

  await t.test('cancelled ends the series; the trash keeps it', async () => {
    const user = await newUser()
    const task = await user.createTask(daily)
    const cancelled = await user.patch(`/tasks/${task.id}`, { status: 'cancelled' })
    assert.deepEqual([cancelled.body.status, cancelled.body.dueDate], ['cancelled', '2026-08-01'])
    assert.equal((await all(user)).length, 1)
    await user.delete(`/tasks/${task.id}`)
    const back = await user.post(`/tasks/${task.id}/restore`)
    assert.deepEqual(back.body.recurrence, task.recurrence)
  })
})

test('skipping an occurrence', async (t) => {
  const server = await start(t)
  const { alice } = server
  const skip = (task: Pick<Task, 'id'>, headers = {}) =>
    alice.request('POST', `/tasks/${task.id}/skip`, { headers })

  await t.test('goes on and keeps nothing', async () => {
    const task = await alice.createTask(daily)
    const answer = await skip(task, { 'if-match': etagOf(task), 'idempotency-key': 'skip' })
    assert.deepEqual(
      [answer.status, answer.body.dueDate, answer.body.recurrence.done],
      [200, '2026-08-04', 0],
    )
    assert.equal(answer.headers.get('link'), null)
    assert.equal(
      (await skip(task, { 'if-match': etagOf(task), 'idempotency-key': 'skip' })).text,
      answer.text,
    )
    assertProblem(await skip(task, { 'if-match': etagOf(task) }), 412, 'precondition-failed')
    await alice.post(`/changes/${answer.body.revision}/undo`)
    assert.equal((await alice.read(task)).dueDate, '2026-08-01')
  })

  await t.test('after the last one the task is complete', async () => {
    const task = await alice.createTask({ ...daily, recurrence: { rule: 'FREQ=DAILY;UNTIL=20260803' } })
    const answer = await skip(task)
    assert.deepEqual([answer.body.status, answer.body.recurrence.done], ['complete', 0])
    const renamed = await alice.patch(`/tasks/${task.id}`, { title: 'Watered' })
    assert.deepEqual([renamed.body.status, renamed.body.recurrence.done], ['complete', 0], 'no completion')
    assertProblem(await skip(task), 409, 'not-recurring')
  })

  await t.test('is refused of a task that does not recur, and works in a batch', async () => {
    const plain = await alice.createTask({ title: 'Once' })
    assertProblem(await skip(plain), 409, 'not-recurring')
    assertProblem(await skip({ id: crypto.randomUUID() }), 404, 'not-found')
    const task = await alice.createTask(daily)
    const operations = [{ method: 'POST', path: `/tasks/${task.id}/skip` }]
    assert.equal((await alice.post('/batch', { operations })).body.results[0].body.dueDate, '2026-08-04')
    const wrong = [{ method: 'POST', path: `/tasks/${task.id}/skip`, body: {} }]
    assertProblem(await alice.post('/batch', { operations: wrong }), 422, 'validation-failed')
  })
})

test('what a series is told and listed by', async (t) => {
  const server: Docket = await start(t)
  const { alice } = server
  const task = await alice.createTask({ ...daily, recurrence: { rule: 'FREQ=WEEKLY;BYDAY=MO,TH;COUNT=5' } })
  const plain = await alice.createTask({ title: 'Once', dueDate: '2026-08-05' })
  const dates = async (query = '', id = task.id) =>
    (await alice.get(`/tasks/${id}/occurrences${query}`)).body.items

  assert.deepEqual(
    (await all(alice, '&recurring=true')).map(({ id }) => id),
    [task.id],
  )
  assert.deepEqual(
    (await all(alice, '&recurring=false')).map(({ id }) => id),
    [plain.id],
  )
  assert.equal((await alice.get('/tasks?recurring=true&count=true')).body.total, 1)
  assert.deepEqual(await dates(), ['2026-08-01', '2026-08-06', '2026-08-10', '2026-08-13'])
  assert.deepEqual(await dates('?limit=2'), ['2026-08-01', '2026-08-06'])
  assert.deepEqual(await dates('?from=2026-08-06&before=2026-08-13'), ['2026-08-06', '2026-08-10'])
  assert.deepEqual(await dates('', plain.id), [])
  for (const query of ['?limit=501', '?limit=0', '?from=yesterday', '?x=1'])
    assertProblem(await alice.get(`/tasks/${task.id}/occurrences${query}`), 400, 'invalid-parameter')
  assertProblem(await alice.get(`/tasks/${crypto.randomUUID()}/occurrences`), 404, 'not-found')
})
