import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../../src/database/database.ts'
import { openEvents, openStream, type EventStream } from '../event-stream.ts'
import { openSocket } from '../hostile/raw-socket.ts'
import { docket, password, type User } from '../harness.ts'

const range = (length: number) => Array.from({ length }, (_, i) => i)

test('a stream of events', async (t) => {
  const server = await docket(t)
  const { alice } = server

  await t.test('starts with `ready` and then sends each change with its revision as id', async () => {
    const before = await alice.createTask({ title: 'Before' })
    const stream = await openEvents(server.url, alice)
    assert.equal(stream.status, 200)
    assert.equal(stream.headers.get('content-type'), 'text/event-stream')
    assert.equal(stream.headers.get('cache-control'), 'no-store')
    assert.ok(stream.headers.get('request-id'))
    const start = before.revision
    assert.deepEqual(await stream.next(), { id: `${start}`, event: 'ready', data: { revision: start } })

    const task = await alice.createTask({ title: 'Line one', description: 'one\ntwo\r\n\nthree: four' })
    const created = await stream.next()
    assert.deepEqual([created?.id, created?.event], [`${start + 1}`, 'change'])
    const { revision, kind, action, id, task: sent } = created?.data ?? {}
    assert.deepEqual([revision, kind, action, id], [start + 1, 'task', 'create', task.id])
    assert.deepEqual(sent, task)

    await alice.patch('/me', { name: 'Alice' })
    assert.equal((await stream.next())?.data.kind, 'profile')
    await alice.delete(`/tasks/${task.id}`)
    const gone = await stream.next()
    assert.deepEqual([gone?.id, gone?.data.action, gone?.data.task], [`${start + 3}`, 'delete', null])
    stream.close()
  })

  await t.test('contains only changes of its owner', async () => {
    const bob = await server.register('bob')
    const stream = await openEvents(server.url, bob, '/events?since=0')
    await stream.next()
    await alice.createTask({ title: 'Not for Bob' })
    const own = await bob.createTask({ title: 'Bob’s' })
    assert.equal((await stream.next())?.data.id, own.id)
    stream.close()
  })

  await t.test('resumes where it was cut during writes, without losing or repeating an event', async () => {
    const carol = await server.register('carol')
    const copy = new Map<string, unknown>()
    let position = 0
    let cuts = 0
    const writing = Promise.all(range(3).map((i) => write(carol, `${i}`, 25))).then(() =>
      carol.createTask({ title: 'the end' }),
    )

    for (let isOver = false; !isOver;) {
      const stream =
        cuts % 2 === 0
          ? await openEvents(server.url, carol, '/events?since=0', { 'last-event-id': `${position}` })
          : await openEvents(server.url, carol, `/events?since=${position}`)
      cuts += 1
      assert.deepEqual((await stream.next())?.data, { revision: position })
      for (let left = 1 + (cuts % 5); left > 0 && !isOver; left--) {
        const { id, data } = (await stream.next()) ?? assert.fail('the stream ended by itself')
        assert.ok(Number(id) > position, `${id} came after ${position}`)
        assert.equal(data.revision, Number(id))
        position = Number(id)
        copy.set(String(data.id), data.task)
        isOver = data.task?.title === 'the end'
      }
      stream.close()
    }

    await writing
    assert.ok(cuts > 5)
    for (const [id, task] of copy) {
      const answer = await carol.get(`/tasks/${id}`)
      assert.deepEqual(task, answer.status === 200 ? answer.body : null)
    }
    assert.equal((await carol.get('/tasks?count=true')).body.total, [...copy.values()].filter(Boolean).length)
  })

  await t.test('is refused at an invalid or unknown position', async () => {
    for (const [path, status] of [
      ['/events?since=999999', 410],
      ['/events?since=-1', 400],
      ['/events?since=1e3', 400],
      ['/events?limit=5', 400],
    ] as const)
      assert.equal((await openEvents(server.url, alice, path)).status, status, path)
    for (const id of ['-1', '1e3', 'garbage', '', '99999999999999999999'])
      assert.equal((await openEvents(server.url, alice, '/events', { 'last-event-id': id })).status, 400, id)
    assert.equal((await openStream(`${server.url}/events`)).status, 401)
  })

  await t.test('ends at once with its session', async () => {
    const newPassword = 'another good long one'
    const login = async (user: User) =>
      (await server.request('POST', '/auth/login', { body: { email: user.email, password } })).body
        .accessToken
    const endings: Record<string, (user: User, other: string) => Promise<unknown>> = {
      logout: (user) => user.post('/auth/logout'),
      'session ended elsewhere': async (user, authorization) => {
        const { items } = (await user.get('/me/sessions')).body
        const { id } = items.find(({ current }: { current: boolean }) => current)
        return server.request('DELETE', `/me/sessions/${id}`, { headers: { authorization } })
      },
      'password changed elsewhere': (_user, authorization) =>
        server.request('PUT', '/me/password', {
          body: { currentPassword: password, newPassword },
          headers: { authorization },
        }),
      'account deleted': (user) => user.post('/me/deletion', { password }),
    }
    for (const [name, end] of Object.entries(endings)) {
      const user = await server.register(name.replaceAll(' ', '-'))
      const stream = await openEvents(server.url, user)
      await stream.next()
      const before = performance.now()
      await end(user, `Bearer ${await login(user)}`)
      await stream.ended()
      assert.ok(performance.now() - before < 5000, name)
      assert.equal((await openEvents(server.url, user)).status, 401, name)
    }
  })

  await t.test('is refused beyond ten for each user, and frees its place when it ends', async () => {
    const dave = await server.register('dave')
    const streams = await Promise.all(range(10).map(() => openEvents(server.url, dave)))
    assert.deepEqual(new Set(streams.map(({ status }) => status)), new Set([200]))
    const refused = await openEvents(server.url, dave)
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '30'])
    assert.match(await refused.text(), /too-many-requests/)
    assert.equal((await openEvents(server.url, alice)).status, 200, 'each user has ten places')

    streams[0]?.close()
    await opens(() => openEvents(server.url, dave))
    streams.forEach((stream) => stream.close())
  })

  await t.test('takes no place if its client disconnects before it starts', async () => {
    const erin = await server.register('erin')
    const { transaction } = server.database
    for (const _ of range(12)) {
      const { ticket } = (await erin.post('/events/tickets')).body
      const { promise: isGone, resolve: gone } = Promise.withResolvers<void>()
      server.app.server.once('connection', (connection) => connection.once('close', gone))
      const { promise: isDone, resolve: done } = Promise.withResolvers<void>()
      server.database.transaction = async (verb) => {
        await isGone
        return transaction(verb).finally(() => setImmediate(done))
      }
      const socket = openSocket(server.url)
      socket.write(`GET /events?ticket=${ticket} HTTP/1.1\r\nHost: docket\r\n\r\n`, () => socket.destroy())
      await isDone
      server.database.transaction = transaction
    }
    for (const _ of range(10)) await opens(() => openEvents(server.url, erin))
  })

  await t.test('supports HEAD', async () => {
    for (const _ of range(11)) {
      const head = await alice.request('HEAD', '/events')
      assert.deepEqual(
        [head.status, head.headers.get('content-type'), head.text],
        [200, 'text/event-stream', ''],
      )
    }
    assert.equal((await server.request('HEAD', '/events')).status, 401)
  })

  await t.test('opens with a ticket once, within a minute, while the session lasts', async () => {
    const frank = await server.register('frank')
    const issue = async () => {
      const { status, body } = await frank.post('/events/tickets')
      assert.deepEqual([status, body.expiresIn], [201, 60])
      return String(body.ticket)
    }
    const use = (ticket: string) => openStream(`${server.url}/events?ticket=${ticket}`)

    const ticket = await issue()
    const kept = await server.database.query(sql`select * from event_tickets where owner_id = ${frank.id}`)
    assert.equal(kept.length, 1)
    assert.ok(!JSON.stringify(kept).includes(ticket), 'only its hash is kept')
    const [stream, ...twins] = (await Promise.all(range(5).map(() => use(ticket)))).toSorted(
      (a, b) => a.status - b.status,
    )
    assert.deepEqual([stream?.status, ...twins.map(({ status }) => status)], [200, 401, 401, 401, 401])
    assert.equal((await stream?.next())?.event, 'ready')
    const task = await frank.createTask({ title: 'Buy milk' })
    assert.equal((await stream?.next())?.data.id, task.id)

    assert.equal((await use('garbage')).status, 401)
    assert.equal((await use('')).status, 401)
    assert.equal((await frank.get(`/tasks?ticket=${await issue()}`)).status, 400)
    const late = await issue()
    server.advance(60_000)
    assert.equal((await use(late)).status, 401)

    const orphan = await issue()
    await frank.post('/auth/logout')
    await stream?.ended()
    assert.equal((await use(orphan)).status, 401)
    const lines = JSON.stringify(server.logs)
    for (const secret of [ticket, late, orphan]) assert.ok(!lines.includes(secret), 'no log has a ticket')
  })

  await t.test('ends after an internal error, which is logged, and can be resumed', async () => {
    const grace = await server.register('grace')
    const stream = await openEvents(server.url, grace)
    await stream.next()
    const { query } = server.database
    server.database.query = () => Promise.reject(new Error('planted'))
    t.after(() => (server.database.query = query))
    const task = await grace.createTask({ title: 'Buy milk' })
    await stream.ended()
    server.database.query = query

    assert.ok(server.logs.some(({ msg }) => msg === 'a stream was broken off; its client resumes'))
    const resumed = await openEvents(server.url, grace, '/events', { 'last-event-id': '0' })
    await resumed.next()
    assert.equal((await resumed.next())?.data.id, task.id)
    resumed.close()
  })
})

/** Creates, changes and deletes tasks, one write after another. */
async function write(user: User, name: string, times: number): Promise<void> {
  for (const i of range(times)) {
    const task = await user.createTask({ title: `${name} ${i}` })
    if (i % 3 > 0) await user.patch(`/tasks/${task.id}`, { status: 'complete' })
    if (i % 3 > 1) await user.delete(`/tasks/${task.id}`)
  }
}

/** Retries until a stream opens. A place becomes free only when the server notices that a client has disconnected. */
async function opens(open: () => Promise<EventStream>): Promise<void> {
  for (const _ of range(100)) {
    if ((await open()).status === 200) return
    await new Promise((resolve) => setImmediate(resolve))
  }
  assert.fail('no place became free')
}
