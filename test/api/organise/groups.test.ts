import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Task } from '../../../src/tasks/schema.ts'
import { assertProblem, docket, type User } from '../../harness.ts'
import {
  bodyOf,
  changesSince,
  createLine,
  createProject,
  found,
  revisionOf,
  takenBy,
  titlesOf,
  usersOf,
} from './organise.ts'

/** A project with a task of three levels and a single one; beside it a task in the inbox. */
async function house(user: User) {
  const project = await createProject(user)
  const [one, two, three] = await createLine(user, 3, { projectId: project.id })
  const single = await user.createTask({ title: 'Single', projectId: project.id })
  const inbox = await user.createTask({ title: 'Inbox' })
  assert.ok(one && two && three)
  return { project, path: `/projects/${project.id}`, one, two, three, single, inbox }
}

const inProject = ['Level 1', 'Level 2', 'Level 3', 'Single']
const everything = ['Inbox', ...inProject]

/** What stands where: everything but the instants and revisions. */
async function stateOf(user: User) {
  const shown = (items: Task[]) =>
    items
      .map(({ id, title, projectId, parentId, position }) => ({ id, title, projectId, parentId, position }))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const [tasks, trash, projects, gone] = await Promise.all([
    user.get('/tasks?limit=100'),
    user.get('/tasks?deleted=true&limit=100'),
    user.get('/projects'),
    user.get('/projects?deleted=true'),
  ])
  return {
    tasks: shown(bodyOf(tasks).items),
    trash: shown(bodyOf(trash).items),
    projects: titlesOf(projects),
    gone: titlesOf(gone),
  }
}

type House = Awaited<ReturnType<typeof house>>

/** Each change of several things: what it is, and the tasks that are live and in the trash after it. */
const changes: [
  what: string,
  change: (user: User, made: House) => ReturnType<User['get']>,
  live: string[],
  trash: string[],
][] = [
  ['DELETE of a project', (user, { path }) => user.delete(path), ['Inbox'], inProject],
  ['DELETE ?tasks=keep', (user, { path }) => user.delete(`${path}?tasks=keep`), everything, []],
  [
    'DELETE ?permanent=false',
    (user, { path }) => user.delete(`${path}?permanent=false`),
    ['Inbox'],
    inProject,
  ],
  [
    'DELETE of a task',
    (user, { one }) => user.delete(`/tasks/${one.id}`),
    ['Inbox', 'Single'],
    ['Level 1', 'Level 2', 'Level 3'],
  ],
  [
    'DELETE of a subtask',
    (user, { two }) => user.delete(`/tasks/${two.id}`),
    ['Inbox', 'Level 1', 'Single'],
    ['Level 2', 'Level 3'],
  ],
  [
    'PATCH of the project of a parent',
    (user, { one }) => user.patch(`/tasks/${one.id}`, { projectId: null }),
    everything,
    [],
  ],
  ['PUT of a parent', (user, { one }) => user.put(`/tasks/${one.id}`, { title: 'Level 1' }), everything, []],
  [
    'PATCH of a parent’s parent',
    (user, { one, inbox }) => user.patch(`/tasks/${one.id}`, { parentId: inbox.id }),
    everything,
    [],
  ],
  [
    'a move of a parent',
    (user, { one }) => user.post(`/tasks/${one.id}/move`, { after: null, projectId: null }),
    everything,
    [],
  ],
]

