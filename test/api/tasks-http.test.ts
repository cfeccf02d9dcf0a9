import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { model } from '../../src/tasks/tasks.ts'
import { assertProblem, docket, etagOf, type Docket } from '../harness.ts'

test('PATCH accepts merge patches and JSON, and POST and PUT only JSON', async (t) => {
  const { alice } = await docket(t)
  const { id } = await alice.createTask({ title: 'Renew the passport' })
  const path = `/tasks/${id}`
  const body = JSON.stringify({ title: 'Renew it' })

  const accepted = [
    'application/json',
    'Application/JSON',
    'application/json;charset=utf-8',
    'application/json; charset="UTF-8"',
  ]
  for (const type of [
    ...accepted,
    'application/merge-patch+json',
    'application/merge-patch+json; charset=utf-8',
  ]) {
    assert.equal((await alice.patch(path, body, { 'content-type': type })).status, 200, type)
  }
  const refused = [
    'application/json-patch+json',
    'text/plain',
    'application/json; charset=utf-16',
    'application/x-www-form-urlencoded',
    'application/jsonx',
    'json',
    '*/*',
  ]
  for (const type of refused) {
    const answer = await alice.patch(path, body, { 'content-type': type })
    const { detail } = assertProblem(answer, 415, 'unsupported-media-type')
    assert.match(detail, /Content-Type: application\/json.*--json/)
    assert.equal(answer.headers.get('accept-patch'), 'application/merge-patch+json, application/json')
  }
  for (const type of [...refused, 'application/merge-patch+json']) {
    const post = await alice.post('/tasks', body, { 'content-type': type })
    assertProblem(post, 415, 'unsupported-media-type')
    assert.equal(post.headers.get('accept-post'), 'application/json')
    assertProblem(await alice.put(path, body, { 'content-type': type }), 415, 'unsupported-media-type')
  }
})

test('Content-Type is ignored without a body', async (t) => {
  const { alice } = await docket(t)
  const task = await alice.createTask({ title: 'Renew the passport' })
  for (const type of ['application/json', 'text/plain', 'nonsense', 'application/json; charset=utf-16']) {
    assert.equal((await alice.get('/tasks', { 'content-type': type })).status, 200)
    assert.equal((await alice.get(`/tasks/${task.id}`, { 'content-type': type })).status, 200)
  }
  assert.equal(
    (
      await alice.request('DELETE', `/tasks/${task.id}`, {
        body: '',
        headers: { 'content-type': 'application/json' },
      })
    ).status,
    204,
  )
})

test('HEAD returns the head of GET', async (t) => {
  const { alice } = await docket(t)
  const task = await alice.createTask({ title: 'Renew the passport' })
  await alice.createTask({ title: 'Buy milk' })
  const missing = task.id.replace(/.$/, (last) => (last === '0' ? '1' : '0'))
  const paths = [
    `/tasks/${task.id}`,
    '/tasks',
    '/tasks?limit=1&count=true',
    '/tasks?limit=0',
    '/tasks?due=today',
    `/tasks/${missing}`,
  ]

  for (const path of paths) {
    await t.test(path, async () => {
      for (const headers of [{}, { 'if-none-match': '*' }, { 'if-none-match': 'x' }]) {
        const [get, head] = [await alice.get(path, headers), await alice.request('HEAD', path, { headers })]
        assert.equal(head.text, '')
        assert.equal(head.status, get.status)
        for (const name of ['etag', 'link', 'content-type', 'cache-control', 'x-content-type-options']) {
          assert.equal(head.headers.get(name), get.headers.get(name), name)
        }
        if (get.status !== 304)
          assert.equal(head.headers.get('content-length'), get.headers.get('content-length'))
      }
    })
  }
  assertProblem(
    await alice.request('GET', '/tasks', { headers: { authorization: '' } }),
    401,
    'invalid-token',
  )
})

const methods = {
  '/tasks': ['GET', 'HEAD', 'OPTIONS', 'POST'],
  '/tasks/019aa8b2-6f3e-7c41-9d3a-5b1f0c2d7e11': ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'PUT'],
}

test('OPTIONS lists the methods, and every other method gives 405', async (t) => {
  const server = await docket(t)
  const allowOf = (headers: Headers) => new Set(headers.get('allow')?.split(', '))

  for (const [path, allowed] of Object.entries(methods)) {
    await t.test(path, async () => {
      const options = await server.request('OPTIONS', path)
      assert.deepEqual([options.status, options.text], [204, ''])
      assert.deepEqual(allowOf(options.headers), new Set(allowed))
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'].filter((name) => !allowed.includes(name))) {
        const answer = await server.request(method, path)
        assertProblem(answer, 405, 'method-not-allowed')
        assert.deepEqual(allowOf(answer.headers), new Set(allowed))
      }
      for (const method of ['TRACE', 'PROPFIND', 'PURGE']) {
        assert.match(await statusLine(server, method, path), /^HTTP\/1\.1 405 /, method)
      }
    })
  }
  assertProblem(await server.request('OPTIONS', '/task'), 404, 'not-found')
  assertProblem(await server.request('OPTIONS', '/tasks/a/b'), 404, 'not-found')
})

/** Sends the request over a raw socket, since `fetch` refuses some methods. */
function statusLine({ url }: Docket, method: string, path: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
    socket.write(`${method} ${path} HTTP/1.1\r\nHost: docket\r\nConnection: close\r\n\r\n`)
  })
  socket.once('data', (data) => resolve(data.toString().split('\r\n')[0] ?? ''))
  socket.once('error', reject)
  return promise
}

test('a response contains only the fields of its schema', async (t) => {
  const { alice } = await docket(t)
  const serverSet = ['id', 'completedAt', 'occurrenceOf', 'createdAt', 'updatedAt', 'revision']
  const names = [...model.fieldNames, ...serverSet].toSorted()
  const task = await alice.createTask({ title: 'Renew the passport' })
  const path = `/tasks/${task.id}`
  const list = await alice.get('/tasks')
  for (const body of [
    task,
    await alice.read(task),
    (await alice.put(path, { title: 'x' })).body,
    (await alice.patch(path, { title: 'y' })).body,
    list.body.items[0],
  ]) {
    assert.deepEqual(new Set(Object.keys(body)), new Set(names))
  }
  assert.deepEqual(new Set(Object.keys(list.body)), new Set(['items', 'nextCursor']))
  assert.deepEqual(list.body, { items: [task], nextCursor: null })
  assert.match(list.headers.get('content-type') ?? '', /^application\/json; charset=utf-8$/)
  assert.equal((await alice.get(path)).headers.get('etag'), etagOf({ revision: task.revision + 2 }))
})

test('operations without parameters refuse any parameter', async (t) => {
  const { alice } = await docket(t)
  const { id } = await alice.createTask({ title: 'x' })
  for (const answer of [
    await alice.post('/tasks?dry=1', { title: 'x' }),
    await alice.get(`/tasks/${id}?fields=title`),
    await alice.put(`/tasks/${id}?force=true`, { title: 'x' }),
    await alice.patch(`/tasks/${id}?a`, { title: 'x' }),
    await alice.delete(`/tasks/${id}?limit=1`),
  ]) {
    const { errors = [] } = assertProblem(answer, 400, 'invalid-parameter')
    assert.equal(errors.length, 1)
    assert.ok(errors[0] && 'parameter' in errors[0])
  }
  assert.equal((await alice.get(`/tasks/${id}?`)).status, 200)
})
