import { createServer, type IncomingMessage } from 'node:http'
import { Pool, type QueryConfig, type QueryResult } from 'pg'
import { findPresent } from '../src/accounts/store.ts'
import { credentialOf, type Actor, type PresentActor, type SessionActor } from '../src/core/actor.ts'
import { newId } from '../src/core/id.ts'
import { sql, type Queryable, type Sql } from '../src/database/database.ts'
import { sessionOptions } from '../src/database/postgres-session.ts'
import { model as projectModel } from '../src/projects/model.ts'
import { changedFields } from '../src/revisions/revisions.ts'
import { advanceOwner, insertChanges, lockOwner, setRevision, type OwnerRow } from '../src/revisions/store.ts'
import { readFilter, readSort } from '../src/tasks/filter.ts'
import { keepLabels } from '../src/tasks/labels-store.ts'
import { findTasks } from '../src/tasks/list-store.ts'
import { createPages } from '../src/tasks/pages.ts'
import { order } from '../src/tasks/rules.ts'
import type { ListQuery, Task } from '../src/tasks/schema.ts'
import { model, taskResource } from '../src/tasks/tasks.ts'
import { findNeighbour } from '../src/things/order-store.ts'
import { positionBetween } from '../src/things/positions.ts'
import { saveRow, updateRow } from '../src/things/store.ts'
import { resourceOf } from '../src/things/things.ts'
import { kindOf, type Recorded } from './recorded.ts'

// The limit on PostgreSQL: node:http and pg. For each request it sends the statements that Docket sends, one after
// another, and responds with their result and the headers of Docket's response. It checks nothing and logs nothing.

interface Reply {
  tag: string
  body: string
}

type Route = (actor: PresentActor, path: string, body: string) => Promise<Reply>

const routes: Record<string, Route> = {
  'GET/tasks/': read,
  'GET/tasks?': list,
  'POST/tasks': create,
  'PATCH/tasks/': change,
}

// The same as in Docket's own pool.
const mostConnections = 16

const pool = new Pool({
  ...sessionOptions(process.env['DATABASE_URL'] ?? ''),
  max: mostConnections,
})
const db = over(pool)
const begin = sql`begin isolation level read committed`
const commit = sql`commit`
const names = new Map<string, string>()
const actors = new Map<string, SessionActor>()
const pages = createPages()
const projects = resourceOf(projectModel)
let heads: Record<string, Recorded> = {}

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  const fail = (error: unknown) => response.writeHead(500).end(String(error))
  const finish = async () => {
    const kind = kindOf(request.method, request.url)
    const { status = 404, headers = [] } = heads[kind] ?? {}
    const { tag, body } = await respond(kind, status, request, Buffer.concat(chunks).toString())
    const length = status === 304 ? [] : ['content-length', String(Buffer.byteLength(body))]
    response.writeHead(status, [...headers, 'etag', tag, ...length]).end(body)
  }
  request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => void finish().catch(fail))
})

process.on('message', (message) => {
  if (typeof message !== 'object' || message === null || !('responses' in message)) return
  heads = withoutOwn(message.responses as Record<string, Recorded>)
  process.send?.({ isReady: true })
})

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address && typeof address !== 'string') process.send?.({ port: address.port })
})

async function respond(kind: string, status: number, request: IncomingMessage, body: string): Promise<Reply> {
  const { userId, sessionId } = actorOf(request)
  const actor = await findPresent(db, userId, sessionId, Date.now())
  const route = routes[kind]
  if (!actor || !route) throw new Error(`there is no route for ${kind}`)
  return status === 304 ? { tag: tagOfList(actor), body: '' } : route(actor, request.url ?? '', body)
}

async function read(actor: PresentActor, path: string): Promise<Reply> {
  return toReply(await taskResource.findLive(db, actor.userId, idOf(path)))
}

/** Cached while the owner's revision is the same, as in Docket, which then sends no statement for the list. */
async function list(actor: PresentActor, path: string): Promise<Reply> {
  const { text } = await pages.get(`${actor.userId} ${actor.revision} ${path}`, async () => {
    const query: Record<string, string> = Object.fromEntries(
      new URLSearchParams(path.slice('/tasks?'.length)),
    )
    const limit = Number(query['limit'])
    const filter = readFilter(toFilters(query), 'UTC', 0)
    const found = await findTasks(db, actor.userId, filter, readSort(query['sort']), undefined, limit + 1)
    const nextCursor = String(found[limit]?.position.at(-1) ?? '') || null
    const items = found.slice(0, limit).map(({ json }) => json)
    return { text: `{"items":[${items.join()}],"nextCursor":${JSON.stringify(nextCursor)}}`, nextCursor }
  })
  return { tag: tagOfList(actor), body: text }
}

const toFilters = ({ project }: Record<string, string>): ListQuery =>
  project === undefined ? {} : { project }

