import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { connect, Problem, type Clock, type Fetch } from '../../client/src/index.ts'
import { docket } from '../harness.ts'
import { answered, clientOf, lost, testClock, unsent, wire, type Fate } from './helpers.ts'

const networkFailed = { name: 'TypeError', message: 'fetch failed' }

test('a request is sent again where that is safe', async (t) => {
  const server = await docket(t)
  const open = (...fates: Fate[]) => {
    const clock = testClock()
    const line = wire(...fates)
    return { ...line, clock, mine: clientOf(server, server.alice, { fetch: line.fetch, clock }) }
  }

  await t.test('each write under one key, so it happens once', async () => {
    const { mine, exchanges } = open(lost, answered(502), lost)
    const task = await mine.tasks.create({ title: 'Once' })
    const keys = exchanges.map(({ headers }) => headers.get('idempotency-key'))
    assert.equal(exchanges.length, 4)
    assert.equal(new Set(keys).size, 1)
    assert.match(keys[0] ?? '', /^[0-9a-f]{32}$/)
    assert.equal((await mine.tasks.list({ q: 'once' }).toArray()).length, 1)

    const { mine: other } = open(lost)
    const changed = await other.tasks.update(task, { priority: 'high' })
    const { mine: third } = open(lost)
    await third.tasks.remove(changed)
    const { mine: fourth, exchanges: writes } = open(lost)
    await fourth.batch([{ method: 'POST', path: '/tasks', body: { title: 'In a batch' } }])
    assert.equal(writes.length, 2)
    assert.equal((await mine.tasks.list({ q: 'batch' }).toArray()).length, 1)
  })

  await t.test('under a key of its caller, over restarts of the program', async () => {
    const { mine } = open()
    const options = { idempotencyKey: 'made-on-monday' }
    const first = await mine.tasks.create({ title: 'Twice' }, options)
    assert.deepEqual(await open().mine.tasks.create({ title: 'Twice' }, options), first)
    const { mine: other } = open()
    assert.notEqual((await other.tasks.create({ title: 'Twice' })).id, first.id)
  })

  await t.test('each time later, and not all at once', async () => {
    const { mine, clock } = open(unsent, unsent, unsent)
    await mine.tasks.list().toArray()
    assert.deepEqual(clock.pauses, [375, 750, 1500])

    const early = testClock()
    const { fetch } = wire(unsent)
    await clientOf(server, server.alice, { fetch, clock: early, random: () => 0 }).labels.list()
    assert.deepEqual(early.pauses, [250])
  })

  await t.test('as late as the server asks', async () => {
    const now = 'Fri, 27 Nov 2026 10:00:00 GMT'
    const { mine, clock } = open(
      answered(503, { 'retry-after': '2' }),
      answered(429, { 'retry-after': 'Fri, 27 Nov 2026 10:00:01 GMT', date: now }),
    )
    await mine.tasks.list().toArray()
    assert.deepEqual(clock.pauses, [2375, 1750])
  })

  await t.test('but not after a minute or more', async () => {
    const { mine, exchanges } = open(answered(503, { 'retry-after': '61' }))
    await assert.rejects(
      mine.labels.list(),
      (error) => error instanceof Problem && error.retryAfterMs === 61_000,
    )
    assert.equal(exchanges.length, 1)
  })

  await t.test('at most three times, or as often as is said', async () => {
    const { mine, exchanges } = open(unsent, unsent, unsent, unsent)
    await assert.rejects(mine.labels.list(), networkFailed)
    assert.equal(exchanges.length, 4)
    const { fetch, exchanges: one } = wire(unsent)
    await assert.rejects(clientOf(server, server.alice, { fetch, retries: 0 }).labels.list(), networkFailed)
    assert.equal(one.length, 1)
  })

  await t.test('never where it could be done twice', async () => {
    const task = await open().mine.tasks.create({ title: 'Undo me' })
    for (const write of [
      (mine: ReturnType<typeof open>['mine']) => mine.undo(task),
      (mine: ReturnType<typeof open>['mine']) => mine.tokens.create({ name: 'x', scopes: ['tasks:read'] }),
    ]) {
      const { mine, exchanges } = open(unsent)
      await assert.rejects(write(mine), networkFailed)
      assert.equal(exchanges.length, 1)
      const busy = open(answered(503))
      await assert.rejects(write(busy.mine), { status: 503 })
      const refused = open(answered(429))
      await write(refused.mine)
      assert.equal(refused.exchanges.length, 2)
    }
  })

  await t.test('not where the server has judged it', async () => {
    for (const status of [400, 403, 404, 409, 412, 422, 500, 507]) {
      const { mine, exchanges } = open(answered(status))
      await assert.rejects(mine.labels.list(), { name: 'Problem', status, slug: 'unknown' })
      assert.equal(exchanges.length, 1)
    }
  })

  await t.test('not once its signal is aborted', async () => {
    const leaving = new AbortController()
    const reason = new Error('left')
    const leave: Fate = async () => {
      leaving.abort(reason)
      throw new TypeError('fetch failed')
    }
    const { mine, exchanges } = open(leave)
    await assert.rejects(mine.labels.list({ signal: leaving.signal }), reason)
    await assert.rejects(mine.tasks.create({ title: 'No' }, { signal: leaving.signal }), reason)
    await assert.rejects(mine.tasks.list({}, { signal: leaving.signal }).toArray(), reason)
    assert.equal(exchanges.length, 1)
  })
})

