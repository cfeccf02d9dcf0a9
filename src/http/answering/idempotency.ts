import type { FastifyReply, FastifyRequest } from 'fastify'
import * as Type from '../../core/json-schema.ts'
import { sha256 } from '../../core/digest.ts'
import type { Attempt, Outcome } from '../../core/attempt.ts'

const name = 'idempotency-key'

/** The header that makes a POST safe to repeat, for a route's schema. */
export const Idempotency = Type.Object({
  [name]: Type.Optional(
    Type.String({
      format: 'idempotency-key',
      description: 'Makes the request safe to repeat for 24 hours: the same key gives the same answer.',
    }),
  ),
})

/** The attempt that the Idempotency-Key of the request names; undefined without one. */
export function attemptOf(request: FastifyRequest): Attempt | undefined {
  const header = request.headers[name]
  if (typeof header !== 'string') return undefined
  const asked = JSON.stringify([request.query, request.body])
  return {
    operation: `${request.method} ${request.url.replace(/\?.*/s, '')}`,
    key: unquoted(header.trim()),
    fingerprint: sha256(asked),
  }
}

/** Returns the value of the outcome, and marks the answer if it repeats an earlier one. */
export function replayed<T>(reply: FastifyReply, { value, isReplay }: Outcome<T>): T {
  if (isReplay) reply.header('idempotent-replayed', 'true')
  return value
}

/** The key without the quotes and escapes of a quoted string (RFC 8941 §3.3.3). */
const unquoted = (header: string) =>
  header.startsWith('"') ? header.slice(1, -1).replace(/\\(.)/g, '$1') : header
