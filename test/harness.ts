import assert from 'node:assert/strict'
import * as http from 'node:http'
import type { TestContext } from 'node:test'
import { pino } from 'pino'
import { createApp } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import type { Task } from '../src/tasks/schema.ts'
import type { Problem } from '../src/http/problems/problem.ts'
import type { Server } from '../src/http/fastify.ts'
import type { Database } from '../src/database/database.ts'
import { openStorage } from '../src/storage.ts'
import type { Kind } from '../src/things/things.ts'
import { createMigrated, type TestDatabase } from './databases.ts'
import { assertKeptJson } from './kept-json.ts'

export const password = 'correct horse battery staple'

/** What Argon2 asks for at least: real hashes were half of what the tests cost. */
const leastCost = { memory: 8, passes: 1, parallelism: 1 }

/** An answer with its body read: JSON where it is JSON, else text. */
export interface Answer<Body = any> {
  status: number
  headers: Headers
  body: Body
  text: string
}

/** What a test may say of a request beside its method and path. */
export interface Call {
  body?: unknown
  headers?: Record<string, string>
}

/** A server of the test's own, on a database of its own, with one user in it. */
export interface Docket {
  url: string
  app: Server
  database: Database
  alice: User
  /** The environment of the server. */
  variables: Record<string, string>
  /** Every line that the server logged, parsed. */
  logs: Record<string, unknown>[]
  /** A request of a stranger. */
  request(method: string, path: string, call?: Call): Promise<Answer>
  register(name: string, more?: object): Promise<User>
  /** Moves the server's clock; milliseconds. */
  advance(ms: number): void
  now(): number
  /** Stops this server and starts another on the same data; variables and kinds given here replace those from before. */
  restart(env?: Record<string, string>, kinds?: readonly Kind[]): Promise<void>
}

