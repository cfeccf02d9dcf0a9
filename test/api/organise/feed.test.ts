import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openEvents } from '../../event-stream.ts'
import { docket } from '../../harness.ts'
import { bodyOf, changesSince, createProject, found, takenBy } from './organise.ts'

test('the feed tells projects and tasks alike', async (t) => {
  const { alice } = await docket(t)
  const project = await createProject(alice)
  const task = await alice.createTask({ title: 'x', projectId: project.id, labels: ['a'], priority: 'low' })
  await alice.patch('/me', { name: 'Alice' })

  const items = await changesSince(alice, 0)
  for (const item of items)
    assert.deepEqual(Object.keys(item).toSorted(), [
      'action',
      'at',
      'id',
      'kind',
      'project',
      'revision',
      'task',
    ])
  assert.deepEqual(
    items.map(({ revision, kind, action, project: inFeed, task: ofFeed }) => [
      revision,
      kind,
      action,
      inFeed,
      ofFeed,
    ]),
    [
      [1, 'project', 'create', project, null],
      [2, 'task', 'create', null, task],
      [3, 'profile', 'update', null, null],
    ],
  )

  await alice.patch(`/projects/${project.id}`, { color: '#000000' })
  await alice.delete(`/projects/${project.id}`)
  assert.deepEqual(
    (await changesSince(alice, 3)).map(({ kind, id, action, project: now, task: its }) => [
      kind,
      id,
      action,
      now,
      its,
    ]),
    [
      ['task', task.id, 'delete', null, null],
      ['project', project.id, 'delete', null, null],
    ],
  )
  await alice.post(`/projects/${project.id}/restore`)
  const back = await changesSince(alice, 6)
  assert.deepEqual(
    back.map(({ kind, action }) => [kind, action]),
    [
      ['task', 'restore'],
      ['project', 'restore'],
    ],
  )
  const now = [(await alice.get(`/tasks/${task.id}`)).body, (await alice.get(`/projects/${project.id}`)).body]
  assert.deepEqual(
    back.map((item) => item.task ?? item['project']),
    now,
  )
})

test('a group is read in pages without a gap', async (t) => {
  const { alice } = await docket(t)
  const project = await createProject(alice)
  for (let i = 0; i < 7; i += 1) await alice.createTask({ title: `${i}`, projectId: project.id })
  const gone = await alice.delete(`/projects/${project.id}?tasks=keep`)
  const revisions: number[] = []
  for (let since = 8, more = true; more;) {
    const page = bodyOf(await alice.get(`/changes?since=${since}&limit=3`))
    revisions.push(...page.items.map(({ revision }: { revision: number }) => revision))
    since = page.revision
    more = page.more
  }
  assert.deepEqual(revisions, [9, 10, 11, 12, 13, 14, 15, 16])
  assert.equal(takenBy(gone), 16)
  assert.equal((await found(alice, { project: 'none' })).length, 7)
})

test('events tell projects, and each change of a group', async (t) => {
  const server = await docket(t)
  const { alice } = server
  const stream = await openEvents(server.url, alice)
  t.after(() => stream.close())
  assert.equal((await stream.next())?.event, 'ready')

  const project = await createProject(alice)
  const made = await stream.next()
  assert.deepEqual([made?.id, made?.data.kind, made?.data.action], ['1', 'project', 'create'])
  assert.deepEqual([made?.data['project'], made?.data.task], [project, null])

  const task = await alice.createTask({ title: 'x', projectId: project.id })
  const next = await stream.next()
  assert.deepEqual([next?.data.task, next?.data['project']], [task, null])

  await alice.delete(`/projects/${project.id}`)
  const group = [await stream.next(), await stream.next()]
  assert.deepEqual(
    group.map((event) => [
      event?.id,
      event?.data.kind,
      event?.data.action,
      event?.data.task,
      event?.data['project'],
    ]),
    [
      ['3', 'task', 'delete', null, null],
      ['4', 'project', 'delete', null, null],
    ],
  )
})
