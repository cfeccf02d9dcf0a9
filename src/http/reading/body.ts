import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyRequest, preHandlerHookHandler, preParsingHookHandler } from 'fastify'
import { AppError } from '../../core/errors.ts'
import { onEachRoute } from './each-route.ts'
import { parseStrictJson } from './strict-json.ts'

/** The largest body that is taken, in bytes. */
export const bodyLimit = 256 * 1024

const drainLimit = 4 * 1024 * 1024
const drainMs = 2000

/**
 * Checks the media type of a body (415), reads it as bytes (413) and parses it strictly (400), in this order, before
 * it is validated. Where an operation takes no body, an empty one may have any Content-Type.
 */
export function readBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.addHook('preValidation', (request, _reply, done) => {
    if (request.routeOptions.schema?.body !== undefined) request.body = parse(request.body)
    done()
  })
  onEachRoute(app, (route) => {
    if (route.method === 'GET' || route.method === 'HEAD') return // Fastify does not read their bodies
    const takesBody = route.schema?.body !== undefined
    route.preParsing = [route.preParsing ?? [], takesBody ? assertMediaType : ignoreMediaType].flat()
    // At the time when a body would be validated: after the query and headers, before the ids of the path.
    if (!takesBody) route.preHandler = [route.preHandler ?? [], refuseContent].flat()
  })
}

const assertMediaType: preParsingHookHandler = (request, _reply, payload, done) => {
  checkMediaType(request)
  done(null, payload)
}

const ignoreMediaType: preParsingHookHandler = (request, _reply, payload, done) => {
  delete request.headers['content-type']
  done(null, payload)
}

/** Refuses a body that nobody would read, rather than ignore it. Nothing, or an empty object, is fine. */
const refuseContent: preHandlerHookHandler = (request, _reply, done) => {
  if (Buffer.isBuffer(request.body)) {
    if (request.body.length > 0 && request.body.toString().trim() !== '{}') throw unwantedBody()
    request.body = undefined
  }
  done()
}

function checkMediaType(request: FastifyRequest): void {
  const encoding = request.headers['content-encoding']
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new AppError(
      'unsupported-media-type',
      'The body must not be compressed: leave Content-Encoding out.',
      {
        headers: { 'accept-encoding': 'identity' },
      },
    )
  }
  const accepted = acceptedTypes(request.method)
  if (!isAccepted(request.headers['content-type'], accepted)) throw wrongMediaType(request, accepted)
}

/** The media types that a method takes for its body. */
export const acceptedTypes = (method: string) =>
  method === 'PATCH' ? ['application/merge-patch+json', 'application/json'] : ['application/json']

/** RFC 9110 §8.3: case does not matter. The one parameter allowed is `charset=utf-8`. */
function isAccepted(contentType: string | undefined, accepted: string[]): boolean {
  const [, type = ''] = /^([\w.+/-]+) *(?:; *charset=(?:utf-8|"utf-8") *)?$/i.exec(contentType ?? '') ?? []
  return accepted.includes(type.toLowerCase())
}

function wrongMediaType(request: FastifyRequest, accepted: string[]): AppError {
  const given =
    request.headers['content-type'] === undefined
      ? 'Content-Type is missing'
      : 'This Content-Type is not taken'
  const detail = `${given}: send \`Content-Type: application/json\` (with curl, use --json).`
  return new AppError('unsupported-media-type', detail, {
    headers: { [acceptField(request.method)]: accepted.join(', ') },
  })
}

/** The field that lists media types: Accept-Patch (RFC 5789 §3.1), Accept-Post (W3C), Accept (RFC 9110 §12.5.1). */
function acceptField(method: string): string {
  if (method === 'PATCH') return 'accept-patch'
  return method === 'POST' ? 'accept-post' : 'accept'
}

function parse(body: unknown): unknown {
  if (!Buffer.isBuffer(body) || body.length === 0) {
    throw new AppError('malformed-request', 'The body is empty; this operation wants a JSON object.')
  }
  const parsed = parseStrictJson(body)
  if ('fault' in parsed) throw new AppError('malformed-request', parsed.fault)
  return parsed.value
}

/** The refusal of a body by an operation that takes none. */
export const unwantedBody = (): AppError =>
  new AppError('validation-failed', 'This operation takes no body.', {
    faults: [{ pointer: '', detail: 'must be left out: this operation takes no body' }],
  })

/**
 * Reads the rest of a request and throws it away, up to a size and a time, so that the client gets its refusal:
 * closing a connection with unread bytes resets it, and the answer is lost.
 */
export async function drain(request: IncomingMessage): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, drainMs)
  let left = drainLimit
  request.on('data', (chunk: Buffer) => (left -= chunk.length) < 0 && resolve())
  request.once('end', resolve).once('close', resolve).resume()
  await promise
  clearTimeout(timer)
}