test('a change of several things is one group', async (t) => {
  const server = await docket(t)
  const newUser = usersOf(server)

  for (const [what, change, live, trash] of changes) {
    await t.test(what, async () => {
      const user = await newUser()
      const made = await house(user)
      const [before, since] = [await stateOf(user), await revisionOf(user)]

      const answer = await change(user, made)
      assert.ok(answer.status < 300, answer.text)
      assert.deepEqual([await found(user, {}), await found(user, { deleted: 'true' })], [live, trash])
      const after = await stateOf(user)
      const items = await changesSince(user, since)
      assert.equal(takenBy(answer), await revisionOf(user))
      assert.deepEqual(
        items.map(({ revision }) => revision),
        items.map((_item, i) => since + 1 + i),
        'each has a revision of its own',
      )
      for (const { id, revision, kind, action, task, project } of items) {
        assert.equal(action === 'delete', task === null && project === null)
        const now = await user.get(`/${kind}s/${id}`)
        if (action !== 'delete') assert.equal(now.headers.get('etag'), `"${revision}"`)
        else assertProblem(now, 404, 'not-found')
      }

      // Any revision of the group is its handle.
      for (const handle of [since + 1, since + items.length]) {
        const undone = await user.post(`/changes/${handle}/undo`)
        assert.ok(undone.status < 300, undone.text)
        assert.deepEqual(await stateOf(user), before)
        const redone = await user.post(`/changes/${takenBy(undone)}/undo`)
        assert.ok(redone.status < 300, redone.text)
        assert.deepEqual(await stateOf(user), after)
        const last = await user.post(`/changes/${takenBy(redone)}/undo`)
        assert.ok(last.status < 300, last.text)
        assert.deepEqual(await stateOf(user), before)
        if (handle === since + 1) assert.ok((await user.post(`/changes/${takenBy(last)}/undo`)).status < 300)
      }
    })
  }

  await t.test('the journal has each change of the group', async () => {
    const user = await newUser()
    const { project, path, one, two } = await house(user)
    await user.delete(`${path}?tasks=keep`)
    const [kept] = bodyOf(await user.get(`/tasks/${two.id}/history`)).items
    assert.deepEqual([kept.action, kept.fields], ['update', { projectId: { from: project.id, to: null } }])
    const gone = await user.delete(`/tasks/${one.id}`)
    const [deleted] = bodyOf(await user.get(`/tasks/${two.id}/history`)).items
    assert.deepEqual([deleted.action, deleted.fields], ['delete', {}])
    assert.equal(takenBy(gone), bodyOf(await user.get(`/tasks/${one.id}/history`)).items[0].revision)
  })

  await t.test('an idempotency key is for all of it', async () => {
    const user = await newUser()
    const { path } = await house(user)
    const headers = { 'idempotency-key': 'one' }
    const first = await user.delete(path, headers)
    await user.post(`${path}/restore`)
    const second = await user.delete(path, headers)
    assert.deepEqual([second.status, takenBy(second)], [204, takenBy(first)])
    assert.deepEqual(await found(user, {}), everything)
  })
})

test('restoring brings back what went with a thing, and nothing else', async (t) => {
  const server = await docket(t)
  const newUser = usersOf(server)

  await t.test('a project without what was in the trash before', async () => {
    const user = await newUser()
    const { path, single, two, project } = await house(user)
    await user.delete(`/tasks/${single.id}`)
    await user.delete(`/tasks/${two.id}`)
    await user.delete(path)
    assert.deepEqual(await found(user, { deleted: 'true' }), inProject)
    bodyOf(await user.post(`${path}/restore`))
    assert.deepEqual(await found(user, {}), ['Inbox', 'Level 1'])
    bodyOf(await user.post(`/tasks/${two.id}/restore`))
    assert.deepEqual(await found(user, { project: project.id }), ['Level 1', 'Level 2', 'Level 3'])
    assert.equal(bodyOf(await user.post(`/tasks/${single.id}/restore`)).projectId, project.id)
  })

  await t.test('a task restored while its project is in the trash comes back in the inbox', async () => {
    const user = await newUser()
    const { path, single, project } = await house(user)
    await user.delete(path)
    assert.equal(bodyOf(await user.post(`/tasks/${single.id}/restore`)).projectId, null)
    bodyOf(await user.post(`${path}/restore`))
    assert.deepEqual(await found(user, { project: project.id }), inProject.slice(0, 3))
    assert.equal((await user.read(single)).projectId, null)
  })

  for (const whole of ['task', 'project'] as const)
    await t.test(`a subtask restored while its ${whole} is in the trash`, async () => {
      const user = await newUser()
      const { path, one, two, three } = await house(user)
      const address = whole === 'task' ? `/tasks/${one.id}` : path
      await user.delete(address)
      const alone = bodyOf(await user.post(`/tasks/${two.id}/restore`))
      assert.deepEqual([alone.parentId, alone.projectId], [null, null])
      // What is below it went to the trash with the whole, and comes back with it: where its parent is now.
      bodyOf(await user.post(`${address}/restore`))
      assert.deepEqual(await found(user, {}), everything)
      const [above, below] = [await user.read(two), await user.read(three)]
      assert.deepEqual([above.parentId, above.projectId], [null, null])
      assert.deepEqual([below.parentId, below.projectId], [two.id, null])
    })

  await t.test('a task of a parent that is live, in a project that is too', async () => {
    const user = await newUser()
    const { one, three, project } = await house(user)
    const other = await createProject(user, 'Other')
    await user.delete(`/tasks/${three.id}`)
    await user.patch(`/tasks/${one.id}`, { projectId: other.id })
    assert.equal(bodyOf(await user.post(`/tasks/${three.id}/restore`)).projectId, other.id)
    assert.deepEqual(await found(user, { project: project.id }), ['Single'])
  })
})
