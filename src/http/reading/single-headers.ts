import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { AppError } from '../../core/errors.ts'

/** Fields that may be sent once. Node keeps the first and silently drops the others. */
const once = new Map([
  ['host', 'Host'],
  ['authorization', 'Authorization'],
  ['content-type', 'Content-Type'],
])

/**
 * Refuses a request that sends one of these fields twice, since a proxy and this server could each read a different one,
 * and an HTTP/1.1 request without Host (RFC 9112 §3.2).
 */
export function assertSingleHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', ({ raw }, _reply, done) => {
    const seen = new Set<string>()
    for (let i = 0; i < raw.rawHeaders.length; i += 2) {
      const field = once.get(raw.rawHeaders[i]?.toLowerCase() ?? '')
      if (field === undefined) continue
      if (seen.has(field)) throw field === 'Host' ? wrongHost() : repeated(field)
      seen.add(field)
    }
    if (!seen.has('Host') && !isOld(raw)) throw wrongHost()
    done()
  })
}

const isOld = ({ httpVersion }: IncomingMessage) => httpVersion === '1.0'

function wrongHost(): AppError {
  return new AppError('malformed-request', 'The request must have exactly one Host header.', { close: true })
}

function repeated(header: string): AppError {
  const detail = 'must be given at most once'
  return new AppError('invalid-parameter', `${header} ${detail}.`, { faults: [{ header, detail }] })
}
