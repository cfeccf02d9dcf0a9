import assert from 'node:assert/strict'
import { test } from 'node:test'
import { join, raw, sql } from '../../src/database/database.ts'
import { fields as declared } from '../../src/tasks/fields.ts'
import type { Task } from '../../src/tasks/schema.ts'
import type { Field } from '../../src/things/things.ts'
import { assertProblem, docket, type Docket, type User } from '../harness.ts'
import { asSent, samples, valueOf as sampleFor } from '../samples.ts'

// What every field of a task has by being declared. A field that is added is tried by each of these.

const fields: Record<string, Field> = declared
const sampleOf: Record<string, readonly [unknown, unknown]> = samples
/** What a task has beside the field that is tried: one that recurs needs a due date. */
const leastFor = (name: string) => ({
  title: samples.title[0],
  ...(name === 'recurrence' && { dueDate: '2026-12-01' }),
})
const withField = (name: string, value: unknown) => ({ ...leastFor(name), [name]: asSent(value) })
const valueIn = (task: object, name: string): unknown => new Map(Object.entries(task)).get(name)

test('every field', async (t) => {
  const server = await docket(t)
  for (const [name, field] of Object.entries(fields)) {
    const pair = sampleOf[name] ?? assert.fail(`test/samples.ts has no values of ${name}`)
    const user = await server.register(`user-${name.toLowerCase()}`)
    const [a, b] = await valuesOf(user, pair)
    await t.test(`${name} is written and read back by every write`, () =>
      assertWritten(user, name, field, a, b),
    )
    await t.test(`${name} is in the feed, the history and an undo`, () => assertJournalled(user, name, a, b))
    await t.test(`${name} outlives the trash and not an erasure`, () =>
      assertErased(server, user, name, field, b),
    )
    await t.test(`${name} is refused as null unless it can be cleared`, () =>
      assertNull(user, name, field, b),
    )
    const lister = await server.register(`lister-${name.toLowerCase()}`)
    await t.test(`${name} is sorted and filtered by as declared`, async () =>
      assertListed(lister, name, field, ...(await valuesOf(lister, pair))),
    )
  }
})

const valuesOf = async (user: User, [a, b]: readonly [unknown, unknown]) =>
  [await sampleFor(user, a), await sampleFor(user, b)] as const

async function assertWritten(user: User, name: string, field: Field, a: unknown, b: unknown): Promise<void> {
  const created = await user.createTask(withField(name, a))
  assert.deepEqual(valueIn(created, name), a)
  assert.deepEqual(await user.read(created), created)
  const bare = valueIn(await user.createTask(leastFor(name)), name)
  // What the rules settle is null where a client can clear it; a position comes after the last.
  if (field.isSettled && !field.isClearable) assert.ok(String(bare) > String(a), String(bare))
  else if (!field.isRequired) assert.deepEqual(bare, field.default)

  const path = `/tasks/${created.id}`
  const patched = await user.patch(path, { [name]: asSent(b) })
  assert.deepEqual([valueIn(patched.body, name), await user.read(created)], [b, patched.body])
  const replaced = await user.put(path, withField(name, a))
  assert.deepEqual([valueIn(replaced.body, name), await user.read(created)], [a, replaced.body])
  const emptied = await user.put(path, leastFor(name))
  assert.deepEqual(valueIn(emptied.body, name), staysInPut(field) ? a : field.default)
  const operations = [{ method: 'PATCH', path, body: { [name]: asSent(b) } }]
  const batch = await user.post('/batch', { operations })
  assert.deepEqual(
    [valueIn(batch.body.results[0].body, name), await user.read(created)],
    [b, batch.body.results[0].body],
  )
}

/** Whether a PUT that leaves the field out keeps its value: `title` because the test gives it. */
const staysInPut = ({ isRequired, isSettled, isClearable }: Field) =>
  isRequired || (isSettled && !isClearable)