/** A user who is logged in. */
export interface User {
  id: string
  email: string
  accessToken: string
  refreshToken: string
  request(method: string, path: string, call?: Call): Promise<Answer>
  get(path: string, headers?: Record<string, string>): Promise<Answer>
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  put(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  patch(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  delete(path: string, headers?: Record<string, string>): Promise<Answer>
  createTask(fields: object): Promise<Task>
  read(task: Pick<Task, 'id'>): Promise<Task>
}

export interface DocketOptions {
  /** Environment variables, on top of a silent log and no rate limit. */
  env?: Record<string, string>
  /** Where the server's clock begins; epoch milliseconds. The present, if not said. */
  now?: number
  /** Whether the clock stands still but for `advance`; false if not said. */
  isStill?: boolean
  /** Whether to register alice; true if not said. */
  withAlice?: boolean
  /** The kinds of thing that the server has; those of Docket, if not said. */
  kinds?: readonly Kind[]
  /** Whether password hashes cost what they cost in production; false if not said. */
  hasRealHashes?: boolean
  /** A database that the test has made; an empty one, if not said. It goes when the test ends. */
  database?: TestDatabase
  /** How long the start waits for the database; milliseconds. */
  longestWaitMs?: number
  /** The folder of the page; what `npm run page` built, if not said. */
  page?: string
  /** Another node, whose database and secret this one is to share; on PostgreSQL alone. */
  beside?: Docket
}

/** Starts a server for one test; it stops, and its data goes, when the test ends. */
export async function docket(
  t: TestContext,
  {
    env = {},
    now,
    isStill = false,
    withAlice = true,
    kinds,
    hasRealHashes = false,
    database,
    longestWaitMs,
    page,
    beside,
  }: DocketOptions = {},
): Promise<Docket> {
  const home = beside
    ? { env: beside.variables, drop: async () => undefined }
    : (database ?? (await createMigrated()))
  const variables = { RATE_LIMIT: 'off', PORT: '0', ...home.env, ...env }
  const logs: Record<string, unknown>[] = []
  const log = pino({ level: 'info' }, { write: (line: string) => void logs.push(JSON.parse(line)) })
  const begun = Date.now()
  let offset = now === undefined ? 0 : now - begun
  const clock = () => (isStill ? begun : Date.now()) + offset

  const start = async (more: Record<string, string> = {}, present = kinds) => {
    const config = readConfig(Object.assign(variables, more))
    const storage = await openStorage(config, (message, err) => log.warn({ err }, message), longestWaitMs)
    const app = await createApp({
      config,
      database: storage.database,
      secrets: storage.secrets,
      log,
      clock,
      ...(present && { kinds: present }),
      ...(page !== undefined && { page }),
      ...(!hasRealHashes && { hashCost: leastCost }),
    })
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    const stop = async () => {
      app.server.closeAllConnections()
      await app.close()
      await storage.close()
    }
    return { app, url, database: storage.database, stop }
  }

  let running = await start()
  t.after(async () => {
    const judged = assertKeptJson(running.database)
    await judged.catch(() => undefined)
    await running.stop()
    await home.drop()
    await judged
  })

  const request = (method: string, path: string, call: Call = {}) => send(running.url, method, path, call)
  const server: Docket = {
    get url() {
      return running.url
    },
    get app() {
      return running.app
    },
    get database() {
      return running.database
    },
    alice: undefined as unknown as User,
    variables,
    logs,
    request,
    async register(name, more = {}) {
      const email = `${name}@example.com`
      const answer = await request('POST', '/auth/register', { body: { email, password, ...more } })
      assert.equal(answer.status, 201, answer.text)
      return userOf(answer.body, request)
    },
    advance: (ms) => void (offset += ms),
    now: clock,
    async restart(more, others) {
      await running.stop()
      running = await start(more, others)
    },
  }
  if (withAlice) server.alice = await server.register('alice')
  return server
}

/** The user behind the answer to a registration or login. */
export function userOf(
  signedIn: { user: { id: string; email: string }; accessToken: string; refreshToken: string },
  request: Docket['request'],
): User {
  const { accessToken, refreshToken } = signedIn
  const own: User['request'] = (method, path, { body, headers } = {}) =>
    request(method, path, { body, headers: { authorization: `Bearer ${user.accessToken}`, ...headers } })
  const withBody = (method: string) => (path: string, body?: unknown, headers?: Record<string, string>) =>
    own(method, path, { body, ...(headers && { headers }) })
  const bodiless = (method: string) => (path: string, headers?: Record<string, string>) =>
    own(method, path, headers ? { headers } : {})
  const user: User = {
    ...signedIn.user,
    accessToken,
    refreshToken,
    request: own,
    get: bodiless('GET'),
    delete: bodiless('DELETE'),
    post: withBody('POST'),
    put: withBody('PUT'),
    patch: withBody('PATCH'),
    async createTask(fields) {
      const answer = await user.post('/tasks', fields)
      assert.equal(answer.status, 201, answer.text)
      return answer.body
    },
    async read({ id }) {
      const answer = await user.get(`/tasks/${id}`)
      assert.equal(answer.status, 200, answer.text)
      return answer.body
    },
  }
  return user
}

/** Keeps connections open, as clients do. */
const agent = new http.Agent({ keepAlive: true })

/** Sends one request; a body that is neither text nor bytes goes as JSON. `fetch` would cost several times as much. */
export async function send(
  url: string,
  method: string,
  path: string,
  { body, headers = {} }: Call = {},
): Promise<Answer> {
  const response = await exchange(new URL(url + path), method, contentOf(body), headers)
  const received = new Headers()
  for (const [name, values = []] of Object.entries(response.message.headersDistinct)) {
    for (const value of values) received.append(name, value)
  }
  const isJson = /[/+]json/.test(received.get('content-type') ?? '')
  return {
    status: response.message.statusCode ?? 0,
    headers: received,
    text: response.text,
    body: isJson && response.text !== '' ? JSON.parse(response.text) : response.text,
  }
}

/** The bytes of a body and the Content-Type that they have, if the test does not name another. */
function contentOf(body: unknown): { bytes?: string | Uint8Array; type?: string } {
  if (body === undefined) return {}
  if (body instanceof Uint8Array) return { bytes: body }
  if (typeof body === 'string') return { bytes: body, type: 'text/plain;charset=UTF-8' }
  return { bytes: JSON.stringify(body), type: 'application/json' }
}

function exchange(
  { hostname, port, pathname, search }: URL,
  method: string,
  { bytes, type }: ReturnType<typeof contentOf>,
  headers: Record<string, string>,
): Promise<{ message: http.IncomingMessage; text: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{
    message: http.IncomingMessage
    text: string
  }>()
  const defaults = {
    ...(type !== undefined && { 'content-type': type }),
    ...(bytes !== undefined && { 'content-length': String(Buffer.byteLength(bytes)) }),
  }
  const options = {
    agent,
    hostname,
    port,
    method,
    path: pathname + search,
    headers: { ...defaults, ...headers },
  }
  const sending = http.request(options, (message) => {
    let text = ''
    message.setEncoding('utf8').on('data', (part: string) => (text += part))
    message.once('end', () => resolve({ message, text })).once('error', reject)
  })
  sending.once('error', reject).end(bytes)
  return promise
}

/** Asserts that the answer is this problem, in the form that every problem has, and gives its body. */
export function assertProblem(answer: Answer, status: number, slug: string): Problem {
  assert.equal(answer.status, status, answer.text)
  assert.equal(answer.headers.get('content-type'), 'application/problem+json')
  assert.equal(answer.body.type, `/problems/${slug}`)
  assert.equal(answer.body.status, status)
  assert.match(answer.body.instance, /^urn:uuid:[0-9a-f-]{36}$/)
  assert.equal(answer.body.instance, `urn:uuid:${answer.headers.get('request-id')}`)
  assert.ok(answer.body.title && answer.body.detail)
  return answer.body
}

export const etagOf = ({ revision }: Pick<Task, 'revision'>): string => `"${revision}"`
