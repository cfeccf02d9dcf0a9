import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { sql } from '../../src/database/database.ts'
import { assertProblem, docket, password, type Docket, type User } from '../harness.ts'

interface Change {
  revision: number
  at: number
  kind: string
  id: string
  action: string
  session: string
  fields: Record<string, [before: unknown, after: unknown]>
}

/** Returns the owner's rows in the table of changes, oldest first. */
async function journalOf({ database }: Docket, user: User): Promise<Change[]> {
  const rows = await database.query<Change & { fields: string }>(sql`
    select revision, at, kind, thing_id as id, action, credential_id as session, fields
    from changes where owner_id = ${user.id} order by revision`)
  return rows.map((row) => ({ ...row, fields: JSON.parse(row.fields) }))
}

const sessionOf = async (user: User): Promise<string> => {
  const { items } = (await user.get('/me/sessions')).body
  return items.find(({ current }: { current: boolean }) => current).id
}

test('every change takes the next revision and adds one row to the journal', async (t) => {
  const server = await docket(t)
  const { alice } = server
  const session = await sessionOf(alice)
  const last = async () => (await journalOf(server, alice)).at(-1)
  assert.deepEqual(await journalOf(server, alice), [], 'a registration takes no revision')

  const task = await alice.createTask({ title: 'Buy milk', dueDate: '2026-12-01T17:00:00+01:00' })
  const path = `/tasks/${task.id}`
  const { at, fields, ...created } = (await last()) as Change
  assert.deepEqual(created, { revision: 1, kind: 'task', id: task.id, action: 'create', session })
  assert.equal(new Date(at).toISOString(), task.createdAt)
  assert.deepEqual(fields['title'], [null, 'Buy milk'])
  assert.deepEqual(fields['dueDate'], [null, '2026-12-01T16:00:00.000Z'])

  await alice.patch(path, { title: 'Buy oat milk', dueDate: null, description: '' })
  assert.deepEqual((await last())?.fields, {
    title: ['Buy milk', 'Buy oat milk'],
    dueDate: ['2026-12-01T16:00:00.000Z', null],
  })
  await alice.put(path, { title: 'Buy oat milk', status: 'complete' })
  const replaced = await last()
  assert.deepEqual(
    [replaced?.revision, replaced?.action, replaced?.fields['status']],
    [3, 'update', ['incomplete', 'complete']],
  )
  assert.ok(!('title' in (replaced?.fields ?? {})), 'an unchanged field is not in the journal')

  await alice.patch('/me', { name: 'Alice', timeZone: 'Europe/Berlin' })
  const profile = await last()
  assert.deepEqual([profile?.revision, profile?.action, profile?.id], [4, 'update', alice.id])
  assert.deepEqual(profile?.fields, { name: ['', 'Alice'], timeZone: ['UTC', 'Europe/Berlin'] })

  await alice.delete(path)
  const deleted = await last()
  assert.deepEqual(
    [deleted?.revision, deleted?.kind, deleted?.id, deleted?.action],
    [5, 'task', task.id, 'delete'],
  )

  await alice.put(path, { title: 'Buy milk again' }, { 'if-none-match': '*' })
  assert.deepEqual([(await last())?.revision, (await last())?.action], [6, 'create'])
})

test('refused writes, writes that change nothing, logins and refreshes take no revision', async (t) => {
  const server = await docket(t)
  const { alice } = server
  const task = await alice.createTask({ title: 'Buy milk' })
  const path = `/tasks/${task.id}`
  const bob = await server.register('bob')
  const before = await journalOf(server, alice)

  await alice.get('/tasks')
  await alice.patch(path, { title: ' Buy milk ' })
  await alice.patch('/me', { name: '', timeZone: 'UTC' })
  await alice.patch(path, { title: 'x' }, { 'if-match': '"99"' })
  await alice.post('/tasks', { title: '' })
  await alice.patch(path, { title: null })
  await alice.put(`/tasks/${randomUUID()}`, { title: 'x' })
  await alice.delete(`/tasks/${randomUUID()}`)
  await alice.post('/auth/refresh', { refreshToken: alice.refreshToken })
  await alice.post('/auth/login', { email: alice.email, password })
  assertProblem(await bob.patch(path, { title: "Bob's" }), 404, 'not-found')
  assertProblem(await bob.delete(path), 404, 'not-found')

  assert.deepEqual(await journalOf(server, alice), before)
  assert.deepEqual(await journalOf(server, bob), [])
  assert.equal(
    (await bob.createTask({ title: 'His first' })).revision,
    1,
    'each owner has a counter of their own',
  )
  assert.equal((await alice.createTask({ title: 'Her second' })).revision, 2)
})

