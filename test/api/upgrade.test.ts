import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { sql } from '../../src/database/database.ts'
import { migrations } from '../../src/database/migrate.ts'
import type { HistoryItem } from '../../src/journal/schema.ts'
import type { Task } from '../../src/tasks/schema.ts'
import { createDatabase } from '../databases.ts'
import type { ChangeItem } from '../feed.ts'
import { assertProblem, docket, type User } from '../harness.ts'
import { fill, logIn, rowsOf } from '../older-schemas.ts'

// test/upgrade/N.sql holds the rows of schema version N, as the servers of that time wrote them: Alice created
// milk (1), bread (2) and a note (3), changed milk (4) and her profile (5), put bread into the trash (6) and erased
// the note (7). Her first change was swept, and both of Bob's.

/** Within the minute that the ticket of the rows is valid. */
const now = Date.parse('2026-03-02T08:11:30Z')
const milk = { title: 'Buy milk', description: 'Two litres; it’s for "pancakes".', dueDate: '2026-03-06' }
const idempotencyKey = { 'idempotency-key': '"buy-milk-once"' }
const ticket = 'an event ticket'
const withResults = 2
const withTickets = 3
const withEveryAnswer = 8

/** Every older version needs its rows; the newest one needs them when the next migration is written. */
const versions = migrations.map((_, index) => index + 1)
const tried = versions.filter((version) => version < migrations.length || existsSync(rowsOf(version)))

for (const version of tried) {
  test(`a server of today continues with the data of schema ${version}`, async (t) => {
    const database = await createDatabase()
    await fill(database, version)
    const server = await docket(t, { database, now, isStill: true, withAlice: false })

    const alice = await logIn(server, 'alice')
    const bob = await logIn(server, 'bob')

    const { name, timeZone } = (await alice.get('/me')).body
    assert.deepEqual([name, timeZone], ['Alice', 'Europe/Paris'])
    const [task, ...others] = await tasks(alice, '/tasks')
    assert.ok(task)
    assert.deepEqual(others, [])
    assert.deepEqual(
      [task.title, task.description, task.dueDate, task.status, task.revision],
      ['Buy oat milk', milk.description, milk.dueDate, 'complete', 4],
    )
    const [bread, ...moreTrash] = await tasks(alice, '/tasks?deleted=true')
    assert.ok(bread)
    assert.deepEqual(moreTrash, [])
    assert.deepEqual([bread.title, bread.revision], ['Buy bread', 6])
    assert.deepEqual(
      (await tasks(bob, '/tasks')).map(({ title }) => title),
      ['Plan the garden'],
    )

    await t.test('history and feed end where changes were swept', async () => {
      assert.deepEqual(await history(alice, task), [4])
      assert.deepEqual(await history(alice, bread), [6, 2])
      assertProblem(await alice.get('/changes?since=0'), 410, 'sync-too-old')
      const { body } = await alice.get('/changes?since=1')
      assert.deepEqual(
        body.items.map(({ revision }: ChangeItem) => revision),
        [4, 5, 6, 7],
      )
      assert.equal((await bob.get('/changes')).status, 410)
      assert.equal((await bob.get('/changes?since=1')).status, 410)
      assert.deepEqual((await bob.get('/changes?since=2')).body.items, [])
    })

    await t.test(
      'the tasks are in the inbox, in the order of their creation, and a search finds them',
      async () => {
        for (const { priority, labels, projectId, parentId, recurrence, occurrenceOf } of [task, bread])
          assert.deepEqual(
            [priority, labels, projectId, parentId, recurrence, occurrenceOf],
            ['none', [], null, null, null, null],
          )
        assert.deepEqual([task.position, bread.position], ['i000000001', 'i000000002'])
        assert.deepEqual((await alice.get('/projects')).body.items, [])
        const found = async (user: User, query: string) =>
          (await tasks(user, `/tasks?${query}`)).map((one) => one.title)
        assert.deepEqual(await found(alice, 'q=Pancake%20MÌLK&project=none&parent=none'), ['Buy oat milk'])
        assert.deepEqual(await found(alice, 'q=bread'), [])
        assert.deepEqual(await found(alice, 'q=bread&deleted=true'), ['Buy bread'])
        assert.deepEqual(await found(bob, 'q=chicoree'), ['Plan the garden'])
      },
    )

    const repeated = async () => {
      const answer = await alice.post('/tasks', milk, idempotencyKey)
      assert.equal(answer.status, 201, answer.text)
      assert.deepEqual([answer.body.id, answer.body.title, answer.body.revision], [task.id, 'Buy milk', 1])
      assert.equal(answer.headers.get('idempotent-replayed'), 'true')
    }
    if (version >= withResults) await t.test('a repeated request gets the stored answer', repeated)

    const writes = writesBefore(task, bread)
    const repeatedAll = async () => {
      for (const { key, method, path, body, answer } of writes) {
        const { status, text, headers } = await alice.request(method, path, { body, headers: keyed(key) })
        const { etag = null, location = null, revision = null, isReplay = true } = answer
        const found = ['etag', 'location', 'docket-revision'].map((header) => headers.get(header))
        assert.deepEqual([status, ...found], [answer.status, etag, location, revision], `${key}: ${text}`)
        assert.match(text, answer.text, key)
        assert.equal(headers.get('idempotent-replayed'), isReplay ? 'true' : null, key)
      }
    }
    if (version >= withEveryAnswer) await t.test('so does each kind of write', repeatedAll)

    const batches = batchesBefore(bread)
    const storedBatches = () =>
      server.database.query(sql`
        select operation, status, headers, body from idempotency_keys
        where operation like ${'POST /tasks/batch%'} order by operation, key`)
    if (version >= withEveryAnswer) {
      await t.test('the answers to batches are kept', async () => {
        assert.deepEqual(await storedBatches(), batches)
      })
    }

    const opening = async () => {
      const opened = await fetch(`${server.url}/events?ticket=${encodeURIComponent(ticket)}`)
      assert.equal(opened.status, 200)
      await opened.body?.cancel()
    }
    if (version >= withTickets) await t.test('a ticket opens a stream', opening)

    await t.test('changes are undone, and new ones take the next revisions', async () => {
      const undone = await alice.post('/changes/4/undo')
      assert.equal(undone.status, 200, undone.text)
      const { title, status, revision } = await alice.read(task)
      assert.deepEqual([title, status, revision], ['Buy milk', 'incomplete', 8])
      assert.deepEqual(await history(alice, task), [8, 4])
      assert.equal((await alice.post(`/tasks/${bread.id}/restore`)).body.revision, 9)
      assert.deepEqual(await history(alice, bread), [9, 6, 2])
      assert.equal((await alice.createTask({ title: 'Buy eggs' })).revision, 10)
      assert.deepEqual(
        (await tasks(alice, '/tasks?sort=position')).map((one) => one.title),
        ['Buy milk', 'Buy bread', 'Buy eggs'],
      )
      assert.equal((await bob.createTask({ title: 'Sow the beans' })).revision, 3)
    })

    await t.test('stored answers are erased with what they hold', async () => {
      for (const { id } of [task, bread]) await alice.delete(`/tasks/${id}?permanent=true`)
      for (const { key, method, path, body, holds } of version >= withEveryAnswer ? writes : []) {
        const { status } = await alice.request(method, path, { body, headers: keyed(key) })
        assert.equal(status === 404, holds, key)
      }
      const erased = { status: null, headers: null, body: null }
      if (version >= withEveryAnswer) {
        assert.deepEqual(
          await storedBatches(),
          batches.map((row) => (row.body === null ? row : { ...row, ...erased })),
        )
      }
      if (version < withResults) return
      assertProblem(await alice.post('/tasks', milk, idempotencyKey), 404, 'not-found')
    })
  })
}

