import type { FastifyReply } from 'fastify'
import type { Sent } from '../../core/attempt.ts'
import type { AppError, Fault } from '../../core/errors.ts'
import { catalogue, type Slug } from '../../core/catalogue.ts'
import { reasons } from './reasons.ts'

/** The media type of every answer of 400 and above (RFC 9457). */
export const problemType = 'application/problem+json'

/** A problem as the client reads it (RFC 9457 §3). */
export interface Problem {
  type: string
  title: string
  status: number
  detail: string
  instance: string
  errors?: Fault[]
}

declare module 'fastify' {
  interface FastifyReply {
    /** The type of the problem that is sent, for the log. */
    problem: Slug | undefined
  }
}

const faultsTold = 50

/** The challenge of a 401 (RFC 6750 §3); `invalid-token` adds an error code, except where no token was sent. */
export const challenge = 'Bearer realm="docket"'
const challenges: Partial<Record<Slug, string>> = {
  'invalid-credentials': challenge,
  'invalid-token': `${challenge}, error="invalid_token"`,
}

const statuses: Record<Slug, number> = {
  'malformed-request': 400,
  'invalid-parameter': 400,
  'invalid-cursor': 400,
  'invalid-credentials': 401,
  'invalid-token': 401,
  'cross-site': 403,
  'insufficient-scope': 403,
  'registration-closed': 403,
  'account-disabled': 403,
  'wrong-password': 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'request-timeout': 408,
  'email-taken': 409,
  'limit-reached': 409,
  'undo-conflict': 409,
  'sync-too-old': 410,
  'not-recurring': 409,
  'precondition-failed': 412,
  'payload-too-large': 413,
  'unsupported-media-type': 415,
  'validation-failed': 422,
  'idempotency-key-reused': 422,
  'too-many-requests': 429,
  'headers-too-large': 431,
  'internal-error': 500,
  overloaded: 503,
  unavailable: 503,
  'storage-full': 507,
}

/** The HTTP status of a problem type. */
export const statusOf = (slug: Slug): number => statuses[slug]

/** The id of a request as a problem tells it. */
export const instanceOf = (requestId: string): string => `urn:uuid:${requestId}`

/** The error as a problem, for the request with this id. */
export function problemOf(error: AppError, requestId: string): Problem {
  const { faults } = error.hints
  return {
    type: `/problems/${error.slug}`,
    title: catalogue[error.slug].title,
    status: statuses[error.slug],
    detail: error.message,
    instance: instanceOf(requestId),
    ...(faults && { errors: faults.slice(0, faultsTold) }),
  }
}

/** The header fields of the problem. */
export function problemHeaders(error: AppError): Record<string, string> {
  const { headers, retryAfterSeconds, scope, close } = error.hints
  const asked = scope ? `${challenge}, error="insufficient_scope", scope="${scope}"` : challenges[error.slug]
  return {
    'content-type': problemType,
    'cache-control': 'no-store',
    ...(asked && { 'www-authenticate': asked }),
    ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
    ...(close && { connection: 'close' }),
    ...headers,
  }
}

/** The problem as one of several answers within one. */
export const problemWithin = (error: AppError, requestId: string): Sent => ({
  status: statusOf(error.slug),
  headers: error.hints.headers ?? {},
  body: JSON.stringify(problemOf(error, requestId)),
})

/** Answers a request with the problem. */
export function sendProblem(reply: FastifyReply, error: AppError): FastifyReply {
  reply.problem = error.slug
  const body = Buffer.from(JSON.stringify(problemOf(error, reply.request.id)))
  return reply.code(statuses[error.slug]).headers(problemHeaders(error)).send(body)
}

/** The problem as a whole HTTP message (RFC 9112), for a socket whose request could not be parsed. */
export function rawProblem(error: AppError, requestId: string, constants: Record<string, string>): string {
  const body = JSON.stringify(problemOf(error, requestId))
  const status = statuses[error.slug]
  const headers = {
    ...constants,
    ...problemHeaders(error),
    'request-id': requestId,
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${reasons[status]}\r\n${lines.join('')}\r\n${body}`
}
