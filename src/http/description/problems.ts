import * as Type from '../../core/json-schema.ts'
import { catalogue, type Slug } from '../../core/catalogue.ts'
import { AppError, type Fault } from '../../core/errors.ts'
import { named } from '../../core/wire.ts'
import { unwantedBody } from '../reading/body.ts'
import { component } from './components.ts'
import { headersOf, type HeaderName } from './headers.ts'
import { problemOf, problemType, statusOf } from '../problems/problem.ts'
import { bodyFault } from '../reading/validation.ts'

const exampleRequestId = '019aa8b2-6f3e-7c41-9d3a-5b1f0c2d7e12'

const Fault = Type.Object(
  {
    thing: Type.Optional(
      Type.String({ description: 'Of an undo: the address of the thing that stands against it.' }),
    ),
    pointer: Type.Optional(
      Type.String({ description: 'The field of the body, or of the thing, as a JSON pointer (RFC 6901).' }),
    ),
    parameter: Type.Optional(Type.String({ description: 'The query parameter.' })),
    header: Type.Optional(Type.String({ description: 'The header.' })),
    detail: Type.String({ description: 'What is allowed.' }),
  },
  named('Fault', 'One part of the request that is at fault.'),
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
  named('Problem', 'Why a request failed (RFC 9457).'),
)

const headersBySlug: Partial<Record<Slug, HeaderName[]>> = {
  'invalid-credentials': ['WWW-Authenticate'],
  'invalid-token': ['WWW-Authenticate'],
  'insufficient-scope': ['WWW-Authenticate'],
  'precondition-failed': ['ETag'],
  'unsupported-media-type': ['Accept', 'Accept-Post', 'Accept-Patch', 'Accept-Encoding'],
  'too-many-requests': ['Retry-After', 'RateLimit', 'RateLimit-Policy'],
  overloaded: ['Retry-After'],
  unavailable: ['Retry-After'],
}

/** One response for each status, with an example for each problem that has it. */
export function problemResponses(slugs: Slug[], body: unknown): Record<number, object> {
  const byStatus = Map.groupBy(slugs, statusOf)
  return Object.fromEntries([...byStatus].map(([status, some]) => [status, responseOf(some, body)]))
}

/** A response that is the same for every operation becomes a component. */
function responseOf(slugs: Slug[], body: unknown): object {
  const isShared = !slugs.includes('validation-failed')
  const examples = Object.fromEntries(slugs.map((slug): [string, object] => [slug, exampleOf(slug, body)]))
  return {
    ...(isShared && component('responses', slugs.join('.'))),
    description: slugs.map((slug) => catalogue[slug].title).join(' · '),
    headers: headersOf(['Request-Id', ...new Set(slugs.flatMap((slug) => headersBySlug[slug] ?? []))]),
    content: { [problemType]: { schema: Problem, examples } },
  }
}

function exampleOf(slug: Slug, body: unknown): object {
  const { title, explanation } = catalogue[slug]
  if (slug === 'validation-failed') return { summary: title, value: valueOf(judged(body)) }
  const faults = sampleFaults[slug]
  const value = valueOf(new AppError(slug, explanation, faults && { faults }))
  return { ...component('examples', slug), summary: title, value }
}

const valueOf = (error: AppError) => problemOf(error, exampleRequestId)

/** The refusal of a body that no operation takes, as this operation's schema words it. */
function judged(body: unknown): AppError {
  const fault = typeof body === 'object' && body !== null ? bodyFault(body, { colour: 'red' }) : undefined
  return fault ?? unwantedBody()
}

const sampleFaults: Partial<Record<Slug, Fault[]>> = {
  'invalid-parameter': [{ parameter: 'limit', detail: 'must be from 1 to 100' }],
}
