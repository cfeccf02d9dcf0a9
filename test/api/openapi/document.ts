import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { sql } from '../../../src/database/database.ts'
import { docket, userOf, type Answer, type Call, type Docket, type User } from '../../harness.ts'

/** The document, as far as the tests look into it. */
export interface Document {
  info: { version: string }
  tags: { name: string }[]
  paths: Record<string, Record<string, Omit<Operation, 'method' | 'path'>>>
  components: Record<string, Record<string, unknown>>
}

/** One operation of the document, with the references of its responses followed. */
export interface Operation {
  method: string
  path: string
  operationId: string
  summary: string
  tags: string[]
  security?: Record<string, string[]>[]
  parameters: Parameter[]
  requestBody?: { content: Record<string, Media> }
  responses: Record<string, Response>
}

export interface Parameter {
  name: string
  in: string
  required?: boolean
  description?: string
  example?: unknown
  schema: { default?: unknown; pattern?: string }
}

export interface Response {
  description: string
  headers: Record<string, object>
  content?: Record<string, Media>
}

export interface Media {
  schema: { $ref?: string }
  examples: Record<string, { summary: string; value: unknown }>
}

/** The things of the examples, which stand for those in the world. */
const exampleTaskId = '019aa8b2-6f3e-7c41-9d3a-5b1f0c2d7e11'
const exampleProjectId = '019aa8b2-6f3e-7c41-9d3a-5b1f0c2d7e21'

export const metricsToken = 'metrics-token-of-the-test'
const problemType = 'application/problem+json'

/** The document as the server gives it. */
export async function documentOf({ request }: Docket): Promise<Document> {
  const answer = await request('GET', '/openapi.json')
  assert.equal(answer.status, 200, answer.text)
  return answer.body
}

/** Every operation, in the order of the document. */
export function operationsOf(document: Document): Operation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      ...operation,
      parameters: operation.parameters ?? [],
      responses: resolve(document, operation.responses),
      method: method.toUpperCase(),
      path,
    })),
  )
}

/** The value with every reference followed, save those to schemas. */
function resolve<T>(document: Document, value: T): T {
  return JSON.parse(JSON.stringify(value), (_key, inner: { $ref?: string } | null) => {
    const [, , kind = '', name = ''] = inner?.$ref?.split('/') ?? []
    const isFollowed = kind !== '' && kind !== 'schemas'
    return isFollowed ? resolve(document, document.components[kind]?.[name]) : inner
  })
}

/** Asserts that values have the shape of a schema of the document, which is named by its place. */
export function judgeOf(document: Document): (value: unknown, ...place: string[]) => void {
  const ajv = new Ajv2020({ allErrors: true, strict: false, formats })
  ajv.addSchema(document, 'openapi')
  return (value, ...place) => {
    const pointer = place.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/')
    const validate = ajv.getSchema(`openapi#/${pointer}`)
    assert.ok(validate, `no schema at ${pointer}`)
    assert.ok(validate(value), `${pointer}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(value)}`)
  }
}

const formats = {
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  password: true,
  uri: /^[a-z]+:/,
  'uri-reference': /^\//,
} as const

/** The names of the problems that the operation documents. */
export const problemsOf = ({ responses }: Operation): string[] =>
  Object.values(responses).flatMap(({ content }) => Object.keys(content?.[problemType]?.examples ?? {}))

/** The examples of the operation's body, by name; an operation without a body has one of nothing. */
export function requestsOf({ requestBody, responses }: Operation): [name: string, body: unknown][] {
  const [media] = Object.values(requestBody?.content ?? {})
  if (media) return Object.entries(media.examples).map(([name, { value }]) => [name, value])
  const answers = Object.values(responses).flatMap(({ content }) =>
    Object.keys(content?.['application/json']?.examples ?? {}),
  )
  return [[answers[0] ?? '', undefined]]
}

/** Whether the answer goes on for as long as the client listens. */
export const isStream = ({ responses }: Operation): boolean =>
  responses['200']?.content?.['text/event-stream'] !== undefined

/** A server on which ada, who speaks in the examples, has the task and the project that they show. */
export interface World {
  server: Docket
  ada: User
  taskId: string
  projectId: string
}

/** A server for worlds; nobody is registered. */
export const serverOfWorlds = (t: TestContext): Promise<Docket> =>
  docket(t, { withAlice: false, env: { METRICS_TOKEN: metricsToken } })

/** Registers ada. One who was registered before keeps all of hers, under another e-mail. */
export async function createWorld(server: Docket, document: Document): Promise<World> {
  await server.database.transaction((tx) => tx.query(sql`update users set email = id`))
  const bodyOf = (path: string) =>
    document.paths[path]?.['post']?.requestBody?.content['application/json']?.examples['everything']?.value
  const registered = await server.request('POST', '/auth/register', { body: bodyOf('/auth/register') })
  const ada = userOf(registered.body, server.request)
  const { id } = await ada.createTask(Object(bodyOf('/tasks')))
  const project = await ada.post('/projects', bodyOf('/projects'))
  return { server, ada, taskId: id, projectId: project.body.id }
}

/** What is said of one sending: the parameters of the path by name, the query as it is written. */
export interface Sending extends Call {
  query?: string
  path?: Record<string, string>
}

/** Sends an operation as the document says: its path filled in, with the token that its security asks for. */
export async function perform(
  { server, ada, taskId, projectId }: World,
  { method, path, security }: Operation,
  { query = '', path: given = {}, body, headers }: Sending,
): Promise<Answer> {
  const token = security?.[0] && 'metricsToken' in security[0] ? metricsToken : ada.accessToken
  const authorization = security?.length === 0 ? undefined : { authorization: `Bearer ${token}` }
  const names: Record<string, string> = {
    id: path.startsWith('/projects') ? projectId : taskId,
    slug: 'not-found',
    revision: '1',
    ...given,
  }
  const address = path.replace(/\{(\w+)\}/g, (_braces, name: string) => names[name] ?? '') + query
  const real = JSON.stringify(body)?.replaceAll(exampleTaskId, taskId).replaceAll(exampleProjectId, projectId)
  return server.request(method, address, {
    body: typeof body === 'string' || real === undefined ? body : JSON.parse(real),
    headers: { ...authorization, ...headers },
  })
}
