import { Nothing } from '../http/answering/schema.ts'
import type { Server } from '../http/fastify.ts'
import { sessionOf } from '../http/protection/authenticate.ts'
import type { Accounts } from './accounts.ts'
import * as examples from './examples.ts'
import * as shapes from './schema.ts'
import { endSession, listSessions } from './sessions.ts'

const accounts = { tags: ['accounts'] }

/** Adds the list of a user's sessions, and their end. */
export function addSessions(app: Server, services: Accounts): void {
  addListSessions(app, services)
  addEndSession(app, services)
}

function addListSessions(app: Server, services: Accounts): void {
  app.get(
    '/me/sessions',
    {
      config: { scope: 'account' },
      schema: {
        ...accounts,
        summary: 'List your sessions',
        operationId: 'listSessions',
        response: { 200: shapes.SessionList },
        examples: examples.sessions,
      },
    },
    async (request) => ({ items: await listSessions(services, sessionOf(request)) }),
  )
}

function addEndSession(app: Server, services: Accounts): void {
  app.delete(
    '/me/sessions/:id',
    {
      config: { scope: 'account' },
      schema: {
        ...accounts,
        summary: 'End one of your sessions',
        operationId: 'endSession',
        params: shapes.SessionId,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      await endSession(services, sessionOf(request), request.params.id)
      reply.code(204)
    },
  )
}
