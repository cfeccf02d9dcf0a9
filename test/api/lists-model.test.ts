import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Task } from '../../src/tasks/schema.ts'
import { docket, type Docket, type User } from '../harness.ts'
import { statuses } from '../../src/tasks/fields.ts'
import { allSorts, listOf, pathOf, walk, type Query } from '../list-model.ts'
import { travel } from '../travel.ts'

// Around these days Apia skipped the 30th and the year ends. Cairo changes its clocks at midnight.
const zones = [
  'UTC',
  'Pacific/Auckland',
  'America/Los_Angeles',
  'Pacific/Apia',
  'Africa/Cairo',
  'Asia/Kathmandu',
]
const hour = 3_600_000
const now = Date.UTC(2011, 11, 30, 9, 30)
const refreshEvery = 5

// Letters with a longer or a shared lower case, and signs that UTF-16 orders differently than code points.
const letters = [
  'a',
  'A',
  'b',
  'Z',
  'z',
  'ß',
  'ẞ',
  'İ',
  'i',
  'ı',
  'Σ',
  'ς',
  'σ',
  'é',
  'e\u0301',
  'Ǆ',
  'K',
  'Å',
]
const signs = [
  '\ufffd',
  '\u{10000}',
  '\uff5e',
  '🦆',
  '👩‍👩‍👧',
  '\u{10ffff}',
  '-',
  '_',
  '%',
  "'",
  '"',
  '\\',
  ' ',
  '1',
  '10',
  '2',
]
const title = fc
  .array(fc.constantFrom(...letters, ...signs), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join('').trim())
  .filter((text) => text !== '')

const instant = fc
  .integer({ min: -100, max: 100 })
  .map((steps) => new Date(now + steps * (hour / 2)).toISOString())
const date = fc
  .integer({ min: -3, max: 3 })
  .map((days) => new Date(now + days * 24 * hour).toISOString().slice(0, 10))
const status = fc.constantFrom(...statuses)
const priority = fc.constantFrom('none', 'low', 'medium', 'high')
const label = fc.constantFrom('Home', 'work', 'Caf\u00e9', 'Stra\u00dfe')
const labels = fc.uniqueArray(label, { maxLength: 3 })
/** One of the two projects, or one of the tasks of the first group, to be below it. */
const place = fc.oneof(
  fc.constant({}),
  fc.record({ project: fc.nat(1) }),
  fc.record({ below: fc.nat(refreshEvery - 1) }),
)
const task = fc.record({
  fields: fc.record(
    {
      title,
      dueDate: fc.oneof(fc.constant(null), date, instant),
      status,
      priority,
      labels,
      description: fc.oneof(title, fc.constant('')),
      position: fc.constantFrom('Zz', 'a0', 'a0V', 'a5'),
    },
    { requiredKeys: ['title', 'dueDate', 'status', 'priority', 'labels'] },
  ),
  place,
})
type Wanted = typeof task extends fc.Arbitrary<infer T> ? T : never

/** The same labels in other spellings. */
const spelled = fc.constantFrom('home', 'HOME', 'Work', 'cafe\u0301', 'CAF\u00c9', 'stra\u00dfe', 'nowhere')
const spellings = fc.uniqueArray(spelled, { minLength: 1, maxLength: 2 }).map((names) => names.join(','))
const word = fc.constantFrom(...letters, ...signs, 'cafe', 'CAF\u00c9', 'orK', '\u0301', '\u00a8')
const q = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(' '))

const bound = fc.oneof(date, instant)
const query: fc.Arbitrary<Query> = fc.record(
  {
    status: fc.uniqueArray(status, { minLength: 1, maxLength: 3 }).map((list) => list.join(',')),
    priority: fc.uniqueArray(priority, { minLength: 1, maxLength: 3 }).map((list) => list.join(',')),
    label: spellings,
    labelAll: spellings,
    // The place of a thing among those that were made, in the stead of its id.
    project: fc.constantFrom('0', '1', 'none'),
    parent: fc.constantFrom('0', '1', '2', 'none', 'none'),
    q,
    due: fc.constantFrom('overdue', 'today', 'upcoming', 'none'),
    dueFrom: bound,
    dueBefore: bound,
    createdFrom: bound,
    createdBefore: bound,
    updatedFrom: bound,
    updatedBefore: bound,
    completedFrom: bound,
    completedBefore: bound,
    sort: fc.constantFrom(...allSorts()),
  },
  { requiredKeys: [] },
)
const names = [
  'priority',
  'label',
  'labelAll',
  'project',
  'parent',
  'q',
  'due',
  'dueFrom',
  'createdFrom',
  'updatedFrom',
  'completedFrom',
  'dueBefore',
  'createdBefore',
  'sort',
]
const few = fc
  .tuple(query, fc.subarray(names, { maxLength: 3 }))
  .map(([all, some]) => Object.fromEntries(Object.entries(all).filter(([name]) => some.includes(name))))
