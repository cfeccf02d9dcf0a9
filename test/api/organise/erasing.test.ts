import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertProblem, docket } from '../../harness.ts'
import {
  bodyOf,
  changesSince,
  createLine,
  createProject,
  createTasks,
  found,
  revisionOf,
  takenBy,
  titlesOf,
  usersOf,
} from './organise.ts'

test('?permanent=true erases a thing and what is in it', async (t) => {
  const server = await docket(t)
  const newUser = usersOf(server)

  for (const isTrashed of [false, true])
    await t.test(`a project ${isTrashed ? 'in the trash' : 'that is live'}, with its tasks`, async () => {
      const user = await newUser()
      const project = await createProject(user)
      const line = await createLine(user, 3, { projectId: project.id })
      const [, , third] = line
      await user.createTask({ title: 'Inbox' })
      await user.delete(`/tasks/${third?.id}`)
      const path = `/projects/${project.id}`
      if (isTrashed) await user.delete(path)
      const since = await revisionOf(user)
      const gone = await user.delete(`${path}?permanent=true`)
      assert.deepEqual([gone.status, takenBy(gone)], [204, since + 4])
      for (const { id } of line)
        for (const answer of [
          await user.get(`/tasks/${id}`),
          await user.get(`/tasks/${id}/history`),
          await user.post(`/tasks/${id}/restore`),
        ])
          assertProblem(answer, 404, 'not-found')
      assertProblem(await user.post(`${path}/restore`), 404, 'not-found')
      assert.deepEqual(await found(user, { deleted: 'true' }), [])
      assert.deepEqual(await found(user, {}), ['Inbox'])
      assert.deepEqual(titlesOf(await user.get('/projects?deleted=true')), [])
      const items = await changesSince(user, since)
      assert.deepEqual(
        items.map(({ kind, action, task, project: now }) => [kind, action, task, now]),
        [...line.map(() => ['task', 'delete', null, null]), ['project', 'delete', null, null]],
      )
      const undone = await user.post(`/changes/${takenBy(gone)}/undo`)
      assertProblem(undone, 409, 'undo-conflict')
      assert.equal((await user.post(`/changes/${takenBy(gone)}/undo?force=true`)).status, 204)
      assert.deepEqual(await found(user, {}), ['Inbox'])
    })

  await t.test('a task with those below it', async () => {
    const user = await newUser()
    const [first, second, third] = await createLine(user, 3)
    await user.delete(`/tasks/${third?.id}`)
    assert.equal((await user.delete(`/tasks/${second?.id}?permanent=true`)).status, 204)
    assert.deepEqual(await found(user, {}), ['Level 1'])
    assert.deepEqual(await found(user, { deleted: 'true' }), [])
    assert.equal((await user.delete(`/tasks/${first?.id}?permanent=true`)).status, 204)
  })

  await t.test('with tasks=keep the tasks of the project stay', async () => {
    const user = await newUser()
    const project = await createProject(user)
    const line = await createLine(user, 2, { projectId: project.id })
    assert.equal((await user.delete(`/projects/${project.id}?permanent=true&tasks=keep`)).status, 204)
    assertProblem(await user.post(`/projects/${project.id}/restore`), 404, 'not-found')
    for (const task of line) assert.equal((await user.read(task)).projectId, null)
    assert.deepEqual(titlesOf(await user.get('/projects?deleted=true')), [])
  })

  await t.test('under conditions', async () => {
    const user = await newUser()
    const project = await createProject(user)
    await user.createTask({ title: 'x', projectId: project.id })
    const path = `/projects/${project.id}?permanent=true`
    assertProblem(await user.delete(path, { 'if-match': '"9"' }), 412, 'precondition-failed')
    assert.deepEqual(await found(user, {}), ['x'])
    const key = { 'if-match': '"1"', 'idempotency-key': 'one' }
    const first = await user.delete(path, key)
    assert.equal(first.status, 204)
    const again = await user.delete(path, key)
    assert.deepEqual([again.status, takenBy(again)], [204, takenBy(first)])
  })
})

