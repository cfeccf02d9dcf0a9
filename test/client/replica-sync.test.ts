import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Problem, type Task } from '../../client/src/index.ts'
import { memoryStorage, openReplica, type Changed, type Write } from '../../client/src/replica/replica.ts'
import { taskResource } from '../../src/tasks/tasks.ts'
import { docket, userOf } from '../harness.ts'
import { tasksOf } from '../write-model.ts'
import { withToken } from '../api-tokens.ts'
import { deviceOf, hastyClock, synced, until } from './devices.ts'
import { answered, clientOf, lost, unsent } from './helpers.ts'
import { refreshed, scene } from './scene.ts'

const isProblem = (error: unknown, slug: string) => error instanceof Problem && error.slug === slug
const path = ({ id }: { id: string }) => `/tasks/${id}`

test('a replica keeps itself equal to the server', async (t) => {
  const server = await docket(t, { withAlice: false })

  await t.test('by live events, with what goes together, over every break', async (one) => {
    const { user, task, a, replica } = await scene(one, server)
    const project = (await user.post('/projects', { name: 'Trip' })).body
    const inside: Task = await user.createTask({ title: 'Inside', projectId: project.id })
    await user.createTask({ title: 'Below', parentId: inside.id })
    await synced(replica, user)
    assert.equal(replica.tasks.inOrder({ parentId: inside.id }).length, 1)
    await user.delete(`/projects/${project.id}`)
    await synced(replica, user)
    assert.deepEqual(
      replica.tasks.all().map(({ id }) => id),
      [task.id],
    )
    a.cut(true)
    await until(() => replica.status.state === 'offline')
    await user.post(`/projects/${project.id}/restore`)
    await user.delete(`${path(task)}?permanent=true`)
    a.cut(false)
    await synced(replica, user)
    assert.deepEqual(
      replica.tasks
        .all()
        .map(({ title }) => title)
        .toSorted(),
      ['Below', 'Inside'],
    )
    assert.equal(replica.status.state, 'live')

    await user.patch('/me', { timeZone: 'Asia/Tokyo' })
    await until(() => replica.profile?.timeZone === 'Asia/Tokyo')
  })

  await t.test('by the feed, where streams do not come through', async (one) => {
    const user = await server.register('behind-a-proxy')
    const clock = hastyClock()
    const asked: string[] = []
    const replica = await openReplica({
      docket: clientOf(server, user, {
        clock,
        fetch(input, init) {
          const { pathname } = new URL(input)
          asked.push(`${pathname} ${new Headers(init.headers).get('prefer')}`)
          if (pathname !== '/events') return fetch(input, init)
          return new Promise((_resolve, reject) =>
            init.signal?.addEventListener('abort', () => reject(new Error('aborted'))),
          )
        },
      }),
      clock: { ...clock, sleep: (ms, signal) => clock.sleep(ms === 10_000 ? 1 : ms, signal) },
    })
    one.after(() => replica.close())
    await until(() => asked.some((line) => line === '/changes wait=20'))
    await user.createTask({ title: 'Told' })
    await synced(replica, user)
    assert.deepEqual(
      replica.tasks.all().map(({ title }) => title),
      ['Told'],
    )
    assert.equal(replica.status.state, 'live')
  })

  await t.test('from nothing, where it was away for too long, with its writes', async (one) => {
    const { user, task, a } = await scene(one, server)
    await a.replica.close()
    a.cut(true)
    await a.open()
    const write = a.replica.tasks.update(task, { title: 'Mine' })
    const gone: Task = await user.createTask({ title: 'Gone' })
    for (let i = 0; i < 101; i += 1) await user.createTask({ title: `${i}` }) // more than a page
    await user.delete(path(gone))
    await server.database.transaction((tx) => taskResource.sweep(tx, server.now() + 1, 100))
    const told: Changed[] = []
    a.replica.subscribe((changed) => void told.push(changed))
    a.cut(false)
    await a.replica.sent()
    await synced(a.replica, user)
    assert.equal(write.state, 'done')
    assert.deepEqual(new Map(a.replica.tasks.all().map((now) => [now.id, now])), await tasksOf(user))
    assert.ok(
      told.some(({ tasks }) => tasks.size > 100),
      'it is shown together',
    )
    await a.replica.saved()
    a.kill()
    a.cut(true)
    await a.open()
    assert.equal(a.replica.tasks.all().length, 102)
  })

  await t.test('from nothing, where a kept copy lacks fields that there are now', async (one) => {
    const { user, task, a } = await scene(one, server)
    await a.replica.saved()
    a.kill()
    const head = JSON.parse(a.kept.get('head') ?? '')
    const { priority: _, ...older } = JSON.parse(a.kept.get(`task/${task.id}`) ?? '')
    a.kept.set('head', JSON.stringify({ ...head, form: head.form.replace('priority,', '') }))
    a.kept.set(`task/${task.id}`, JSON.stringify(older))
    await a.open()
    await synced(a.replica, user)
    assert.deepEqual(a.replica.tasks.get(task), task)
  })

  await t.test('with an API token, which may not read the profile', async (one) => {
    const user = await server.register('token')
    const { token } = await withToken(server, user, ['tasks:write'])
    const device = await deviceOf(server, { ...user, accessToken: token })
    one.after(() => device.replica.close())
    await user.createTask({ title: 'There' })
    await synced(device.replica, user)
    await until(() => device.replica.status.state === 'live')
    assert.equal(device.replica.profile, undefined)
  })

  await t.test('and not with those of another account', async (one) => {
    const { a } = await scene(one, server)
    const other = await server.register('other')
    await other.createTask({ title: 'Not mine' })
    const storage = memoryStorage()
    const first = await openReplica({ docket: clientOf(server, other, { clock: hastyClock() }), storage })
    await synced(first, other)
    await until(() => first.profile !== undefined)
    first.tasks.create({ title: 'Not for somebody else' })
    await first.saved()
    await first.close()
    const user = await server.register('mistaken')
    const mistaken = await openReplica({
      docket: clientOf(server, user, { clock: hastyClock() }),
      storage,
      clock: hastyClock(),
    })
    one.after(() => mistaken.close())
    await until(() => /another account/.test(String(mistaken.status.error)))
    assert.equal(mistaken.status.state, 'paused')
    mistaken.resume(clientOf(server, other, { clock: hastyClock() }))
    await mistaken.sent()
    assert.deepEqual([...(await tasksOf(other)).values()].map(({ title }) => title).toSorted(), [
      'Not for somebody else',
      'Not mine',
    ])
    mistaken.tasks.create({ title: 'Nor this' })
    mistaken.resume(clientOf(server, user, { clock: hastyClock() }))
    await until(() => mistaken.status.state === 'paused')
    assert.equal((await tasksOf(user)).size, 0)
    assert.deepEqual((await tasksOf(user)).size, 0)
    assert.equal(a.replica.status.error, undefined)
  })
})