async function assertJournalled(user: User, name: string, a: unknown, b: unknown): Promise<void> {
  const task = await user.createTask(withField(name, a))
  const path = `/tasks/${task.id}`
  const changed = await user.patch(path, { [name]: asSent(b) })
  const { items } = (await user.get(`/changes?since=${task.revision}`)).body
  assert.deepEqual(items[0].task, changed.body)

  const [update, creation] = (await user.get(`${path}/history`)).body.items
  assert.deepEqual(update.fields, { [name]: { from: a, to: b } })
  assert.deepEqual(creation.fields[name], { from: null, to: a })

  const undone = await user.post(`/changes/${changed.body.revision}/undo`)
  assert.deepEqual(valueIn(undone.body, name), a)
  assert.deepEqual(await user.read(task), undone.body)
}

async function assertErased(
  server: Docket,
  user: User,
  name: string,
  field: Field,
  b: unknown,
): Promise<void> {
  const task = await user.createTask(withField(name, b))
  const path = `/tasks/${task.id}`
  await user.delete(path)
  assert.deepEqual(valueIn((await user.post(`${path}/restore`)).body, name), b)
  await user.delete(path)
  await user.put(path, leastFor(name), { 'if-none-match': '*' })
  await user.delete(path)
  assert.equal((await user.put(path, withField(name, b), { 'if-none-match': '*' })).status, 201)
  assert.deepEqual(valueIn(await user.read(task), name), b)

  assert.equal((await user.delete(`${path}?permanent=true`)).status, 204)

  const { columns } = field.codec
  const row = await server.database.first<Record<string, unknown>>(sql`
    select ${join(columns.map((column) => raw(column)))} from tasks where owner_id = ${user.id} and id = ${task.id}`)
  assert.deepEqual(
    columns.map((column) => row?.[column]),
    field.codec.store(field.default),
  )
}

async function assertNull(user: User, name: string, field: Field, b: unknown): Promise<void> {
  const task = await user.createTask(withField(name, b))
  const answer = await user.patch(`/tasks/${task.id}`, { [name]: null })
  if (field.isClearable) {
    assert.deepEqual([answer.status, valueIn(answer.body, name)], [200, null])
  } else {
    const [fault] = assertProblem(answer, 422, 'validation-failed').errors ?? []
    assert.deepEqual(fault && 'pointer' in fault && fault.pointer, `/${name}`)
    for (const [other, { isClearable }] of Object.entries(fields)) {
      assert.equal(String(fault?.detail).includes(other), isClearable, 'the words name what null clears')
    }
  }
}

async function assertListed(user: User, name: string, field: Field, a: unknown, b: unknown): Promise<void> {
  const first = await user.createTask(withField(name, a))
  const second = await user.createTask(withField(name, b))
  const last = field.isClearable ? [await user.createTask(leastFor(name))] : []
  const idsOf = async (query: string) => {
    const { status, body, text } = await user.get(`/tasks?${query}`)
    assert.equal(status, 200, text)
    return body.items.map(({ id }: Task) => id)
  }
  if (field.sort) {
    const rest = last.map(({ id }) => id)
    assert.deepEqual(await idsOf(`sort=${name}`), [first.id, second.id, ...rest])
    assert.deepEqual(await idsOf(`sort=-${name}`), [second.id, first.id, ...rest])
  } else {
    assertProblem(await user.get(`/tasks?sort=${name}`), 400, 'invalid-parameter')
  }
  if (field.range) {
    const bound = encodeURIComponent(String(b))
    assert.deepEqual(await idsOf(`${field.range.name}From=${bound}`), [second.id])
    assert.deepEqual(await idsOf(`${field.range.name}Before=${bound}`), [first.id])
  }
  if (field.choices) {
    assert.deepEqual(await idsOf(`${name}=${String(a)}`), [first.id])
    assert.deepEqual(await idsOf(`${name}=${String(a)},${String(b)}&sort=createdAt`), [first.id, second.id])
  }
}
