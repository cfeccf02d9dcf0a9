// Fastify 5 with an ORM, as in the guides of Fastify, @fastify/jwt and Drizzle. It has no sessions: a token is valid
// until it expires.
import { randomUUID } from 'node:crypto'
import cors from '@fastify/cors'
import etag from '@fastify/etag'
import helmet from '@fastify/helmet'
import jwt from '@fastify/jwt'
import { createClient } from '@libsql/client'
import bcrypt from 'bcryptjs'
import { and, desc, eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/libsql'
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import Fastify from 'fastify'

const { DATABASE = 'fastify.db', PORT = '0', JWT_SECRET = 'a secret of thirty-two bytes or so' } = process.env
const statuses = ['incomplete', 'in_progress', 'complete', 'cancelled']

const users = sqliteTable('users', {
  id: text('id').primaryKey(),
  email: text('email').notNull().unique(),
  password: text('password').notNull(),
})
const tasks = sqliteTable(
  'tasks',
  {
    id: text('id').primaryKey(),
    userId: text('user_id').notNull(),
    title: text('title').notNull(),
    description: text('description').notNull(),
    dueDate: text('due_date'),
    status: text('status', { enum: statuses }).notNull(),
    version: integer('version').notNull(),
    createdAt: integer('created_at', { mode: 'timestamp_ms' }).notNull(),
    updatedAt: integer('updated_at', { mode: 'timestamp_ms' }).notNull(),
  },
  (table) => [index('tasks_of_user').on(table.userId, table.createdAt)],
)

const client = createClient({ url: `file:${DATABASE}` })
await client.executeMultiple(`
  pragma journal_mode = wal;
  create table if not exists users (id text primary key, email text unique not null, password text not null);
  create table if not exists tasks (
    id text primary key, user_id text not null, title text not null, description text not null, due_date text,
    status text not null, version integer not null, created_at integer not null, updated_at integer not null);
  create index if not exists tasks_of_user on tasks (user_id, created_at);
`)
const db = drizzle(client)

const app = Fastify({ logger: true })
await app.register(helmet)
await app.register(cors)
await app.register(etag)
await app.register(jwt, { secret: JWT_SECRET })

const authenticate = (request) => request.jwtVerify()

const credentials = {
  type: 'object',
  required: ['email', 'password'],
  properties: {
    email: { type: 'string', format: 'email' },
    password: { type: 'string', minLength: 8, maxLength: 72 },
  },
}
const properties = {
  title: { type: 'string', minLength: 1, maxLength: 200 },
  description: { type: 'string', maxLength: 10_000 },
  dueDate: { type: ['string', 'null'] },
  status: { type: 'string', enum: statuses },
}
const Task = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    ...properties,
    version: { type: 'integer' },
    createdAt: { type: 'string', format: 'date-time' },
    updatedAt: { type: 'string', format: 'date-time' },
  },
}
const params = { type: 'object', properties: { id: { type: 'string', format: 'uuid' } } }

const signIn = (user) => ({ accessToken: app.jwt.sign({ sub: user.id }, { expiresIn: '1h' }) })

app.post('/auth/register', { schema: { body: credentials } }, async (request, reply) => {
  const { email, password } = request.body
  const user = { id: randomUUID(), email, password: await bcrypt.hash(password, 10) }
  await db.insert(users).values(user)
  return reply.code(201).send(signIn(user))
})

app.post('/auth/login', { schema: { body: credentials } }, async (request, reply) => {
  const { email, password } = request.body
  const [user] = await db.select().from(users).where(eq(users.email, email))
  if (!user || !(await bcrypt.compare(password, user.password))) {
    return reply.code(401).send({ error: 'Invalid credentials' })
  }
  return signIn(user)
})

const own = (request) => and(eq(tasks.id, request.params.id), eq(tasks.userId, request.user.sub))

app.get(
  '/tasks',
  {
    onRequest: authenticate,
    schema: {
      querystring: {
        type: 'object',
        properties: {
          limit: { type: 'integer', minimum: 1, maximum: 100, default: 50 },
          offset: { type: 'integer', minimum: 0, default: 0 },
        },
      },
      response: { 200: { type: 'object', properties: { items: { type: 'array', items: Task } } } },
    },
  },
  async (request) => ({
    items: await db
      .select()
      .from(tasks)
      .where(eq(tasks.userId, request.user.sub))
      .orderBy(desc(tasks.createdAt), desc(tasks.id))
      .limit(request.query.limit)
      .offset(request.query.offset),
  }),
)

app.get(
  '/tasks/:id',
  { onRequest: authenticate, schema: { params, response: { 200: Task } } },
  async (request, reply) => {
    const [task] = await db.select().from(tasks).where(own(request))
    if (!task) return reply.code(404).send({ error: 'Not found' })
    return reply.header('etag', `"${task.version}"`).send(task)
  },
)

app.post(
  '/tasks',
  {
    onRequest: authenticate,
    schema: { body: { type: 'object', required: ['title'], properties }, response: { 201: Task } },
  },
  async (request, reply) => {
    const { title, description = '', dueDate = null, status = 'incomplete' } = request.body
    const now = new Date()
    const given = { title, description, dueDate, status }
    const row = {
      id: randomUUID(),
      userId: request.user.sub,
      ...given,
      version: 1,
      createdAt: now,
      updatedAt: now,
    }
    const [task] = await db.insert(tasks).values(row).returning()
    return reply
      .code(201)
      .header('location', `/tasks/${task.id}`)
      .header('etag', `"${task.version}"`)
      .send(task)
  },
)

app.patch(
  '/tasks/:id',
  {
    onRequest: authenticate,
    schema: { params, body: { type: 'object', properties }, response: { 200: Task } },
  },
  async (request, reply) => {
    const [task] = await db.select().from(tasks).where(own(request))
    if (!task) return reply.code(404).send({ error: 'Not found' })
    const wanted = request.headers['if-match']
    if (wanted && wanted !== `"${task.version}"`)
      return reply.code(412).send({ error: 'Precondition failed' })
    const [changed] = await db
      .update(tasks)
      .set({ ...request.body, version: task.version + 1, updatedAt: new Date() })
      .where(and(own(request), eq(tasks.version, task.version)))
      .returning()
    return reply.header('etag', `"${changed.version}"`).send(changed)
  },
)

await app.listen({ port: Number(PORT), host: '127.0.0.1' })
process.send?.({ port: app.server.address().port })
