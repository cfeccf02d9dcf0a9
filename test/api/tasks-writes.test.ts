import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Task } from '../../src/tasks/schema.ts'
import { assertProblem, docket, etagOf, type Answer } from '../harness.ts'

const create = { 'if-none-match': '*' }

const task = (answer: Answer, status = 200): Task => {
  assert.equal(answer.status, status, answer.text)
  return answer.body
}

test('a client can create a task under its own id', async (t) => {
  const { alice, register } = await docket(t)

  for (const id of [
    randomUUID(),
    '00000000-0000-0000-0000-000000000000',
    'ffffffff-ffff-1fff-ffff-ffffffffffff',
  ]) {
    await t.test(`PUT /tasks/${id}`, async () => {
      const path = `/tasks/${id}`
      assertProblem(await alice.put(path, { title: 'Offline' }), 404, 'not-found')
      assertProblem(await alice.put(path, { title: 'Offline' }, { 'if-match': '*' }), 404, 'not-found')
      assertProblem(await alice.put(path, { title: 'Offline' }, { 'if-none-match': '"1"' }), 404, 'not-found')

      const first = await alice.put(path, { title: ' Offline ', id, status: 'COMPLETE' }, create)
      const made = task(first, 201)
      assert.equal(first.headers.get('location'), path)
      assert.equal(first.headers.get('etag'), etagOf(made))
      assert.deepEqual([made.id, made.title, made.status], [id, 'Offline', 'complete'])
      assert.equal(made.completedAt, made.createdAt)

      const second = await alice.put(path, { title: 'Again' }, create)
      assertProblem(second, 412, 'precondition-failed')
      assert.equal(second.headers.get('etag'), etagOf(made))
      assert.equal(second.headers.get('location'), null)
      assert.deepEqual(await alice.read(made), made)
    })
  }

  await t.test('exactly one of twenty concurrent creations succeeds', async () => {
    const path = `/tasks/${randomUUID()}`
    const titles = Array.from({ length: 20 }, (_, i) => `Writer ${i}`)
    const answers = await Promise.all(titles.map((title) => alice.put(path, { title }, create)))
    assert.deepEqual(
      answers.map(({ status }) => status).filter((status) => status !== 412),
      [201],
    )
  })

  await t.test('another user can use the same id and never sees the first task', async () => {
    const path = `/tasks/${randomUUID()}`
    const hers = task(await alice.put(path, { title: 'Hers' }, create), 201)
    const bob = await register('bob')
    assertProblem(await bob.get(path), 404, 'not-found')
    assertProblem(await bob.put(path, { title: 'His' }, { 'if-match': etagOf(hers) }), 404, 'not-found')
    assert.equal(task(await bob.put(path, { title: 'His' }, create), 201).title, 'His')
    assert.deepEqual(await alice.read(hers), hers)
  })

  await t.test('the id of a deleted task can be used for a new task', async () => {
    const path = `/tasks/${randomUUID()}`
    const old = task(
      await alice.put(
        path,
        { title: 'Old', description: 'x', dueDate: '2026-12-01', status: 'complete' },
        create,
      ),
      201,
    )
    assert.equal((await alice.delete(path)).status, 204)
    const fresh = task(await alice.put(path, { title: 'New' }, create), 201)
    assert.deepEqual(
      [fresh.description, fresh.dueDate, fresh.status, fresh.completedAt],
      ['', null, 'incomplete', null],
    )
    assert.equal(fresh.revision, old.revision + 2)
    assert.ok(fresh.createdAt >= old.createdAt)
    assert.deepEqual(task(await alice.get(path)), fresh)
  })
})

test('an id that is not a lower-case UUID gives 404', async (t) => {
  const { alice } = await docket(t)
  const { id } = await alice.createTask({ title: 'Renew the passport' })
  const ids = [
    id.toUpperCase(),
    id.replaceAll('-', ''),
    `{${id}}`,
    `${id}0`,
    id.slice(1),
    `urn:uuid:${id}`,
    '1',
    '%20',
    'a'.repeat(9000),
  ]
  for (const wrong of [...ids, `${id}%00`, `${id}%0a`, '..%2f..', "'%20or%201=1"]) {
    const path = `/tasks/${wrong}`
    for (const answer of [
      await alice.get(path),
      await alice.put(path, { title: 'x' }),
      await alice.put(path, { title: 'x' }, create),
      await alice.patch(path, { title: 'x' }),
      await alice.delete(path),
    ]) {
      assertProblem(answer, 404, 'not-found')
    }
  }
})

test('every method on a deleted task gives 404', async (t) => {
  const { alice } = await docket(t)
  const { id } = await alice.createTask({ title: 'Renew the passport' })
  const path = `/tasks/${id}`
  const gone = await alice.delete(path)
  assert.deepEqual([gone.status, gone.text, gone.headers.get('etag')], [204, '', null])
  for (const answer of [
    await alice.delete(path),
    await alice.get(path),
    await alice.put(path, { title: 'x' }),
    await alice.patch(path, {}),
  ]) {
    assertProblem(answer, 404, 'not-found')
  }
  assert.deepEqual((await alice.get('/tasks?count=true')).body, { items: [], nextCursor: null, total: 0 })
})

