import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { kindsOf, sweepsOf } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { column } from '../../src/database/columns.ts'
import { sql } from '../../src/database/database.ts'
import { sweepAll } from '../../src/database/sweep.ts'
import {
  defineModel,
  optional,
  required,
  resourceOf,
  type Kind,
  type Thing,
} from '../../src/things/things.ts'
import { openEvents } from '../event-stream.ts'
import { assertProblem, docket, password, type Docket } from '../harness.ts'

// A kind of thing that Docket does not have. What is asserted of it here, every kind has by being registered.

const example = {
  id: '019aa8b2-6f3e-7c41-9d3a-5b1f0c2d7e11',
  text: 'Remember',
  createdAt: '2026-11-22T09:30:00.000Z',
  updatedAt: '2026-11-22T09:30:00.000Z',
  revision: 17,
}
function examplesWith<Note>(thing: Note) {
  const shown = { summary: 'A note', body: { text: 'Remember' }, status: 200, answer: thing }
  return { thing, creation: { least: shown }, replacement: {}, change: { usual: shown } }
}

const model = {
  name: 'note',
  path: '/notes',
  table: 'notes',
  fields: {
    text: required({
      sent: { type: 'string', format: 'line', minLength: 1, maxLength: 100 },
      codec: column<string>('text'),
      erased: '',
    }),
  },
  serverSet: {},
  derive: () => ({}),
  examples: examplesWith(example),
}
const notes: Kind = resourceOf(defineModel(model))
const registeredKinds = kindsOf({ tasksPerUser: 'off' })
const kinds = [...registeredKinds, notes]
const dayMs = 24 * 60 * 60_000

/** A server that has notes too, with the table that a migration would have made. */
async function docketWithNotes(t: TestContext): Promise<Docket> {
  const server = await docket(t, { kinds })
  await server.database.transaction((tx) =>
    tx.query(sql`
      create table notes (
        owner_id text not null, id text not null, text text not null, created_at bigint not null,
        updated_at bigint not null, revision bigint not null, deleted_at bigint, purged_at bigint,
        primary key (owner_id, id))`),
  )
  return server
}

test('a kind of thing that is registered', async (t) => {
  const server = await docketWithNotes(t)
  const { alice } = server
  const milk = await alice.createTask({ title: 'Buy milk' })
  const created = await alice.post('/notes', { text: 'Remember' })
  const note: Thing = created.body
  const path = `/notes/${note.id}`

  await t.test('is created, read, replaced and changed under conditions, and its body judged', async () => {
    assert.deepEqual([created.status, created.headers.get('location')], [201, path])
    assert.deepEqual([note['text'], note.revision], ['Remember', milk.revision + 1])
    assert.deepEqual((await alice.get(path)).body, note)
    assertProblem(await alice.patch(path, { text: 'x' }, { 'if-match': '"1"' }), 412, 'precondition-failed')
    assertProblem(await alice.post('/notes', { title: 'x' }), 422, 'validation-failed')
    const bob = await server.register('bob')
    assertProblem(await bob.get(path), 404, 'not-found')
    assert.equal((await alice.put(path, { text: 'Recall' })).body.text, 'Recall')
    const key = { 'idempotency-key': 'note' }
    const [first, again] = [
      await alice.post('/notes', { text: 'Once' }, key),
      await alice.post('/notes', { text: 'Once' }, key),
    ]
    assert.deepEqual(again.body, first.body)
    assert.equal(again.headers.get('idempotent-replayed'), 'true')
  })

  await t.test('is told by the feed, beside tasks, each in the member of its kind', async () => {
    await alice.patch('/me', { name: 'Alice' })
    const { items } = (await alice.get('/changes')).body
    assert.deepEqual(
      items.map((item: Record<string, Thing | null>) => [
        item['kind'],
        item['task']?.id,
        item['note']?.['text'],
      ]),
      [
        ['task', milk.id, undefined],
        ['note', undefined, 'Recall'],
        ['note', undefined, 'Once'],
        ['profile', undefined, undefined],
      ],
    )
    const [one] = (await alice.get('/changes?limit=1')).body.items
    assert.equal(one.id, milk.id, 'pages go by the revision, whatever the kind')
  })

  await t.test('is told by live events', async () => {
    const stream = await openEvents(server.url, alice, '/events')
    await stream.next()
    const { body } = await alice.post('/notes', { text: 'Live' })
    const event = await stream.next()
    stream.close()
    assert.deepEqual(event?.data, {
      ...(await lastChange()),
      note: body,
      task: null,
      project: null,
      kind: 'note',
    })
  })

  await t.test('has a history', async () => {
    const { items } = (await alice.get(`${path}/history`)).body
    assert.deepEqual(
      items.map(({ action, fields }: { action: string; fields: object }) => [action, fields]),
      [
        ['update', { text: { from: 'Remember', to: 'Recall' } }],
        ['create', { text: { from: null, to: 'Remember' } }],
      ],
    )
  })

  await t.test('is undone: a change, a creation, a deletion, and a conflict', async () => {
    const { revision } = (await alice.get(path)).body
    const undone = await alice.post(`/changes/${revision}/undo`)
    assert.deepEqual([undone.status, undone.body.text], [200, 'Remember'])

    const other = (await alice.post('/notes', { text: 'Other' })).body
    assert.equal((await alice.post(`/changes/${other.revision}/undo`)).status, 204)
    assertProblem(await alice.get(`/notes/${other.id}`), 404, 'not-found')
    const back = await alice.post(`/changes/${other.revision + 1}/undo`)
    assert.equal(back.body.text, 'Other')

    const changed = (await alice.patch(path, { text: 'Later' })).body
    await alice.patch(path, { text: 'Latest' })
    assertProblem(await alice.post(`/changes/${changed.revision}/undo`), 409, 'undo-conflict')
  })

  await t.test('is written in a batch together with tasks, and undone with them', async () => {
    const operations = [
      { method: 'PATCH', path, body: { text: 'In a batch' } },
      { method: 'PATCH', path: `/tasks/${milk.id}`, body: { title: 'Buy oat milk' } },
      { method: 'POST', path: '/notes', body: { text: 'New' } },
    ]
    const { body, headers } = await alice.post('/batch', { operations })
    assert.deepEqual(
      body.results.map(({ status }: { status: number }) => status),
      [200, 200, 201],
    )
    await alice.post(`/changes/${headers.get('docket-revision')}/undo`)
    assert.deepEqual(
      [(await alice.get(path)).body.text, (await alice.read(milk)).title],
      ['Latest', 'Buy milk'],
    )
    assertProblem(await alice.get(`/notes/${body.results[2].body.id}`), 404, 'not-found')
  })

  await t.test('is put into the trash, restored, erased, and swept after its days', async () => {
    assert.equal((await alice.delete(path)).status, 204)
    assertProblem(await alice.get(path), 404, 'not-found')
    assert.equal((await alice.post(`${path}/restore`)).body.text, 'Latest')
    assert.equal((await alice.delete(`${path}?permanent=true`)).status, 204)
    assertProblem(await alice.post(`${path}/restore`), 404, 'not-found')
    const tombstones = () => server.database.query(sql`select id from notes where purged_at is not null`)
    assert.equal((await tombstones()).length, 1)

    server.advance(31 * dayMs)
    await sweepAll(server.database, sweepsOf(readConfig({}), kinds), server.now)

    assert.equal((await tombstones()).length, 0)
    const login = await server.request('POST', '/auth/login', { body: { email: alice.email, password } })
    alice.accessToken = login.body.accessToken
    assertProblem(await alice.get('/changes?since=1'), 410, 'sync-too-old')
  })

  async function lastChange(): Promise<object> {
    const { items } = (await alice.get('/changes?limit=500')).body
    return items.at(-1)
  }
})

