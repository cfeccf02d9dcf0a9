import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Task } from '../../client/src/index.ts'
import type { Replica, Write } from '../../client/src/replica/replica.ts'
import { docket, type User } from '../harness.ts'
import { tasksOf } from '../write-model.ts'
import { synced } from './devices.ts'
import { answered, lost } from './helpers.ts'
import { inDoubt, refreshed, scene } from './scene.ts'

test('a replica takes writes at once and sends them when it can', async (t) => {
  const server = await docket(t, { withAlice: false })

  await t.test('each is shown in the same turn, and is what the server then has', async (one) => {
    const { user, task, a, replica } = await scene(one, server, { labels: ['x'] })
    const second: Task = await user.createTask({ title: 'Second' })
    const gone: Task = await user.createTask({ title: 'Gone' })
    await user.delete(`/tasks/${gone.id}`)
    await synced(replica, user)
    a.cut(true)
    const { tasks, projects } = replica
    const project = projects.create({ name: ' Trip ', color: '#ABCDEF' })
    const created = tasks.create({
      title: ' New ',
      projectId: project.thing,
      dueDate: '2027-03-01T10:00:00+02:00',
    })
    const child = tasks.create({ title: 'Child', parentId: created.thing })
    const verbs: [act: () => Write, shows: (task: Task | undefined) => unknown][] = [
      [() => tasks.update(task, { title: ' Pack all ' }), (now) => now?.title === 'Pack all'],
      [() => tasks.update(task.id, { dueDate: null }), (now) => now?.dueDate === null],
      [
        () => tasks.update(task, { recurrence: { rule: 'FREQ=DAILY' }, dueDate: '2027-01-01' }),
        (now) => now?.recurrence?.done === 0,
      ],
      [() => tasks.update(task, { labels: ['y'] }), (now) => now?.labels[0] === 'y'],
      [
        () => tasks.move(second, { before: task.id }),
        (now) => now && now.position < (tasks.get(task)?.position ?? ''),
      ],
      [
        () => tasks.move(second, { after: null, projectId: project.thing }),
        (now) => now?.projectId === project.thing,
      ],
      [
        () => tasks.move(second, { before: null, parentId: created.thing }),
        (now) => now?.parentId === created.thing,
      ],
      [() => tasks.complete(second), (now) => now?.status === 'complete' && now.completedAt !== null],
      [() => tasks.remove(second), (now) => now === undefined],
      [() => tasks.restore(second), (now) => now?.title === 'Second'],
      [() => tasks.restore(gone), (now) => now?.title === 'Gone'],
    ]
    assert.equal(tasks.move(task, { before: second.id }).state, 'done', 'it is there already')
    for (const [act, shows] of verbs) {
      const write = act()
      assert.ok(shows(tasks.get(write.thing)), `${write.verb} ${Object.keys(write.fields).join()}`)
      assert.equal(write.state, 'saving')
    }
    assert.deepEqual(
      tasks.inOrder({ projectId: project.thing }).map(({ title }) => title),
      ['New'],
    )
    assert.equal(tasks.get(child.thing)?.projectId, project.thing)
    assert.deepEqual(replica.labels.list(), [{ name: 'y', tasks: 1 }])
    /** What a user sees of them; the server sets the rest. */
    const seen = () =>
      new Map(
        tasks.all().map(({ id, revision: _, createdAt, updatedAt, completedAt, ...fields }) => [id, fields]),
      )
    const shown = seen()
    await replica.saved()
    assert.ok(replica.writes.every(({ state }) => state === 'waiting'))

    a.cut(false)
    await replica.sent()
    await synced(replica, user)
    assert.deepEqual(replica.writes, [])
    assert.deepEqual(new Map(tasks.all().map((now) => [now.id, now])), await tasksOf(user))
    assert.deepEqual(seen(), shown)
    assert.equal(projects.get(project.thing)?.color, '#abcdef')
  })

  await t.test(
    'they outlive the program once they are saved, and are sent in order, each under its own key',
    async (one) => {
      const { user, task, a } = await scene(one, server)
      a.cut(true)
      const project = a.replica.projects.create({ name: 'Trip' })
      const created = a.replica.tasks.create({ title: 'New', projectId: project.thing })
      a.replica.tasks.update(created.thing, { title: 'Newer' })
      a.replica.tasks.update(task, { priority: 'high' })
      await a.replica.saved()
      a.replica.tasks.update(task, { description: 'lost with the power' })
      a.kill()
      await a.open()
      assert.equal(a.replica.tasks.get(created.thing)?.title, 'Newer')
      assert.equal(a.replica.tasks.get(task)?.priority, 'high')
      assert.equal(a.replica.tasks.get(task)?.description, '')

      // Each is tried again, and none is done twice.
      a.line.fates.push(lost, (_exchange, pass) => pass(), lost, answered(503), lost)
      a.cut(false)
      await a.replica.sent()
      const keys = a.line.sent.map(({ path, headers }) => [path, headers.get('idempotency-key')] as const)
      assert.equal(new Set(keys.map(([, key]) => key)).size, 4)
      assert.deepEqual(
        [...new Set(keys.map(([path]) => path))],
        [`/projects/${project.thing}`, `/tasks/${created.thing}`, `/tasks/${task.id}`],
      )
      const { items } = (await user.get(`/tasks/${created.thing}/history`)).body
      assert.deepEqual(
        items.map((item: { action: string }) => item.action),
        ['update', 'create'],
      )
      assert.equal((await user.read(task)).priority, 'high')
    },
  )

  await t.test('nothing is sent that might be lost', async (one) => {
    const { a, replica, task } = await scene(one, server)
    a.disk.isFull = true
    const write = replica.tasks.update(task, { title: 'Never' })
    for (let i = 0; i < 20; i += 1) await new Promise((resolve) => setImmediate(resolve))
    assert.equal(write.state, 'saving')
    assert.match(String(replica.status.storageError), /full/)
    assert.deepEqual(a.line.sent, [])
    a.disk.isFull = false
    await replica.sent()
    assert.equal(write.state, 'done')
    assert.equal(replica.status.storageError, undefined)
  })
})