test('a signal ends a request, and a wait for the next one', async (t) => {
  const server = await docket(t)
  const reason = new Error('left')

  const leaving = new AbortController()
  const waiting = wire(async (_exchange, pass) => {
    queueMicrotask(() => leaving.abort(reason))
    return pass()
  })
  const one = clientOf(server, server.alice, { fetch: waiting.fetch })
  await assert.rejects(one.labels.list({ signal: leaving.signal }), reason)

  const later = new AbortController()
  const retrying = wire(answered(503, { 'retry-after': '30' }))
  const clock = testClock()
  const sleep: Clock['sleep'] = (ms, signal) => {
    if (ms > 30_000) later.abort(reason)
    return clock.sleep(ms, signal)
  }
  const two = clientOf(server, server.alice, {
    fetch: retrying.fetch,
    clock: { ...clock, sleep },
  })
  await assert.rejects(two.labels.list({ signal: later.signal }), reason)
})

test('a server that says nothing is given up, and asked again', async (t) => {
  const server = await docket(t)
  let requests = 0
  const deafAtFirst: Fetch = async (input, init) => {
    requests += 1
    if (requests > 1) return fetch(input, init)
    if (init.signal && !init.signal.aborted) await once(init.signal, 'abort')
    throw new TypeError('fetch failed')
  }
  const clock = testClock()
  const soon = {
    ...clock,
    sleep: (ms: number, signal?: AbortSignal) => clock.sleep(requests === 0 ? 0 : ms, signal),
  }
  const mine = clientOf(server, server.alice, { fetch: deafAtFirst, timeoutMs: 5000, clock: soon })
  assert.deepEqual(await mine.labels.list(), [])
  assert.equal(requests, 2)
})

test('what answers in place of Docket is told as such', async () => {
  const { fetch } = wire(
    answered(200, { 'content-type': 'text/html' }, '<h1>Log in to the Wi-Fi</h1>'),
    answered(404, {}, '<h1>Not here</h1>'),
    answered(200, {}, '[1'),
  )
  const mine = connect({ url: 'http://127.0.0.1', token: '', fetch, clock: testClock() })
  await assert.rejects(mine.labels.list(), {
    slug: 'unknown',
    status: 200,
    message: /is this the address of Docket/,
  })
  await assert.rejects(mine.labels.list(), { slug: 'unknown', status: 404 })
  await assert.rejects(mine.labels.list(), { slug: 'unknown', status: 200 })
})
