import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Answer } from '../core/attempt.ts'
import { entityTag, isFresh, matchOf, notModified, ReadConditions } from '../http/answering/conditions.ts'
import { answered, attemptOf, Idempotency, WriteHeaders } from '../http/answering/idempotency.ts'
import { asText, NotModified, Nothing } from '../http/answering/schema.ts'
import type { HeaderName } from '../http/description/headers.ts'
import type { Server } from '../http/fastify.ts'
import { actorOf } from '../http/protection/authenticate.ts'
import type { Resource, Written } from './kind.ts'
import type { Thing } from './model.ts'
import { DeleteQuery, ThingId } from './schema.ts'
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
        response: { 201: asText(resource.schemas.thing) },
        sends: { 201: sentWith('ETag', 'Location') },
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
        response: { 200: asText(resource.schemas.thing), 201: asText(resource.schemas.thing) },
        sends: { 200: sentWith('ETag'), 201: sentWith('ETag', 'Location') },
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
      schema: {
        tags,
        summary: `Change some fields of a ${name}`,
        operationId: `change${title}`,
        description: `A merge patch: an absent field is untouched${cleared}.`,
        headers: WriteHeaders,
        params: ThingId,
        body: resource.schemas.patch,
        response: { 200: asText(resource.schemas.thing) },
        sends: { 200: sentWith('ETag') },
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
      schema: {
        tags,
        summary: `Delete a ${name}`,
        operationId: `delete${title}`,
        description: 'Puts it into the trash; with `permanent=true` it is erased for good, from there too.',
        headers: WriteHeaders,
        params: ThingId,
        querystring: DeleteQuery,
        response: { 204: Nothing },
        sends: { 204: sentWith() },
      },
    },
    async (request, reply) => {
      const { permanent } = request.query
      const { id } = request.params
      const asked = askedBy(request, deletedAnswer)
      const match = matchOf(request)
      answered(reply, await verbs.deleteThing(services, resource, asked, id, match, permanent))
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
          'One that is not in the trash stays as it is; one that was erased for good is not found.',
        headers: WriteHeaders,
        params: ThingId,
        response: { 200: asText(resource.schemas.thing) },
        sends: { 200: sentWith('ETag') },
        examples: {
          example: { summary: `A ${name} that is back`, status: 200, answer: resource.examples.thing },
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const asked = askedBy(request, writtenAnswer(reply, resource))
      const match = matchOf(request)
      return answered(reply, await verbs.restoreThing(services, resource, asked, id, match))
    },
  )
}

const askedBy = <W>(request: FastifyRequest, answer: verbs.Asked<W>['answer']): verbs.Asked<W> => ({
  actor: actorOf(request),
  attempt: attemptOf(request),
  answer,
})

/** Answers with a thing as a write left it, its entity tag, and the revision that the write took, if any. */
const writtenAnswer =
  (reply: FastifyReply, { path }: Resource) =>
  ({ thing, isNew, revision }: Written<Thing>): Answer => {
    const status = isNew ? 201 : 200
    return {
      status,
      headers: {
        etag: entityTag(thing.revision),
        ...(isNew && { location: `${path}/${thing.id}` }),
        ...(revision !== undefined && { 'docket-revision': String(revision) }),
      },
      body: String(reply.serializeInput(thing, String(status))),
      things: [thing.id],
    }
  }

const deletedAnswer = (revision: number): Answer => ({
  status: 204,
  headers: { 'docket-revision': String(revision) },
  body: null,
  things: [],
})
