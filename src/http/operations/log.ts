import type { FastifyInstance, FastifyRequest } from 'fastify'
import { instanceOf } from '../problems/problem.ts'
import { addressOf } from '../reading/address.ts'

/**
 * Writes one line for each request, with its route instead of its address and without headers or body, since these
 * may hold secrets.
 */
export function logRequests(app: FastifyInstance): void {
  let warned = false
  app.addHook('onRequest', (request, _reply, done) => {
    if (!warned && isForeignForward(request)) {
      warned = true
      request.log.warn(
        { address: request.raw.socket.remoteAddress },
        'X-Forwarded-For came from an address outside TRUST_PROXY and does not count; add the address if it is your proxy',
      )
    }
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    const { problem } = reply
    const line = {
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? '-',
      status: reply.statusCode,
      ...(problem && { problem, instance: instanceOf(request.id) }),
      ms: Math.round(reply.elapsedTime * 10) / 10,
      user: request.actor?.userId,
      address: addressOf(request),
    }
    // Machines ask for health and metrics every few seconds; only a refusal of those is worth a line.
    if (request.routeOptions.config.unlimited && reply.statusCode < 400) request.log.debug(line, 'request')
    else request.log.info(line, 'request')
    done()
  })
}

const isForeignForward = (request: FastifyRequest) =>
  request.headers['x-forwarded-for'] !== undefined && (request.ips?.length ?? 1) < 2
