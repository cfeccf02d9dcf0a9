import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertProblem, docket } from '../../harness.ts'
import {
  bodyOf,
  changesSince,
  createProject,
  createTasks,
  doAll,
  takenBy,
  titlesOf,
  usersOf,
} from './organise.ts'

test('the list of projects', async (t) => {
  const server = await docket(t)
  const newUser = usersOf(server)

  await t.test('has all of them by position, by code points, ties by id', async () => {
    const user = await newUser()
    for (const [name, position] of [
      ['c', 'a0V'],
      ['e', 'b00'],
      ['a', 'Zz'],
      ['b', 'a0'],
      ['d', 'a0V'],
    ])
      await createProject(user, name, { position })
    const answer = await user.get('/projects')
    assert.deepEqual(titlesOf(answer), ['a', 'b', 'c', 'd', 'e'])
    assert.equal(answer.body.nextCursor, null)
    assert.deepEqual(Object.keys(answer.body), ['items', 'nextCursor'])
    assert.deepEqual(titlesOf(await user.get('/projects?count=true')), ['a', 'b', 'c', 'd', 'e'])
  })

  await t.test('counts with count=true the tasks that are neither complete nor cancelled', async () => {
    const user = await newUser()
    const [p, q] = [await createProject(user, 'P'), await createProject(user, 'Q')]
    const statuses = ['incomplete', 'in_progress', 'complete', 'cancelled']
    const tasks = await createTasks(user, [
      ...statuses.map((status) => ({ title: status, status, projectId: p.id })),
      ...statuses.map((status) => ({ title: status, status })),
      { title: 'one more' },
      { title: 'trashed' },
    ])
    await user.post('/tasks', { title: 'below', parentId: tasks[0]?.id })
    await user.delete(`/tasks/${tasks.at(-1)?.id}`)
    const counted = bodyOf(await user.get('/projects?count=true'))
    assert.deepEqual(
      counted.items.map(({ name, incomplete }: { name: string; incomplete: number }) => [name, incomplete]),
      [
        ['P', 3],
        ['Q', 0],
      ],
    )
    assert.equal(counted.inbox, 3)
    const { incomplete: _incomplete, ...shown } = counted.items[1]
    assert.deepEqual(shown, q)
    for (const query of ['', '?count=false']) {
      const plain = bodyOf(await user.get(`/projects${query}`))
      assert.ok(!('inbox' in plain) && !('incomplete' in plain.items[0]))
    }
    assert.deepEqual(bodyOf(await (await newUser()).get('/projects?count=true')), {
      items: [],
      nextCursor: null,
      inbox: 0,
    })
  })

  await t.test('has with deleted=true the trash', async () => {
    const user = await newUser()
    const [a, b, c] = [
      await createProject(user, 'a'),
      await createProject(user, 'b'),
      await createProject(user, 'c'),
    ]
    await user.delete(`/projects/${b.id}`)
    await user.delete(`/projects/${a.id}`)
    assert.deepEqual(titlesOf(await user.get('/projects?deleted=true')), ['a', 'b'])
    assert.deepEqual(titlesOf(await user.get('/projects?deleted=false')), ['c'])
    const counted = bodyOf(await user.get('/projects?deleted=true&count=true'))
    assert.deepEqual(
      counted.items.map(({ incomplete }: { incomplete: number }) => incomplete),
      [0, 0],
    )
    assertProblem(await user.get(`/projects/${a.id}`), 404, 'not-found')
    assertProblem(await user.patch(`/projects/${a.id}`, { name: 'x' }), 404, 'not-found')
    assertProblem(await user.delete(`/projects/${a.id}`), 404, 'not-found')
    const back = bodyOf(await user.post(`/projects/${a.id}/restore`))
    assert.deepEqual([back.name, back.position, back.createdAt], [a.name, a.position, a.createdAt])
    assert.equal((await user.delete(`/projects/${b.id}?permanent=true`)).status, 204)
    assert.deepEqual(titlesOf(await user.get('/projects?deleted=true')), [])
    assertProblem(await user.post(`/projects/${b.id}/restore`), 404, 'not-found')
    assert.deepEqual(titlesOf(await user.get('/projects')), ['a', 'c'])
    assert.deepEqual((await user.post(`/projects/${c.id}/restore`)).body, c)
  })

  await t.test('new ones come after the last', async () => {
    const user = await newUser()
    for (const name of ['1', '2', '3']) await createProject(user, name)
    await createProject(user, '5', { position: 'c000' })
    await createProject(user, '6')
    await createProject(user, '4', { position: 'b00' })
    assert.deepEqual(titlesOf(await user.get('/projects')), ['1', '2', '3', '4', '5', '6'])
  })
})

