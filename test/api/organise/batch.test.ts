import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { assertProblem, docket, etagOf } from '../../harness.ts'
import {
  bodyOf,
  createLine,
  createProject,
  found,
  revisionOf,
  takenBy,
  titlesOf,
  usersOf,
} from './organise.ts'

test('a batch writes tasks and projects in one order', async (t) => {
  const server = await docket(t)
  const newUser = usersOf(server)
  const star = { ifNoneMatch: '*' }

  await t.test('a project and its tasks are made at once, and undone at once', async () => {
    const user = await newUser()
    const [project, parent, child] = [randomUUID(), randomUUID(), randomUUID()]
    const operations = [
      { method: 'PUT', path: `/projects/${project}`, body: { name: 'House' }, ...star },
      { method: 'PUT', path: `/tasks/${parent}`, body: { title: 'Parent', projectId: project }, ...star },
      { method: 'PUT', path: `/tasks/${child}`, body: { title: 'Child', parentId: parent }, ...star },
      { method: 'POST', path: '/tasks', body: { title: 'Last', projectId: project } },
      { method: 'POST', path: `/tasks/${parent}/move`, body: { before: null } },
    ]
    const answer = await user.post('/batch', { operations }, { 'idempotency-key': 'one' })
    const { results } = bodyOf(answer)
    assert.deepEqual(
      results.map(({ status, etag }: { status: number; etag: string }) => [status, etag]),
      [
        [201, '"1"'],
        [201, '"2"'],
        [201, '"3"'],
        [201, '"4"'],
        [200, '"5"'],
      ],
    )
    assert.deepEqual(results[0].body, (await user.get(`/projects/${project}`)).body)
    assert.deepEqual([results[2].body.projectId, results[2].body.parentId], [project, parent])
    assert.deepEqual(titlesOf(await user.get(`/tasks?project=${project}&parent=none&sort=position`)), [
      'Last',
      'Parent',
    ])
    const again = await user.post('/batch', { operations }, { 'idempotency-key': 'one' })
    assert.deepEqual([again.text, again.headers.get('idempotent-replayed')], [answer.text, 'true'])

    const undone = await user.post('/changes/3/undo')
    assert.equal(undone.status, 204)
    assert.deepEqual([await found(user, {}), titlesOf(await user.get('/projects'))], [[], []])
    await user.post(`/changes/${takenBy(undone)}/undo`)
    assert.deepEqual(await found(user, { project }), ['Child', 'Last', 'Parent'])
    assert.equal((await user.read({ id: child })).parentId, parent)
  })

  await t.test('deletes, keeps, erases, restores and moves', async () => {
    const user = await newUser()
    const [kept, gone, erased] = [
      await createProject(user, 'kept'),
      await createProject(user, 'gone'),
      await createProject(user, 'erased'),
    ]
    for (const { id, name } of [kept, gone, erased])
      await user.createTask({ title: `in ${name}`, projectId: id })
    const [first, second] = await createLine(user, 2)
    await user.delete(`/tasks/${first?.id}`)
    const { results } = bodyOf(
      await user.post('/batch', {
        operations: [
          { method: 'DELETE', path: `/projects/${kept.id}?tasks=keep` },
          { method: 'DELETE', path: `/projects/${gone.id}`, ifMatch: etagOf(gone) },
          { method: 'DELETE', path: `/projects/${erased.id}?permanent=true` },
          { method: 'POST', path: `/tasks/${first?.id}/restore` },
          { method: 'POST', path: `/tasks/${second?.id}/move`, body: { after: null, parentId: null } },
          { method: 'POST', path: `/projects/${kept.id}/restore` },
          { method: 'PATCH', path: `/projects/${kept.id}`, body: { color: '#ABCDEF' } },
        ],
      }),
    )
    assert.deepEqual(
      results.map(({ status }: { status: number }) => status),
      [204, 204, 204, 200, 200, 200, 200],
    )
    assert.equal(results[6].body.color, '#abcdef')
    assert.deepEqual(await found(user, {}), ['Level 1', 'Level 2', 'in kept'])
    assert.deepEqual(await found(user, { deleted: 'true' }), ['in gone'])
    assert.deepEqual(titlesOf(await user.get('/projects?deleted=true')), ['gone'])
    assert.deepEqual(titlesOf(await user.get('/tasks?parent=none&sort=position')).includes('Level 2'), true)
  })

  await t.test('faults of every operation are told at once', async () => {
    const user = await newUser()
    const { id } = await createProject(user)
    const task = `/tasks/${(await user.createTask({ title: 'x' })).id}`
    const before = await revisionOf(user)
    const faulty: [operation: object, ...pointers: string[]][] = [
      [{ method: 'POST', path: '/projects', body: { name: 'fine' } }],
      [{ method: 'POST', path: '/projects', body: { name: '', color: 'red' } }, '/body/name', '/body/color'],
      [{ method: 'POST', path: '/projects', body: { title: 'x' } }, '/body/name', '/body/title'],
      [
        { method: 'POST', path: '/tasks', body: { title: '', labels: ['a,b'] } },
        '/body/title',
        '/body/labels/0',
      ],
      [{ method: 'POST', path: '/tasks' }, '/body'],
      [{ method: 'PUT', path: task, body: {}, ...star }, '/body/title'],
      [{ method: 'PATCH', path: task, body: { position: 'a' } }, '/body/position'],
      [{ method: 'POST', path: `${task}/move`, body: { before: 'x' } }, '/body/before'],
      [
        { method: 'POST', path: `/projects/${id}/move`, body: { after: null, projectId: null } },
        '/body/projectId',
      ],
      [{ method: 'POST', path: `${task}/restore`, body: {} }, '/body'],
      [{ method: 'DELETE', path: task, body: {} }, '/body'],
      [{ method: 'DELETE', path: `${task}?tasks=keep` }, '/path'],
      [{ method: 'DELETE', path: `/projects/${id}?tasks=all` }, '/path'],
      [{ method: 'DELETE', path: `/projects/${id}?permanent=1` }, '/path'],
      [{ method: 'PATCH', path: `${task}?x=1`, body: {} }, '/path'],
      [{ method: 'POST', path: '/labels', body: {} }, '/path'],
      [{ method: 'PUT', path: '/tasks', body: { title: 'x' } }, '/path'],
      [{ method: 'POST', path: task, body: { title: 'x' } }, '/path'],
      [{ method: 'POST', path: `${task}/undo` }, '/path'],
      [{ method: 'POST', path: '/batch', body: { operations: [] } }, '/path'],
      [{ method: 'POST', path: '/tasks', body: { title: 'x' }, ...star }, '/ifNoneMatch'],
      [{ method: 'POST', path: '/projects', body: { name: 'x' }, ifMatch: '*' }, '/ifMatch'],
    ]
    const answer = await user.post('/batch', { operations: faulty.map(([operation]) => operation) })
    assert.ok([404, 422].includes(answer.status), answer.text)
    const pointers = answer.body.errors.map(({ pointer }: { pointer: string }) => pointer)
    const expected = faulty.flatMap(([, ...own], i) => own.map((pointer) => `/operations/${i}${pointer}`))
    assert.deepEqual(pointers.toSorted(), expected.toSorted())
    assert.equal(await revisionOf(user), before)
  })

  await t.test('faults of the operations themselves are told at once', async () => {
    const user = await newUser()
    const operations = [
      { method: 'GET', path: '/tasks' },
      { method: 'POST' },
      { method: 'POST', path: '/tasks', ifMatch: 'x' },
      { method: 'POST', path: '/tasks', headers: {} },
      5,
    ]
    const { errors = [] } = assertProblem(await user.post('/batch', { operations }), 422, 'validation-failed')
    assert.deepEqual(errors.map((fault) => ('pointer' in fault ? fault.pointer : '')).toSorted(), [
      '/operations/0/method',
      '/operations/1/path',
      '/operations/2/ifMatch',
      '/operations/3/headers',
      '/operations/4',
    ])
    for (const body of [
      {},
      { operations: [] },
      { operations: {} },
      { operations: Array.from({ length: 101 }, () => operations[1]) },
    ])
      assertProblem(await user.post('/batch', body), 422, 'validation-failed')
  })

  await t.test('a rule that is broken on the way refuses all, and is named', async () => {
    const user = await newUser()
    const project = await createProject(user)
    const { id } = await user.createTask({ title: 'x' })
    const before = await revisionOf(user)
    for (const [operation, status, pointer] of [
      [
        { method: 'POST', path: '/tasks', body: { title: 'y', projectId: randomUUID() } },
        422,
        '/body/projectId',
      ],
      [{ method: 'PATCH', path: `/tasks/${id}`, body: { parentId: id } }, 422, '/body/parentId'],
      [{ method: 'POST', path: `/tasks/${id}/move`, body: { after: id } }, 422, '/body/after'],
      [{ method: 'POST', path: `/tasks/${id}/move`, body: {} }, 422, '/body'],
      [{ method: 'PUT', path: `/projects/${project.id}`, body: { name: 'y' }, ...star }, 412, ''],
      [{ method: 'PUT', path: `/projects/${randomUUID()}`, body: { name: 'y' } }, 404, ''],
      [{ method: 'PATCH', path: `/projects/${project.id}`, body: { name: 'y' }, ifMatch: '"9"' }, 412, ''],
    ] as [object, number, string][]) {
      const first = { method: 'POST', path: '/projects', body: { name: 'y' } }
      const answer = await user.post('/batch', { operations: [first, operation] })
      assert.equal(answer.status, status, answer.text)
      assert.deepEqual(
        answer.body.errors.map((fault: { pointer: string }) => fault.pointer),
        [`/operations/1${pointer}`],
      )
      const each = bodyOf(await user.post('/batch?atomic=false', { operations: [operation] }))
      assert.equal(each.results[0].status, status)
    }
    assert.equal(await revisionOf(user), before)
  })

  await t.test('/tasks/batch is there no more', async () => {
    const user = await newUser()
    const body = { operations: [{ method: 'POST', path: '/tasks', body: { title: 'x' } }] }
    assertProblem(await user.post('/tasks/batch', body), 405, 'method-not-allowed')
    for (const answer of [
      await user.put('/tasks/batch', { title: 'x' }),
      await user.put('/tasks/batch', { title: 'x' }, { 'if-none-match': '*' }),
      await user.get('/tasks/batch'),
      await user.delete('/tasks/batch'),
    ])
      assertProblem(answer, 404, 'not-found')
    assertProblem(await user.get('/batch'), 405, 'method-not-allowed')
    assert.deepEqual(await found(user, {}), [])
  })
})
