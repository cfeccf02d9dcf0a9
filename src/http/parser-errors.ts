import type { Socket } from 'node:net'
import { AppError } from '../core/errors.ts'
import { newId } from '../core/id.ts'
import { constantHeaders } from './headers.ts'
import { rawProblem } from './problem.ts'

/** Answers on the bare socket what Node's HTTP parser refused, and closes the connection. */
export function answerParserError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  socket.end(rawProblem(parserProblem(error.code), newId(), constantHeaders))
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

/** What an error thrown anywhere behind the parser means to the client; undefined for one nobody foresaw. */
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
      return new AppError('malformed-request', 'The path holds a percent-encoding that is not UTF-8.')
    case 'ECONNRESET':
    case 'ECONNABORTED':
      return new AppError('malformed-request', 'The body ended before it was complete.', { close: true })
    default:
      return undefined
  }
}
