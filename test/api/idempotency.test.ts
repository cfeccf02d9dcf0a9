import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertProblem, docket, etagOf, type Answer, type User } from '../harness.ts'
import { only, requestText, sendRaw } from '../hostile/raw-socket.ts'

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
  await alice.delete(`/tasks/${first.body.id}?permanent=true`)
  assert.equal((await alice.post('/tasks', { title: 'Buy milk' }, key('a'))).text, later.text)
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

test('a key counts for a path however the path is spelled', async (t) => {
  const { alice, url } = await docket(t)
  const { id } = await alice.createTask({ title: 'Buy milk' })
  const send = async (start: string, body: string) => {
    const bearer = `Authorization: Bearer ${alice.accessToken}`
    const lines = [bearer, 'Idempotency-Key: a', 'Content-Type: application/json', 'Connection: close']
    return only(await sendRaw(url, requestText(start, lines, body)))
  }
  const table: [method: string, spellings: string[]][] = [
    ['POST', ['/tasks', '/%74asks', 'http://x/tasks', 'http://y/%74%61sks?']],
    ['PATCH', [`/tasks/${id}`, `/tasks/%30${id.slice(1)}`, `http://x/tasks/${id}`]],
  ]
  for (const [method, spellings] of table) {
    const answers = []
    for (const spelling of spellings)
      answers.push(await send(`${method} ${spelling}`, '{"title":"Buy bread"}'))
    assert.deepEqual(answers.map(isReplay), [false, ...spellings.slice(1).map(() => true)])
    assert.equal(new Set(answers.map(({ text }) => text)).size, 1)
  }
  assert.equal((await alice.get('/tasks')).body.items.length, 2)
})

test('a key of one thing is free for another, and for another method', async (t) => {
  const { alice } = await docket(t)
  const [milk, bread] = [
    await alice.createTask({ title: 'milk' }),
    await alice.createTask({ title: 'bread' }),
  ]
  const fields = { title: 'Buy it' }
  for (const answer of [
    await alice.patch(`/tasks/${milk.id}`, fields, key('a')),
    await alice.patch(`/tasks/${bread.id}`, fields, key('a')),
    await alice.put(`/tasks/${bread.id}`, fields, key('a')),
    await alice.post('/tasks', fields, key('a')),
  ])
    assert.ok(answer.status < 300 && !isReplay(answer), answer.text)
})

/** Each write of one thing, with the condition that only its first time fulfils. */
const writes: Record<string, (alice: User, more: Record<string, string>) => Promise<() => Promise<Answer>>> =
  {
    async PUT(alice, more) {
      const { id, ...task } = await alice.createTask({ title: 'Buy milk' })
      return () => alice.put(`/tasks/${id}`, { title: 'Buy bread' }, { 'if-match': etagOf(task), ...more })
    },
    async 'PUT that creates'(alice, more) {
      const path = `/tasks/${crypto.randomUUID()}`
      return () => alice.put(path, { title: 'Buy bread' }, { 'if-none-match': '*', ...more })
    },
    async PATCH(alice, more) {
      const { id, ...task } = await alice.createTask({ title: 'Buy milk' })
      return () => alice.patch(`/tasks/${id}`, { title: 'Buy bread' }, { 'if-match': etagOf(task), ...more })
    },
    async DELETE(alice, more) {
      const { id, ...task } = await alice.createTask({ title: 'Buy milk' })
      return () => alice.delete(`/tasks/${id}`, { 'if-match': etagOf(task), ...more })
    },
    async 'DELETE for good'(alice, more) {
      const { id, ...task } = await alice.createTask({ title: 'Buy milk' })
      return () => alice.delete(`/tasks/${id}?permanent=true`, { 'if-match': etagOf(task), ...more })
    },
    async restore(alice, more) {
      const { id } = await alice.createTask({ title: 'Buy milk' })
      const tag = `"${(await alice.delete(`/tasks/${id}`)).headers.get('docket-revision')}"`
      return () => alice.post(`/tasks/${id}/restore`, undefined, { 'if-match': tag, ...more })
    },
  }

for (const [name, prepare] of Object.entries(writes)) {
  test(`${name} is done once for each key, and its replay judges no condition`, async (t) => {
    const { alice } = await docket(t)
    const send = await prepare(alice, key('a'))

    const [first, ...others] = await Promise.all([send(), send(), send()])
    const late = await send()
    const next = await alice.createTask({ title: 'Next' })
    const withoutKey = await prepare(alice, {})
    await withoutKey()

    assert.ok(first.status < 300, first.text)
    const all = [first, ...others, late]
    assert.equal(all.filter(isReplay).length, 3)
    for (const header of ['etag', 'location', 'docket-revision'])
      assert.equal(new Set(all.map(({ headers }) => headers.get(header))).size, 1, header)
    assert.equal(new Set(all.map(({ status, text }) => `${status} ${text}`)).size, 1)
    assert.equal(
      next.revision,
      Number(first.headers.get('docket-revision')) + 1,
      'a replay takes no revision',
    )
    assert.ok((await withoutKey()).status >= 400, 'without a key the condition is judged again')
  })
}

test('a write that was refused under its condition leaves the key free', async (t) => {
  const { alice } = await docket(t)
  const task = await alice.createTask({ title: 'Buy milk' })
  const path = `/tasks/${task.id}`

  const stale = await alice.patch(path, { title: 'Buy bread' }, { 'if-match': '"999"', ...key('a') })
  const again = await alice.patch(path, { title: 'Buy bread' }, { 'if-match': etagOf(task), ...key('a') })

  assertProblem(stale, 412, 'precondition-failed')
  assert.deepEqual([again.status, isReplay(again)], [200, false])
  assertProblem(await alice.patch(path, { title: 'Buy jam' }, key('a')), 422, 'idempotency-key-reused')
})

const isReplay = ({ headers }: Answer) => headers.get('idempotent-replayed') === 'true'