test('a write whose answer was lost is not done twice, although the server has forgotten its key', async (t) => {
  const server = await docket(t, { withAlice: false })
  const recurring = { recurrence: { rule: 'FREQ=WEEKLY' } }
  const id = (write: Write) => `/tasks/${write.thing}`

  const cases: [
    name: string,
    fields: object,
    make: (replica: Replica, task: Task) => Write | undefined,
    meanwhile: (user: User, write: Write) => unknown,
    expected: (task: Task | undefined) => unknown,
    state: Write['state'],
  ][] = [
    [
      'a creation',
      {},
      ({ tasks }) => tasks.create({ title: 'New' }),
      () => undefined,
      (now) => now?.title === 'New',
      'done',
    ],
    [
      'a creation that somebody changed',
      {},
      ({ tasks }) => tasks.create({ title: 'New' }),
      (user, write) => user.patch(id(write), { title: 'Newer' }),
      (now) => now?.title === 'Newer',
      'done',
    ],
    [
      'a creation that somebody removed',
      {},
      ({ tasks }) => tasks.create({ title: 'New' }),
      (user, write) => user.delete(id(write)),
      (now) => now === undefined,
      'done',
    ],
    [
      'a creation that somebody erased',
      {},
      ({ tasks }) => tasks.create({ title: 'New' }),
      (user, write) => user.delete(`${id(write)}?permanent=true`),
      (now) => now === undefined,
      'done',
    ],
    [
      'a change',
      {},
      ({ tasks }, task) => tasks.update(task, { title: 'Mine' }),
      () => undefined,
      (now) => now?.title === 'Mine',
      'done',
    ],
    [
      'a change that somebody set back',
      {},
      ({ tasks }, task) => tasks.update(task, { title: 'Mine' }),
      (user, write) => user.patch(id(write), { title: 'Pack' }),
      (now) => now?.title === 'Pack',
      'done',
    ],
    [
      'a change that somebody changed',
      {},
      ({ tasks }, task) => tasks.update(task, { title: 'Mine' }),
      (user, write) => user.patch(id(write), { title: 'Theirs' }),
      (now) => now?.title === 'Theirs',
      'done',
    ],
    [
      'a removal that somebody took back',
      {},
      ({ tasks }, task) => tasks.remove(task),
      (user, write) => user.post(`${id(write)}/restore`),
      (now) => now?.title === 'Pack',
      'done',
    ],
    [
      'a removal',
      {},
      ({ tasks }, task) => tasks.remove(task),
      () => undefined,
      (now) => now === undefined,
      'done',
    ],
    [
      'a completion of a task that recurs',
      recurring,
      ({ tasks }, task) => tasks.complete(task),
      () => undefined,
      (now) => now?.dueDate === '2027-03-08' && now.status === 'incomplete',
      'done',
    ],
    [
      'a skip',
      recurring,
      ({ tasks }, task) => tasks.skip(task),
      () => undefined,
      (now) => now?.dueDate === '2027-03-08',
      'done',
    ],
  ]
  for (const [name, fields, make, meanwhile, expected, state] of cases) {
    await t.test(name, async (one) => {
      const { user, task, a, b } = await scene(one, server, fields)
      const write = await inDoubt(server, a, (replica) => make(replica, task))
      await refreshed(server, user)
      await meanwhile(user, write)
      await b.replica.close()
      a.signIn()
      a.cut(false)
      await a.replica.sent()
      assert.equal(write.state, state)
      await synced(a.replica, user)
      assert.ok(expected((await tasksOf(user)).get(write.thing)))
      assert.ok(expected(a.replica.tasks.get(write.thing)))
    })
  }
})