test('completedAt follows the status', async (t) => {
  const server = await docket(t, { now: Date.UTC(2026, 10, 22) })
  const { alice } = server
  const made = await alice.createTask({ title: 'Renew the passport' })
  const path = `/tasks/${made.id}`
  const later = async (method: 'put' | 'patch', body: object) => {
    server.advance(60_000)
    return task(await alice[method](path, body))
  }
  assert.equal(made.completedAt, null)

  const done = await later('patch', { status: 'complete' })
  assert.ok(done.completedAt)
  assert.equal(done.completedAt, done.updatedAt, 'set when the status becomes complete')
  assert.ok(done.completedAt > made.createdAt)

  for (const kept of [
    await later('patch', { title: 'Renew it' }),
    await later('patch', { status: 'Complete', description: 'x' }),
    await later('put', { title: 'Replaced', status: 'complete' }),
  ]) {
    assert.equal(kept.completedAt, done.completedAt, 'kept while the task stays complete')
    assert.ok(kept.updatedAt > done.updatedAt)
  }
  for (const status of ['cancelled', 'in_progress', 'incomplete']) {
    await later('patch', { status: 'complete' })
    assert.equal((await later('patch', { status })).completedAt, null, `cleared by ${status}`)
  }
  const again = await later('put', { title: 'Again', status: 'complete' })
  assert.equal(again.completedAt, again.updatedAt, 'set again')
  assert.equal((await later('put', { title: 'Again' })).completedAt, null, 'cleared by the default of PUT')
})

test('a write that changes nothing takes no revision', async (t) => {
  const server = await docket(t)
  const { alice } = server
  const made = await alice.createTask({
    title: 'Call',
    description: 'a\r\n',
    dueDate: '2026-12-01T17:00:00.123Z',
    status: 'complete',
  })
  const path = `/tasks/${made.id}`
  const { title, description, dueDate, status } = made
  server.advance(60_000)
  for (const same of [
    await alice.patch(path, {}),
    await alice.patch(path, { title: '  Call\n' }),
    await alice.patch(path, { dueDate: '2026-12-01T18:00:00.1239+01:00', status: 'COMPLETE' }),
    await alice.put(path, { title, description, dueDate, status }),
    await alice.put(path, made),
  ]) {
    assert.deepEqual(task(same), made)
    assert.equal(same.headers.get('etag'), etagOf(made))
  }
  assert.equal((await alice.createTask({ title: 'Next' })).revision, made.revision + 1)
})

test('a date and the instant of its midnight are different due dates', async (t) => {
  const { alice } = await docket(t)
  const { id, revision } = await alice.createTask({ title: 'Call', dueDate: '2026-12-01' })
  const instant = task(await alice.patch(`/tasks/${id}`, { dueDate: '2026-12-01T00:00:00Z' }))
  assert.deepEqual([instant.dueDate, instant.revision], ['2026-12-01T00:00:00.000Z', revision + 1])
  const date = task(await alice.patch(`/tasks/${id}`, { dueDate: '2026-12-01' }))
  assert.deepEqual([date.dueDate, date.revision], ['2026-12-01', revision + 2])
})

const fields = {
  title: fc.constantFrom('Call', 'call', 'Ca\u0301ll', '🦆', 'İ', 'ß'),
  description: fc.constantFrom('', 'x', ' x ', 'a\r\nb'),
  dueDate: fc.constantFrom(null, '2026-12-01', '2026-12-02', '2026-12-01T00:00:00.000Z'),
  status: fc.constantFrom('incomplete', 'in_progress', 'complete', 'cancelled'),
}
const patches = fc.record(fields, { requiredKeys: [] }).map((body) => ({ method: 'patch' as const, body }))
const replacements = fc
  .record(fields, { requiredKeys: ['title'] })
  .map((body) => ({ method: 'put' as const, body }))

test('any sequence of PATCH and PUT gives the same task as a model', async (t) => {
  const server = await docket(t)
  const { alice } = server
  const defaults = { description: '', dueDate: null, status: 'incomplete' }

  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(patches, replacements), { minLength: 1, maxLength: 12 }),
      async (writes) => {
        let model: Task = await alice.createTask({ title: 'Start' })
        for (const { method, body } of writes) {
          server.advance(5)
          const answer = task(await alice[method](`/tasks/${model.id}`, body))
          const wanted = { ...model, ...(method === 'put' && defaults), ...body } as Task
          const names = ['title', 'description', 'dueDate', 'status'] as const
          if (names.some((name) => wanted[name] !== model[name])) {
            assert.ok(answer.updatedAt > model.updatedAt)
            const becameComplete = wanted.status === 'complete' && model.status !== 'complete'
            if (becameComplete) wanted.completedAt = answer.updatedAt
            if (wanted.status !== 'complete') wanted.completedAt = null
            Object.assign(wanted, { revision: model.revision + 1, updatedAt: answer.updatedAt })
          }
          assert.deepEqual(answer, wanted)
          model = wanted
        }
        assert.deepEqual(await alice.read(model), model)
      },
    ),
    { numRuns: 40 },
  )
})
