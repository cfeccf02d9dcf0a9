import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertProblem, docket } from '../harness.ts'

const range = (length: number) => Array.from({ length }, (_, i) => i)
const post = { method: 'POST', path: '/tasks', body: { title: 'x' } }

test('hostile batches, undos and positions', async (t) => {
  const { alice } = await docket(t)
  const task = await alice.createTask({ title: 'Buy milk' })
  const patch = { method: 'PATCH', path: `/tasks/${task.id}`, body: { title: 'y' } }

  const bodies: [name: string, body: unknown, pointer: string][] = [
    ['101 operations', { operations: range(101).map(() => post) }, '/operations'],
    ['no operation', { operations: [] }, '/operations'],
    ['operations being null', { operations: null }, '/operations'],
    ['operations being an object', { operations: { 0: post } }, '/operations'],
    ['operations missing', {}, '/operations'],
    ['a list in the place of the body', [post], ''],
    ['an operation being null', { operations: [post, null] }, '/operations/1'],
    ['an operation being a list', { operations: [[post]] }, '/operations/0'],
    ['an unknown field', { operations: [post], dryRun: true }, '/dryRun'],
    ['an unknown field of an operation', { operations: [{ ...post, headers: {} }] }, '/operations/0/headers'],
    ['GET', { operations: [{ method: 'GET', path: '/tasks' }] }, '/operations/0/method'],
    ['a method in lower case', { operations: [{ ...post, method: 'post' }] }, '/operations/0/method'],
    ['no method', { operations: [{ path: '/tasks' }] }, '/operations/0/method'],
    ['a path being a number', { operations: [{ ...post, path: 5 }] }, '/operations/0/path'],
    ['NUL in a path', { operations: [{ ...post, path: '/tasks\0' }] }, '/operations/0/path'],
    ['a malformed ifMatch', { operations: [{ ...patch, ifMatch: '17' }] }, '/operations/0/ifMatch'],
    ['ifMatch being null', { operations: [{ ...patch, ifMatch: null }] }, '/operations/0/ifMatch'],
    ['no body', { operations: [{ method: 'POST', path: '/tasks' }] }, '/operations/0'],
    ['a body being null', { operations: [{ ...patch, body: null }] }, '/operations/0'],
    ['a body being text', { operations: [{ ...patch, body: '{"title":"y"}' }] }, '/operations/0'],
    [
      'a lone surrogate',
      { operations: [{ ...post, body: { title: '\ud800' } }] },
      '/operations/0/body/title',
    ],
    [
      'a server’s field',
      { operations: [{ ...post, body: { title: 'x', id: task.id } }] },
      '/operations/0/body/id',
    ],
    [
      'another id',
      { operations: [{ ...patch, method: 'PUT', body: { title: 'y', id: 'z' } }] },
      '/operations/0/body/id',
    ],
  ]
  for (const [name, body, pointer] of bodies) {
    await t.test(`a batch with ${name} is refused at ${pointer || 'its top'}`, async () => {
      const text = JSON.stringify(body)
      const answer = await alice.post('/tasks/batch', text, { 'content-type': 'application/json' })
      const { errors } = assertProblem(answer, 422, 'validation-failed')
      const pointers = errors?.map((fault) => 'pointer' in fault && fault.pointer)
      assert.ok(pointers?.includes(pointer), JSON.stringify(pointers))
    })
  }

  const paths = [
    '/tasks/batch',
    '/tasks/',
    'tasks',
    '/tasks/..%2f..%2fme',
    `/tasks/%2f${task.id}`,
    `/tasks/${task.id}/`,
    `/tasks/${task.id}?permanent=true`,
    `/tasks/${task.id}#`,
    `/tasks/${task.id.toUpperCase()}`,
    `/tasks/${task.id}/restore`,
    '/me',
    'http://127.0.0.1/tasks',
    '//tasks',
    `/tasks/${'a'.repeat(10_000)}`,
    '/tasks/__proto__',
    '',
  ]
  for (const path of paths) {
    await t.test(`a batch has nothing at ${path.slice(0, 50)}`, async () => {
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        const operation = { method, path, ...(method !== 'DELETE' && { body: { title: 'x' } }) }
        const whole = await alice.post('/tasks/batch', { operations: [post, operation] })
        const { errors } = assertProblem(whole, 404, 'not-found')
        assert.deepEqual(
          errors?.map((fault) => 'pointer' in fault && fault.pointer),
          ['/operations/1'],
        )
        const each = await alice.post('/tasks/batch?atomic=false', { operations: [operation] })
        assert.equal(each.body.results[0].status, 404)
      }
    })
  }

  await t.test('a hundred operations are taken, and all refused where the last is at fault', async () => {
    const operations = [...range(99).map(() => post), { ...post, body: { title: '' } }]
    assertProblem(await alice.post('/tasks/batch', { operations }), 422, 'validation-failed')
    const { body } = await alice.post('/tasks/batch', { operations: operations.with(99, patch) })
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
    await t.test(`the revision ${revision.slice(0, 20)} names no change`, async () => {
      assertProblem(await alice.post(`/changes/${revision}/undo`), 404, 'not-found')
    })
  }

  const queries: [method: string, path: string, parameter: string][] = [
    ...['-1', '1e3', '', '%201', '1.5', '+1', '9'.repeat(30), '9007199254740992'].flatMap(
      (since): [string, string, string][] => [
        ['GET', `/changes?since=${since}`, 'since'],
        ['GET', `/events?since=${since}`, 'since'],
      ],
    ),
    ['GET', '/changes?since=0&since=1', 'since'],
    ['GET', '/changes?limit=0', 'limit'],
    ['GET', '/changes?limit=501', 'limit'],
    ['GET', '/changes?until=5', 'until'],
    ['GET', '/events?access_token=x', 'access_token'],
    ['GET', `/tasks/${task.id}/history?limit=101`, 'limit'],
    ['GET', '/tasks?deleted=yes', 'deleted'],
    ['GET', '/tasks?deleted=1', 'deleted'],
    ['POST', '/changes/1/undo?force=yes', 'force'],
    ['POST', '/tasks/batch?atomic=0', 'atomic'],
    ['DELETE', `/tasks/${task.id}?permanent=1`, 'permanent'],
    ['POST', `/tasks/${task.id}/restore?force=true`, 'force'],
  ]
  for (const [method, path, parameter] of queries) {
    await t.test(`${method} ${path.slice(0, 40)} is refused with 400`, async () => {
      const body = path.startsWith('/tasks/batch') ? { operations: [post] } : undefined
      const { errors } = assertProblem(await alice.request(method, path, { body }), 400, 'invalid-parameter')
      assert.deepEqual(
        errors?.map((fault) => 'parameter' in fault && fault.parameter),
        [parameter],
      )
    })
  }

  await t.test('a ticket that is garbage is 401, whatever it is', async () => {
    for (const ticket of ['', 'x', 'a'.repeat(9000), "'%20or%20'1'='1", '%00', alice.accessToken])
      assertProblem(await alice.get(`/events?ticket=${ticket}`), 401, 'invalid-token')
    assertProblem(await alice.get('/events?ticket=%ff'), 400, 'malformed-request')
    for (const path of ['/events?ticket=a&ticket=b', '/changes?ticket=a', '/tasks?ticket=a'])
      assert.ok([400, 401].includes((await alice.get(path)).status), path)
  })

  await t.test('a cursor of a history is good for that history alone', async () => {
    const other = await alice.createTask({ title: 'x' })
    for (const title of ['a', 'b']) await alice.patch(`/tasks/${other.id}`, { title })
    const { nextCursor } = (await alice.get(`/tasks/${other.id}/history?limit=1`)).body
    assertProblem(await alice.get(`/tasks/${task.id}/history?cursor=${nextCursor}`), 400, 'invalid-cursor')
    assertProblem(await alice.get(`/tasks?cursor=${nextCursor}`), 400, 'invalid-cursor')
  })

  await t.test('none of it changed the task', async () => {
    assert.equal((await alice.read(task)).title, 'Buy milk')
  })
})
