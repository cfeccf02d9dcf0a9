import type { FastifyRequest } from 'fastify'
import { actorOf } from '../http/protection/authenticate.ts'
import { closedBy, endStream, sendEvents, waitOf } from '../http/answering/streams.ts'
import type { Server } from '../http/fastify.ts'
import { openStream } from './events.ts'
import { isResource } from '../things/things.ts'
import { changesOf, ticketing } from './examples.ts'
import * as shapes from './schema.ts'
import { awaitChanges, readChanges, type Sync } from './sync.ts'
import { issueTicket } from './tickets.ts'

const tags = ['sync']

/** Adds the feed of changes, its live form, and the tickets that open it. */
export function addSync(app: Server, services: Sync): void {
  app.addHook('preClose', async () => services.followers.stop())
  const schemas = shapes.feedSchemasOf(services.kinds)
  addFeed(app, services, schemas)
  addEvents(app, services, schemas)
  addTickets(app, services)
}

type Schemas = ReturnType<typeof shapes.feedSchemasOf>

function addFeed(app: Server, services: Sync, { page }: Schemas): void {
  const answer = changesOf(services.kinds.filter(isResource))
  const { waiting: places } = services
  app.get(
    '/changes',
    {
      config: { scope: 'tasks:read' },
      schema: {
        tags,
        summary: 'Read what changed',
        operationId: 'listChanges',
        description:
          'Each thing once, as it is now, in the order of its last change. Apply the items, then ask again with `since` set to `revision`. ' +
          'A copy begins with a walk of `GET /tasks`, and goes on here from the `Docket-Revision` of its first page.',
        problems: ['sync-too-old'],
        headers: shapes.WaitHeader,
        querystring: shapes.ChangesQuery,
        response: { 200: page },
        sends: { 200: ['Preference-Applied'] },
        examples: { created: { summary: 'A thing that was created', status: 200, answer } },
      },
    },
    async (request, reply) => {
      const { since, limit } = request.query
      const seconds = waitOf(request)
      if (seconds === 0) return readChanges(services, actorOf(request), since, limit)
      const gone = closedBy(reply)
      const changes = await awaitChanges(
        services,
        places,
        actorOf(request),
        since,
        limit,
        seconds * 1000,
        gone,
      )
      reply.header('preference-applied', `wait=${seconds}`)
      return changes
    },
  )
}

function addEvents(app: Server, services: Sync, { item }: Schemas): void {
  const { streams: places } = services
  app.get(
    '/events',
    {
      sse: 'manual',
      config: { scope: 'tasks:read', takesTicket: true },
      schema: {
        tags,
        summary: 'Follow your changes live',
        operationId: 'followChanges',
        description:
          'Server-sent events: `ready` with the revision where the stream begins, then a `change` for each, whose id is its revision. ' +
          'Reconnect with `Last-Event-ID`; nothing is lost or told twice.',
        problems: ['sync-too-old'],
        headers: shapes.ResumeHeader,
        querystring: shapes.EventsQuery,
        response: {
          200: { description: 'The stream.', content: { 'text/event-stream': { schema: item } } },
        },
      },
    },
    async (request, reply) => {
      if (request.method === 'HEAD') return endStream(reply)
      const { since, ticket } = request.query
      const opening = { since: positionOf(request, since), ticket }
      return sendEvents(reply, await openStream(services, places, actorOf(request), opening, closedBy(reply)))
    },
  )
}

function addTickets(app: Server, services: Sync): void {
  app.post(
    '/events/tickets',
    {
      config: { scope: 'tasks:read' },
      schema: {
        tags,
        summary: 'Get a ticket for a stream',
        operationId: 'createEventTicket',
        description:
          "A browser's EventSource can not send a header: `GET /events?ticket=` takes this in its place.",
        response: { 201: shapes.Ticket },
        examples: ticketing,
      },
    },
    (request, reply) => {
      reply.code(201)
      return issueTicket(services, actorOf(request))
    },
  )
}

/** `Last-Event-ID` is newer than the address that a reconnecting client asks again. */
function positionOf({ headers }: FastifyRequest, since: number | undefined): number | undefined {
  const last = headers['last-event-id']
  return typeof last === 'string' ? Number(last) : since
}
