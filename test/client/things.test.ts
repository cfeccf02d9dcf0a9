import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Problem } from '../../client/src/index.ts'
import type * as client from '../../client/src/index.ts'
import type * as projects from '../../src/projects/schema.ts'
import type * as tasks from '../../src/tasks/schema.ts'
import { docket } from '../harness.ts'
import { clientOf, wire } from './helpers.ts'

/** Compiles only where each of the two fits the other. */
type Same<A extends B, B extends C, C = A> = [A, B, C]
export type TypesOfTheServer = [
  Same<client.Task, tasks.Task>,
  Same<client.Project, Omit<projects.ListedProject, 'incomplete'>>,
  Same<client.ListedProject, projects.ListedProject>,
]

const isProblem = (slug: string, status: number) => (error: unknown) =>
  error instanceof Problem && error.slug === slug && error.status === status

test('a client writes and reads things', async (t) => {
  const server = await docket(t)
  const { tasks: all, projects: places, ...mine } = clientOf(server, server.alice)

  await t.test('creates, reads, changes and replaces', async () => {
    const created = await all.create({ title: 'Buy milk', labels: ['shop'], priority: 'low' })
    assert.deepEqual(created, await all.get(created))
    assert.deepEqual(created, await all.get(created.id))

    const changed = await all.update(created, { dueDate: '2026-12-01' })
    assert.equal(changed.dueDate, '2026-12-01')
    assert.deepEqual(changed.labels, ['shop'])

    const replaced = await all.replace(changed, { ...changed, title: 'Buy oat milk' })
    assert.deepEqual(replaced, {
      ...changed,
      title: 'Buy oat milk',
      revision: replaced.revision,
      updatedAt: replaced.updatedAt,
    })
    const bare = await all.replace(replaced, { title: 'Buy milk' })
    assert.deepEqual([bare.dueDate, bare.labels, bare.priority], [null, [], 'none'])
  })

  await t.test('takes an id of its own, once', async () => {
    const id = '0199aaaa-1111-7222-8333-444455556666'
    assert.equal((await all.create({ title: 'Mine' }, { id })).id, id)
    await assert.rejects(all.create({ title: 'Mine again' }, { id }), isProblem('precondition-failed', 412))
  })

  await t.test('guards a write by what it holds, and not by an id alone', async () => {
    const held = await all.create({ title: 'Read' })
    const newer = await all.update(held.id, { title: 'Read on' })

    for (const late of [
      () => all.update(held, { title: 'Lost' }),
      () => all.replace(held, { title: 'Lost' }),
      () => all.move(held, { after: null }),
      () => all.remove(held),
    ]) {
      await assert.rejects(late(), (error) => {
        assert.ok(error instanceof Problem)
        assert.equal(error.slug, 'precondition-failed')
        assert.equal(error.revision, newer.revision)
        return true
      })
    }
    assert.deepEqual(await all.get(held), newer)
  })

  await t.test('moves, removes, restores, undoes and tells the history', async () => {
    const [first, second] = [await all.create({ title: 'First' }), await all.create({ title: 'Second' })]
    const moved = await all.move(second, { before: first.id })
    assert.ok(moved.position < first.position)

    await all.remove(moved)
    await assert.rejects(all.get(moved), isProblem('not-found', 404))
    const restored = await all.restore(moved)
    const revision = await all.remove(restored)
    const undone = await mine.undo(revision)
    assert.equal(undone.thing?.id, second.id)
    await mine.undo({ revision: undone.revision ?? 0 })
    await assert.rejects(all.get(second), isProblem('not-found', 404))

    const history = await all.history(second).toArray()
    assert.deepEqual(
      history.map(({ action }) => action),
      ['delete', 'restore', 'delete', 'restore', 'delete', 'update', 'create'],
    )
  })

  await t.test('completes and skips', async () => {
    const once = await all.create({ title: 'Once' })
    assert.equal((await all.complete(once)).status, 'complete')
    await assert.rejects(all.skip(once.id), isProblem('not-recurring', 409))

    const rent = await all.create({
      title: 'Rent',
      dueDate: '2099-01-01',
      recurrence: { rule: 'FREQ=MONTHLY' },
    })
    assert.deepEqual(await all.occurrences(rent, { limit: 2 }), ['2099-01-01', '2099-02-01'])
    const next = await all.complete(rent)
    assert.deepEqual([next.id, next.dueDate, next.status], [rent.id, '2099-02-01', 'incomplete'])
    await assert.rejects(all.skip(rent), isProblem('precondition-failed', 412))
    assert.equal((await all.skip(next)).dueDate, '2099-03-01')
    const [kept] = await all.list({ occurrenceOf: rent.id }).toArray()
    assert.equal(kept?.dueDate, '2099-01-01')
  })

  await t.test('has projects, and says what becomes of their tasks', async () => {
    const project = await places.create({ name: 'House', color: '#4073ff' })
    const inside = await all.create({ title: 'Paint', projectId: project.id, labels: ['diy'] })
    const [page] = await Array.fromAsync(places.list({ count: true }).pages())
    assert.equal(page?.items.find(({ id }) => id === project.id)?.incomplete, 1)
    assert.ok((page?.inbox ?? 0) > 0)
    assert.ok((await mine.labels.list()).some(({ name, tasks: count }) => name === 'diy' && count === 1))

    await places.remove(project, { tasks: 'keep' })
    assert.equal((await all.get(inside)).projectId, null)
    await places.remove(await places.restore(project), { permanent: true })
    await assert.rejects(places.restore(project), isProblem('not-found', 404))
  })

  await t.test('tells every fault of a body', async () => {
    const faulty = { title: '', dueDate: '2026-02-30' }
    await assert.rejects(all.create(faulty), (error) => {
      assert.ok(error instanceof Problem)
      assert.deepEqual(
        error.faults.map(({ pointer }) => pointer),
        ['/title', '/dueDate'],
      )
      assert.match(error.message, /\/title must not be empty/)
      assert.match(error.instance ?? '', /^urn:uuid:/)
      return true
    })
  })

  await t.test('writes many at once', async () => {
    const id = '0199aaaa-1111-7222-8333-444455557777'
    const operations = [
      { method: 'PUT', path: `/projects/${id}`, body: { name: 'Trip' }, ifNoneMatch: '*' },
      { method: 'POST', path: '/tasks', body: { title: 'Pack', projectId: id } },
    ] as const
    const results = await mine.batch(operations)
    assert.deepEqual(
      results.map(({ status }) => status),
      [201, 201],
    )
    const each = await mine.batch([operations[1], operations[0]], { atomic: false })
    assert.deepEqual(
      each.map(({ status }) => status),
      [201, 412],
    )
    await assert.rejects(mine.batch(operations), isProblem('precondition-failed', 412))
  })

  await t.test('writes many at once with the verbs of each', async () => {
    const [id, held] = ['0199aaaa-1111-7222-8333-444455558888', await all.create({ title: 'Held' })]
    const [trip, pack, changed, revision] = await mine.batch((to) => [
      to.projects.create({ name: 'Trip' }, { id }),
      to.tasks.create({ title: 'Pack', projectId: id }),
      to.tasks.update(held, { priority: 'high' }),
      to.tasks.remove(held.id),
    ])
    assert.deepEqual([trip.name, pack.projectId, changed.priority], ['Trip', id, 'high'])
    await mine.undo(revision)
    await assert.rejects(all.get(pack), isProblem('not-found', 404))
    assert.equal((await all.get(held)).priority, 'none')

    const refused = mine.batch((to) => [to.tasks.create({ title: 'Not alone' }), to.tasks.update(held, {})])
    await assert.rejects(refused, isProblem('precondition-failed', 412))
    const each = await mine.batch(
      (to) => [to.tasks.complete(held.id), to.tasks.update(held, { title: 'Late' })],
      { atomic: false },
    )
    assert.equal(each[0].status === 'fulfilled' && each[0].value.status, 'complete')
    assert.ok(each[1].status === 'rejected' && isProblem('precondition-failed', 412)(each[1].reason))
    assert.ok(each[1].reason.revision > held.revision)
  })
})

test('a list is walked page by page, as far as it is wanted', async (t) => {
  const server = await docket(t)
  const { fetch, exchanges } = wire()
  const { tasks: all } = clientOf(server, server.alice, { fetch })
  for (const title of ['a', 'b', 'c', 'd', 'e'])
    await all.create({ title, priority: title < 'c' ? 'high' : 'low' })
  exchanges.length = 0

  const list = all.list({ sort: 'title', limit: 2, count: true })
  assert.equal(exchanges.length, 0)
  assert.deepEqual(
    (await list.toArray()).map(({ title }) => title),
    ['a', 'b', 'c', 'd', 'e'],
  )
  assert.equal(exchanges.length, 3)
  assert.deepEqual(
    (await Array.fromAsync(list.pages())).map(({ items, total }) => [items.length, total]),
    [
      [2, 5],
      [2, 5],
      [1, 5],
    ],
  )

  exchanges.length = 0
  for await (const { title } of list) if (title === 'b') break
  assert.equal(exchanges.length, 1)

  const some = await all
    .list({ priority: ['high', 'medium'], status: 'incomplete', sort: ['priority', '-title'] })
    .toArray()
  assert.deepEqual(
    some.map(({ title }) => title),
    ['b', 'a'],
  )
})
