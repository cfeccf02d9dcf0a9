import assert from 'node:assert/strict'
import { test } from 'node:test'
import { raw, sql } from '../../src/database/database.ts'
import type { ChangeItem } from '../feed.ts'
import { taskResource } from '../../src/tasks/tasks.ts'
import { assertProblem, docket, etagOf, type Docket } from '../harness.ts'
import { walk } from '../list-model.ts'

const titles = (items: { title: string }[]) => items.map(({ title }) => title)

test('the trash', async (t) => {
  const server = await docket(t)
  const { alice } = server

  await t.test('supports the filters, sorts, pages and count of the list', async () => {
    const kept = await alice.createTask({ title: 'Kept' })
    for (const fields of [
      { title: 'c', status: 'complete', dueDate: null },
      { title: 'a', status: 'incomplete', dueDate: '2020-01-01' },
      { title: 'b', status: 'complete', dueDate: '2020-01-02' },
      { title: 'd', status: 'in_progress', dueDate: '2999-01-01' },
    ]) {
      const task = await alice.createTask(fields)
      assert.equal((await alice.delete(`/tasks/${task.id}`)).status, 204)
    }
    const trash = { deleted: 'true' }
    for (const limit of ['1', '2', '100'])
      assert.deepEqual(titles(await walk(alice, { ...trash, sort: 'title', limit })), ['a', 'b', 'c', 'd'])
    assert.deepEqual(titles(await walk(alice, { ...trash, sort: '-dueDate' })), ['d', 'b', 'a', 'c'])
    assert.deepEqual(titles(await walk(alice, { ...trash, status: 'complete', sort: 'title' })), ['b', 'c'])
    assert.deepEqual(titles(await walk(alice, { ...trash, due: 'overdue' })), ['a'])
    assert.deepEqual(titles(await walk(alice, { ...trash, due: 'none' })), ['c'])
    assert.deepEqual(titles(await walk(alice, { ...trash, dueFrom: '2020-01-02', sort: 'title' })), [
      'b',
      'd',
    ])
    assert.equal((await alice.get('/tasks?deleted=true&count=true&limit=1')).body.total, 4)
    assert.deepEqual(titles(await walk(alice, {})), ['Kept'])
    assert.deepEqual(titles(await walk(alice, { deleted: 'false' })), ['Kept'])

    const { nextCursor } = (await alice.get('/tasks?deleted=true&limit=1')).body
    assertProblem(await alice.get(`/tasks?limit=1&cursor=${nextCursor}`), 400, 'invalid-cursor')
    await alice.delete(`/tasks/${kept.id}?permanent=true`)
  })

  await t.test('restores a task as it was, and only once', async () => {
    const task = await alice.createTask({ title: 'Buy milk', description: 'two', dueDate: '2026-12-01' })
    const gone = await alice.delete(`/tasks/${task.id}`)
    const revision = Number(gone.headers.get('docket-revision'))
    assertProblem(await alice.get(`/tasks/${task.id}`), 404, 'not-found')

    const back = await alice.post(`/tasks/${task.id}/restore`)

    assert.equal(back.status, 200)
    assert.deepEqual(back.body, { ...task, updatedAt: back.body.updatedAt, revision: revision + 1 })
    assert.equal(back.headers.get('etag'), `"${revision + 1}"`)
    assert.equal(back.headers.get('docket-revision'), String(revision + 1))
    assert.deepEqual(await alice.read(task), back.body)

    const again = await alice.post(`/tasks/${task.id}/restore`)
    assert.deepEqual([again.status, again.body, again.headers.get('docket-revision')], [200, back.body, null])
    assertProblem(await alice.post(`/tasks/${crypto.randomUUID()}/restore`), 404, 'not-found')
  })

  await t.test('checks If-Match when a task is restored or permanently deleted', async () => {
    const task = await alice.createTask({ title: 'Guarded' })
    const stale = { 'if-match': etagOf(task) }
    const gone = await alice.delete(`/tasks/${task.id}`, stale)
    const tag = `"${gone.headers.get('docket-revision')}"`

    for (const late of [
      await alice.post(`/tasks/${task.id}/restore`, undefined, stale),
      await alice.delete(`/tasks/${task.id}?permanent=true`, stale),
    ]) {
      assertProblem(late, 412, 'precondition-failed')
      assert.equal(late.headers.get('etag'), tag)
    }
    const back = await alice.post(`/tasks/${task.id}/restore`, undefined, { 'if-match': tag })
    assert.equal(back.status, 200)
    assertProblem(await alice.delete(`/tasks/${task.id}?permanent=true`, stale), 412, 'precondition-failed')
    const now = { 'if-match': etagOf(back.body) }
    assert.equal((await alice.delete(`/tasks/${task.id}?permanent=true`, now)).status, 204)
  })

  await t.test('gets a new entity tag when a task is deleted or swept', async () => {
    const task = await alice.createTask({ title: 'Swept' })
    const tagged = async (path: string, tag: string | null) =>
      (await alice.get(path, { 'if-none-match': String(tag) })).status
    const before = (await alice.get('/tasks?deleted=true')).headers.get('etag')
    assert.equal(await tagged('/tasks?deleted=true', before), 304)
    await alice.delete(`/tasks/${task.id}`)
    assert.equal(await tagged('/tasks?deleted=true', before), 200)
    assert.equal(await tagged(`/tasks/${task.id}`, etagOf(task)), 404)

    const full = (await alice.get('/tasks?deleted=true')).headers.get('etag')
    await server.database.transaction((tx) => taskResource.sweep(tx, server.now() + 1, 100))

    assert.equal(await tagged('/tasks?deleted=true', full), 200)
    assert.deepEqual((await alice.get('/tasks?deleted=true')).body.items, [])
  })
})

