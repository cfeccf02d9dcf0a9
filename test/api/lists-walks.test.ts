import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Task } from '../../src/tasks/schema.ts'
import { docket, type User } from '../harness.ts'
import { allSorts, compare, listOf, matches, pathOf, valueOf, walk, type Query } from '../list-model.ts'

// Few values, so that there are many ties and often only the id decides the order.
const values = {
  title: fc.constantFrom('a', 'A', 'b', '\ufffd', '\u{10000}'),
  dueDate: fc.constantFrom(null, null, '2026-12-01', '2026-12-01T23:59:59.999Z', '2026-12-02'),
  status: fc.constantFrom('incomplete', 'in_progress', 'complete', 'complete', 'cancelled'),
  priority: fc.constantFrom('none', 'none', 'low', 'medium', 'high'),
  labels: fc.subarray(['Home', 'work']),
  position: fc.constantFrom('Zz', 'a0', 'a0V', 'a0l', 'a1'),
}
const fields = fc.record(values)

test('the pages of every sort give the whole list in order', async (t) => {
  const { alice } = await docket(t)
  const made = await Promise.all(fc.sample(fields, 16).map((one) => alice.createTask(one)))
  const changed = made
    .slice(0, 6)
    .map(({ id }, i) => alice.patch(`/tasks/${id}`, { status: i % 2 ? 'complete' : 'incomplete' }))
  await Promise.all(changed)
  const tasks = await Promise.all(made.map((one) => alice.read(one)))
  const check = async (sort: string) =>
    assert.deepEqual(await walk(alice, { sort, limit: '6' }), listOf(tasks, { sort }, 'UTC', 0), sort)
  await Promise.all(allSorts().map(check))
})

test('sort=dueDate puts a date at the end of its day in UTC, in every time zone', async (t) => {
  const server = await docket(t)
  const ada = await server.register('ada', { timeZone: 'Pacific/Auckland' })
  const tasks = [
    { title: 'never', dueDate: null },
    { title: 'next', dueDate: '2026-11-23T00:00:00Z' },
    { title: 'date', dueDate: '2026-11-22' },
    { title: 'same', dueDate: '2026-11-22T23:59:59.999Z' },
    { title: 'before', dueDate: '2026-11-22T23:59:59.998Z' },
    { title: 'not at all', dueDate: null },
  ]
  for (const [i, { title, dueDate }] of tasks.entries()) {
    server.advance(1000)
    const id = `00000000-0000-0000-0000-00000000000${i}`
    await ada.put(`/tasks/${id}`, { title, dueDate }, { 'if-none-match': '*' })
  }
  const titles = async (sort: string) =>
    (await ada.get(`/tasks?sort=${sort}`)).body.items.map(({ title }: { title: string }) => title)

  assert.deepEqual(await titles('dueDate'), ['before', 'date', 'same', 'next', 'never', 'not at all'])
  assert.deepEqual(await titles('-dueDate'), ['next', 'same', 'date', 'before', 'not at all', 'never'])
  assert.deepEqual(await titles('-dueDate,createdAt'), [
    'next',
    'date',
    'same',
    'before',
    'never',
    'not at all',
  ])
})

/** A write between two pages. `which` chooses one of the existing tasks. */
const anyEvent = fc.oneof(
  fc.record({ kind: fc.constant('insert' as const), fields }),
  fc.record({
    kind: fc.constant('update' as const),
    which: fc.nat(),
    patch: fc.record(values, { requiredKeys: [] }),
  }),
  fc.record({ kind: fc.constant('delete' as const), which: fc.nat() }),
)
type Event = typeof anyEvent extends fc.Arbitrary<infer T> ? T : never

const scene = fc.record({
  sort: fc.constantFrom(...allSorts()),
  filter: fc.constantFrom<Query[]>(
    {},
    {},
    { status: 'incomplete,complete' },
    { due: 'none' },
    { dueFrom: '2026-12-01' },
    { priority: 'high,none' },
    { label: 'home,WORK' },
    { labelAll: 'home,WORK' },
    { parent: 'none', project: 'none', q: 'A' },
  ),
  wanted: fc.array(fields, { minLength: 5, maxLength: 16 }),
  pages: fc.array(
    fc.record({ limit: fc.integer({ min: 1, max: 5 }), meanwhile: fc.array(anyEvent, { maxLength: 4 }) }),
    {
      minLength: 16,
      maxLength: 16,
    },
  ),
})

