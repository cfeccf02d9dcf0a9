import { fastify, type RouteOptions } from 'fastify'
import type { SwaggerOptions } from '@fastify/swagger'
import { version } from '../../core/version.ts'
import * as Type from '../../core/json-schema.ts'
import { ReadConditions } from '../answering/conditions.ts'
import { fixedAnswer, once } from '../answering/fixed-answers.ts'
import { NotModified } from '../answering/schema.ts'
import { hoistComponents } from './components.ts'
import { completeOperations, describeOperation } from './operation.ts'
import type { Server } from '../fastify.ts'
import { onEachRoute } from '../reading/each-route.ts'

const info = {
  title: 'Docket',
  version,
  summary: 'Keep tasks, over HTTP.',
  description: [
    'Register, log in, and keep tasks in projects, with labels, priority, due date and an order of your own. To try it here: register below, then give the `accessToken` to Authorize.',
    'Bodies are JSON; every answer of 400 and above is a problem (RFC 9457) whose `type` leads to its explanation.',
    'Send the access token as `Authorization: Bearer`; a script sends an API token (`POST /me/tokens`), which can do what its scopes allow. A write that must not overwrite another sends `If-Match`.',
    'HEAD works wherever GET does; OPTIONS tells the methods of a path. A request that names no operation is answered 404 or 405, one whose head is too large 431, one whose head is too slow 408.',
  ].join('\n\n'),
  license: { name: 'MIT', identifier: 'MIT' },
}

declare module 'fastify' {
  interface FastifyInstance {
    /** The OpenAPI 3.1 document of the routes, made at the first call. */
    openapi(): Promise<Document>
  }
}

/** Remembers the routes that are added later, for the document. */
export function describeApi(app: Server): void {
  const routes: RouteOptions[] = []
  onEachRoute(app, (route) => routes.push(route))
  app.decorate(
    'openapi',
    once(() => documentOf(routes)),
  )
}

interface Document {
  paths?: Record<string, object | undefined>
}

const options: SwaggerOptions = {
  openapi: {
    openapi: '3.1.1',
    info,
    servers: [{ url: '/', description: 'This server' }],
    tags: [
      { name: 'accounts', description: 'Registration, login, tokens, sessions and your own account.' },
      { name: 'tasks', description: 'Your tasks and their list.' },
      { name: 'projects', description: 'Your projects, which tasks are in.' },
      { name: 'batch', description: 'Many writes in one request.' },
      { name: 'sync', description: 'What changed since you last looked, and as it happens.' },
      { name: 'operations', description: 'For those who run the server.' },
    ],
    components: {
      securitySchemes: {
        accessToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'The `accessToken` that registration, login and refresh answer; good for one hour.',
        },
        apiToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'dkt_…',
          description: 'A token of `POST /me/tokens`, with the scope that the operation names.',
        },
        metricsToken: { type: 'http', scheme: 'bearer', description: 'The value of METRICS_TOKEN.' },
      },
    },
    security: [{ accessToken: [] }],
  },
  transform: ({ schema, url, route }) => ({ schema: describeOperation(schema, route), url }),
  transformObject: (document) => {
    if (!('openapiObject' in document)) return {}
    completeOperations(document.openapiObject.paths ?? {})
    return hoistComponents(document.openapiObject)
  },
}

/**
 * Makes the document out of the schemas that validate requests. The plugin for this is loaded when somebody asks: a
 * server starts faster without it, and keeps 6 MB less. It reads routes as they are added, so it gets a server of its
 * own that never listens.
 */
async function documentOf(routes: readonly RouteOptions[]): Promise<Document> {
  const { default: swagger } = await import('@fastify/swagger')
  const described = fastify({ exposeHeadRoutes: false })
  described.setValidatorCompiler(() => () => true).setSerializerCompiler(() => JSON.stringify)
  await described.register(swagger, options)
  for (const { method, url, schema = {}, config = {} } of routes) {
    if (method !== 'HEAD') described.route({ method, url, schema, config, handler: () => undefined })
  }
  await described.ready()
  return described.swagger()
}

const DocumentSchema = Type.Unsafe<object>({
  type: 'object',
  additionalProperties: true,
  description: 'This document.',
})

/** Serves the document, made at the first request: by then every route is added. */
export function addDocument(app: Server): void {
  app.get(
    '/openapi.json',
    {
      config: { public: true },
      schema: {
        summary: 'Read the description of the API',
        operationId: 'getOpenApi',
        tags: ['operations'],
        headers: ReadConditions,
        response: { 200: DocumentSchema, 304: NotModified },
        sends: { 200: ['ETag'], 304: ['ETag'] },
      },
    },
    fixedAnswer({
      type: 'application/json; charset=utf-8',
      make: async () => JSON.stringify(await app.openapi()),
    }),
  )
}
