import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFollowers } from '../../src/sync/followers.ts'
import { createListeners } from '../../src/database/listeners.ts'
import { assertProblem, docket, type Answer, type User } from '../harness.ts'

test('Prefer: wait', async (t) => {
  const server = await docket(t)
  const { alice } = server
  const { revision } = await alice.createTask({ title: 'Buy milk' })
  const now = `/changes?since=${revision}`

  const newest = async () => (await alice.get('/tasks')).headers.get('docket-revision')

  const preferences: [prefer: string, applied: string | null][] = [
    ['wait=0', null],
    ['respond-async', null],
    ['wait=soon', null],
    ['wait=-5', null],
    ['await=5', null],
    ['', null],
    ['wait=30', 'wait=30'],
    ['wait=7', 'wait=7'],
    ['Wait=7', 'wait=7'],
    ['wait = 7', 'wait=7'],
    ['wait="7"', 'wait=7'],
    ['respond-async, wait=7', 'wait=7'],
    ['wait=7; foo="bar", return=minimal', 'wait=7'],
    ['wait=31', 'wait=30'],
    ['wait=999999999', 'wait=30'],
  ]
  for (const [prefer, applied] of preferences) {
    await t.test(
      `${JSON.stringify(prefer)} ${applied ? `is applied as ${applied}` : 'is ignored'}`,
      async () => {
        const { status, headers } = await alice.get('/changes', { prefer }) // there are changes, so it does not wait
        assert.deepEqual([status, headers.get('preference-applied')], [200, applied])
        if (applied === null) assert.deepEqual((await alice.get(now, { prefer })).body.items, [])
      },
    )
  }

  await t.test('returns an empty page when the time is over', async () => {
    const before = performance.now()
    const { body } = await alice.get(now, { prefer: 'wait=1' })
    assert.deepEqual(body, { items: [], revision, more: false })
    assert.ok(performance.now() - before >= 990)
  })

  await t.test('keeps waiting after a write that is not in the feed', async () => {
    const waiting = alice.get(now, { prefer: 'wait=30' })
    await settled()
    const login = { email: alice.email, password: 'correct horse battery staple' }
    const other = (await server.request('POST', '/auth/login', { body: login })).body
    await server.request('POST', '/auth/logout', {
      headers: { authorization: `Bearer ${other.accessToken}` },
    })
    const task = await alice.createTask({ title: 'Buy bread' })
    assert.deepEqual((await waiting).body.items[0]?.id, task.id)
  })

  await t.test('gives 410 at once for an unknown position', async () => {
    assertProblem(await alice.get('/changes?since=99', { prefer: 'wait=30' }), 410, 'sync-too-old')
  })

  await t.test('ends with the session', async () => {
    const bob = await server.register('bob')
    const waiting = bob.get('/changes', { prefer: 'wait=30' })
    await settled()
    await bob.post('/auth/logout')
    assertProblem(await waiting, 401, 'invalid-token')
  })

  await t.test('logs no error when its client has disconnected', async () => {
    const { promise: isClosed, resolve } = Promise.withResolvers<void>()
    server.app.server.once('request', (_request, response) => response.once('close', resolve))
    const gone = new AbortController()
    const headers = { authorization: `Bearer ${alice.accessToken}`, prefer: 'wait=30' }
    const asking = fetch(`${server.url}/changes?since=${Number(await newest())}`, {
      headers,
      signal: gone.signal,
    })
    await settled()
    gone.abort()
    await assert.rejects(asking)
    await isClosed
    await alice.createTask({ title: 'Nobody waits' })
    assert.ok(!server.logs.some(({ level }) => Number(level) >= 50), JSON.stringify(server.logs.at(-1)))
  })
})