test('a replay is what was sent before, after the kind has got another field', async (t) => {
  const server = await docketWithNotes(t)
  const { alice } = server
  const { id } = (await alice.post('/notes', { text: 'Remember' })).body
  const create = { method: 'POST', path: '/notes', body: { text: 'Once' } }
  const put = { method: 'PUT', path: `/notes/${id}`, body: { text: 'Replaced' } }
  const change = { method: 'PATCH', path: `/notes/${id}`, body: { text: 'Changed' } }
  const batch = { method: 'POST', path: '/batch', body: { operations: [create, put, change] } }
  const writes = [create, put, change, batch, { ...batch, path: '/batch?atomic=false' }]
  const sendAll = async () => {
    const answers = []
    for (const { method, path, body } of writes)
      answers.push(await alice.request(method, path, { body, headers: { 'idempotency-key': path } }))
    return answers.map(({ status, headers, text }) => {
      const sent = ['content-type', 'etag', 'location', 'docket-revision'].map((name) => headers.get(name))
      return { status, sent, text, isReplay: headers.get('idempotent-replayed') === 'true' }
    })
  }
  const first = await sendAll()
  assert.deepEqual(
    first.map(({ status, isReplay }) => [status, isReplay]),
    [201, 200, 200, 200, 200].map((status) => [status, false]),
  )

  const colour = optional({
    sent: { type: 'string', format: 'line', maxLength: 100 },
    codec: column<string>('colour'),
    default: 'white',
  })
  const examples = examplesWith({ ...example, colour: 'white' })
  const coloured: Kind = resourceOf(defineModel({ ...model, fields: { ...model.fields, colour }, examples }))
  await server.restart({}, [...registeredKinds, coloured])

  assert.deepEqual(
    await sendAll(),
    first.map((answer) => ({ ...answer, isReplay: true })),
  )
})

test('a kind that is not registered is none of the feed', async (t) => {
  const server = await docket(t)
  const { alice } = server
  await alice.createTask({ title: 'Buy milk' })
  assertProblem(await alice.post('/notes', { text: 'Remember' }), 404, 'not-found')
  const [item] = (await alice.get('/changes')).body.items
  assert.deepEqual(Object.keys(item), ['revision', 'at', 'kind', 'id', 'action', 'task', 'project'])
})