test('a permanently deleted task leaves no trace', async (t) => {
  const server = await docket(t)
  const { alice } = server
  const secret = 'Canary 7f3a'
  const task = () => ({ title: secret, description: `${secret} at length`, dueDate: '2026-12-01' })
  const key = (name: string) => ({ 'idempotency-key': name })
  const batch = { operations: [{ method: 'POST', path: '/tasks', body: task() }] }
  const made = [
    (await alice.post('/tasks', task(), key('one'))).body,
    (await alice.post('/batch', batch, key('two'))).body.results[0].body,
    (await alice.post('/batch?atomic=false', batch, key('three'))).body.results[0].body,
    (await alice.put(`/tasks/${crypto.randomUUID()}`, task(), { 'if-none-match': '*' })).body,
  ]
  await alice.patch(`/tasks/${made[0].id}`, { title: `${secret} again` })
  await alice.post('/changes/5/undo')
  await alice.delete(`/tasks/${made[1].id}`) // to delete it permanently from the trash
  await alice.delete(`/tasks/${made[3].id}`)
  await alice.put(`/tasks/${made[3].id}`, { title: 'Another' }, { 'if-none-match': '*' }) // an earlier task under the same id
  assert.ok((await tablesWith(server, secret)).length >= 3, 'the search finds the text while it exists')

  for (const { id } of made) {
    const gone = await alice.delete(`/tasks/${id}?permanent=true`)
    assert.equal(gone.status, 204)
    assert.ok(gone.headers.get('docket-revision'))
  }

  assert.deepEqual(await tablesWith(server, secret), [])
  assert.deepEqual((await alice.get('/tasks?deleted=true')).body.items, [])
  for (const { id } of made) {
    for (const answer of [
      await alice.get(`/tasks/${id}`),
      await alice.get(`/tasks/${id}/history`),
      await alice.post(`/tasks/${id}/restore`),
      await alice.delete(`/tasks/${id}?permanent=true`),
    ])
      assertProblem(answer, 404, 'not-found')
  }
  // A retry must neither return the task nor create it again.
  assertProblem(await alice.post('/tasks', task(), key('one')), 404, 'not-found')
  assertProblem(await alice.post('/batch', batch, key('two')), 404, 'not-found')
  const each = await alice.post('/batch?atomic=false', batch, key('three'))
  assert.equal(each.body.results[0].status, 404)
  assert.deepEqual((await alice.get('/tasks')).body.items, [])

  const { items } = (await alice.get('/changes')).body
  assert.deepEqual(
    items.map(({ id, action, task: now }: ChangeItem) => [id, action, now]),
    made.map(({ id }) => [id, 'delete', null]),
  )
  const own = await alice.put(`/tasks/${made[0].id}`, { title: 'New' }, { 'if-none-match': '*' })
  assert.equal(own.status, 201, 'the id can be used again')
})

/** Returns the names of the tables that contain the text in any column of any row. */
async function tablesWith({ database, variables }: Docket, text: string): Promise<string[]> {
  const isSqlite = variables['DATABASE_URL']?.startsWith('sqlite:')
  const tables = await database.query<{ name: string }>(
    isSqlite
      ? sql`select name from sqlite_schema where type = 'table'`
      : sql`select table_name as name from information_schema.tables where table_schema = current_schema()`,
  )
  assert.ok(tables.length >= 8)
  const rows = await Promise.all(tables.map(({ name }) => database.query(sql`select * from ${raw(name)}`)))
  return tables.filter((_, i) => JSON.stringify(rows[i]).includes(text)).map(({ name }) => name)
}
