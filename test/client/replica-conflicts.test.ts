import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Task } from '../../client/src/index.ts'
import type { Replica, Write } from '../../client/src/replica/replica.ts'
import { docket, type User } from '../harness.ts'
import { synced, until } from './devices.ts'
import { scene } from './scene.ts'

const weekly = { recurrence: { rule: 'FREQ=WEEKLY' } }
const path = ({ id }: { id: string }) => `/tasks/${id}`

test('what both sides changed', async (t) => {
  const server = await docket(t, { withAlice: false })

  await t.test('merges by itself where the fields differ, and labels one by one', async (one) => {
    const { user, task, a, b } = await scene(one, server, { labels: ['old', 'both'] })
    a.cut(true)
    a.replica.tasks.update(task, { title: 'Mine', labels: ['both', 'mine'] })
    b.replica.tasks.update(task, { description: 'Theirs', labels: ['old', 'both', 'theirs'] })
    await b.replica.sent()
    await user.patch(path(task), { priority: 'high' })
    a.cut(false)
    await a.replica.sent()
    const now = await user.read(task)
    assert.deepEqual(
      [now.title, now.description, now.priority, now.labels],
      ['Mine', 'Theirs', 'high', ['both', 'theirs', 'mine']],
    )
    assert.deepEqual(a.replica.conflicts, [])
  })

  await t.test('merges where the server changed between reading and writing (412)', async (one) => {
    const { user, task, a } = await scene(one, server)
    // The change of somebody else comes to the server just before ours, and to us after it.
    a.line.fates.push(async (_exchange, pass) => {
      await user.patch(path(task), { description: 'Theirs' })
      return pass()
    })
    a.replica.tasks.update(task, { title: 'Mine' })
    await a.replica.sent()
    assert.deepEqual(a.line.sent.map(({ method, status }) => [method, status]).slice(0, 2), [
      ['PATCH', 412],
      ['PATCH', 200],
    ])
    const now = await user.read(task)
    assert.deepEqual([now.title, now.description], ['Mine', 'Theirs'])
  })

  interface Case {
    name: string
    fields?: object
    mine: (replica: Replica, task: Task) => Write
    theirs: (user: User, task: Task) => unknown
    conflict: object[]
    /** What the task is once somebody chose. */
    afterMine: Partial<Task> | undefined
    afterTheirs: Partial<Task> | undefined
  }
  const cases: Case[] = [
    {
      name: 'is a conflict where the field is the same',
      mine: ({ tasks }, task) => tasks.update(task, { title: 'Mine' }),
      theirs: (user, task) => user.patch(path(task), { title: 'Theirs' }),
      conflict: [{ name: 'title', base: 'Pack', mine: 'Mine', theirs: 'Theirs' }],
      afterMine: { title: 'Mine' },
      afterTheirs: { title: 'Theirs' },
    },
    {
      name: 'is a conflict where one removes what the other changes',
      mine: ({ tasks }, task) => tasks.remove(task),
      theirs: (user, task) => user.patch(path(task), { title: 'Theirs' }),
      conflict: [{ name: 'title', base: 'Pack', mine: undefined, theirs: 'Theirs' }],
      afterMine: undefined,
      afterTheirs: { title: 'Theirs' },
    },
    {
      name: 'is a conflict where the occurrence that one completes is moved by the other',
      fields: weekly,
      mine: ({ tasks }, task) => tasks.complete(task),
      theirs: (user, task) => user.patch(path(task), { dueDate: '2027-03-03' }),
      conflict: [{ name: 'dueDate', base: '2027-03-01', mine: undefined, theirs: '2027-03-03' }],
      afterMine: { dueDate: '2027-03-08', status: 'incomplete' },
      afterTheirs: { dueDate: '2027-03-03', status: 'incomplete' },
    },
    {
      name: 'is a conflict where one skips what the other moves',
      fields: weekly,
      mine: ({ tasks }, task) => tasks.skip(task),
      theirs: (user, task) => user.patch(path(task), { dueDate: '2027-03-03' }),
      conflict: [{ name: 'dueDate', base: '2027-03-01', mine: undefined, theirs: '2027-03-03' }],
      afterMine: { dueDate: '2027-03-08' },
      afterTheirs: { dueDate: '2027-03-03' },
    },
    {
      name: 'is a conflict for the field alone, and the rest of the write goes on',
      mine: ({ tasks }, task) => tasks.update(task, { title: 'Mine', priority: 'high' }),
      theirs: (user, task) => user.patch(path(task), { title: 'Theirs', description: 'Theirs' }),
      conflict: [{ name: 'title', base: 'Pack', mine: 'Mine', theirs: 'Theirs' }],
      afterMine: { title: 'Mine', priority: 'high', description: 'Theirs' },
      afterTheirs: { title: 'Theirs', priority: 'high', description: 'Theirs' },
    },
    {
      name: 'is one conflict with the last of several values',
      mine({ tasks }, task) {
        tasks.update(task.id, { title: 'First' })
        tasks.update(task.id, { title: 'Second', priority: 'high' })
        return tasks.update(task.id, { title: 'Third' })
      },
      theirs: (user, task) => user.patch(path(task), { title: 'Theirs' }),
      conflict: [{ name: 'title', base: 'Pack', mine: 'Third', theirs: 'Theirs' }],
      afterMine: { title: 'Third', priority: 'high' },
      afterTheirs: { title: 'Theirs', priority: 'high' },
    },
  ]
  for (const { name, fields, mine, theirs, conflict, afterMine, afterTheirs } of cases) {
    await t.test(name, async (one) => {
      for (const [choice, after] of [
        ['mine', afterMine],
        ['theirs', afterTheirs],
      ] as const) {
        const { user, task, a } = await scene(one, server, fields)
        a.cut(true)
        mine(a.replica, task)
        await theirs(user, task)
        a.cut(false)
        await a.replica.sent()
        assert.deepEqual(
          a.replica.conflicts.map((found) => found.fields),
          [conflict],
        )
        // Until somebody chooses, the server's value is shown.
        assert.equal(a.replica.tasks.get(task)?.title, (await user.read(task)).title)

        await a.replica.saved()
        a.kill()
        a.cut(true)
        await a.open()
        const [again] = a.replica.conflicts
        assert.ok(again)
        assert.deepEqual(again.fields, conflict)

        a.replica.resolve(again, choice)
        a.cut(false)
        await a.replica.sent()
        await synced(a.replica, user)
        assert.deepEqual(a.replica.writes, [])
        const now = a.replica.tasks.get(task)
        const asked = Object.keys(after ?? {}) as (keyof Task)[]
        assert.deepEqual(now && Object.fromEntries(asked.map((key) => [key, now[key]])), after)
        await a.replica.close()
      }
    })
  }

  await t.test('can take a third value, and goes on by itself once nothing is against it', async (one) => {
    const { user, task, a, replica } = await scene(one, server)
    const contest = async (title: string) => {
      a.cut(true)
      const write = replica.tasks.update(task.id, { title })
      await user.patch(path(task), { title: 'Theirs' })
      a.cut(false)
      await replica.sent()
      const [conflict] = replica.conflicts
      assert.ok(conflict)
      assert.equal(write, conflict.write)
      return conflict
    }
    replica.resolve(await contest('Mine'), { title: 'Ours' })
    await replica.sent()
    assert.equal((await user.read(task)).title, 'Ours')

    const second = await contest('Mine again')
    await user.patch(path(task), { title: 'Ours' })
    await until(() => second.write.state === 'done')
    assert.equal((await user.read(task)).title, 'Mine again')
  })

  await t.test('is a conflict again where the other side changed before somebody chose', async (one) => {
    const { user, task, a, replica } = await scene(one, server)
    a.cut(true)
    const write = replica.tasks.update(task, { title: 'Mine' })
    await user.patch(path(task), { title: 'Theirs' })
    a.cut(false)
    await replica.sent()
    const [seen] = replica.conflicts
    assert.ok(seen)
    await user.patch(path(task), { title: 'Theirs, but later' })
    await synced(replica, user)
    replica.resolve(seen, 'mine')
    await replica.sent()
    assert.equal(write.state, 'conflict')
    const [again] = replica.conflicts
    assert.deepEqual(again?.fields, [
      { name: 'title', base: 'Theirs', mine: 'Mine', theirs: 'Theirs, but later' },
    ])
  })

  await t.test('an occurrence that both complete is completed once', async (one) => {
    const { user, task, a, b } = await scene(one, server, weekly)
    a.cut(true)
    const write = a.replica.tasks.complete(task)
    b.replica.tasks.complete(task)
    await b.replica.sent()
    a.cut(false)
    await a.replica.sent()
    assert.equal(write.state, 'done')
    assert.equal((await user.read(task)).dueDate, '2027-03-08')
  })

  await t.test('a form that was opened before is based on what it showed', async (one) => {
    const { user, task, a } = await scene(one, server)
    await user.patch(path(task), { title: 'Theirs' })
    await synced(a.replica, user)
    const write = a.replica.tasks.update(task, { title: 'Mine' })
    await a.replica.sent()
    assert.equal(write.state, 'conflict')
    assert.equal(a.replica.tasks.update(task.id, { title: 'Theirs' }).state, 'done')
  })
})