test('a replica waits where the server lets it', async (t) => {
  const server = await docket(t, { withAlice: false })

  await t.test('at the pace that the server asks for', async (one) => {
    const { task, a, replica } = await scene(one, server)
    a.clock.pauses.length = 0
    a.line.fates.push(
      answered(503, { 'retry-after': '7' }),
      answered(502),
      unsent,
      lost,
      answered(200, {}, '<h1>Log in</h1>'),
      answered(404, {}, 'no'),
    )
    const write = replica.tasks.update(task, { title: 'In the end' })
    await replica.sent()
    assert.equal(write.state, 'done')
    const [first = 0, ...others] = a.clock.pauses
    assert.ok(first >= 7250 && first <= 7500, `${first}`)
    const backoffs = others.filter((ms) => ms >= 250)
    assert.ok(
      backoffs.length >= 3 && backoffs.every((ms, i) => i === 0 || ms > (backoffs[i - 1] ?? 0)),
      backoffs.join(),
    )
  })

  await t.test('for a new token, and goes on with that', async (one) => {
    const { user, task, a, replica } = await scene(one, server)
    await user.post('/auth/logout')
    const write = replica.tasks.update(task, { title: 'Later' })
    await until(() => replica.status.state === 'paused')
    assert.ok(isProblem(replica.status.error, 'invalid-token'))
    assert.equal(write.state, 'waiting')
    const sent = a.line.sent.length
    for (let i = 0; i < 50; i += 1) await new Promise((resolve) => setImmediate(resolve))
    assert.equal(a.line.sent.length, sent)
    await refreshed(server, user)
    a.signIn()
    await replica.sent()
    await synced(replica, user)
    assert.deepEqual(
      [replica.status.state, write.state, (await user.read(task)).title],
      ['live', 'done', 'Later'],
    )
  })

  await t.test('for the right to write, while it goes on reading', async (one) => {
    const user = await server.register('reader')
    const { token } = await withToken(server, user, ['tasks:read'])
    const device = await deviceOf(server, { ...user, accessToken: token })
    one.after(() => device.replica.close())
    await until(() => device.replica.status.state === 'live')
    device.replica.tasks.create({ title: 'May not' })
    await until(() => device.replica.status.state === 'paused')
    assert.ok(isProblem(device.replica.status.error, 'insufficient-scope'))
    device.cut(true)
    device.cut(false)
    await user.createTask({ title: 'Told' })
    await synced(device.replica, user)
    assert.equal(device.replica.tasks.all().length, 2)
    assert.equal(device.replica.status.state, 'paused')
  })

  await t.test('for its turn, where another one leads', async (one) => {
    const user = await server.register('follower')
    const turn = Promise.withResolvers<void>()
    const device = await deviceOf(server, user, Math.random, { lead: (work) => turn.promise.then(work) })
    one.after(() => device.replica.close())
    const write = device.replica.tasks.create({ title: 'Not yet' })
    await device.replica.saved()
    assert.deepEqual(device.line.sent, [])
    turn.resolve()
    await device.replica.sent()
    assert.equal(write.state, 'done')
  })
})

