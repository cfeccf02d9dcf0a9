import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Sql } from '../../src/database/database.ts'
import { docket } from '../harness.ts'

const now = Date.UTC(2026, 10, 22, 12)

test('the entity tag of a list is weak and changes with every write of its owner', async (t) => {
  const server = await docket(t, { now })
  const { alice } = server
  const bob = await server.register('bob')
  const tag = async (path = '/tasks') => (await alice.get(path)).headers.get('etag') ?? ''
  const task = await alice.createTask({ title: 'Buy milk' })
  const path = `/tasks/${task.id}`
  assert.match(await tag(), /^W\/"[!#-~]+"$/)

  const writes: [what: string, write: () => Promise<{ status: number }>][] = [
    ['a new task', () => alice.post('/tasks', { title: 'x' })],
    ['a changed task', () => alice.patch(path, { title: 'Buy oat milk' })],
    ['a replaced task', () => alice.put(path, { title: 'Buy soy milk' })],
    ['a deleted task', () => alice.delete(path)],
    ['a new time zone', () => alice.patch('/me', { timeZone: 'Pacific/Auckland' })],
  ]
  for (const [what, write] of writes) {
    await t.test(`changes with ${what}`, async () => {
      const before = await tag()
      assert.ok((await write()).status < 300)
      const answer = await alice.get('/tasks', { 'if-none-match': before })
      assert.equal(answer.status, 200)
      assert.notEqual(answer.headers.get('etag'), before)
    })
  }
  await t.test('stays the same without a change of the owner’s data', async () => {
    const before = await tag()
    const [same] = (await alice.get('/tasks')).body.items
    await bob.createTask({ title: 'His' })
    await alice.patch(`/tasks/${same.id}`, { title: same.title })
    await alice.post('/tasks', { title: '' })
    server.advance(60_000)
    assert.equal((await alice.get('/tasks', { 'if-none-match': before })).status, 304)
  })
  await t.test(
    'differs between queries and pages, but not between orders of the same parameters',
    async () => {
      await alice.createTask({ title: 'y' })
      const { nextCursor } = (await alice.get('/tasks?limit=1')).body
      const paths = [
        '/tasks',
        '/tasks?limit=1',
        `/tasks?limit=1&cursor=${nextCursor}`,
        '/tasks?count=true',
        '/tasks?sort=title',
        '/tasks?status=complete',
      ]
      const tags = await Promise.all(paths.map(tag))
      assert.equal(new Set(tags).size, paths.length)
      assert.equal(
        await tag('/tasks?status=complete&sort=title'),
        await tag('/tasks?sort=title&status=complete'),
      )
      assert.notEqual((await bob.get('/tasks')).headers.get('etag'), tags[0])
    },
  )
})

test('a list that the client already has gives 304 without reading tasks', async (t) => {
  const { alice, database } = await docket(t, { now })
  await alice.createTask({ title: 'Buy milk' })
  const asked: string[] = []
  for (const method of ['query', 'first'] as const) {
    const ask = database[method]
    t.mock.method(database, method, (statement: Sql) => {
      asked.push(statement.sql)
      return ask(statement)
    })
  }
  const tasksRead = () => asked.splice(0).filter((text) => /\btasks\b/.test(text)).length

  for (const path of ['/tasks', '/tasks?count=true&status=complete&sort=title,-dueDate', '/tasks?due=none']) {
    const { headers } = await alice.get(path)
    assert.ok(tasksRead() > 0)
    const again = await alice.get(path, { 'if-none-match': headers.get('etag') ?? '' })
    assert.equal(again.status, 304)
    assert.equal(tasksRead(), 0)
  }
})

test('the lists of overdue, due and upcoming tasks and their tags change at midnight without a write', async (t) => {
  const server = await docket(t, { now: Date.UTC(2026, 10, 22, 23, 59, 0) })
  const { alice } = server
  await alice.createTask({ title: 'Today', dueDate: '2026-11-22' })
  await alice.createTask({ title: 'Tomorrow', dueDate: '2026-11-23' })
  const titles = async (due: string, tag?: string) => {
    const { status, body, headers } = await alice.get(
      `/tasks?due=${due}&sort=title`,
      tag === undefined ? {} : { 'if-none-match': tag },
    )
    return {
      status,
      titles: body.items?.map(({ title }: { title: string }) => title),
      tag: headers.get('etag') ?? '',
    }
  }
  const before = {
    overdue: await titles('overdue'),
    today: await titles('today'),
    upcoming: await titles('upcoming'),
  }
  for (const due of ['overdue', 'today', 'upcoming'] as const) {
    assert.match(before[due].tag, /^W\/"/)
    assert.equal((await titles(due, before[due].tag)).status, 304)
  }

  server.advance(120_000) // past midnight

  const changed = { overdue: ['Today'], today: ['Tomorrow'], upcoming: [] }
  for (const due of ['overdue', 'today', 'upcoming'] as const) {
    const after = await titles(due, before[due].tag)
    assert.deepEqual([after.status, after.titles], [200, changed[due]])
    assert.notEqual(after.tag, before[due].tag)
  }
})

test('two users at the same revision get their own lists', async (t) => {
  const server = await docket(t, { now })
  const { alice } = server
  const bob = await server.register('bob')
  for (const user of [alice, bob]) await user.createTask({ title: user === alice ? 'hers' : 'his' })

  const lists = [await alice.get('/tasks'), await bob.get('/tasks')]

  assert.deepEqual(
    lists.map(({ body }) => body.items.map(({ title }: { title: string }) => title)),
    [['hers'], ['his']],
  )
})
