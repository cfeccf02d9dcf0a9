import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { assertProblem, docket, etagOf } from '../../harness.ts'
import { assertFaults, assertParameter, bodyOf, createProject, takenBy, usersOf } from './organise.ts'

const accepted: [sent: object, answered: object][] = [
  [{ name: 'House' }, { name: 'House' }],
  [{ name: '  House\n' }, { name: 'House' }],
  [{ name: '𝒜'.repeat(100) }, { name: '𝒜'.repeat(100) }],
  [{ name: 'a,b 東京' }, { name: 'a,b 東京' }],
  [{ name: 'x', color: '#4073FF' }, { color: '#4073ff' }],
  [{ name: 'x', color: '#000000' }, { color: '#000000' }],
  [{ name: 'x', color: null }, { color: null }],
  [{ name: 'x', position: 'b00V' }, { position: 'b00V' }],
]
const refused: [sent: object, pointer: string][] = [
  [{}, '/name'],
  ...['', '  ', '𝒜'.repeat(101), 'a\nb', 'a\u0000b', '\ud800', null, 5, ['x']].map(
    (name): [object, string] => [{ name }, '/name'],
  ),
  ...['', 'red', '#fff', '#12345g', '4073ff', '#4073ff00', ' #4073ff', 5, ['#4073ff']].map(
    (color): [object, string] => [{ name: 'x', color }, '/color'],
  ),
  ...['', 'a', 'a00', null, 5, `a0${'V'.repeat(99)}`].map((position): [object, string] => [
    { name: 'x', position },
    '/position',
  ]),
  ...['title', 'tasks', 'deletedAt', 'incomplete'].map((field): [object, string] => [
    { name: 'x', [field]: 'x' },
    `/${field}`,
  ]),
]

test('the fields of a project', async (t) => {
  const { alice } = await docket(t)
  for (const [sent, answered] of accepted) {
    await t.test(`${JSON.stringify(sent).slice(0, 50)} is accepted`, async () => {
      const made = await alice.post('/projects', sent)
      const project = bodyOf(made, 201)
      assert.deepEqual(Object.keys(project), [
        'id',
        'name',
        'color',
        'position',
        'createdAt',
        'updatedAt',
        'revision',
      ])
      assert.deepEqual({ ...project, ...answered }, project)
      assert.equal(made.headers.get('location'), `/projects/${project.id}`)
      assert.equal(made.headers.get('etag'), etagOf(project))
      const path = `/projects/${(await createProject(alice, 'before', { color: '#ffffff' })).id}`
      assert.deepEqual(bodyOf(await alice.patch(path, sent)), {
        ...(await alice.get(path)).body,
        ...answered,
      })
      const put = bodyOf(await alice.put(path, sent))
      assert.equal(put.color, project.color)
      const own = await alice.put(`/projects/${randomUUID()}`, sent, { 'if-none-match': '*' })
      assert.deepEqual({ ...bodyOf(own, 201), ...answered }, own.body)
    })
  }
  for (const [sent, pointer] of refused) {
    await t.test(`${JSON.stringify(sent).slice(0, 50)} is refused`, async () => {
      const before = await createProject(alice)
      assertFaults(await alice.post('/projects', sent), pointer)
      assertFaults(await alice.put(`/projects/${before.id}`, sent), pointer)
      if ('name' in sent) assertFaults(await alice.patch(`/projects/${before.id}`, sent), pointer)
      assert.deepEqual((await alice.get(`/projects/${before.id}`)).body, before)
    })
  }
  await t.test('fields of the server are refused in POST and PATCH, and ignored in PUT', async () => {
    const project = await createProject(alice)
    for (const field of ['id', 'createdAt', 'updatedAt', 'revision'] as const) {
      assertFaults(await alice.post('/projects', { name: 'x', [field]: project[field] }), `/${field}`)
      assertFaults(await alice.patch(`/projects/${project.id}`, { [field]: project[field] }), `/${field}`)
    }
    assert.deepEqual(bodyOf(await alice.put(`/projects/${project.id}`, project)), project)
    assertFaults(await alice.put(`/projects/${project.id}`, { ...project, id: randomUUID() }), '/id')
  })
})

