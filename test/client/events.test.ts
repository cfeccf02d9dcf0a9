import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Problem, signIn, type DocketEvent, type Fetch } from '../../client/src/index.ts'
import { systemClock } from '../../client/src/clock.ts'
import { docket, password } from '../harness.ts'
import { answered, clientOf, testClock, unsent, wire } from './helpers.ts'

/** The next event, told in short. */
async function told(events: AsyncIterator<DocketEvent>): Promise<string> {
  const { value: event } = await events.next()
  if (event?.type !== 'change') return `${event?.type} ${event?.revision}`
  const { action, kind, task } = event.change
  return `${action} ${kind} ${task?.title ?? ''} ${event.revision}`
}

test('events tell what changes, over every break of the connection', async (t) => {
  const server = await docket(t)
  const begun = server.url
  // A server that is started again has another port here.
  const { fetch: send, exchanges, fates } = wire()
  const moving: Fetch = (input, init) => send(input.replace(begun, server.url), init)
  // Here retries wait, if not for long: a server that is asked without end could not stop.
  const clock = {
    ...systemClock,
    sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(ms === 45_000 ? ms : ms / 50, signal),
  }
  const mine = clientOf(server, server.alice, { fetch: moving, clock })
  const first = await mine.tasks.create({ title: 'before' })

  const leaving = new AbortController()
  const events = mine.events({ signal: leaving.signal })[Symbol.asyncIterator]()
  assert.equal(await told(events), 'ready 1')
  await mine.tasks.update(first, { title: 'after' })
  assert.equal(await told(events), 'update task after 2')

  exchanges.length = 0
  const restarted = server.restart()
  const next = told(events)
  fates.push(unsent, answered(503, { 'retry-after': '1' }), answered(502), unsent, unsent, unsent)
  await restarted
  assert.equal(await next, 'ready 2')
  assert.ok(exchanges.length > 6)
  assert.ok(exchanges.every(({ path }) => path === '/events?since=2'))

  await mine.projects.create({ name: 'Trip' })
  assert.equal(await told(events), 'create project  3')
  const waiting = events.next()
  leaving.abort(new Error('left'))
  await assert.rejects(waiting, { message: 'left' })
})

test('events begin where a copy ends, and stop with the loop', async (t) => {
  const server = await docket(t)
  const mine = clientOf(server, server.alice)
  for (const title of ['a', 'b', 'c']) await mine.tasks.create({ title })

  const seen: number[] = []
  for await (const event of mine.events({ since: 1 })) {
    seen.push(event.revision)
    if (event.revision === 3) break
  }
  assert.deepEqual(seen, [1, 2, 3])
  await assert.rejects(
    mine.events({ since: 99 })[Symbol.asyncIterator]().next(),
    (error) => error instanceof Problem && error.slug === 'sync-too-old',
  )
})

test('a stream whose connection is silent is opened again', async (t) => {
  const server = await docket(t)
  const { fetch: counted, exchanges } = wire()
  const clock = testClock()
  let waits = 0
  const hasty = {
    ...clock,
    // The first wait is for the head; the second, after the first event, is over at once.
    sleep(ms: number, signal?: AbortSignal) {
      if (ms === 45_000) waits += 1
      return clock.sleep(waits === 2 ? 0 : ms, signal)
    },
  }
  const mine = clientOf(server, server.alice, { fetch: counted, clock: hasty })
  const events = mine.events()[Symbol.asyncIterator]()
  assert.equal(await told(events), 'ready 0')
  assert.equal(await told(events), 'ready 0')
  assert.equal(exchanges.length, 2)
  await events.return?.()
})

test('a stream outlives its access token', async (t) => {
  const server = await docket(t)
  const clock = testClock()
  const mine = await signIn({ url: server.url, email: server.alice.email, password, clock })
  const events = mine.events()[Symbol.asyncIterator]()
  assert.equal(await told(events), 'ready 0')

  server.advance(3_600_000 + 61_000)
  server.app.server.closeAllConnections()
  assert.equal(await told(events), 'ready 0')
  await mine.tasks.create({ title: 'later' })
  assert.equal(await told(events), 'create task later 1')
  await events.return?.()
})