test('a project has history, undo and a place in the feed', async (t) => {
  const { alice } = await docket(t)
  const project = await createProject(alice, 'House', { color: '#4073ff' })
  const path = `/projects/${project.id}`
  const renamed = await alice.patch(path, { name: 'Home', color: null })
  assert.equal(takenBy(renamed), 2)
  assert.equal((await alice.patch(path, { name: 'Home' })).headers.get('docket-revision'), null)
  await alice.delete(path)
  await alice.post(`${path}/restore`)

  const { items } = bodyOf(await alice.get(`${path}/history`))
  assert.deepEqual(
    items.map(({ revision, action, fields }: { revision: number; action: string; fields: object }) => [
      revision,
      action,
      action === 'create' ? Object.keys(fields) : fields,
    ]),
    [
      [4, 'restore', {}],
      [3, 'delete', {}],
      [2, 'update', { name: { from: 'House', to: 'Home' }, color: { from: '#4073ff', to: null } }],
      [1, 'create', ['name', 'color', 'position']],
    ],
  )

  const undone = await alice.post('/changes/2/undo')
  assert.deepEqual([bodyOf(undone).name, undone.body.color], ['House', '#4073ff'])
  assert.equal(undone.headers.get('etag'), '"5"')
  const redone = await alice.post('/changes/5/undo')
  assert.equal(bodyOf(redone).name, 'Home')
  const conflict = assertProblem(await alice.post('/changes/1/undo'), 409, 'undo-conflict')
  assert.ok(conflict.errors?.every((fault) => 'thing' in fault && fault.thing === path))
  assert.equal((await alice.post('/changes/1/undo?force=true')).status, 204)
  assert.deepEqual(titlesOf(await alice.get('/projects?deleted=true')), ['Home'])
  assert.deepEqual(
    (await changesSince(alice, 0)).map(({ kind, action, id }) => [kind, action, id]),
    [['project', 'delete', project.id]],
  )
})

test('there are at most 500 projects', async (t) => {
  const { alice } = await docket(t)
  const projects = await doAll(
    alice,
    Array.from({ length: 500 }, (_, i) => ({ method: 'POST', path: '/projects', body: { name: `${i}` } })),
  )
  const [first, second] = projects
  const before = takenBy(await alice.get('/projects'))
  const over = assertProblem(await alice.post('/projects', { name: 'one more' }), 409, 'limit-reached')
  assert.match(over.detail, /500/)
  assertProblem(
    await alice.put(
      `/projects/${first.id.replace(/^.{8}/, '00000000')}`,
      { name: 'x' },
      { 'if-none-match': '*' },
    ),
    409,
    'limit-reached',
  )
  assert.equal(takenBy(await alice.get('/projects')), before)

  await t.test('what is there can be written and undone', async () => {
    const renamed = await alice.patch(`/projects/${first.id}`, { name: 'x' })
    bodyOf(renamed)
    bodyOf(await alice.post(`/projects/${first.id}/move`, { before: null }))
    bodyOf(await alice.put(`/projects/${second.id}`, { name: 'y' }))
    const forced = await alice.post(`/changes/${takenBy(renamed)}/undo?force=true`)
    assert.equal(bodyOf(forced).name, first.name)
  })

  await t.test('one in the trash does not count, and comes back only where there is room', async () => {
    const gone = await alice.delete(`/projects/${first.id}`)
    const { id } = await createProject(alice, 'in its place')
    assertProblem(await alice.post(`/projects/${first.id}/restore`), 409, 'limit-reached')
    assertProblem(await alice.post(`/changes/${takenBy(gone)}/undo`), 409, 'limit-reached')
    await alice.delete(`/projects/${id}`)
    assert.equal(bodyOf(await alice.post(`/projects/${first.id}/restore`)).name, first.name)
    assert.equal(bodyOf(await alice.get('/projects')).items.length, 500)
  })
})
