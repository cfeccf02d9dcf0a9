import { entityTag, isFresh, matchOf, notModified, ReadConditions } from '../http/answering/conditions.ts'
import { answered, Idempotency, WriteHeaders } from '../http/answering/idempotency.ts'
import { asText, NotModified, Nothing } from '../http/answering/schema.ts'
import type { Server } from '../http/fastify.ts'
import { actorOf } from '../http/protection/authenticate.ts'
import type { Resource } from './kind.ts'
import { deleteQueryOf, ThingId } from './schema.ts'
import { listed } from './schemas.ts'
import { askedBy, deletedAnswer, routeOf, sentWith, writtenAnswer, type Route } from './shared-routes.ts'
import * as verbs from './things.ts'
import { addAction, addMove } from './verb-routes.ts'

/** Adds what every kind of thing has by being written. Its list is the feature's own. */
export function addResource(app: Server, services: verbs.Services, resource: Resource): void {
  const route = routeOf(resource)
  addCreate(app, services, route)
  addRead(app, services, route)
  addReplace(app, services, route)
  addChange(app, services, route)
  addDelete(app, services, route)
  const { actions, order } = resource
  for (const [verb, action] of Object.entries(actions)) addAction(app, services, route, verb, action)
  if (order) addMove(app, services, route, order)
}

function addCreate(app: Server, services: verbs.Services, { resource, name, title, tags }: Route): void {
  app.post(
    resource.path,
    {
      config: { scope: 'tasks:write' },
      schema: {
        tags,
        summary: `Create a ${name}`,
        operationId: `create${title}`,
        problems: ['limit-reached'],
        headers: Idempotency,
        body: resource.schemas.creation,
        response: { 201: asText(resource.schemas.thing) },
        sends: { 201: sentWith('ETag', 'Link', 'Location') },
        examples: resource.examples.creation,
      },
    },
    async (request, reply) => {
      const asked = askedBy(request, writtenAnswer(reply, resource))
      return answered(reply, await verbs.createThing(services, resource, asked, request.body))
    },
  )
}

function addRead(app: Server, services: verbs.Services, { resource, name, title, tags, one }: Route): void {
  app.get(
    one,
    {
      config: { scope: 'tasks:read' },
      schema: {
        tags,
        summary: `Read a ${name}`,
        operationId: `get${title}`,
        headers: ReadConditions,
        params: ThingId,
        response: { 200: resource.schemas.thing, 304: NotModified },
        sends: { 200: ['ETag'], 304: ['ETag'] },
        examples: { example: { summary: `A ${name}`, status: 200, answer: resource.examples.thing } },
      },
    },
    async (request, reply) => {
      const thing = await verbs.readThing(services, resource, actorOf(request), request.params.id)
      return isFresh(request, reply, entityTag(thing.revision)) ? notModified(reply) : thing
    },
  )
}

function addReplace(
  app: Server,
  services: verbs.Services,
  { resource, name, title, tags, one }: Route,
): void {
  app.put(
    one,
    {
      config: { scope: 'tasks:write' },
      schema: {
        tags,
        summary: `Replace a ${name}, or create it under an id of your own`,
        operationId: `replace${title}`,
        description: `An omitted field takes its default. With \`If-None-Match: *\` and a new lower-case UUID it creates the ${name}.`,
        problems: ['limit-reached'],
        headers: WriteHeaders,
        params: ThingId,
        body: resource.schemas.replacement,
        response: { 200: asText(resource.schemas.thing), 201: asText(resource.schemas.thing) },
        sends: { 200: sentWith('ETag', 'Link'), 201: sentWith('ETag', 'Link', 'Location') },
        examples: resource.examples.replacement,
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const asked = askedBy(request, writtenAnswer(reply, resource))
      const match = matchOf(request)
      return answered(reply, await verbs.replaceThing(services, resource, asked, id, request.body, match))
    },
  )
}

function addChange(app: Server, services: verbs.Services, { resource, name, title, tags, one }: Route): void {
  const { clearable } = resource
  const cleared =
    clearable.length > 0 ? `, null clears ${listed(clearable.map((field) => `\`${field}\``))}` : ''
  app.patch(
    one,
    {
      config: { scope: 'tasks:write' },
      schema: {
        tags,
        summary: `Change some fields of a ${name}`,
        operationId: `change${title}`,
        description: `A merge patch: an absent field is untouched${cleared}.`,
        problems: ['limit-reached'],
        headers: WriteHeaders,
        params: ThingId,
        body: resource.schemas.patch,
        response: { 200: asText(resource.schemas.thing) },
        sends: { 200: sentWith('ETag', 'Link') },
        examples: resource.examples.change,
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const asked = askedBy(request, writtenAnswer(reply, resource))
      const match = matchOf(request)
      return answered(reply, await verbs.changeThing(services, resource, asked, id, request.body, match))
    },
  )
}

function addDelete(app: Server, services: verbs.Services, { resource, name, title, tags, one }: Route): void {
  app.delete(
    one,
    {
      config: { scope: 'tasks:write' },
      schema: {
        tags,
        summary: `Delete a ${name}`,
        operationId: `delete${title}`,
        description:
          'Puts it into the trash, and what is in it too; with `permanent=true` all of it is erased for good, from there too.',
        problems: ['limit-reached'],
        headers: WriteHeaders,
        params: ThingId,
        querystring: deleteQueryOf(resource.removal),
        response: { 204: Nothing },
        sends: { 204: sentWith() },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const asked = askedBy(request, deletedAnswer)
      const match = matchOf(request)
      answered(reply, await verbs.deleteThing(services, resource, asked, id, match, request.query))
    },
  )
}
