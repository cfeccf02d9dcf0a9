import type { FastifyReply } from 'fastify'
import type { Answer } from '../core/attempt.ts'
import { answered, attemptOf, Idempotency } from '../http/answering/idempotency.ts'
import { asText, Nothing } from '../http/answering/schema.ts'
import type { Server } from '../http/fastify.ts'
import { sessionOf } from '../http/protection/authenticate.ts'
import * as examples from './examples.ts'
import * as shapes from './schema.ts'
import * as verbs from './tokens.ts'

const tags = ['accounts']

/** Adds the API tokens of a user. */
export function addTokens(app: Server, tokens: verbs.ApiTokens): void {
  app.addHook('onClose', () => tokens.uses.write())
  addCreate(app, tokens)
  addList(app, tokens)
  addDelete(app, tokens)
}

function addCreate(app: Server, tokens: verbs.ApiTokens): void {
  app.post(
    '/me/tokens',
    {
      config: { scope: 'account' },
      schema: {
        tags,
        summary: 'Create an API token',
        operationId: 'createToken',
        description:
          'For scripts and other programs: it works until it expires or is deleted, and can do only what its scopes allow. The `token` is shown only once.',
        problems: ['limit-reached'],
        headers: Idempotency,
        body: shapes.NewApiToken,
        response: { 201: asText(shapes.CreatedApiToken) },
        sends: { 201: ['Idempotent-Replayed'] },
        examples: examples.creation,
      },
    },
    async (request, reply) => {
      const asked = {
        actor: sessionOf(request),
        attempt: attemptOf(request),
        answer: createdAnswer(reply),
      }
      return answered(reply, await verbs.createToken(tokens, asked, request.body))
    },
  )
}

/** What is stored for a repeated request is the answer without the token itself. */
const createdAnswer =
  (reply: FastifyReply) =>
  (created: shapes.CreatedApiToken): Answer => {
    const { token: _token, ...kept } = created
    const written = (content: shapes.CreatedApiToken) => String(reply.serializeInput({ ...content }, '201'))
    return { status: 201, headers: {}, body: written(created), keptBody: written(kept), things: [] }
  }

function addList(app: Server, tokens: verbs.ApiTokens): void {
  app.get(
    '/me/tokens',
    {
      config: { scope: 'account' },
      schema: {
        tags,
        summary: 'List your API tokens',
        operationId: 'listTokens',
        response: { 200: shapes.ApiTokenList },
        examples: examples.list,
      },
    },
    async (request) => ({ items: await verbs.listTokens(tokens, sessionOf(request)) }),
  )
}

function addDelete(app: Server, tokens: verbs.ApiTokens): void {
  app.delete(
    '/me/tokens/:id',
    {
      config: { scope: 'account' },
      schema: {
        tags,
        summary: 'Delete an API token',
        operationId: 'deleteToken',
        description: 'It is refused from the next request on, and its streams of events end.',
        headers: Idempotency,
        params: shapes.ApiTokenId,
        response: { 204: Nothing },
        sends: { 204: ['Idempotent-Replayed'] },
      },
    },
    async (request, reply) => {
      const asked = {
        actor: sessionOf(request),
        attempt: attemptOf(request),
        answer: () => ({ status: 204, headers: {}, body: null, things: [] }),
      }
      answered(reply, await verbs.deleteToken(tokens, asked, request.params.id))
    },
  )
}
