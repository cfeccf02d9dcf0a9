import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../../../src/database/database.ts'
import type { Task } from '../../../src/tasks/schema.ts'
import { assertProblem, docket, type Answer, type User } from '../../harness.ts'
import { bodyOf, changesSince, revisionOf, usersOf } from '../organise/organise.ts'

const now = Date.parse('2026-08-03T12:00:00.000Z')
const daily = { title: 'Water the plants', dueDate: '2026-08-01', recurrence: { rule: 'FREQ=DAILY' } }
const complete = (user: User, { id }: Pick<Task, 'id'>) => user.patch(`/tasks/${id}`, { status: 'complete' })
const keptOf = async (user: User, { id }: Pick<Task, 'id'>): Promise<Task[]> =>
  bodyOf(await user.get(`/tasks?occurrenceOf=${id}&sort=createdAt`)).items
const pointerOf = ({ errors = [] }: ReturnType<typeof assertProblem>) =>
  errors.map((fault) => 'pointer' in fault && fault.pointer)

test('a series among other tasks', async (t) => {
  const server = await docket(t, { now, isStill: true })
  const newUser = usersOf(server)

  await t.test(
    'a kept occurrence comes after the last, so that a move beside the series moves one',
    async () => {
      const user = await newUser()
      const [task, other] = [await user.createTask(daily), await user.createTask({ title: 'Once' })]
      await complete(user, task)
      await complete(user, task)
      const positions = (await keptOf(user, task)).map(({ position }) => position)
      assert.deepEqual([task.position, other.position, ...positions], ['a0', 'a1', 'a2', 'a3'])

      const since = await revisionOf(user)
      bodyOf(await user.post(`/tasks/${other.id}/move`, { after: task.id }))
      assert.equal((await changesSince(user, since)).length, 0, 'it stands there already')
      bodyOf(await user.post(`/tasks/${other.id}/move`, { before: task.id }))
      assert.deepEqual(
        (await changesSince(user, since)).map(({ id }) => id),
        [other.id],
      )
    },
  )

  await t.test('what was done below a task that recurs stays done', async () => {
    const user = await newUser()
    const task = await user.createTask(daily)
    const below = await user.createTask({ ...daily, title: 'Balcony', parentId: task.id })
    const done = await user.createTask({ title: 'Hall', parentId: task.id, status: 'complete' })
    await complete(user, below)
    await complete(user, task)
    assert.deepEqual(
      (await keptOf(user, below)).map(({ status, parentId }) => [status, parentId]),
      [['complete', task.id]],
    )
    assert.equal((await user.read(done)).status, 'incomplete')
  })

  await t.test('two thousand tasks at most begin again; open ones do not count', async () => {
    const user = await newUser()
    const task = await user.createTask(daily)
    const below = await user.createTask({ title: 'Pot', parentId: task.id })
    await server.database.transaction(async (tx) => {
      await tx.query(sql`
        with recursive counted (i) as (select 1 union all select i + 1 from counted where i < 2000)
        insert into tasks (owner_id, id, title, title_key, description, status, status_rank, parent_id, position,
          search_text, created_at, updated_at, revision)
        select owner_id, '10000000-0000-4000-8000-' || substr(cast(1000000000000 + i as text), 2), title, title_key,
          description, status, status_rank, parent_id, position, search_text, created_at, updated_at, revision
        from tasks, counted where owner_id = ${user.id} and id = ${below.id}`)
    })
    assert.equal(bodyOf(await complete(user, task)).dueDate, '2026-08-04')
    await server.database.transaction(async (tx) => {
      await tx.query(sql`
        update tasks set status = 'complete', status_rank = 2, completed_at = ${now}
        where owner_id = ${user.id} and parent_id = ${task.id}`)
    })
    assertProblem(await complete(user, task), 409, 'limit-reached')
    assertProblem(await user.post(`/tasks/${task.id}/skip`), 409, 'limit-reached')
    assert.equal((await user.read(task)).dueDate, '2026-08-04')
    assert.equal((await keptOf(user, task)).length, 1)
  })

  await t.test('the trash keeps what was kept, and the series comes back as it was', async () => {
    const user = await newUser()
    const task = await user.createTask(daily)
    const { revision } = bodyOf(await complete(user, task))
    await user.delete(`/tasks/${task.id}`)
    assert.equal((await keptOf(user, task)).length, 1)
    assertProblem(await user.post(`/changes/${revision}/undo`), 409, 'undo-conflict')
    const back = bodyOf(await user.post(`/tasks/${task.id}/restore`))
    assert.deepEqual([back.dueDate, back.recurrence.done], ['2026-08-04', 1])
    await user.delete(`/tasks/${task.id}?permanent=true`)
    assert.equal((await keptOf(user, task)).length, 1)
  })

  await t.test('a client that follows the feed has what the server has', async () => {
    const user = await newUser()
    const copy = new Map<string, Task>()
    let since = 0
    const follow = async () => {
      for (const { id, task } of await changesSince(user, since)) {
        if (task) copy.set(id, task)
        else copy.delete(id)
      }
      since = await revisionOf(user)
      const all: Task[] = bodyOf(await user.get('/tasks?limit=100&sort=createdAt')).items
      assert.deepEqual(
        [...copy.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1)),
        all.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      )
    }
    const task = await user.createTask(daily)
    await user.createTask({ title: 'Hall', parentId: task.id, status: 'complete' })
    await follow()
    const { revision } = bodyOf(await complete(user, task))
    await follow()
    await user.post(`/tasks/${task.id}/skip`)
    await follow()
    bodyOf(await user.post(`/changes/${revision}/undo?force=true`))
    await follow()
  })

  await t.test('two completions in one batch are one change to undo', async () => {
    const user = await newUser()
    const task = await user.createTask(daily)
    const one = { method: 'PATCH', path: `/tasks/${task.id}`, body: { status: 'complete' } }
    const { results } = bodyOf(await user.post('/batch', { operations: [one, one] }))
    assert.deepEqual(
      results.map(({ body }: Answer) => body.dueDate),
      ['2026-08-04', '2026-08-05'],
    )
    assert.deepEqual((await keptOf(user, task)).map(({ dueDate }) => String(dueDate)).toSorted(), [
      '2026-08-01',
      '2026-08-04',
    ])
    await user.post(`/changes/${results[0].body.revision}/undo`)
    assert.deepEqual([(await user.read(task)).dueDate, (await keptOf(user, task)).length], ['2026-08-01', 0])
  })
})

