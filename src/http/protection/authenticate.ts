import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { PresentActor } from '../../core/actor.ts'
import { AppError } from '../../core/errors.ts'
import { hasRoute } from '../answering/fallback.ts'
import type { Limit } from './rate-limit.ts'
import { challenge } from '../problems/problem.ts'
import type { ParsedQuery } from '../reading/query-string.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the route answers without a token. */
    public?: boolean
    /** Whether a ticket in the query serves in place of the token. */
    takesTicket?: boolean
  }
  interface FastifyRequest {
    actor: PresentActor | undefined
  }
}

/** Turns a token or a ticket into its actor; both functions throw `invalid-token`. */
export interface Verify {
  token(token: string): Promise<PresentActor>
  ticket(ticket: string): Promise<PresentActor>
}

/**
 * Demands a bearer token (RFC 6750) for every route that is not `public`. Counts every request against its user, or
 * against its client if there is no user.
 */
export function admitRequests(app: FastifyInstance, verify: Verify, limit: Limit): void {
  app.decorateRequest('actor', undefined)
  app.addHook<{ Querystring: ParsedQuery }>('onRequest', async (request, reply) => {
    const { config } = request.routeOptions
    if (config.unlimited) return
    if (!hasRoute(request) || config.public || request.method === 'OPTIONS') return limit(request, reply)
    try {
      const ticket = config.takesTicket ? request.query.values['ticket'] : undefined
      request.actor = await (ticket === undefined
        ? actorBehind(request.headers.authorization, verify)
        : verify.ticket(ticket))
    } finally {
      limit(request, reply)
    }
  })
}

/** The actor of a request to a route that is not public. */
export function actorOf(request: FastifyRequest): PresentActor {
  if (!request.actor) throw new Error('a public route has no actor')
  return request.actor
}

function actorBehind(authorization: string | undefined, verify: Verify): Promise<PresentActor> {
  if (authorization === undefined) {
    throw noToken('There is no token: send `Authorization: Bearer <accessToken>`, got at /auth/login.')
  }
  const [, token] = /^Bearer +([^ ]+) *$/i.exec(authorization) ?? []
  if (token === undefined) {
    throw new AppError('invalid-token', 'The Authorization header is not `Bearer <accessToken>`.')
  }
  return verify.token(token)
}

/** The refusal of a request without a token, which has no error code in its challenge (RFC 6750 §3.1). */
export function noToken(detail: string): AppError {
  return new AppError('invalid-token', detail, { headers: { 'www-authenticate': challenge } })
}