/** A user's tasks during a walk over the pages. */
interface World {
  user: User
  live: Map<string, Task>
  /** Tasks that the walk must return exactly once: on the list from the start, and never moved or removed. */
  standing: Map<string, Task>
}

async function happen(
  { user, live, standing }: World,
  event: Event,
  sort: string,
  filter: Query,
): Promise<void> {
  if (event.kind === 'insert') {
    const task = await user.createTask(event.fields)
    return void live.set(task.id, task)
  }
  const before = [...live.values()][event.which % live.size]
  if (!before) return
  if (event.kind === 'delete') {
    assert.equal((await user.delete(`/tasks/${before.id}`)).status, 204)
    live.delete(before.id)
    return void standing.delete(before.id)
  }
  const { body: after } = await user.patch(`/tasks/${before.id}`, event.patch)
  live.set(after.id, after)
  const keys = sort.replaceAll('-', '').split(',')
  const moved = keys.some((key) => valueOf(before, key) !== valueOf(after, key))
  if (moved || !matches(after, filter, 'UTC', 0)) standing.delete(after.id)
}

test('a walk over pages returns every unmoved task exactly once, whatever is written meanwhile', async (t) => {
  const { alice: user } = await docket(t)

  await fc.assert(
    fc.asyncProperty(scene, async ({ sort, filter, wanted, pages }) => {
      const made = await Promise.all(wanted.map((one) => user.createTask(one)))
      const live = new Map(made.map((task) => [task.id, task]))
      const standing = new Map(listOf(made, filter, 'UTC', 0).map((task) => [task.id, task]))
      const met: Task[] = []
      let cursor: string | null = ''
      for (let page = 0; cursor !== null; page++) {
        const { limit, meanwhile } = pages[page] ?? { limit: 100, meanwhile: [] }
        const query: Query = { ...filter, sort, limit: String(limit), ...(cursor && { cursor }) }
        const { status, body } = await user.get(pathOf(query))
        assert.equal(status, 200)
        assert.ok(body.items.length === limit || body.nextCursor === null, 'only the last page is short')
        met.push(...body.items)
        cursor = body.nextCursor
        for (const event of meanwhile) await happen({ user, live, standing }, event, sort, filter)
      }
      assertWalk(met, standing, sort, filter)
      await Promise.all([...live.keys()].map((id) => user.delete(`/tasks/${id}`)))
    }),
    { numRuns: 30 },
  )
})

function assertWalk(met: Task[], standing: Map<string, Task>, sort: string, filter: Query): void {
  const times = Map.groupBy(met, ({ id }) => id)
  for (const { id, title } of standing.values())
    assert.equal(times.get(id)?.length, 1, `${title} (${id}) by ${sort}`)
  assert.ok(met.every((task) => matches(task, filter, 'UTC', 0)))
  const order = met.map((task, i) => i === 0 || compare(met[i - 1] as Task, task, sort) < 0)
  assert.ok(!order.includes(false), `in order by ${sort}`)
}

test('a cursor survives the deletion of its task, a restart and a rotation of the secret', async (t) => {
  const [oldSecret, newSecret] = ['a'.repeat(40), 'b'.repeat(40)] as const
  const server = await docket(t, { env: { DOCKET_SECRET: oldSecret } })
  const { alice } = server
  for (const title of ['a', 'b', 'c', 'd']) await alice.createTask({ title })
  const first = (await alice.get('/tasks?sort=title&limit=2')).body
  await alice.delete(`/tasks/${first.items[1].id}`)
  await server.restart({ DOCKET_SECRET: `${newSecret},${oldSecret}` })
  const next = (await alice.get(`/tasks?sort=title&limit=2&cursor=${first.nextCursor}`)).body
  assert.deepEqual(
    next.items.map(({ title }: Task) => title),
    ['c', 'd'],
  )
  assert.equal(next.nextCursor, null)
})