test('a user may have ten requests waiting for changes', async (t) => {
  const server = await docket(t)
  const { alice } = server
  const bob = await server.register('bob')
  const { revision } = await alice.createTask({ title: 'Buy milk' })
  const wait = (user = alice, since = revision, headers = {}) =>
    user.get(`/changes?since=${since}`, { prefer: 'wait=30', ...headers })

  const gone = new AbortController()
  const leaving = fetch(`${server.url}/changes?since=${revision}`, {
    headers: { authorization: `Bearer ${alice.accessToken}`, prefer: 'wait=30' },
    signal: gone.signal,
  })
  const waiting = Array.from({ length: 9 }, () => untilTaken(() => wait()))

  const refused = await untilRefused(alice, revision)
  assertProblem(refused, 429, 'too-many-requests')
  assert.equal(refused.headers.get('retry-after'), '30')
  assert.equal(refused.headers.get('preference-applied'), null)
  assert.equal((await wait(alice, 0)).body.items.length, 1, 'one that has news need not wait')
  assert.equal((await alice.get(`/changes?since=${revision}`)).status, 200, 'nor one that does not ask to')
  const other = wait(bob, 0)

  gone.abort()
  await assert.rejects(leaving)
  const tenth = untilTaken(() => wait())
  const task = await alice.createTask({ title: 'Buy bread' })
  for (const { status, body } of await Promise.all([...waiting, tenth]))
    assert.deepEqual([status, body.items[0]?.id], [200, task.id])

  const next = Array.from({ length: 10 }, () => untilTaken(() => wait(alice, task.revision)))
  await untilRefused(alice, task.revision)
  await Promise.all([alice.createTask({ title: 'The end' }), bob.createTask({ title: 'The end' })])
  for (const { status } of await Promise.all([...next, other])) assert.equal(status, 200)
})

/** Asks to wait for a second, until there is no place left for it. */
async function untilRefused(user: User, since: number): Promise<Answer> {
  for (;;) {
    const answer = await user.get(`/changes?since=${since}`, { prefer: 'wait=1' })
    if (answer.status === 429) return answer
  }
}

/** Asks again while there is no place. */
async function untilTaken(ask: () => Promise<Answer>): Promise<Answer> {
  const answer = await ask()
  return answer.status === 429 ? untilTaken(ask) : answer
}

test('only a session that ends is announced', async (t) => {
  const server = await docket(t)
  const { alice } = server
  const heard: unknown[] = []
  // Tests on one PostgreSQL hear of each other's owners.
  const ours = () => heard.filter((ownerId) => ownerId === alice.id || ownerId === bob.id)
  server.database.listen((ownerId) => heard.push(ownerId))
  const sessions = async () => (await alice.get('/me/sessions')).body.items
  const [{ id }] = await sessions()
  const bob = await server.register('bob')

  for (const unknown of ['019aa8b2-6f3e-7c41-9d3a-5b1f0c2d7e11', 'x'])
    assertProblem(await alice.delete(`/me/sessions/${unknown}`), 404, 'not-found')
  assertProblem(await bob.delete(`/me/sessions/${id}`), 404, 'not-found')
  await bob.createTask({ title: 'Heard after all that was announced before' })
  await settled()
  assert.deepEqual(ours(), [bob.id])

  await Promise.all([alice.post('/auth/logout'), alice.post('/auth/logout'), alice.post('/auth/logout')])
  await settled()
  assert.deepEqual(ours(), [bob.id, alice.id])
})

test('a follower is notified of every change of its owner until it stops', async () => {
  const { listen, notify } = createListeners()
  let listeners = 0
  const followers = createFollowers({
    listen: (listener) => {
      listeners += 1
      const stop = listen(listener)
      return () => {
        listeners -= 1
        stop()
      }
    },
  })
  const gone = new AbortController()
  const staying = new AbortController()
  const [a, b] = [followers.watch('alice', gone.signal), followers.watch('alice', staying.signal)]
  assert.equal(listeners, 1, 'all followers share one listener')

  notify('alice') // before anybody waits
  await a.next(60_000)
  const waiting = [a.next(60_000), b.next(60_000).then(() => b.next(60_000))]
  gone.abort()
  await waiting[0]
  assert.deepEqual([a.isOver(), b.isOver()], [true, false])
  notify('bob')
  notify(undefined)
  await waiting[1]

  b.end()
  const c = followers.watch('alice', staying.signal)
  b.end() // a second time, as when a client disconnects and its handler then ends too
  notify('alice')
  assert.equal(await Promise.race([c.next(60_000), timeout()]), undefined)

  const last = c.next(60_000)
  followers.stop()
  await last
  assert.deepEqual([c.isOver(), listeners], [true, 0])
  assert.ok(followers.watch('alice', staying.signal).isOver(), 'a stopping server accepts no new follower')
})

/** Gives a sent request time to arrive and start waiting. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 50))

const timeout = () => new Promise((resolve) => setTimeout(resolve, 1000, 'not notified').unref())