test('a write is taken back', async (t) => {
  const server = await docket(t, { withAlice: false })

  await t.test('without a word while nobody has it', async (one) => {
    const { task, a, replica } = await scene(one, server)
    a.cut(true)
    const created = replica.tasks.create({ title: 'New' })
    const upon = replica.tasks.update(created.thing, { title: 'Newer' })
    const changed = replica.tasks.update(task, { title: 'Mine' })
    assert.equal(replica.undo(changed), undefined)
    assert.equal(replica.tasks.get(task)?.title, 'Pack')
    assert.equal(replica.undo(created), undefined)
    assert.deepEqual(
      [created, upon, changed].map(({ state }) => state),
      ['dropped', 'dropped', 'dropped'],
    )
    a.cut(false)
    await replica.sent()
    assert.deepEqual(a.line.sent, [])
  })

  const verbs: [
    name: string,
    make: (one: Awaited<ReturnType<typeof scene>>) => Write,
    isShown: (task: Task | undefined) => boolean,
  ][] = [
    [
      'a change',
      ({ replica, task }) => replica.tasks.update(task, { title: 'Mine' }),
      (task) => task?.title === 'Mine',
    ],
    [
      'a creation',
      ({ replica }) => replica.tasks.create({ title: 'Mine' }),
      (task) => task?.title === 'Mine',
    ],
    ['a removal', ({ replica, task }) => replica.tasks.remove(task), (task) => task === undefined],
    [
      'a completion',
      ({ replica, task }) => replica.tasks.complete(task),
      (task) => task?.status === 'complete',
    ],
  ]
  for (const [name, make, isShown] of verbs) {
    await t.test(`${name}, by the server's undo, and that too; even if the answer is lost`, async (one) => {
      const here = await scene(one, server)
      const { user, a, replica } = here
      const write = make(here)
      await replica.sent()
      let last: Write | undefined = write
      for (const is of [false, true, false]) {
        a.line.fates.push(lost)
        last = last && replica.undo(last)
        assert.ok(last)
        assert.equal(isShown(replica.tasks.get(write.thing)), is, 'at once')
        await replica.sent()
        assert.deepEqual([last.state, last.verb], ['done', 'undo'])
        await synced(replica, user)
        assert.equal(isShown(replica.tasks.get(write.thing)), is)
        assert.equal(isShown((await tasksOf(user)).get(write.thing)), is)
      }
      const { items } = (await user.get(`${path({ id: write.thing })}/history`)).body
      assert.equal(items.filter((item: { origin: string }) => item.origin === 'undo').length, 3)
    })
  }

  await t.test('also while it is on its way', async (one) => {
    const { user, task, a, replica } = await scene(one, server)
    const arrived = Promise.withResolvers<void>()
    const answer = Promise.withResolvers<void>()
    a.line.fates.push(async (_exchange, pass) => {
      const response = await pass()
      arrived.resolve()
      await answer.promise
      return response
    })
    const write = replica.tasks.update(task, { title: 'Mine' })
    await arrived.promise
    assert.equal(replica.drop(write), false)
    const undo = replica.undo(write)
    assert.equal(replica.tasks.get(task)?.title, 'Pack')
    answer.resolve()
    await replica.sent()
    assert.deepEqual([write.state, undo?.state, (await user.read(task)).title], ['done', 'done', 'Pack'])
  })

  await t.test('and where others changed the same since, that is told', async (one) => {
    const { user, task, replica } = await scene(one, server)
    const write = replica.tasks.update(task, { title: 'Mine' })
    await replica.sent()
    await user.patch(path(task), { title: 'Theirs' })
    const undo = replica.undo(write)
    await replica.sent()
    assert.deepEqual([undo?.state, undo?.refusal?.slug], ['refused', 'undo-conflict'])
    const forced = replica.undo(write, { force: true })
    await replica.sent()
    assert.deepEqual([forced?.state, (await user.read(task)).title], ['done', 'Pack'])
  })
})