test('a write that the server refuses', async (t) => {
  const server = await docket(t, { withAlice: false })
  const refused: [
    name: string,
    make: (replica: Replica, task: Task) => Write,
    theirs: (user: User, task: Task) => unknown,
    slug: string,
  ][] = [
    [
      'is kept with its faults',
      ({ tasks }, task) => tasks.update(task, { title: 'x'.repeat(201) }),
      () => undefined,
      'validation-failed',
    ],
    [
      'is kept where the task is gone',
      ({ tasks }, task) => tasks.update(task, { title: 'Late' }),
      (user, task) => user.delete(path(task)),
      'not-found',
    ],
    [
      'is kept where it means nothing',
      ({ tasks }, task) => tasks.skip(task),
      () => undefined,
      'not-recurring',
    ],
    [
      'is kept where it can not be restored',
      ({ tasks }) => tasks.restore('0199aaaa-1111-7222-8333-444455556666'),
      () => undefined,
      'not-found',
    ],
    [
      'is kept where a label can not be one',
      ({ tasks }, task) => tasks.update(task, { labels: ['a,b'] }),
      () => undefined,
      'validation-failed',
    ],
  ]
  for (const [name, make, theirs, slug] of refused) {
    await t.test(`${name}: ${slug}`, async (one) => {
      const { user, task, a, replica } = await scene(one, server)
      a.cut(true)
      const write = make(replica, task)
      const other = replica.tasks.create({ title: 'Not in its way' })
      await theirs(user, task)
      a.cut(false)
      await replica.sent()
      assert.deepEqual([write.state, write.refusal?.slug, other.state], ['refused', slug, 'done'])
      assert.ok(write.refusal?.detail)

      await replica.saved()
      a.kill()
      await a.open()
      const [again] = a.replica.refused
      assert.deepEqual([again?.id, again?.fields, again?.refusal], [write.id, write.fields, write.refusal])
      assert.ok(again && a.replica.drop(again))
      assert.deepEqual(a.replica.writes, [])
    })
  }

  await t.test('holds up only what depends on it, until it is retried', async (one) => {
    const { user, a, replica } = await scene(one, server)
    const { tasks, projects } = replica
    for (let i = 0; i < 2; i += 1) {
      a.cut(true)
      const project = projects.create({ name: 'x'.repeat(101) })
      const renamed = projects.update(project.thing, { name: 'Short' })
      const inside = tasks.create({ title: 'Inside', projectId: project.thing })
      const below = tasks.create({ title: 'Below', parentId: inside.thing })
      const other = tasks.create({ title: 'Elsewhere' })
      a.cut(false)
      await replica.sent()
      const states = () => [project, renamed, inside, below, other].map(({ state }) => state)
      assert.deepEqual(states(), ['refused', 'waiting', 'waiting', 'waiting', 'done'])
      assert.equal(project.refusal?.faults[0]?.pointer, '/name')
      assert.equal(projects.get(project.thing), undefined)

      if (i === 0) {
        replica.retry(project)
        await replica.sent()
        assert.deepEqual(states(), ['refused', 'waiting', 'waiting', 'waiting', 'done'])
      }
      replica.drop(project)
      await replica.sent()
      assert.deepEqual(states(), ['dropped', 'dropped', 'refused', 'waiting', 'done'])
      replica.drop(inside)
      await replica.sent()
      assert.deepEqual(states(), ['dropped', 'dropped', 'dropped', 'refused', 'done'])
      replica.drop(below)
      assert.deepEqual(replica.writes, [])
    }
    assert.equal((await user.get('/projects')).body.items.length, 0)
  })

  await t.test('is an erasing of what somebody else put into the trash, until it is retried', async (one) => {
    const { user, task, a, replica } = await scene(one, server)
    a.cut(true)
    const write = replica.tasks.remove(task, { permanent: true })
    await user.delete(path(task))
    a.cut(false)
    await replica.sent()
    assert.deepEqual([write.state, write.refusal?.slug], ['refused', 'precondition-failed'])
    replica.retry(write)
    await replica.sent()
    assert.equal(write.state, 'done')
    assert.equal((await user.get(`${path(task)}/history`)).status, 404)
  })

  await t.test('can be retried once it may succeed', async (one) => {
    const { user, task, a, replica } = await scene(one, server)
    a.cut(true)
    const write = replica.tasks.update(task, { title: 'Later' })
    await user.delete(path(task))
    a.cut(false)
    await replica.sent()
    assert.equal(write.state, 'refused')
    await user.post(`${path(task)}/restore`)
    replica.retry(write)
    await replica.sent()
    assert.deepEqual([write.state, (await user.read(task)).title], ['done', 'Later'])
  })

  await t.test('lets a later value of its field go on', async (one) => {
    const { user, task, a, replica } = await scene(one, server)
    a.cut(true)
    const long = replica.tasks.update(task.id, { title: 'x'.repeat(201) })
    const short = replica.tasks.update(task.id, { title: 'Short' })
    a.cut(false)
    await replica.sent()
    assert.deepEqual([long.state, short.state, (await user.read(task)).title], ['refused', 'done', 'Short'])
  })
})