const keyed = (key: string) => ({ 'idempotency-key': key })

/** A write that Alice repeats, and how it is answered. */
interface Repeated {
  key: string
  method: string
  path: string
  body?: object
  answer: Expected
  /** Whether the answer is erased with milk or bread. */
  holds: boolean
}

interface Expected {
  status: number
  etag?: string
  location?: string
  revision?: string
  text: RegExp
  isReplay?: boolean
}

function writesBefore(task: Task, bread: Task): Repeated[] {
  const done = { title: 'Buy oat milk', status: 'complete' }
  const post = { method: 'POST', path: '/tasks' }
  const change = { method: 'PATCH', path: `/tasks/${task.id}`, body: done, holds: true }
  const remove = { method: 'DELETE', path: `/tasks/${bread.id}` }

  const changed = { status: 200, etag: '"4"', text: exactly(JSON.stringify(beforeProjects(task))) }
  const deleted = { status: 204, revision: '6', text: /^$/ }
  const erased = { status: 404, text: /not-found/, isReplay: false }
  return [
    { key: 'finish-milk', ...change, answer: { ...changed, revision: '4' } },
    { key: 'finish-again', ...change, answer: changed },
    { key: 'drop-bread', ...remove, answer: deleted, holds: false },
    { key: 'note-once', ...post, body: { title: 'A note' }, answer: erased, holds: true },
  ]
}

/** The stored answers of `POST /tasks/batch`, an address that is no more: of a whole one, and of one in parts. */
function batchesBefore(bread: Task) {
  const etag = '"2"'
  const body = JSON.stringify({ ...beforeProjects(bread), revision: 2 })
  const whole = `{"results":[{"status":201,"body":${body},"etag":${JSON.stringify(etag)}},{"status":204}]}`
  const created = { etag, location: `/tasks/${bread.id}`, 'docket-revision': '2' }
  const changed = { 'docket-revision': '6' }
  const row = (part: string, status: number, headers: object, text: string | null) => ({
    operation: `POST /tasks/batch${part}`,
    status,
    headers: JSON.stringify(headers),
    body: text,
  })
  return [
    row('', 200, changed, whole),
    row('', 204, {}, null),
    row(' 0', 201, created, body),
    row(' 2', 204, changed, null),
  ]
}

/** A task as answers had it before there were projects. */
const beforeProjects = ({
  id,
  title,
  description,
  dueDate,
  status,
  completedAt,
  createdAt,
  updatedAt,
  revision,
}: Task) => ({ id, title, description, dueDate, status, completedAt, createdAt, updatedAt, revision })

const exactly = (text: string) => new RegExp(`^${RegExp.escape(text)}$`)

async function tasks(user: User, path: string): Promise<Task[]> {
  return (await user.get(path)).body.items
}

async function history(user: User, { id }: Task): Promise<number[]> {
  const { body } = await user.get(`/tasks/${id}/history`)
  return body.items.map(({ revision }: HistoryItem) => revision)
}
