import type { FastifyReply, FastifyRequest } from 'fastify'
import { entityTag, isFresh, matchOf, notModified, ReadConditions } from '../http/answering/conditions.ts'
import { attemptOf, Idempotency, replayed, WriteHeaders } from '../http/answering/idempotency.ts'
import { NotModified, Nothing } from '../http/answering/schema.ts'
import type { HeaderName } from '../http/description/headers.ts'
import type { Server } from '../http/fastify.ts'
import { actorOf } from '../http/protection/authenticate.ts'
import type { Resource, Written } from './kind.ts'
import type { Thing } from './model.ts'
import { deleteQueryOf, ThingId } from './schema.ts'
import { listed } from './schemas.ts'
import * as verbs from './things.ts'

/** Adds what every kind of thing has by being written. Its list is the feature's own. */
export function addResource(app: Server, services: verbs.Services, resource: Resource): void {
  const route = routeOf(resource)
  addCreate(app, services, route)
  addRead(app, services, route)
  addReplace(app, services, route)
  addChange(app, services, route)
  addDelete(app, services, route)
  addRestore(app, services, route)
  const { order } = resource
  if (order) addMove(app, services, route, order)
}

/** A resource with the words of its routes: `task`, `Task`, `/tasks/:id`. */
interface Route {
  resource: Resource
  name: string
  title: string
  tags: string[]
  one: string
}

function routeOf(resource: Resource): Route {
  const { name, path } = resource
  const title = name.charAt(0).toUpperCase() + name.slice(1)
  return { resource, name, title, tags: [path.slice(1)], one: `${path}/:id` }
}

/** The header fields that the answer to a write may have. */
const sentWith = (...names: HeaderName[]): HeaderName[] => [
  ...names,
  'Docket-Revision',
  'Idempotent-Replayed',
]

function addCreate(app: Server, services: verbs.Services, { resource, name, title, tags }: Route): void {
  app.post(
    resource.path,
    {
      schema: {
        tags,
        summary: `Create a ${name}`,
        operationId: `create${title}`,
        headers: Idempotency,
        body: resource.schemas.creation,
        response: { 201: resource.schemas.thing },
        sends: { 201: sentWith('ETag', 'Location') },
        examples: resource.examples.creation,
      },
    },
    async (request, reply) => {
      const created = await verbs.createThing(
        services,
        resource,
        actorOf(request),
        request.body,
        attemptOf(request),
      )
      return sendWritten(reply, resource, replayed(reply, created))
    },
  )
}

function addRead(app: Server, services: verbs.Services, { resource, name, title, tags, one }: Route): void {
  app.get(
    one,
    {
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
      schema: {
        tags,
        summary: `Replace a ${name}, or create it under an id of your own`,
        operationId: `replace${title}`,
        description: `An omitted field takes its default. With \`If-None-Match: *\` and a new lower-case UUID it creates the ${name}.`,
        headers: WriteHeaders,
        params: ThingId,
        body: resource.schemas.replacement,
        response: { 200: resource.schemas.thing, 201: resource.schemas.thing },
        sends: { 200: sentWith('ETag'), 201: sentWith('ETag', 'Location') },
        examples: resource.examples.replacement,
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const { actor, match, attempt } = writeOf(request)
      const written = await verbs.replaceThing(services, resource, actor, id, request.body, match, attempt)
      return sendWritten(reply, resource, replayed(reply, written))
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
      schema: {
        tags,
        summary: `Change some fields of a ${name}`,
        operationId: `change${title}`,
        description: `A merge patch: an absent field is untouched${cleared}.`,
        headers: WriteHeaders,
        params: ThingId,
        body: resource.schemas.patch,
        response: { 200: resource.schemas.thing },
        sends: { 200: sentWith('ETag') },
        examples: resource.examples.change,
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const { actor, match, attempt } = writeOf(request)
      const written = await verbs.changeThing(services, resource, actor, id, request.body, match, attempt)
      return sendWritten(reply, resource, replayed(reply, written))
    },
  )
}

function addDelete(app: Server, services: verbs.Services, { resource, name, title, tags, one }: Route): void {
  app.delete(
    one,
    {
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
      const { actor, match, attempt } = writeOf(request)
      const deleted = await verbs.deleteThing(services, resource, actor, id, match, request.query, attempt)
      reply.code(204).header('docket-revision', replayed(reply, deleted))
    },
  )
}

function addRestore(
  app: Server,
  services: verbs.Services,
  { resource, name, title, tags, one }: Route,
): void {
  app.post(
    `${one}/restore`,
    {
      schema: {
        tags,
        summary: `Take a ${name} out of the trash`,
        operationId: `restore${title}`,
        description:
          'And what went there with it. One that is not in the trash stays as it is; one that was erased for good is not found.',
        problems: ['limit-reached'],
        headers: WriteHeaders,
        params: ThingId,
        response: { 200: resource.schemas.thing },
        sends: { 200: sentWith('ETag') },
        examples: {
          example: { summary: `A ${name} that is back`, status: 200, answer: resource.examples.thing },
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const { actor, match, attempt } = writeOf(request)
      const written = await verbs.restoreThing(services, resource, actor, id, match, attempt)
      return sendWritten(reply, resource, replayed(reply, written))
    },
  )
}

function addMove(
  app: Server,
  services: verbs.Services,
  { resource, name, title, tags, one }: Route,
  moving: verbs.Moving,
): void {
  app.post(
    `${one}/move`,
    {
      schema: {
        tags,
        summary: `Move a ${name} before or after another`,
        operationId: `move${title}`,
        description:
          'Gives it a `position` between its new neighbours. `null` for `before` is the very end, for `after` the very beginning.',
        problems: ['limit-reached'],
        headers: WriteHeaders,
        params: ThingId,
        body: resource.schemas.move,
        response: { 200: resource.schemas.thing },
        sends: { 200: sentWith('ETag') },
        examples: {
          toTheEnd: {
            summary: 'To the very end',
            body: { before: null },
            status: 200,
            answer: resource.examples.thing,
          },
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const { actor, match, attempt } = writeOf(request)
      const place = { ...request.body }
      const written = await verbs.moveThing(services, moving, actor, id, place, match, attempt)
      return sendWritten(reply, resource, replayed(reply, written))
    },
  )
}

/** Who writes, under which conditions, and as which attempt. */
const writeOf = (request: FastifyRequest) => ({
  actor: actorOf(request),
  match: matchOf(request),
  attempt: attemptOf(request),
})

/** Sends a thing as a write left it, with its entity tag and the revision that the write took, if any. */
function sendWritten(
  reply: FastifyReply,
  { path }: Resource,
  { thing, isNew, revision }: Written<Thing>,
): Thing {
  if (isNew) reply.code(201).header('location', `${path}/${thing.id}`)
  if (revision !== undefined) reply.header('docket-revision', revision)
  reply.header('etag', entityTag(thing.revision))
  return thing
}
