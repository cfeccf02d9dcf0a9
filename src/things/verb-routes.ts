import { matchOf } from '../http/answering/conditions.ts'
import { answered, WriteHeaders } from '../http/answering/idempotency.ts'
import { asText } from '../http/answering/schema.ts'
import type { Server } from '../http/fastify.ts'
import { ThingId } from './schema.ts'
import { askedBy, sentWith, writtenAnswer, type Route } from './shared-routes.ts'
import * as verbs from './things.ts'

/** Adds what moves a thing in the order of its owner. */
export function addMove(
  app: Server,
  services: verbs.Services,
  { resource, name, title, tags, one }: Route,
  moving: verbs.Moving,
): void {
  app.post(
    `${one}/move`,
    {
      config: { scope: 'tasks:write' },
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
        response: { 200: asText(resource.schemas.thing) },
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
      const asked = askedBy(request, writtenAnswer(resource))
      const place = { ...request.body }
      return answered(reply, await verbs.moveThing(services, moving, asked, id, place, matchOf(request)))
    },
  )
}

/** Adds a verb that takes no body. */
export function addAction(
  app: Server,
  services: verbs.Services,
  { resource, title, tags, one }: Route,
  verb: string,
  action: verbs.Action,
): void {
  app.post(
    `${one}/${verb}`,
    {
      config: { scope: 'tasks:write' },
      schema: {
        tags,
        summary: action.summary,
        operationId: `${verb}${title}`,
        description: action.description,
        problems: [...action.problems],
        headers: WriteHeaders,
        params: ThingId,
        response: { 200: asText(resource.schemas.thing) },
        sends: { 200: sentWith('ETag') },
        examples: { example: { summary: action.summary, status: 200, answer: action.answer } },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const asked = askedBy(request, writtenAnswer(resource))
      return answered(reply, await verbs.actOnThing(services, action, asked, id, matchOf(request)))
    },
  )
}
