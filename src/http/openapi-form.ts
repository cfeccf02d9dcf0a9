import type { FastifySchema, RouteOptions } from 'fastify'
import Type from 'typebox'
import { catalogue, type Slug } from '../core/catalogue.ts'
import { named } from '../core/wire.ts'
import { problemType, statusOf } from './problem.ts'

const writes = ['POST', 'PUT', 'PATCH', 'DELETE']
const exampleInstance = 'urn:uuid:019aa8b2-6f3e-7c41-9d3a-5b1f0c2d7e11'

const Fault = Type.Object(
  {
    pointer: Type.Optional(
      Type.String({ description: 'The field of the body, as a JSON pointer (RFC 6901).' }),
    ),
    parameter: Type.Optional(Type.String({ description: 'The query parameter.' })),
    header: Type.Optional(Type.String({ description: 'The header.' })),
    detail: Type.String({ description: 'What is allowed.' }),
  },
  named('Fault'),
)

const Problem = Type.Object(
  {
    type: Type.String({
      format: 'uri-reference',
      description: 'Leads to the explanation of this type of problem.',
    }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'What happened this time, and how to mend it.' }),
    instance: Type.String({
      format: 'uri',
      description: 'The id of the request, also in `Request-Id` and in the log.',
    }),
    errors: Type.Optional(Type.Array(Fault, { maxItems: 50 })),
  },
  named('Problem'),
)

/** The schema of a route as the document shows it: with every problem that the operation can answer. */
export function describeOperation(schema: FastifySchema | undefined, route: RouteOptions): FastifySchema {
  if (!schema || schema.hide) return { ...schema, hide: true }
  const { problems = [], ...rest } = schema
  const slugs = [...new Set([...impliedProblems(schema, route), ...problems])]
  return { ...rest, response: { ...(schema.response as object), ...problemResponses(slugs) } }
}

/** The problems that follow from what an operation takes, not from what it means. */
function impliedProblems(schema: FastifySchema, route: RouteOptions): Slug[] {
  const isWrite = writes.includes([route.method].flat()[0] ?? '')
  const has = (isSo: unknown, ...slugs: Slug[]) => (isSo ? slugs : [])
  return [
    ...has(!route.config?.unlimited, 'malformed-request', 'invalid-parameter', 'too-many-requests'),
    ...has(!route.config?.public, 'invalid-token'),
    ...has(
      schema.body,
      'payload-too-large',
      'unsupported-media-type',
      'validation-failed',
      'request-timeout',
    ),
    ...has(schema.params, 'not-found'),
    ...has(schema.headers && isWrite, 'precondition-failed'),
    ...has(isWrite, 'storage-full'),
    'internal-error',
    'overloaded',
    'unavailable',
  ]
}

/** One answer for each status, with an example for each problem that has it. */
function problemResponses(slugs: Slug[]): Record<number, object> {
  const byStatus = Map.groupBy(slugs, statusOf)
  return Object.fromEntries(
    [...byStatus].map(([status, some]) => [
      status,
      {
        description: some.map((slug) => catalogue[slug].title).join(' · '),
        content: {
          [problemType]: {
            schema: Problem,
            examples: Object.fromEntries(some.map((slug) => [slug, exampleOf(slug)])),
          },
        },
      },
    ]),
  )
}

function exampleOf(slug: Slug): object {
  const { title, explanation } = catalogue[slug]
  return {
    summary: title,
    value: {
      type: `/problems/${slug}`,
      title,
      status: statusOf(slug),
      detail: explanation,
      instance: exampleInstance,
    },
  }
}

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

/** Moves every schema that has a name of its own among the components, and what only judges need out of sight. */
export function nameSchemas<T extends object>(document: T): T {
  const schemas: Record<string, Json> = {}
  const walk = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(walk)
    if (value === null || typeof value !== 'object') return value
    const { 'x-name': name, ...rest } = value
    const entries = Object.entries(rest).filter(([key]) => !hidden.has(key))
    const walked = Object.fromEntries(entries.map(([key, inner]) => [key, walk(inner)]))
    if (typeof name !== 'string') return walked
    schemas[name] = walked
    return { $ref: `#/components/schemas/${name}` }
  }
  const walked = walk(document as Json) as T & { components: object }
  return { ...walked, components: { ...walked.components, schemas } }
}

/** Keywords and formats of our judges that mean nothing to a reader of the document. */
const hidden = new Set([
  'x-missing',
  'x-detail',
  'x-null',
  'x-server-set',
  'trimmed',
  'lowerCased',
  'normalized',
])