test('one change touches at most 2,000 tasks', async (t) => {
  const server = await docket(t)
  const { alice } = server
  const project = await createProject(alice)
  const parent = await alice.createTask({ title: 'Parent' })
  await createTasks(
    alice,
    Array.from({ length: 1999 }, (_, i) => ({ title: `${i}`, parentId: parent.id })),
  )
  const path = `/tasks/${parent.id}`
  const total = async (query = '') => bodyOf(await alice.get(`/tasks?limit=1&count=true${query}`)).total

  await t.test('2,000 are deleted, restored and moved as one', async () => {
    const since = await revisionOf(alice)
    const gone = await alice.delete(path)
    assert.deepEqual([gone.status, takenBy(gone)], [204, since + 2000])
    assert.deepEqual([await total(), await total('&deleted=true')], [0, 2000])
    const items = await changesSince(alice, since)
    assert.equal(items.length, 2000)
    assert.ok(
      items.every(({ action, kind, task }) => action === 'delete' && kind === 'task' && task === null),
    )

    bodyOf(await alice.post(`/changes/${since + 1}/undo`))
    assert.equal(await total(), 2000)
    await alice.delete(path)
    bodyOf(await alice.post(`${path}/restore`))
    assert.equal(await total(), 2000)

    const moved = await alice.patch(path, { projectId: project.id })
    assert.equal(bodyOf(moved).projectId, project.id)
    assert.equal(await total(`&project=${project.id}`), 2000)
    const undone = await alice.post(`/changes/${takenBy(moved)}/undo`)
    assert.equal(bodyOf(undone).projectId, null)
    assert.equal(await total(`&project=${project.id}`), 0)
    bodyOf(await alice.post(`/changes/${takenBy(undone)}/undo`))
    assert.equal(await total(`&project=${project.id}`), 2000)
  })

  await t.test('a project of 2,000 is deleted and restored as one', async () => {
    const gone = await alice.delete(`/projects/${project.id}`)
    assert.equal(gone.status, 204)
    assert.equal(await total(), 0)
    bodyOf(await alice.post(`/projects/${project.id}/restore`))
    const kept = await alice.delete(`/projects/${project.id}?tasks=keep`)
    assert.equal(kept.status, 204)
    assert.equal(await total('&project=none'), 2000)
    bodyOf(await alice.post(`/changes/${takenBy(kept)}/undo`))
    assert.equal(await total(`&project=${project.id}`), 2000)
  })

  await t.test('2,001 are refused, and nothing happens', async () => {
    await alice.createTask({ title: 'One more', parentId: parent.id })
    const before = await revisionOf(alice)
    const operations = (query: string) => [
      { method: 'POST', path: '/tasks', body: { title: 'Not made' } },
      { method: 'DELETE', path: `${path}${query}` },
    ]
    for (const answer of [
      await alice.delete(path),
      await alice.delete(`${path}?permanent=true`),
      await alice.delete(`/projects/${project.id}`),
      await alice.delete(`/projects/${project.id}?tasks=keep`),
      await alice.delete(`/projects/${project.id}?permanent=true`),
      await alice.patch(path, { projectId: null }),
      await alice.put(path, { title: 'x' }),
      await alice.post(`${path}/move`, { before: null, projectId: null }),
      await alice.post('/batch', { operations: operations('') }),
      await alice.post('/batch', { operations: operations('?permanent=true') }),
    ])
      assert.match(assertProblem(answer, 409, 'limit-reached').detail, /2,?000/)
    assert.equal(await revisionOf(alice), before)
    assert.deepEqual([await total(), await total('&deleted=true')], [2001, 0])
    // What touches the parent alone goes through.
    bodyOf(await alice.patch(path, { title: 'Renamed' }))
  })

  await t.test('2,000 are erased at once', async () => {
    const [last] = bodyOf(await alice.get('/tasks?limit=1')).items
    await alice.delete(`/tasks/${last.id}?permanent=true`)
    assert.equal(await total(), 2000)
    assert.equal((await alice.delete(`/projects/${project.id}?permanent=true`)).status, 204)
    assert.deepEqual([await total(), await total('&deleted=true')], [0, 0])
  })
})