test('a change records its session', async (t) => {
  const server = await docket(t)
  const { alice } = server
  const phone = (await server.request('POST', '/auth/login', { body: { email: alice.email, password } })).body
  const task = await alice.createTask({ title: 'Buy milk' })
  await alice.patch(
    `/tasks/${task.id}`,
    { title: 'By phone' },
    { authorization: `Bearer ${phone.accessToken}` },
  )
  const [first, second] = await journalOf(server, alice)
  const { items } = (await alice.get('/me/sessions')).body
  const idOf = (isCurrent: boolean) =>
    items.find(({ current }: { current: boolean }) => current === isCurrent).id
  assert.deepEqual([first?.session, second?.session], [idOf(true), idOf(false)])
})

test('concurrent writes take revisions without a gap or a repeat', async (t) => {
  const server = await docket(t)
  const { alice } = server
  const tasks = await Promise.all(
    Array.from({ length: 20 }, (_, i) => alice.createTask({ title: `Task ${i}` })),
  )
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, i) => {
      const path = `/tasks/${tasks[i % tasks.length]?.id}`
      if (i % 10 === 9) return alice.patch('/me', { name: `Name ${i}` })
      if (i % 10 === 8) return alice.post('/tasks', { title: '' }) // refused
      if (i % 10 === 7) return alice.delete(`/tasks/${randomUUID()}`)
      return i % 2 === 0
        ? alice.patch(path, { title: `Title ${i}` })
        : alice.post('/tasks', { title: `New ${i}` })
    }),
  )
  const journal = await journalOf(server, alice)
  assert.deepEqual(
    journal.map(({ revision }) => revision),
    journal.map((_, i) => i + 1),
  )

  const answered = answers.filter(({ status, body }) => status < 300 && body.revision !== undefined)
  for (const { body } of answered) {
    const change = journal[body.revision - 1]
    assert.equal(change?.id, body.id)
    assert.deepEqual(change?.fields['title']?.[1], body.title)
  }
  assert.equal(new Set(answered.map(({ body }) => body.revision)).size, answered.length)
  assert.ok(
    (await server.restart(), (await alice.createTask({ title: 'After' })).revision === journal.length + 1),
  )
})

const names = ['title', 'description', 'dueDate', 'status'] as const
const patches = fc.array(
  fc.record(
    {
      title: fc.constantFrom('a', 'b'),
      description: fc.constantFrom('', 'x'),
      dueDate: fc.constantFrom(null, '2026-12-01', '2026-12-01T00:00:00.000Z'),
      status: fc.constantFrom('incomplete', 'complete'),
    },
    { requiredKeys: [] },
  ),
  { minLength: 1, maxLength: 8 },
)

test('the journal contains every version of a task, with values before and after', async (t) => {
  const server = await docket(t)
  const { alice } = server
  await fc.assert(
    fc.asyncProperty(patches, async (writes) => {
      const created = await alice.createTask({ title: 'a' })
      const versions = new Map([[created.revision, created]])
      for (const body of writes) {
        const { body: task } = await alice.patch(`/tasks/${created.id}`, body)
        versions.set(task.revision, task)
      }
      const journal = (await journalOf(server, alice)).filter(({ id }) => id === created.id)
      assert.deepEqual(
        journal.map(({ revision }) => revision),
        [...versions.keys()],
      )
      const state: Record<string, unknown> = { title: null, description: null, dueDate: null, status: null }
      for (const { revision, at, fields } of journal) {
        const version = versions.get(revision)
        for (const [name, [before, after]] of Object.entries(fields)) {
          if (!names.includes(name as (typeof names)[number])) continue
          assert.deepEqual(before, state[name])
          state[name] = after
        }
        assert.equal(new Date(at).toISOString(), version?.updatedAt)
        for (const name of names) assert.deepEqual(state[name], version?.[name])
      }
    }),
    { numRuns: 25 },
  )
})
