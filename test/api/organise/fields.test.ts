import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { assertProblem, docket } from '../../harness.ts'
import { assertFaults, bodyOf, createProject } from './organise.ts'

const longName = '𝒜'.repeat(50)
const longKey = `a0${'V'.repeat(98)}`
const twenty = Array.from({ length: 20 }, (_, i) => `label ${i}`)

/** What is sent, and what is answered. */
const accepted: [field: string, sent: unknown, answered: unknown][] = [
  ...['none', 'low', 'medium', 'high'].map((one): [string, string, string] => ['priority', one, one]),
  ['priority', 'HIGH', 'high'],
  ['priority', 'mEdIuM', 'medium'],
  ['labels', [], []],
  ['labels', ['b', 'a'], ['b', 'a']],
  ['labels', ['Errand', 'TOWN'], ['Errand', 'TOWN']],
  ['labels', ['  trimmed\u00a0'], ['trimmed']],
  ['labels', [longName], [longName]],
  ['labels', twenty, twenty],
  ['labels', ['two words', '#tag', '東京', 'ß', 'ss'], ['two words', '#tag', '東京', 'ß', 'ss']],
  ['labels', ['cafe\u0301'], ['cafe\u0301']], // kept as written
  ['labels', ['cafe', 'café'], ['cafe', 'café']], // marks are not dropped here
  ['projectId', null, null],
  ['parentId', null, null],
  ['position', 'a0', 'a0'],
  ['position', 'Zz', 'Zz'],
  ['position', 'b00V', 'b00V'],
  ['position', longKey, longKey],
]

const refused: [field: string, sent: unknown, pointer: string][] = [
  ...['', 'urgent', ' high', 1, null, ['high'], {}, true].map((one): [string, unknown, string] => [
    'priority',
    one,
    '/priority',
  ]),
  ...[null, 'errand', {}, 1].map((one): [string, unknown, string] => ['labels', one, '/labels']),
  ['labels', [...twenty, 'one more'], '/labels'],
  ['labels', ['a', 'a'], '/labels'],
  ['labels', ['Errand', 'errand'], '/labels'],
  ['labels', ['café', 'CAFE\u0301'], '/labels'],
  ['labels', ['a', ' a '], '/labels'],
  ['labels', ['ok', ''], '/labels/1'],
  ['labels', ['   '], '/labels/0'],
  ['labels', ['a,b'], '/labels/0'],
  ['labels', ['a\nb'], '/labels/0'],
  ['labels', ['a\u0000b'], '/labels/0'],
  ['labels', ['\ud800'], '/labels/0'],
  ['labels', [`${longName}x`], '/labels/0'],
  ['labels', [null], '/labels/0'],
  ['labels', [5], '/labels/0'],
  ['labels', [['a']], '/labels/0'],
  ...['', 'inbox', 5, [], randomUUID().toUpperCase(), randomUUID()].flatMap(
    (one): [string, unknown, string][] => [
      ['projectId', one, '/projectId'],
      ['parentId', one, '/parentId'],
    ],
  ),
  ...['', null, 0, 'a', 'a00', '!0', 'a0é', 'a0 ', 'b0', '0a', [], `A${'0'.repeat(26)}`, `${longKey}V`].map(
    (one): [string, unknown, string] => ['position', one, '/position'],
  ),
]

test('the fields that organise a task', async (t) => {
  const { alice } = await docket(t)

  for (const [field, sent, answered] of accepted) {
    await t.test(`${field} ${JSON.stringify(sent).slice(0, 60)} is accepted`, async () => {
      const made = bodyOf(await alice.post('/tasks', { title: 'x', [field]: sent }), 201)
      assert.deepEqual(made[field], answered)
      const path = `/tasks/${(await alice.createTask({ title: 'x' })).id}`
      assert.deepEqual(bodyOf(await alice.patch(path, { [field]: sent }))[field], answered)
      const put = await alice.put(path, { title: 'y', [field]: sent })
      assert.deepEqual(bodyOf(put)[field], answered)
      assert.deepEqual((await alice.get(path)).body, put.body)
      const own = await alice.put(
        `/tasks/${randomUUID()}`,
        { title: 'z', [field]: sent },
        { 'if-none-match': '*' },
      )
      assert.deepEqual(bodyOf(own, 201)[field], answered)
    })
  }

  for (const [field, sent, pointer] of refused) {
    await t.test(`${field} ${JSON.stringify(sent).slice(0, 60)} is refused`, async () => {
      const path = `/tasks/${(await alice.createTask({ title: 'x' })).id}`
      const before = (await alice.get(path)).body
      assertFaults(await alice.post('/tasks', { title: 'x', [field]: sent }), pointer)
      assertFaults(await alice.put(path, { title: 'x', [field]: sent }), pointer)
      assertFaults(await alice.patch(path, { [field]: sent }), pointer)
      assert.deepEqual((await alice.get(path)).body, before)
    })
  }

  await t.test('faults of several fields are told at once', async () => {
    const sent = {
      title: '',
      priority: 'urgent',
      labels: ['a,b', ''],
      projectId: '5',
      parentId: 6,
      position: 'a',
    }
    const { errors = [] } = assertProblem(await alice.post('/tasks', sent), 422, 'validation-failed')
    assert.deepEqual(
      new Set(errors.map((fault) => 'pointer' in fault && fault.pointer)),
      new Set(['/title', '/priority', '/labels/0', '/labels/1', '/projectId', '/parentId', '/position']),
    )
  })
})

