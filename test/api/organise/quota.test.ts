import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../../../src/database/database.ts'
import { assertProblem, docket, type Answer, type Docket, type User } from '../../harness.ts'
import { bodyOf, createProject, takenBy, usersOf } from './organise.ts'

const quota = 4
const assertFull = (answer: Answer) =>
  assert.match(assertProblem(answer, 409, 'limit-reached').detail, /can have 4 tasks outside the trash/)

const live = async (user: User): Promise<number> => bodyOf(await user.get('/tasks?count=true')).total

/** As many tasks as a user may have. */
async function fill(user: User) {
  const made = []
  for (let i = 0; i < quota; i++) made.push(await user.createTask({ title: `Task ${i}` }))
  const [first, second] = made
  assert.ok(first && second)
  return { first, second }
}

const limited = (t: Parameters<typeof docket>[0]): Promise<Docket> =>
  docket(t, { withAlice: false, env: { QUOTA_TASKS: String(quota) } })

test('the task quota', async (t) => {
  const server = await limited(t)
  const next = usersOf(server)

  await t.test('refuses one more task, and only to who has so many', async () => {
    const user = await next()
    const { first } = await fill(user)
    assertFull(await user.post('/tasks', { title: 'One too many' }))
    const chosen = '/tasks/01a21868-2d41-78d8-b53c-4e694ae7dcfb'
    assertFull(await user.put(chosen, { title: 'One too many' }, { 'if-none-match': '*' }))
    assert.equal((await user.patch(`/tasks/${first.id}`, { title: 'Changed' })).status, 200)
    assertFull(await user.post('/tasks', { title: 'One too many' }))
    assert.equal(await live(user), quota)
    await (await next()).createTask({ title: 'Mine' })
  })

  await t.test('has room again after a deletion, and a restore needs room', async () => {
    const user = await next()
    const { first, second } = await fill(user)
    const deletion = await user.delete(`/tasks/${first.id}`)
    await user.createTask({ title: 'In its place' })
    assertFull(await user.post(`/tasks/${first.id}/restore`))
    assertFull(await user.post(`/changes/${takenBy(deletion)}/undo`))
    await user.delete(`/tasks/${second.id}?permanent=true`)
    assert.equal((await user.post(`/changes/${takenBy(deletion)}/undo`)).status, 200)
    assert.equal(await live(user), quota)
    assertFull(await user.post('/tasks', { title: 'One too many' }))
  })

  await t.test('counts what comes back with a parent or a project', async () => {
    const user = await next()
    const project = await createProject(user)
    const parent = await user.createTask({ title: 'Parent', projectId: project.id })
    await user.createTask({ title: 'Child', parentId: parent.id })
    await user.delete(`/tasks/${parent.id}`)
    await fill(user).then(({ first }) => user.delete(`/tasks/${first.id}`))
    assertFull(await user.post(`/tasks/${parent.id}/restore`))
    assert.equal(await live(user), quota - 1)

    const other = await next()
    const house = await createProject(other)
    for (const title of ['A', 'B']) await other.createTask({ title, projectId: house.id })
    await other.delete(`/projects/${house.id}`)
    await fill(other).then(({ first }) => other.delete(`/tasks/${first.id}`))
    assertFull(await other.post(`/projects/${house.id}/restore`))
    assert.equal(await live(other), quota - 1)
  })

  await t.test('holds within a batch, which does all or nothing', async () => {
    const user = await next()
    const create = (title: string) => ({ method: 'POST', path: '/tasks', body: { title } })
    const titles = ['A', 'B', 'C', 'D', 'E']
    assertFull(await user.post('/batch', { operations: titles.map(create) }))
    assert.equal(await live(user), 0)
    const exchange = titles.slice(0, 4).map(create)
    bodyOf(await user.post('/batch', { operations: exchange }))
    const [first] = bodyOf(await user.get('/tasks')).items
    const swap = [{ method: 'DELETE', path: `/tasks/${first.id}` }, create('F')]
    bodyOf(await user.post('/batch', { operations: swap }))
    assert.equal(await live(user), quota)
    assertFull(await user.post('/tasks', { title: 'One too many' }))
  })

  await t.test('refuses to complete a task that recurs where its occurrence has no room', async () => {
    const user = await next()
    const { first } = await fill(user)
    await user.patch(`/tasks/${first.id}`, { dueDate: '2026-12-01', recurrence: { rule: 'FREQ=DAILY' } })
    assertFull(await user.patch(`/tasks/${first.id}`, { status: 'complete' }))
    assert.equal(await live(user), quota)
  })

  await t.test(
    'counts a task that recurs and its first occurrence, where both come to life at once',
    async () => {
      const user = await next()
      const { first } = await fill(user)
      await user.delete(`/tasks/${first.id}`)
      const done = { dueDate: '2026-12-01', recurrence: { rule: 'FREQ=DAILY' }, status: 'complete' }
      assertFull(await user.post('/tasks', { title: 'Done once', ...done }))
      assert.equal(await live(user), quota - 1)
    },
  )

  await t.test('lets one of fifty creations at once in where there is room for one', async () => {
    const user = await next()
    const { first } = await fill(user)
    await user.delete(`/tasks/${first.id}`)
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => user.post('/tasks', { title: `Race ${i}` })),
    )
    assert.equal(answers.filter(({ status }) => status === 201).length, 1)
    assert.equal(await live(user), quota)
  })
})

test('revisions far beyond the number of tasks, and a lower quota, do no harm', async (t) => {
  const server = await docket(t, { env: { QUOTA_TASKS: '3' } })
  const { alice } = server
  const [task] = [await alice.createTask({ title: 'First' }), await alice.createTask({ title: 'Second' })]
  await server.database.transaction((tx) => tx.query(sql`update owners set revision = revision + 4294967296`))
  await alice.createTask({ title: 'Third' })
  assertProblem(await alice.post('/tasks', { title: 'Fourth' }), 409, 'limit-reached')

  const empty = await createProject(alice)
  await alice.delete(`/projects/${empty.id}`)

  await server.restart({ QUOTA_TASKS: '1' })
  assertProblem(await alice.post('/tasks', { title: 'Fourth' }), 409, 'limit-reached')
  assert.equal((await alice.post(`/projects/${empty.id}/restore`)).status, 200)
  assert.equal((await alice.patch(`/tasks/${task.id}`, { title: 'Changed' })).status, 200)
  await server.restart({ QUOTA_TASKS: 'off' })
  await alice.createTask({ title: 'Fourth' })
})
