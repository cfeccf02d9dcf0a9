import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertProblem, docket } from '../harness.ts'

const key = (text: string) => ({ 'idempotency-key': text })

test('a repeated POST gets the first response and creates no second task', async (t) => {
  const server = await docket(t)
  const { alice } = server
  const first = await alice.post('/tasks', { title: 'Buy milk' }, key('a'))
  await alice.patch(`/tasks/${first.body.id}`, { title: 'Buy oat milk' })

  const second = await alice.post('/tasks', { title: 'Buy milk' }, key('a'))

  assert.equal(first.status, 201)
  assert.equal(first.headers.get('idempotent-replayed'), null)
  assert.equal(second.status, 201)
  assert.equal(second.headers.get('idempotent-replayed'), 'true')
  assert.equal(second.text, first.text)
  for (const name of ['location', 'etag']) assert.equal(second.headers.get(name), first.headers.get(name))
  assert.equal((await alice.get('/tasks')).body.items.length, 1)
})

test('a response is replayed after a restart', async (t) => {
  const server = await docket(t)
  const first = await server.alice.post('/tasks', { title: 'Buy milk' }, key('a'))
  await server.restart()
  const second = await server.alice.post('/tasks', { title: 'Buy milk' }, key('a'))
  assert.equal(second.text, first.text)
  assert.equal(second.headers.get('idempotent-replayed'), 'true')
})

test('a hundred identical requests at once create one task and get the same response', async (t) => {
  const { alice } = await docket(t)
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => alice.post('/tasks', { title: 'Buy milk' }, key('a'))),
  )
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([201]))
  assert.equal(new Set(answers.map(({ text }) => text)).size, 1)
  assert.equal(answers.filter(({ headers }) => headers.get('idempotent-replayed') === null).length, 1)
  assert.equal((await alice.get('/tasks')).body.items.length, 1)
})

test('a key used for another request is refused', async (t) => {
  const { alice } = await docket(t)
  await alice.post('/tasks', { title: 'Buy milk' }, key('a'))
  assertProblem(await alice.post('/tasks', { title: 'Buy bread' }, key('a')), 422, 'idempotency-key-reused')
})

test('a refused request leaves its key free', async (t) => {
  const { alice } = await docket(t)
  assertProblem(await alice.post('/tasks', { title: '' }, key('a')), 422, 'validation-failed')
  const again = await alice.post('/tasks', { title: 'Buy milk' }, key('a'))
  assert.equal(again.status, 201)
  assert.equal(again.headers.get('idempotent-replayed'), null)
})

test('a key is free again after 24 hours', async (t) => {
  const server = await docket(t)
  const { alice } = server
  const first = await alice.post('/tasks', { title: 'Buy milk' }, key('a'))
  server.advance(24 * 60 * 60_000 + 1000)
  const login = await server.request('POST', '/auth/login', {
    body: { email: alice.email, password: 'correct horse battery staple' },
  })
  alice.accessToken = login.body.accessToken
  const later = await alice.post('/tasks', { title: 'Buy milk' }, key('a'))
  assert.equal(later.status, 201)
  assert.notEqual(later.body.id, first.body.id)
})

test('two users can use the same key', async (t) => {
  const server = await docket(t)
  const bob = await server.register('bob')
  const mine = await server.alice.post('/tasks', { title: 'Buy milk' }, key('a'))
  const his = await bob.post('/tasks', { title: 'Buy milk' }, key('a'))
  assert.equal(his.headers.get('idempotent-replayed'), null)
  assert.notEqual(his.body.id, mine.body.id)
})

test('a key is 1 to 255 visible characters, bare or quoted', async (t) => {
  const { alice } = await docket(t)
  const post = (text: string) => alice.post('/tasks', { title: 'Buy milk' }, key(text))
  const bare = await post('8e03978e-40d5-43dd-bc93-6894a57f9324')
  const quoted = await post('"8e03978e-40d5-43dd-bc93-6894a57f9324"')
  assert.equal(quoted.body.id, bare.body.id)
  assert.equal((await post('k'.repeat(255))).status, 201)
  assert.equal((await post('"\\"quoted\\""')).status, 201)
  for (const wrong of [
    '',
    '""',
    'k'.repeat(256),
    `"${'k'.repeat(256)}"`,
    'a b',
    '"a',
    '"a"b"',
    'a, b',
    'é',
    '"\\a"',
  ]) {
    const problem = assertProblem(await post(wrong), 400, 'invalid-parameter')
    assert.equal(Object.entries(problem.errors?.[0] ?? {})[0]?.join(), 'header,Idempotency-Key', wrong)
  }
})

test('a replay takes no revision', async (t) => {
  const { alice } = await docket(t)
  const create = () => alice.post('/tasks', { title: 'Buy milk' }, { 'idempotency-key': 'a-key-of-its-own' })

  const [first, second] = [await create(), await create()]
  const next = await alice.createTask({ title: 'Buy bread' })

  assert.equal(second.body.id, first.body.id)
  assert.equal(next.revision, first.body.revision + 1)
})