test('an undo leaves no series without what it needs', async (t) => {
  const { alice } = await docket(t, { now, isStill: true })
  const recurringAfter = async (from: object, to: object, rule = 'FREQ=DAILY') => {
    const { id } = await alice.createTask({ title: 'Water the plants', ...from })
    const { revision } = bodyOf(await alice.patch(`/tasks/${id}`, to))
    bodyOf(await alice.patch(`/tasks/${id}`, { recurrence: { rule } }))
    return { id, undo: (query = '') => alice.post(`/changes/${revision}/undo${query}`) }
  }

  await t.test('a due date', async () => {
    const { id, undo } = await recurringAfter({}, { dueDate: '2026-08-05' })
    assert.deepEqual(pointerOf(assertProblem(await undo(), 409, 'undo-conflict')), ['/dueDate'])
    assert.equal((await alice.read({ id })).dueDate, '2026-08-05')
    const forced = bodyOf(await undo('?force=true'))
    assert.deepEqual([forced.dueDate, forced.recurrence], [null, null])
  })

  await t.test('of the same kind as its start', async () => {
    const { id, undo } = await recurringAfter({ dueDate: '2026-08-05' }, { dueDate: '2026-08-05T09:00:00Z' })
    const { dueDate, recurrence } = bodyOf(await undo())
    assert.deepEqual([dueDate, recurrence.start], ['2026-08-05', '2026-08-05'])
    assert.equal(bodyOf(await complete(alice, { id })).dueDate, '2026-08-06')
  })

  await t.test('and as UNTIL', async () => {
    const until = 'FREQ=DAILY;UNTIL=20261231T000000Z'
    const { undo } = await recurringAfter(
      { dueDate: '2026-08-05' },
      { dueDate: '2026-08-05T09:00:00Z' },
      until,
    )
    assert.deepEqual(pointerOf(assertProblem(await undo(), 409, 'undo-conflict')), ['/recurrence/rule'])
    assert.equal(bodyOf(await undo('?force=true')).recurrence, null)
  })

  await t.test('an older change of another field is set back, and the series stays where it is', async () => {
    const task = await alice.createTask(daily)
    const { revision } = bodyOf(await alice.patch(`/tasks/${task.id}`, { title: 'Water the cactus' }))
    await complete(alice, task)
    const { title, dueDate, recurrence } = bodyOf(await alice.post(`/changes/${revision}/undo`))
    assert.deepEqual([title, dueDate, recurrence.done], [daily.title, '2026-08-04', 1])
  })
})
