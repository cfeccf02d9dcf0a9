import type { FastifyReply, FastifyRequest } from 'fastify'
import * as Type from '../../core/json-schema.ts'
import { sha256 } from '../../core/digest.ts'
import type { Attempt, Outcome } from '../../core/attempt.ts'
import { WriteConditions } from './conditions.ts'
import { jsonType } from './schema.ts'

const name = 'idempotency-key'

/** The header that makes a write safe to repeat, for a route's schema. */
export const Idempotency = Type.Object({
  [name]: Type.Optional(
    Type.String({
      format: 'idempotency-key',
      description: 'Makes the request safe to repeat for 24 hours: the same key gives the same answer.',
    }),
  ),
})

/** The headers of a write under conditions, for a route's schema. */
export const WriteHeaders = Type.Object({ ...WriteConditions.properties, ...Idempotency.properties })

/** The attempt that the Idempotency-Key of the request names; undefined without one. */
export function attemptOf(request: FastifyRequest): Attempt | undefined {
  const header = request.headers[name]
  if (typeof header !== 'string') return undefined
  const asked = JSON.stringify([request.query, request.body])
  return {
    operation: `${request.method} ${routedPath(request)}`,
    key: unquoted(header.trim()),
    fingerprint: sha256(asked),
  }
}

/** The path of the route with the values of its parameters, so that it is the same however it was spelled. */
function routedPath({ routeOptions: { url = '' }, params }: FastifyRequest): string {
  const values = new Map<string, unknown>(Object.entries(params ?? {}))
  return url.replace(/:(\w+)/g, (_, parameter: string) => encodeURIComponent(String(values.get(parameter))))
}

/** Sets the head of the answer, marked if it repeats an earlier one, and returns its content. */
export function answered(
  reply: FastifyReply,
  { sent: { status, headers, body }, isReplay }: Outcome,
): string | undefined {
  reply.code(status).headers(headers)
  if (isReplay) reply.header('idempotent-replayed', 'true')
  if (body === null) return undefined
  reply.type(jsonType)
  return body
}

/** The key without the quotes and escapes of a quoted string (RFC 8941 §3.3.3). */
const unquoted = (header: string) =>
  header.startsWith('"') ? header.slice(1, -1).replace(/\\(.)/g, '$1') : header
