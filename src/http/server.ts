import { randomUUIDv7 } from 'node:crypto'
import type { Server as HttpServer } from 'node:http'
import { promisify } from 'node:util'
import {
  fastify,
  LogController,
  type FastifyBaseLogger,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { AppError } from '../core/errors.ts'
import type { Clock } from '../core/clock.ts'
import { createCounter, type Measure } from '../core/measures.ts'
import type { Server } from './fastify.ts'
import { admitRequests, type Verify } from './protection/authenticate.ts'
import { bodyLimit, drain, readBodies } from './reading/body.ts'
import { boundConnections } from './protection/connections.ts'
import { answerTheRest, collectPaths, unknownPath } from './answering/fallback.ts'
import { allowOrigins } from './protection/cors.ts'
import { shedLoad } from './protection/load-shedding.ts'
import { answerTogether } from './answering/together.ts'
import { assertSingleHeaders } from './reading/single-headers.ts'
import { constantHeaders, setHeaders } from './answering/headers.ts'
import { createLimit, noLimit, type Limit } from './protection/rate-limit.ts'
import { logRequests } from './operations/log.ts'
import { validateParameters } from './reading/parameters.ts'
import { answerParserError, followAnswers, knownError } from './answering/parser-errors.ts'
import { instanceOf, sendProblem } from './problems/problem.ts'
import { serializerCompiler } from './answering/serializers.ts'
import { parseQuery } from './reading/query-string.ts'
import { validatorCompiler } from './reading/validation.ts'

const headersLimit = 16 * 1024
const headersTimeoutMs = 10_000
const requestTimeoutMs = 15_000
const timeoutCheckMs = 1_000
const keepAliveMs = 65_000

/** What the server needs from the other parts. */
export interface ServerOptions {
  clock: Clock
  log: FastifyBaseLogger
  /** Gets what an operator watches of the server. */
  measures: Measure[]
  verify: Verify
  config: {
    requestsPerMinute: number | 'off'
    trustProxy: string[]
    corsOrigins: string[]
  }
}

/** A server without features: strict parsing, one form of error, and a token for every route that is not public. */
export async function createServer(options: ServerOptions): Promise<Server> {
  const { log, measures } = options
  const refusals = createCounter(
    'docket_http_refusals_total',
    'Requests that the HTTP parser refused',
    'problem',
  )
  const { trustProxy } = options.config
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: (logger) => logger,
    genReqId: () => randomUUIDv7(),
    requestIdHeader: false,
    trustProxy: trustProxy.length > 0 ? trustProxy : false,
    bodyLimit,
    routerOptions: { maxParamLength: headersLimit, querystringParser: parseQuery },
    return503OnClosing: false,
    keepAliveTimeout: keepAliveMs,
    requestTimeout: requestTimeoutMs,
    http: {
      maxHeaderSize: headersLimit,
      headersTimeout: headersTimeoutMs,
      connectionsCheckingInterval: timeoutCheckMs,
      requireHostHeader: false,
    },
    clientErrorHandler: (error, socket) => answerParserError(error, socket, log, refusals),
    frameworkErrors: (error, request, reply) => answerBadUrl(error, request, reply),
  }).withTypeProvider<TypeBoxTypeProvider>()

  app.decorateReply('problem', undefined)
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply))
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response))
  followAnswers(app.server)
  measures.push(refusals, connectionsOf(app.server))
  await addHooks(app, options)
  return app
}

/**
 * Adds what every request passes through. Hooks of one phase run in the order in which they are added, so this
 * order decides which of several faults of a request is reported: it is part of the API.
 */
async function addHooks(app: Server, { clock, verify, config }: ServerOptions): Promise<void> {
  // What every answer has. It comes first, so that every refusal is logged, has all headers and can be read by a page
  // of an allowed origin.
  answerTogether(app)
  logRequests(app)
  setHeaders(app)
  await allowOrigins(app, config.corsOrigins)

  // What protects the server itself, before any work is spent on the request.
  boundConnections(app)
  shedLoad(app)

  // Who asks. Repeated headers are refused first: of two Authorization fields, Node would silently take one.
  assertSingleHeaders(app)
  const paths = collectPaths(app)
  admitRequests(app, verify, limitOf(config.requestsPerMinute, clock), paths)

  // Whether there is such an operation. It comes after the rate limit, so that guessing paths counts, and before the
  // body is read.
  answerTheRest(app, paths)

  // What is asked: the body's type, size and JSON, then query and headers, then the body's schema, then ids.
  readBodies(app)
  validateParameters(app)
}

const connectionsOf = (server: HttpServer): Measure => ({
  name: 'docket_http_connections',
  help: 'Open connections',
  type: 'gauge',
  read: async () => [{ value: await promisify(server.getConnections.bind(server))() }],
})

const limitOf = (requestsPerMinute: number | 'off', clock: Clock): Limit =>
  requestsPerMinute === 'off' ? noLimit : createLimit(requestsPerMinute, clock)

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const known = knownError(error)
  if (known?.cause) request.log.warn({ err: known.cause, requestId: request.id }, known.message)
  if (!known)
    request.log.error(
      { err: error, requestId: request.id, instance: instanceOf(request.id) },
      'a request failed',
    )
  const problem =
    known ??
    new AppError(
      'internal-error',
      'The server failed; its operator finds the reason under the id in instance.',
    )
  if (problem.slug === 'payload-too-large') void answerDrained(reply, problem)
  else sendProblem(reply, problem)
}

/** Reads the rest of the request before answering, so that the answer reaches the client. */
async function answerDrained(reply: FastifyReply, problem: AppError): Promise<void> {
  await drain(reply.request.raw)
  sendProblem(reply, problem)
}

/** Answers an address that the router can not read. No hook has run, so the headers are set here. */
function answerBadUrl(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  reply.headers(constantHeaders).header('request-id', request.id)
  sendProblem(reply, knownError(error) ?? unknownPath(request.method))
}
