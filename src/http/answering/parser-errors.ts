import { randomUUIDv7 } from 'node:crypto'
import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { FastifyBaseLogger } from 'fastify'
import { AppError } from '../../core/errors.ts'
import type { Counter } from '../../core/measures.ts'
import { badPath } from './fallback.ts'
import { constantHeaders } from './headers.ts'
import { instanceOf, rawProblem, statusOf } from '../problems/problem.ts'

const lingerMs = 2000

const answers = new WeakMap<object, ServerResponse>()
const refused = new WeakSet<Socket>()

/** The newest answer on the connection, finished or not. */
export const answerOn = (socket: Socket): ServerResponse | undefined => answers.get(socket)

/** Answers CONNECT, which Node would drop without a word, and remembers the newest answer of each connection. */
export function followAnswers(server: Server): void {
  server.on('request', (request, response) => answers.set(request.socket, response))
  server.on('connect', (_request, socket) => {
    closeAfter(
      socket.on('error', () => undefined),
      rawProblem(noProxy(), randomUUIDv7(), constantHeaders),
    )
  })
}

function noProxy(): AppError {
  const allow = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'
  return new AppError('method-not-allowed', 'CONNECT is not taken here: this is no proxy.', {
    headers: { allow },
  })
}

/**
 * Answers on the bare socket what Node's HTTP parser refused, logs it and closes the connection. Earlier requests are
 * answered first. If the broken request has an answer already, it gets no second one.
 */
export function answerParserError(
  error: NodeJS.ErrnoException,
  socket: Socket,
  log: FastifyBaseLogger,
  refusals: Counter,
): void {
  if (error.code === 'ECONNRESET') return void socket.destroy()
  if (refused.has(socket)) return // Node reports each further chunk of the same garbage
  refused.add(socket)
  const refuse = () => {
    const [problem, requestId] = [parserProblem(error.code), randomUUIDv7()]
    const status = statusOf(problem.slug)
    refusals.count(problem.slug)
    log.info(
      {
        requestId,
        route: '-',
        status,
        problem: problem.slug,
        instance: instanceOf(requestId),
        address: socket.remoteAddress,
      },
      'request',
    )
    closeAfter(socket, rawProblem(problem, requestId, constantHeaders))
  }
  const answer = answerOn(socket)
  if (answer && !answer.req.complete) return answer.headersSent ? closeAfter(socket, '') : refuse()
  if (!answer || answer.closed) return refuse()
  answer.once('close', refuse)
}

/** Waits before it cuts the connection: closing it with unread bytes resets it, and the answer is lost. */
function closeAfter(socket: Duplex, words: string): void {
  if (socket.writable) socket.end(words)
  setTimeout(() => socket.destroy(), lingerMs).unref()
}

function parserProblem(code: string | undefined): AppError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new AppError('headers-too-large', 'The request line and the headers together are over 16 KiB.')
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new AppError(
        'request-timeout',
        'The request was not complete in time: 10 s for its head, 15 s for all of it.',
      )
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new AppError('payload-too-large', 'The chunk extensions of the body are too large.')
    default:
      return new AppError('malformed-request', 'The request is not well-formed HTTP/1.1.')
  }
}

/** The refusal that an error behind the parser means; undefined for an error that nobody foresaw. */
export function knownError(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new AppError('payload-too-large', 'The body is over 256 KiB.', { close: true })
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new AppError('malformed-request', 'The body is not as long as Content-Length says.', {
        close: true,
      })
    case 'FST_ERR_BAD_URL':
      return badPath()
    case 'ECONNRESET':
    case 'ECONNABORTED':
      return new AppError('malformed-request', 'The body ended before it was complete.', { close: true })
    default:
      return undefined
  }
}