const sorted = fc.record({ sort: fc.constantFrom(...allSorts()) })

/** Creates the tasks in groups with the same instant, and changes some later, over more than a day. */
async function fill(
  server: Docket,
  user: User,
  wanted: Wanted[],
  changes: [index: number, status: string][],
): Promise<{ tasks: Task[]; projects: string[] }> {
  const made: Task[] = []
  const projects: string[] = []
  for (const name of ['A', 'B']) projects.push((await user.post('/projects', { name })).body.id)
  const fieldsOf = ({ fields, place: at }: Wanted) => {
    if ('project' in at) return { ...fields, projectId: projects[at.project] }
    const parent = 'below' in at ? made[at.below] : undefined
    return parent ? { ...fields, parentId: parent.id } : fields
  }
  for (let i = 0; i < wanted.length; i += refreshEvery) {
    await travel(server, user, server.now() + 6 * hour)
    made.push(
      ...(await Promise.all(wanted.slice(i, i + refreshEvery).map((one) => user.createTask(fieldsOf(one))))),
    )
  }
  for (const [index, changed] of changes) {
    await travel(server, user, server.now() + 5 * hour)
    await user.patch(`/tasks/${made[index % made.length]?.id}`, { status: changed })
  }
  return { tasks: await Promise.all(made.map((one) => user.read(one))), projects }
}

/** A query with the ids of what was made. */
function withIds(wish: Query, tasks: Task[], projects: string[]): Query {
  const { project, parent } = wish
  return {
    ...wish,
    ...(project && { project: projects[Number(project)] ?? 'none' }),
    ...(parent && { parent: tasks[Number(parent)]?.id ?? 'none' }),
  }
}

const scene = fc.record({
  wanted: fc.array(task, { minLength: 15, maxLength: 30 }),
  changes: fc.array(fc.tuple(fc.nat(), status), { maxLength: 6 }),
  asked: fc.array(fc.tuple(fc.constantFrom(...zones), fc.oneof(query, few, few, sorted)), {
    minLength: 30,
    maxLength: 30,
  }),
})

test('any filters and sort give the same list as a model', async (t) => {
  const server = await docket(t, { now })
  const { alice } = server
  let heldSome = 0

  await fc.assert(
    fc.asyncProperty(scene, async ({ wanted, changes, asked }) => {
      const { tasks, projects } = await fill(server, alice, wanted, changes)
      await travel(server, alice, now + 40 * hour)
      for (const [timeZone, wish] of asked) {
        const filters = withIds(wish, tasks, projects)
        await alice.patch('/me', { timeZone })
        const expected = listOf(tasks, filters, timeZone, server.now())
        if (expected.length > 0) heldSome += 1
        const { body } = await alice.get(pathOf({ ...filters, limit: '100', count: 'true' }))
        assert.deepEqual(
          body,
          { items: expected, nextCursor: null, total: expected.length },
          JSON.stringify([timeZone, filters]),
        )
        assert.deepEqual(
          await walk(alice, { ...filters, limit: '7' }),
          expected,
          JSON.stringify([timeZone, filters]),
        )
      }
      await Promise.all(tasks.map(({ id }) => alice.delete(`/tasks/${id}`)))
      await Promise.all(projects.map((id) => alice.delete(`/projects/${id}`)))
    }),
    { numRuns: 4, endOnFailure: true },
  )
  assert.ok(heldSome > 30, `only ${heldSome} lists had tasks, too few to show anything`)
})

test('titles are sorted by the code points of their lower case', async (t) => {
  const { alice } = await docket(t)
  const order = [
    '1',
    '10',
    '2',
    'A',
    'a\u0301',
    'b',
    'İ',
    'ÏA',
    'ï\u{ff5e}',
    'ß',
    '\ufffd',
    '\u{10000}',
    '🦆',
    '\u{10ffff}',
  ]
  for (const one of order.toReversed()) await alice.createTask({ title: one })
  const expected = [
    '1',
    '10',
    '2',
    'A',
    'a\u0301',
    'b',
    'İ',
    'ß',
    'ÏA',
    'ï\u{ff5e}',
    '\ufffd',
    '\u{10000}',
    '🦆',
    '\u{10ffff}',
  ]
  for (const limit of ['100', '1', '3']) {
    assert.deepEqual(
      (await walk(alice, { sort: 'title', limit })).map((one) => one.title),
      expected,
    )
    assert.deepEqual(
      (await walk(alice, { sort: '-title', limit })).map((one) => one.title),
      expected.toReversed(),
    )
  }
})