test('defaults of the fields that organise a task', async (t) => {
  const { alice } = await docket(t)
  const project = await createProject(alice)
  const defaults = { priority: 'none', labels: [], projectId: null, parentId: null }
  const given = { priority: 'high', labels: ['Errand'], projectId: project.id, position: 'b00' }
  const shown = ({ priority, labels, projectId, parentId }: typeof defaults) => ({
    priority,
    labels,
    projectId,
    parentId,
  })

  await t.test('apply to POST', async () => {
    assert.deepEqual(shown(bodyOf(await alice.post('/tasks', { title: 'x' }), 201)), defaults)
  })

  await t.test('apply to PUT, save for the position, which stays', async () => {
    const task = await alice.createTask({ title: 'x', ...given })
    const put = bodyOf(await alice.put(`/tasks/${task.id}`, { title: 'x' }))
    assert.deepEqual(shown(put), defaults)
    assert.equal(put.position, 'b00')
  })

  await t.test('do not apply to PATCH', async () => {
    const task = await alice.createTask({ title: 'x', ...given })
    const patched = bodyOf(await alice.patch(`/tasks/${task.id}`, { title: 'y' }))
    assert.deepEqual(shown(patched), shown(task as typeof patched))
    assert.equal(patched.position, 'b00')
    assert.equal(bodyOf(await alice.patch(`/tasks/${task.id}`, { projectId: null })).projectId, null)
  })

  await t.test('what GET gave can be PUT back, and changes nothing', async () => {
    const parent = await alice.createTask({ title: 'Parent', projectId: project.id })
    const task = await alice.createTask({ title: 'x', labels: ['b', 'a'], parentId: parent.id })
    const again = await alice.put(`/tasks/${task.id}`, task)
    assert.deepEqual(bodyOf(again), task)
    assert.equal(again.headers.get('docket-revision'), null)
  })

  await t.test('a change of the order or the letter case of labels is a change', async () => {
    const task = await alice.createTask({ title: 'x', labels: ['a', 'b'] })
    for (const labels of [
      ['b', 'a'],
      ['B', 'a'],
    ]) {
      const changed = await alice.patch(`/tasks/${task.id}`, { labels })
      assert.deepEqual(bodyOf(changed).labels, labels)
      assert.notEqual(changed.headers.get('docket-revision'), null)
    }
    const same = await alice.patch(`/tasks/${task.id}`, { labels: ['B', 'a'], priority: 'NONE' })
    assert.equal(same.headers.get('docket-revision'), null)
  })

  await t.test('the position at creation is after the last of the siblings', async () => {
    const place = { projectId: (await createProject(alice, 'Order')).id }
    const made = [
      await alice.createTask({ title: '1', ...place }),
      await alice.createTask({ title: '2', ...place, position: 'b00' }),
      await alice.createTask({ title: '3', ...place }),
      await alice.createTask({ title: '4', ...place, position: 'Zz' }),
      await alice.createTask({ title: '5', ...place }),
    ]
    const positions = made.map(({ position }) => position)
    assert.deepEqual([positions[1], positions[3]], ['b00', 'Zz'])
    assert.ok(String(positions[2]) > 'b00')
    assert.ok(String(positions[4]) > String(positions[2]))
    // Siblings of their own: the tasks below one.
    const below = await alice.createTask({ title: 'below', parentId: made[0]?.id })
    assert.equal(
      below.position,
      (await alice.createTask({ title: 'x', projectId: (await createProject(alice)).id })).position,
    )
  })

  await t.test('a position that is as long as can be has something after it', async () => {
    const { id: projectId } = await createProject(alice, 'Long')
    const position = `z${'z'.repeat(26)}${'z'.repeat(73)}`
    await alice.createTask({ title: 'last', projectId, position })
    const next = await alice.createTask({ title: 'next', projectId })
    assert.ok(next.position >= position, 'stands at the end')
    assert.deepEqual(bodyOf(await alice.put(`/tasks/${next.id}`, next)), next)
  })
})
