import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import type { Task } from '../../../src/tasks/schema.ts'
import { assertProblem, docket } from '../../harness.ts'
import { pathOf, walk } from '../../list-model.ts'
import { assertParameter, bodyOf, createProject, createTasks, found } from './organise.ts'

/** A filter, and which tasks match it. */
type Row = [query: Record<string, string>, matches: (task: Task) => boolean]

const key = (name: string) => name.normalize('NFC').toLowerCase()
const has = ({ labels }: Task, name: string) => labels.some((one) => key(one) === key(name))

test('lists by what organises tasks', async (t) => {
  const server = await docket(t)
  const { alice } = server
  const bob = await server.register('bob')
  const [p, q] = [await createProject(alice, 'P'), await createProject(alice, 'Q')]
  const [parent] = await createTasks(alice, [{ title: 'parent', projectId: p.id, labels: ['Errand'] }])
  const priorities = ['none', 'low', 'medium', 'high']
  const sets = [
    [],
    ['errand'],
    ['ERRAND', 'town'],
    ['Caf\u00e9'],
    ['CAFE\u0301', 'Errand', 'x y'],
    ['%', 'a_b'],
  ]
  const places = [{}, { projectId: p.id }, { projectId: q.id }, { parentId: parent?.id }]
  await createTasks(
    alice,
    places.flatMap((place, i) =>
      priorities.flatMap((priority, j) =>
        sets.map((labels, k) => ({
          title: `${i} ${j} ${k}`,
          status: k % 2 ? 'complete' : 'incomplete',
          priority,
          labels,
          ...place,
        })),
      ),
    ),
  )
  const live = await walk(alice, { limit: '100' })
  for (const { id } of live.filter((_task, i) => i % 5 === 0 && live[i]?.id !== parent?.id))
    await alice.delete(`/tasks/${id}`)
  const [tasks, trash] = [
    await walk(alice, { limit: '100' }),
    await walk(alice, { limit: '100', deleted: 'true' }),
  ]
  assert.equal(tasks.length + trash.length, live.length)

  const rows: Row[] = [
    [{ project: 'none' }, ({ projectId }) => projectId === null],
    [{ project: p.id }, ({ projectId }) => projectId === p.id],
    [{ project: randomUUID() }, () => false],
    [{ parent: 'none' }, ({ parentId }) => parentId === null],
    [{ parent: String(parent?.id) }, ({ parentId }) => parentId === parent?.id],
    [{ parent: p.id }, () => false],
    [{ project: p.id, parent: 'none' }, (task) => task.projectId === p.id && task.parentId === null],
    [{ label: 'errand' }, (task) => has(task, 'errand')],
    [{ label: 'eRRaND' }, (task) => has(task, 'errand')],
    [{ label: ' errand ' }, (task) => has(task, 'errand')],
    [{ label: 'errand,town' }, (task) => has(task, 'errand') || has(task, 'town')],
    [{ label: 'cafe\u0301' }, (task) => has(task, 'café')],
    [{ label: 'cafe' }, () => false],
    [{ label: '%' }, (task) => has(task, '%')],
    [{ label: 'a_b' }, (task) => has(task, 'a_b')],
    [{ label: 'err' }, () => false],
    [{ label: "'; drop table tasks; --" }, () => false],
    [{ labelAll: 'errand' }, (task) => has(task, 'errand')],
    [{ labelAll: 'Town,errand' }, (task) => has(task, 'errand') && has(task, 'town')],
    [{ labelAll: 'errand,errand' }, (task) => has(task, 'errand')],
    [{ labelAll: 'errand,never' }, () => false],
    [
      { label: 'town,x y', labelAll: 'errand' },
      (task) => has(task, 'errand') && (has(task, 'town') || has(task, 'x y')),
    ],
    ...priorities.map((one): Row => [{ priority: one }, ({ priority }) => priority === one]),
    [{ priority: 'high,none' }, ({ priority }) => priority === 'high' || priority === 'none'],
    [{ priority: 'high,high' }, ({ priority }) => priority === 'high'],
    [
      { priority: 'high', project: p.id, label: 'errand', status: 'complete', due: 'none' },
      (task) =>
        task.priority === 'high' &&
        task.projectId === p.id &&
        has(task, 'errand') &&
        task.status === 'complete',
    ],
  ]
  for (const [query, matches] of rows) {
    await t.test(JSON.stringify(query), async () => {
      for (const [deleted, all] of [
        ['false', tasks],
        ['true', trash],
      ] as const) {
        const expected = all.filter(matches).map(({ title }) => title)
        const asked = { ...query, deleted }
        assert.deepEqual(await found(alice, asked), expected.toSorted())
        const path = pathOf({ ...asked, count: 'true', limit: '1' })
        assert.equal(bodyOf(await alice.get(path)).total, expected.length)
        const paged = await walk(alice, { ...asked, limit: '7', sort: 'priority,-position' })
        assert.deepEqual(paged.map(({ title }) => title).toSorted(), expected.toSorted())
        assert.deepEqual(await found(bob, asked), [])
      }
    })
  }

  const order = ['high', 'medium', 'low', 'none']
  const byText = (a: string, b: string) => Number(a > b) - Number(a < b)
  const compares: [sort: string, compare: (a: Task, b: Task) => number][] = [
    ['position', (a, b) => byText(a.position, b.position) || byText(a.id, b.id)],
    ['priority', (a, b) => order.indexOf(a.priority) - order.indexOf(b.priority) || byText(a.id, b.id)],
    [
      'priority,position',
      (a, b) =>
        order.indexOf(a.priority) - order.indexOf(b.priority) ||
        byText(a.position, b.position) ||
        byText(a.id, b.id),
    ],
  ]
  for (const [sort, compare] of compares)
    await t.test(`sort=${sort}, and its reverse`, async () => {
      const reverse = sort
        .split(',')
        .map((one) => `-${one}`)
        .join(',')
      const sorted = tasks.toSorted(compare).map(({ title }) => title)
      for (const limit of ['9', '100']) {
        assert.deepEqual(
          (await walk(alice, { sort, limit })).map(({ title }) => title),
          sorted,
        )
        assert.deepEqual(
          (await walk(alice, { sort: reverse, limit })).map(({ title }) => title),
          sorted.toReversed(),
        )
      }
    })

  await t.test('bad values are 400', async () => {
    for (const [parameter, ...values] of [
      ['project', '', 'inbox', 'NONE', p.id.toUpperCase(), `${p.id},${q.id}`, 'null', '5'],
      ['parent', '', 'None', 'x', `${p.id}x`],
      [
        'label',
        '',
        ',',
        'a,',
        ',a',
        'a,,b',
        'a\nb',
        '\u0000',
        Array.from({ length: 21 }, (_, i) => i).join(','),
      ],
      ['labelAll', '', ',', 'a,,b'],
      ['priority', '', 'urgent', 'high,', ',high', 'high low', '1', 'high,urgent'],
      [
        'sort',
        'labels',
        'project',
        'position,position',
        'position,-position',
        '--priority',
        'Position',
        'position,title,id',
      ],
      ['recurring', 'maybe'],
      ['projectId', p.id],
      ['labels', 'x'],
    ] as [string, ...string[]][])
      for (const value of values) assertParameter(await alice.get(pathOf({ [parameter]: value })), parameter)
    assertParameter(await alice.get('/tasks?label=a&label=b'), 'label')
  })

  await t.test('a cursor is for its very query', async () => {
    const base = { limit: '1', project: p.id, label: 'errand', sort: 'position' }
    const { nextCursor } = bodyOf(await alice.get(pathOf(base)))
    const ask = (query: Record<string, string>) =>
      alice.get(pathOf({ ...base, ...query, cursor: nextCursor }))
    bodyOf(await ask({ limit: '5' }))
    for (const query of [
      { project: q.id },
      { label: 'town' },
      { labelAll: 'town' },
      { priority: 'high' },
      { q: 'x' },
      { sort: 'priority' },
      { parent: 'none' },
    ])
      assertProblem(await ask(query), 400, 'invalid-cursor')
    assertProblem(await bob.get(pathOf({ ...base, cursor: nextCursor })), 400, 'invalid-cursor')
  })
})
