import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import type { Actor, PresentActor, PresentSession } from '../../core/actor.ts'
import { AppError, credentialEnded, insufficientScope } from '../../core/errors.ts'
import { isAllowed, type Scope } from '../../core/scopes.ts'
import type { Paths } from '../answering/fallback.ts'
import type { Limit } from './rate-limit.ts'
import { challenge } from '../problems/problem.ts'
import { onEachRoute } from '../reading/each-route.ts'
import type { ParsedQuery } from '../reading/query-string.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the route answers without a token. */
    public?: boolean
    /** What an API token needs; every route that is not public says it. */
    scope?: Scope
    /** Whether a ticket in the query serves in place of the token. */
    takesTicket?: boolean
  }
  interface FastifyRequest {
    actor: PresentActor | undefined
  }
}

/** Finds out who asks; nothing of it makes the request wait for a write. */
export interface Verify {
  /** The actor whom an access token or API token names; throws `invalid-token`. */
  token(token: string): Promise<Actor>
  /** The actor whom a ticket names; throws `invalid-token`. */
  ticket(ticket: string): Promise<Actor>
  /** The actor as they are now; undefined if their session has ended, or their API token. */
  present(actor: Actor): Promise<PresentActor | undefined>
}

/**
 * Demands a bearer token (RFC 6750) for every route that is not `public`, and of an API token the route's scope. Counts
 * every request against its user, or against its client if it has no user or a session that has ended. Who has nothing
 * left is refused before their session is read.
 */
export function admitRequests(app: FastifyInstance, verify: Verify, limit: Limit, paths: Paths): void {
  app.decorateRequest('actor', undefined)
  onEachRoute(app, assertAccess)
  app.addHook<{ Querystring: ParsedQuery }>('onRequest', async (request, reply) => {
    const { config } = request.routeOptions
    if (config.unlimited) return
    if (config.public || request.method === 'OPTIONS' || !paths.hasOperation(request))
      return limit.count(request, reply)
    let payer: string | undefined
    try {
      const ticket = config.takesTicket ? request.query.values['ticket'] : undefined
      const named = await (ticket === undefined
        ? actorBehind(request.headers.authorization, verify)
        : verify.ticket(ticket))
      payer = named.userId
      limit.assertLeft(payer, reply)
      request.actor = await verify.present(named)
      if (!request.actor) {
        payer = undefined
        throw credentialEnded(named)
      }
      assertScope(request.actor, config.scope)
    } finally {
      limit.count(request, reply, payer)
    }
  })
}

/** Who forgets to say who may call a route gets no server. */
function assertAccess({ method, url, config = {} }: RouteOptions): void {
  if (url === '*' || config.public || config.scope) return
  throw new Error(`${[method].flat().join()} ${url} says neither its scope nor that it is public`)
}

function assertScope(actor: PresentActor, scope: Scope = 'account'): void {
  if (actor.tokenId !== undefined && !isAllowed(actor.scopes, scope)) throw insufficientScope(scope)
}

/** The actor of a request to a route that is not public. */
export function actorOf(request: FastifyRequest): PresentActor {
  if (!request.actor) throw new Error('a public route has no actor')
  return request.actor
}

/** The actor of a request to a route of the scope `account`, which only sessions reach. */
export function sessionOf(request: FastifyRequest): PresentSession {
  const actor = actorOf(request)
  if (actor.tokenId !== undefined) throw insufficientScope('account')
  return actor
}

function actorBehind(authorization: string | undefined, verify: Verify): Promise<Actor> {
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