function create(actor: PresentActor, _path: string, body: string): Promise<Reply> {
  const fields = model.complete(JSON.parse(body))
  return write(actor, advanceOwner, async (tx, { revision }, now) => {
    const at = now.toISOString()
    const placed = { ...fields, position: await positionOf(tx, actor, fields) }
    const task = model.assemble(placed, undefined, { id: newId(), createdAt: at, updatedAt: at, revision })
    await record(tx, actor, task, undefined, now)
    await saveRow(tx, model.table, actor.userId, model.toRow(task))
    await keepLabels(tx, actor.userId, undefined, task)
    return task
  })
}

/** The position after the last task of the project, which has to be there. */
async function positionOf(tx: Queryable, { userId }: Actor, fields: Partial<Task>): Promise<string> {
  const project = await projects.findLive(tx, userId, fields.projectId ?? '')
  if (!project) throw new Error('there is no such project')
  const siblings = order.siblingsOf(fields)
  const last = await findNeighbour(tx, model.table, userId, siblings, 'before')
  return positionBetween(last, undefined) ?? ''
}

function change(actor: PresentActor, path: string, body: string): Promise<Reply> {
  const fields: Partial<Task> = JSON.parse(body)
  return write(actor, lockOwner, async (tx, owner, now) => {
    const revision = owner.revision + 1
    const before = await taskResource.findLive(tx, actor.userId, idOf(path))
    if (!before || before.title === fields.title) return before
    const task = { ...before, ...fields, updatedAt: now.toISOString(), revision }
    await setRevision(tx, actor.userId, revision)
    await record(tx, actor, task, before, now)
    await updateRow(tx, model.table, actor.userId, task.id, model.changedColumns(before, task))
    return task
  })
}

async function record(
  tx: Queryable,
  actor: Actor,
  task: Task,
  before: Task | undefined,
  now: Date,
): Promise<void> {
  const { userId: ownerId } = actor
  const { id: thingId, revision } = task
  const fields = JSON.stringify(changedFields(before ?? {}, task, model.fieldNames))
  const [action, previous] = before ? ['update', before.revision] : ['create', null]
  const line = { at: now.getTime(), kind: 'task', thingId, action, previous, fields, replaced: null }
  const credential = credentialOf(actor)
  await insertChanges(tx, [
    { ownerId, revision, ...credential, origin: 'request', partOf: revision, ...line },
  ])
}

/** Runs a write in a transaction, with the owner's row locked. */
async function write(
  { userId }: Actor,
  lock: typeof lockOwner,
  work: (tx: Queryable, owner: OwnerRow, now: Date) => Promise<Task | undefined>,
): Promise<Reply> {
  const client = await pool.connect()
  try {
    const tx = over(client)
    await tx.query(begin)
    const owner = await lock(tx, userId)
    const task = owner && (await work(tx, owner, new Date()))
    await tx.query(commit)
    return toReply(task)
  } finally {
    client.release(client.getTransactionStatus() !== 'I')
  }
}

function toReply(task: Task | undefined): Reply {
  if (!task) throw new Error('there is no such task')
  return { tag: `"${task.revision}"`, body: JSON.stringify(task) }
}

const tagOfList = ({ revision }: PresentActor) => `W/"${revision}"`

const idOf = (path: string) => path.slice('/tasks/'.length)

/** Names statements, so that each connection prepares them once. */
function over(sender: { query(config: QueryConfig): Promise<QueryResult> }): Queryable {
  const query = async <Row>({ text, values }: Sql): Promise<Row[]> =>
    (await sender.query({ name: nameOf(text), text, values })).rows
  return { query, first: async <Row>(statement: Sql) => (await query<Row>(statement))[0] }
}

function nameOf(text: string): string {
  const name = names.get(text) ?? `bare_${names.size + 1}`
  names.set(text, name)
  return name
}

/** The actor in the token, whose signature is not checked. */
function actorOf({ headers: { authorization = '' } }: IncomingMessage): SessionActor {
  const known = actors.get(authorization)
  if (known) return known
  const claims: { sub: string; sid: string } = JSON.parse(
    Buffer.from(authorization.split('.')[1] ?? '', 'base64url').toString(),
  )
  const actor = { userId: claims.sub, sessionId: claims.sid }
  actors.set(authorization, actor)
  return actor
}

/** The recorded responses without the headers that differ from one response to the next. */
function withoutOwn(recorded: Record<string, Recorded>): Record<string, Recorded> {
  const isOwn = (name: string | undefined) => name === 'etag' || name === 'content-length'
  return Object.fromEntries(
    Object.entries(recorded).map(([kind, { headers, ...rest }]) => {
      const kept = headers.filter((_, i) => !isOwn(headers[i - (i % 2)]))
      return [kind, { ...rest, headers: kept }]
    }),
  )
}
