import type { FastifySchema, RouteOptions } from 'fastify'
import type { Slug } from '../../core/catalogue.ts'
import { grantedScopes, isAllowed, type Scope } from '../../core/scopes.ts'
import { acceptedTypes } from '../reading/body.ts'
import { headersOf, type HeaderName } from './headers.ts'
import { problemResponses } from './problems.ts'
import { reasons } from '../problems/reasons.ts'

/** A request and its answer. The document shows them, and a test sends the request and compares. */
export interface Example {
  summary: string
  body?: unknown
  status: number
  answer?: unknown
}

/** The examples of one operation, by name. */
export type Examples = Record<string, Example>

declare module 'fastify' {
  interface FastifySchema {
    /** Problems of this operation alone; `problemsOf` adds those that every such operation can have. */
    problems?: Slug[]
    /** Header fields of the answers by status, without those that every answer has. */
    sends?: Record<number, HeaderName[]>
    examples?: Examples
    /** What replaces the plugin's description of the operation in the document. */
    'x-form'?: object
  }
}

/** The schema of an answer. `content` has one schema for each media type; type `null` means no content. */
interface Answer {
  type?: string
  description?: string
  content?: Record<string, object>
}

const writes = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

/** The schema of a route as the document shows it: with examples, header fields and every problem. */
export function describeOperation(schema: FastifySchema | undefined, route: RouteOptions): FastifySchema {
  if (!schema || schema.hide) return { hide: true }
  const {
    body,
    consumes,
    response: _response,
    problems: _problems,
    sends: _sends,
    examples = {},
    ...rest
  } = schema
  const mediaTypes = consumes ?? acceptedTypes(methodOf(route))
  const form = {
    ...(body !== undefined && { requestBody: requestBodyOf(body, mediaTypes, examples) }),
    responses: { ...answersOf(schema, route), ...problemResponses(problemsOf(schema, route), body) },
  }
  return { ...rest, ...accessOf(rest, route), 'x-form': form }
}

/** Who may call the operation: anybody, those who are logged in, or they and API tokens of its scope. */
function accessOf({ security, description }: FastifySchema, { config = {} }: RouteOptions): FastifySchema {
  const { scope } = config
  if (config.public || scope === undefined) return { security: security ?? [] }
  const words = scope === 'account' ? 'No API token reaches it.' : `API tokens need the scope \`${scope}\`.`
  return {
    description: [description, words].join('\n\n').trim(),
    ...(scope !== 'account' && { security: [{ accessToken: [] }, { apiToken: [scope] }] }),
  }
}

/** Whether there can be an API token that lacks the scope. */
const isRefusedToSome = (scope: Scope) => grantedScopes.some((granted) => !isAllowed([granted], scope))

/** Moves what `describeOperation` prepared into its place. */
export function completeOperations(paths: Record<string, object | undefined>): void {
  for (const path of Object.values(paths)) {
    const operations: unknown[] = Object.values(path ?? {})
    for (const operation of operations.filter(isPrepared)) {
      Object.assign(operation, operation['x-form'])
      delete operation['x-form']
    }
  }
}

const isPrepared = (operation: unknown): operation is { 'x-form'?: object } =>
  typeof operation === 'object' && operation !== null && 'x-form' in operation

const methodOf = ({ method }: RouteOptions) => [method].flat()[0] ?? ''

function requestBodyOf(schema: unknown, mediaTypes: readonly string[], examples: Examples): object {
  const media = { schema, examples: shown(examples, ({ summary, body }) => ({ summary, value: body })) }
  return { required: true, content: Object.fromEntries(mediaTypes.map((type) => [type, media])) }
}

function answersOf(schema: FastifySchema, route: RouteOptions): Record<string, object> {
  const { sends = {}, examples = {} } = schema
  const always: HeaderName[] = route.config?.unlimited
    ? ['Request-Id']
    : ['Request-Id', 'RateLimit', 'RateLimit-Policy']
  const answers = isAnswers(schema.response) ? schema.response : {}
  return Object.fromEntries(
    Object.entries(answers).map(([status, answer]) => [
      status,
      {
        description: answer.description ?? reasons[status] ?? '',
        headers: headersOf([...always, ...(sends[Number(status)] ?? [])]),
        ...(answer.type !== 'null' && { content: contentOf(answer, Number(status), examples) }),
      },
    ]),
  )
}

const isAnswers = (response: unknown): response is Record<string, Answer> =>
  typeof response === 'object' && response !== null

function contentOf(answer: Answer, status: number, examples: Examples): object {
  const given = Object.entries(examples).filter(([, example]) => example.status === status)
  const values = shown(Object.fromEntries(given), ({ summary, answer: value }) => ({ summary, value }))
  return answer.content ?? { 'application/json': { schema: answer, examples: values } }
}

/** One side of each example, as OpenAPI writes it. */
const shown = (examples: Examples, side: (example: Example) => object): Record<string, object> =>
  Object.fromEntries(Object.entries(examples).map(([name, example]) => [name, side(example)]))

/** The operation's own problems, and those that follow from its method, parameters and body. */
function problemsOf(schema: FastifySchema, route: RouteOptions): Slug[] {
  const { config } = route
  const isWrite = writes.has(methodOf(route))
  const has = (isSo: unknown, ...slugs: Slug[]) => (isSo ? slugs : [])
  const slugs: Slug[] = [
    'malformed-request',
    'invalid-parameter',
    ...has(!config?.public, 'invalid-token'),
    ...has(config?.scope && isRefusedToSome(config.scope), 'insufficient-scope'),
    ...has(schema.params, 'not-found'),
    ...has(isWrite, 'request-timeout'),
    ...has(isWrite && takesHeader(schema, 'if-match'), 'precondition-failed'),
    ...has(isWrite, 'payload-too-large'),
    ...has(schema.body, 'unsupported-media-type'),
    ...has(isWrite, 'validation-failed'),
    ...has(takesHeader(schema, 'idempotency-key'), 'idempotency-key-reused'),
    ...has(!config?.unlimited, 'too-many-requests'),
    'internal-error',
    ...has(!config?.unlimited, 'overloaded', 'unavailable'),
    ...has(isWrite, 'storage-full'),
  ]
  return [...new Set([...slugs, ...(schema.problems ?? [])])]
}

function takesHeader({ headers }: FastifySchema, name: string): boolean {
  return isObjectSchema(headers) && name in headers.properties
}

const isObjectSchema = (schema: unknown): schema is { properties: object } =>
  typeof schema === 'object' && schema !== null && 'properties' in schema
