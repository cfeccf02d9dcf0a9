import type { FastifyInstance } from 'fastify'

/** The headers of every answer, also of those to requests that the HTTP parser refuses. */
export const constantHeaders = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
}

/** Sets the constant headers, the request's id, and whether an answer may be kept (RFC 9111). */
export function setHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(constantHeaders).header('request-id', request.id)
    done()
  })
  app.addHook('onSend', (_request, reply, payload, done) => {
    const isSaid = reply.hasHeader('cache-control')
    const mayKeep = reply.hasHeader('etag') && reply.statusCode < 400
    if (!mayKeep || !isSaid) reply.header('cache-control', mayKeep ? 'private, no-cache' : 'no-store')
    done(null, payload)
  })
}
