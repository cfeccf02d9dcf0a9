import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertProblem, docket } from '../harness.ts'

const range = (length: number) => Array.from({ length }, (_, i) => i)
const post = { method: 'POST', path: '/tasks', body: { title: 'x' } }

test('hostile batches, undos and sync positions', async (t) => {
  const { alice } = await docket(t)
  const task = await alice.createTask({ title: 'Buy milk' })
  const patch = { method: 'PATCH', path: `/tasks/${task.id}`, body: { title: 'y' } }

  const bodies: { name: string; body: unknown; pointer: string }[] = [
    { name: '101 operations', body: { operations: range(101).map(() => post) }, pointer: '/operations' },
    { name: 'no operation', body: { operations: [] }, pointer: '/operations' },
    { name: 'operations being null', body: { operations: null }, pointer: '/operations' },
    { name: 'operations being an object', body: { operations: { 0: post } }, pointer: '/operations' },
    { name: 'operations missing', body: {}, pointer: '/operations' },
    { name: 'a list in the place of the body', body: [post], pointer: '' },
    { name: 'an operation being null', body: { operations: [post, null] }, pointer: '/operations/1' },
    { name: 'an operation being a list', body: { operations: [[post]] }, pointer: '/operations/0' },
    { name: 'an unknown field', body: { operations: [post], dryRun: true }, pointer: '/dryRun' },
    {
      name: 'an unknown field of an operation',
      body: { operations: [{ ...post, headers: {} }] },
      pointer: '/operations/0/headers',
    },
    {
      name: 'GET',
      body: { operations: [{ method: 'GET', path: '/tasks' }] },
      pointer: '/operations/0/method',
    },
    {
      name: 'a method in lower case',
      body: { operations: [{ ...post, method: 'post' }] },
      pointer: '/operations/0/method',
    },
    { name: 'no method', body: { operations: [{ path: '/tasks' }] }, pointer: '/operations/0/method' },
    {
      name: 'a path being a number',
      body: { operations: [{ ...post, path: 5 }] },
      pointer: '/operations/0/path',
    },
    {
      name: 'NUL in a path',
      body: { operations: [{ ...post, path: '/tasks\0' }] },
      pointer: '/operations/0/path',
    },
    {
      name: 'a malformed ifMatch',
      body: { operations: [{ ...patch, ifMatch: '17' }] },
      pointer: '/operations/0/ifMatch',
    },
    {
      name: 'ifMatch being null',
      body: { operations: [{ ...patch, ifMatch: null }] },
      pointer: '/operations/0/ifMatch',
    },
    {
      name: 'no body',
      body: { operations: [{ method: 'POST', path: '/tasks' }] },
      pointer: '/operations/0/body',
    },
    {
      name: 'a body being null',
      body: { operations: [{ ...patch, body: null }] },
      pointer: '/operations/0/body',
    },
    {
      name: 'a body being text',
      body: { operations: [{ ...patch, body: '{"title":"y"}' }] },
      pointer: '/operations/0/body',
    },
    {
      name: 'a lone surrogate',
      body: { operations: [{ ...post, body: { title: '\ud800' } }] },
      pointer: '/operations/0/body/title',
    },
    {
      name: 'a server’s field',
      body: { operations: [{ ...post, body: { title: 'x', id: task.id } }] },
      pointer: '/operations/0/body/id',
    },
    {
      name: 'another id',
      body: { operations: [{ ...patch, method: 'PUT', body: { title: 'y', id: 'z' } }] },
      pointer: '/operations/0/body/id',
    },
  ]
  for (const { name, body, pointer } of bodies) {
    await t.test(`a batch with ${name} is refused at ${pointer || 'the body itself'}`, async () => {
      const text = JSON.stringify(body)
      const answer = await alice.post('/batch', text, { 'content-type': 'application/json' })
      const { errors } = assertProblem(answer, 422, 'validation-failed')
      const pointers = errors?.map((fault) => 'pointer' in fault && fault.pointer)
      assert.ok(pointers?.includes(pointer), JSON.stringify(pointers))
    })
  }

  const paths = [
    '/batch',
    '/tasks/',
    'tasks',
    '/tasks/..%2f..%2fme',
    `/tasks/%2f${task.id}`,
    `/tasks/${task.id}/`,
    `/tasks/${task.id}#`,
    `/tasks/${task.id.toUpperCase()}`,
    `/tasks/${task.id}/history`,
    `/tasks/${task.id}/move/`,
    '/labels',
    '/projects/..',
    '/me',
    'http://127.0.0.1/tasks',
    '//tasks',
    `/tasks/${'a'.repeat(10_000)}`,
    '/tasks/__proto__',
    '',
  ]
  for (const path of paths) {
    await t.test(`an operation on ${path.slice(0, 50)} gives 404`, async () => {
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        const operation = { method, path, ...(method !== 'DELETE' && { body: { title: 'x' } }) }
        const whole = await alice.post('/batch', { operations: [post, operation] })
        const { errors } = assertProblem(whole, 404, 'not-found')
        assert.deepEqual(
          errors?.map((fault) => 'pointer' in fault && fault.pointer),
          ['/operations/1/path'],
        )
        const each = await alice.post('/batch?atomic=false', { operations: [operation] })
        assert.equal(each.body.results[0].status, 404)
      }
    })
  }

  await t.test('a hundred operations are accepted, and all are refused if the last is invalid', async () => {
    const operations = [...range(99).map(() => post), { ...post, body: { title: '' } }]
    assertProblem(await alice.post('/batch', { operations }), 422, 'validation-failed')
    const { body } = await alice.post('/batch', { operations: operations.with(99, patch) })
    assert.equal(body.results.length, 100)
    assert.equal((await alice.post(`/changes/${task.revision + 100}/undo`)).status, 200)
  })

  const revisions = [
    '0',
    '-1',
    '1e0',
    '01',
    '+1',
    '1.0',
    '%31%00',
    'x',
    'null',
    '9'.repeat(400),
    '9007199254740993',
    '1%2f..',
  ]
  for (const revision of revisions) {
    await t.test(`an undo of revision ${revision.slice(0, 20)} gives 404`, async () => {
      assertProblem(await alice.post(`/changes/${revision}/undo`), 404, 'not-found')
    })
  }

  const queries: { request: string; parameter: string }[] = [
    ...['-1', '1e3', '', '%201', '1.5', '+1', '9'.repeat(30), '9007199254740992'].flatMap((since) => [
      { request: `GET /changes?since=${since}`, parameter: 'since' },
      { request: `GET /events?since=${since}`, parameter: 'since' },
    ]),
    { request: 'GET /changes?since=0&since=1', parameter: 'since' },
    { request: 'GET /changes?limit=0', parameter: 'limit' },
    { request: 'GET /changes?limit=501', parameter: 'limit' },
    { request: 'GET /changes?until=5', parameter: 'until' },
    { request: 'GET /events?access_token=x', parameter: 'access_token' },
    { request: `GET /tasks/${task.id}/history?limit=101`, parameter: 'limit' },
    { request: 'GET /tasks?deleted=yes', parameter: 'deleted' },
    { request: 'GET /tasks?deleted=1', parameter: 'deleted' },
    { request: 'POST /changes/1/undo?force=yes', parameter: 'force' },
    { request: 'POST /batch?atomic=0', parameter: 'atomic' },
    { request: `DELETE /tasks/${task.id}?permanent=1`, parameter: 'permanent' },
    { request: `POST /tasks/${task.id}/restore?force=true`, parameter: 'force' },
  ]
  for (const { request, parameter } of queries) {
    const [method = '', path = ''] = request.split(' ')
    await t.test(`${method} ${path.slice(0, 40)} is refused with 400`, async () => {
      const body = path.startsWith('/batch') ? { operations: [post] } : undefined
      const { errors } = assertProblem(await alice.request(method, path, { body }), 400, 'invalid-parameter')
      assert.deepEqual(
        errors?.map((fault) => 'parameter' in fault && fault.parameter),
        [parameter],
      )
    })
  }

  await t.test('an invalid ticket gives 401, whatever it contains', async () => {
    for (const ticket of ['', 'x', 'a'.repeat(9000), "'%20or%20'1'='1", '%00', alice.accessToken])
      assertProblem(await alice.get(`/events?ticket=${ticket}`), 401, 'invalid-token')
    assertProblem(await alice.get('/events?ticket=%ff'), 400, 'malformed-request')
    for (const path of ['/events?ticket=a&ticket=b', '/changes?ticket=a', '/tasks?ticket=a'])
      assert.ok([400, 401].includes((await alice.get(path)).status), path)
  })

  await t.test('a cursor of one history is refused everywhere else', async () => {
    const other = await alice.createTask({ title: 'x' })
    for (const title of ['a', 'b']) await alice.patch(`/tasks/${other.id}`, { title })
    const { nextCursor } = (await alice.get(`/tasks/${other.id}/history?limit=1`)).body
    assertProblem(await alice.get(`/tasks/${task.id}/history?cursor=${nextCursor}`), 400, 'invalid-cursor')
    assertProblem(await alice.get(`/tasks?cursor=${nextCursor}`), 400, 'invalid-cursor')
  })

  await t.test('none of these requests changed the task', async () => {
    assert.equal((await alice.read(task)).title, 'Buy milk')
  })
})