test('projects under conditions', async (t) => {
  const server = await docket(t)
  const newUser = usersOf(server)

  await t.test('PUT with If-None-Match: * creates once', async () => {
    const user = await newUser()
    const path = `/projects/${randomUUID()}`
    assertProblem(await user.put(path, { name: 'x' }), 404, 'not-found')
    const made = await user.put(path, { name: 'x' }, { 'if-none-match': '*' })
    assert.equal(bodyOf(made, 201).position, 'a0')
    assert.equal(made.headers.get('location'), path)
    const again = await user.put(path, { name: 'y' }, { 'if-none-match': '*' })
    assertProblem(again, 412, 'precondition-failed')
    assert.equal(again.headers.get('etag'), '"1"')
    // An id is an owner's own.
    bodyOf(await (await newUser()).put(path, { name: 'x' }, { 'if-none-match': '*' }), 201)
  })

  await t.test('If-Match is judged, and a replay is not', async () => {
    const user = await newUser()
    const project = await createProject(user)
    const path = `/projects/${project.id}`
    const stale = { 'if-match': '"9"' }
    for (const answer of [
      await user.patch(path, { name: 'x' }, stale),
      await user.put(path, { name: 'x' }, stale),
      await user.delete(path, stale),
      await user.post(`${path}/move`, { before: null }, stale),
      await user.post(`${path}/restore`, undefined, stale),
    ]) {
      assertProblem(answer, 412, 'precondition-failed')
      assert.equal(answer.headers.get('etag'), '"1"')
    }
    assertProblem(await user.patch(path, { name: 'x' }, { 'if-match': 'W/"1"' }), 412, 'precondition-failed')
    const headers = { 'if-match': '"1"', 'idempotency-key': 'one' }
    const first = await user.patch(path, { name: 'x' }, headers)
    const second = await user.patch(path, { name: 'x' }, headers)
    assert.equal(second.text, first.text)
    assert.equal(second.headers.get('idempotent-replayed'), 'true')
    assertProblem(await user.patch(path, { name: 'y' }, headers), 422, 'idempotency-key-reused')
    const gone = await user.delete(path, { 'idempotency-key': 'two' })
    const goneAgain = await user.delete(path, { 'idempotency-key': 'two' })
    assert.deepEqual([gone.status, goneAgain.status], [204, 204])
    const made = await user.post('/projects', { name: 'x' }, { 'idempotency-key': 'three' })
    const repeat = await user.post('/projects', { name: 'x' }, { 'idempotency-key': 'three' })
    assert.deepEqual([repeat.text, takenBy(repeat)], [made.text, takenBy(made)])
  })

  await t.test('of fifty with one entity tag one succeeds', async () => {
    const user = await newUser()
    const project = await createProject(user)
    const writes = Array.from({ length: 50 }, (_, i) =>
      user.patch(`/projects/${project.id}`, { name: `${i}` }, { 'if-match': etagOf(project) }),
    )
    const statuses = (await Promise.all(writes)).map(({ status }) => status)
    assert.deepEqual(
      statuses.toSorted((a, b) => a - b),
      [200, ...Array.from({ length: 49 }, () => 412)],
    )
  })

  await t.test('If-None-Match answers 304, of one and of the list', async () => {
    const user = await newUser()
    const project = await createProject(user)
    for (const path of [
      `/projects/${project.id}`,
      '/projects',
      '/projects?count=true',
      '/projects?deleted=true',
    ]) {
      const tag = (await user.get(path)).headers.get('etag') ?? ''
      assert.equal((await user.get(path, { 'if-none-match': tag })).status, 304, path)
      assert.equal((await user.request('HEAD', path)).status, 200)
      await user.createTask({ title: 'x' })
      const isList = !path.endsWith(project.id)
      assert.equal((await user.get(path, { 'if-none-match': tag })).status, isList ? 200 : 304, path)
    }
    const lists = ['/projects', '/projects?count=true', '/projects?deleted=true']
    const tags = await Promise.all(lists.map(async (path) => (await user.get(path)).headers.get('etag')))
    assert.equal(new Set(tags).size, 3)
  })

  await t.test('somebody else’s are not found', async () => {
    const [user, other] = [await newUser(), await newUser()]
    const path = `/projects/${(await createProject(other)).id}`
    for (const answer of [
      await user.get(path),
      await user.put(path, { name: 'x' }),
      await user.patch(path, { name: 'x' }),
      await user.delete(path),
      await user.delete(`${path}?permanent=true`),
      await user.post(`${path}/move`, { before: null }),
      await user.post(`${path}/restore`),
      await user.get(`${path}/history`),
      await user.get('/projects/nope'),
    ])
      assertProblem(answer, 404, 'not-found')
    assert.equal((await other.get(path)).status, 200)
  })

  await t.test('methods and parameters that are not there are told', async () => {
    const user = await newUser()
    const path = `/projects/${(await createProject(user)).id}`
    for (const [method, at, allow] of [
      ['PUT', '/projects', ['GET', 'HEAD', 'POST', 'OPTIONS']],
      ['DELETE', '/projects', ['GET', 'HEAD', 'POST', 'OPTIONS']],
      ['POST', path, ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']],
      ['GET', `${path}/move`, ['POST', 'OPTIONS']],
      ['POST', '/labels', ['GET', 'HEAD', 'OPTIONS']],
    ] as const) {
      const answer = await user.request(method, at)
      assertProblem(answer, 405, 'method-not-allowed')
      assert.deepEqual(answer.headers.get('allow')?.split(', ').toSorted(), allow.toSorted())
    }
    for (const [at, parameter] of [
      ['/projects?limit=5', 'limit'],
      ['/projects?count=1', 'count'],
      ['/projects?count=TRUE', 'count'],
      ['/projects?deleted=', 'deleted'],
      ['/projects?count=true&count=true', 'count'],
      [`${path}?x=1`, 'x'],
      ['/labels?count=true', 'count'],
    ] as const)
      assertParameter(await user.get(at), parameter)
    for (const [query, parameter] of [
      ['tasks=all', 'tasks'],
      ['tasks=', 'tasks'],
      ['tasks=KEEP', 'tasks'],
      ['permanent=yes', 'permanent'],
      ['keep=true', 'keep'],
    ] as const)
      assertParameter(await user.delete(`${path}?${query}`), parameter)
    const task = await user.createTask({ title: 'x' })
    assertParameter(await user.delete(`/tasks/${task.id}?tasks=keep`), 'tasks')
    assertParameter(await user.post(`${path}/move?before=null`, { before: null }), 'before')
    assertParameter(await user.post('/projects?x=1', { name: 'x' }), 'x')
  })
})