test('a replica tells what changed, and comes to its end', async (t) => {
  const server = await docket(t, { withAlice: false })

  await t.test('subscribers hear of each change in the same turn', async (one) => {
    const { user, task, a, replica } = await scene(one, server)
    a.cut(true)
    const told: Changed[] = []
    const end = replica.subscribe((changed) => {
      told.push(changed)
      assert.equal(replica.tasks.get(task)?.title, 'Mine')
    })
    const list = replica.tasks.all()
    assert.equal(list, replica.tasks.all())
    replica.tasks.update(task, { title: 'Mine' })
    assert.notEqual(list, replica.tasks.all())
    assert.deepEqual([...(told[0]?.tasks ?? [])], [task.id])
    assert.deepEqual([told[0]?.projects.size, told[0]?.writes], [0, true])
    end()
    told.length = 0
    replica.projects.create({ name: 'Trip' })
    assert.deepEqual(told, [])
    a.cut(false)
    await replica.sent()
    await synced(replica, user)
  })

  await t.test('labels are renamed and removed on all tasks', async (one) => {
    const { user, replica } = await scene(one, server, { labels: ['Home', 'b'] })
    await user.createTask({ title: 'Second', labels: ['home'] })
    await synced(replica, user)
    assert.deepEqual(replica.labels.list(), [
      { name: 'b', tasks: 1 },
      { name: 'home', tasks: 2 },
    ])
    assert.equal(replica.labels.rename('home', 'B').length, 2)
    assert.deepEqual(replica.labels.list(), [{ name: 'B', tasks: 2 }])
    await replica.sent()
    replica.labels.remove('b')
    await replica.sent()
    assert.deepEqual((await user.get('/labels')).body.items, [])
  })

  await t.test('it closes with its signal, and keeps what waits', async () => {
    const user = await server.register('closing')
    const closing = new AbortController()
    const storage = memoryStorage()
    const replica = await openReplica({
      docket: clientOf(server, user, { fetch: () => Promise.reject(new TypeError('no')) }),
      storage,
      clock: hastyClock(),
      signal: closing.signal,
    })
    replica.tasks.create({ title: 'Waits' })
    closing.abort()
    await replica.close()
    assert.equal(replica.status.state, 'closed')
    assert.throws(() => replica.tasks.create({ title: 'Too late' }), /closed/)
    const again = await openReplica({ docket: clientOf(server, user), storage, clock: hastyClock() })
    await again.sent()
    assert.equal((await tasksOf(user)).size, 1)
    await again.close()
  })

  await t.test('a sign-out leaves nothing', async (one) => {
    const user = userOf(
      (
        await server.request('POST', '/auth/register', {
          body: { email: 'out@example.com', password: 'correct horse battery staple' },
        })
      ).body,
      server.request,
    )
    const storage = memoryStorage()
    const replica = await openReplica({ docket: clientOf(server, user), storage, clock: hastyClock() })
    one.after(() => replica.close())
    await user.createTask({ title: 'Secret' })
    await synced(replica, user)
    await until(() => replica.profile !== undefined)
    await replica.wipe()
    assert.deepEqual([replica.tasks.all().length, replica.writes.length, replica.profile], [0, 0, undefined])
    assert.deepEqual([...(await storage.load())], [])
  })
})
