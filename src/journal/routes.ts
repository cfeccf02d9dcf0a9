import { entityTag } from '../http/answering/conditions.ts'
import { Nothing } from '../http/answering/schema.ts'
import type { Examples } from '../http/description/operation.ts'
import type { Server } from '../http/fastify.ts'
import { actorOf } from '../http/protection/authenticate.ts'
import { isResource, ThingId, unionOf, type Kind, type Resource, type Services } from '../things/things.ts'
import { historyOf } from './examples.ts'
import { listHistory } from './history.ts'
import * as shapes from './schema.ts'
import { undo } from './undo.ts'

/** Adds what reads the journal backwards: the history of each kind's things, and the undo of any change. */
export function addJournal(app: Server, services: Services, kinds: readonly Kind[]): void {
  const resources = kinds.filter(isResource)
  for (const resource of resources) addHistory(app, services, resource)
  addUndo(app, services, kinds, resources)
}

function addHistory(app: Server, services: Services, resource: Resource): void {
  const { name, path } = resource
  app.get(
    `${path}/:id/history`,
    {
      config: { scope: 'tasks:read' },
      schema: {
        tags: [path.slice(1)],
        summary: `Read the history of a ${name}`,
        operationId: `list${name.charAt(0).toUpperCase()}${name.slice(1)}History`,
        description: `Who changed which fields from what to what, and when; the newest first. A ${name} in the trash has one too.`,
        problems: ['invalid-cursor'],
        params: ThingId,
        querystring: shapes.HistoryQuery,
        response: { 200: shapes.History },
        examples: {
          created: { summary: `A ${name} that was created`, status: 200, answer: historyOf(resource) },
        },
      },
    },
    (request) => listHistory(services, resource, actorOf(request), request.params.id, request.query),
  )
}

function addUndo(app: Server, services: Services, kinds: readonly Kind[], resources: Resource[]): void {
  const examples: Examples = Object.fromEntries(
    resources.map(({ name, examples: { thing } }) => [
      name,
      { summary: `A ${name} as it was before`, status: 200, answer: thing },
    ]),
  )
  app.post(
    '/changes/:revision/undo',
    {
      config: { scope: 'tasks:write' },
      schema: {
        tags: ['sync'],
        summary: 'Undo a change',
        operationId: 'undoChange',
        description:
          'Sets back what the change of this revision changed, with all that was changed in one batch with it, as a new change. ' +
          'Returns the thing that was changed, or nothing where it is gone again.',
        problems: ['undo-conflict', 'limit-reached'],
        params: shapes.Revision,
        querystring: shapes.UndoQuery,
        response: { 200: unionOf(resources), 204: Nothing },
        sends: { 200: ['ETag', 'Docket-Revision'], 204: ['Docket-Revision'] },
        examples,
      },
    },
    async (request, reply) => {
      const { force = false } = request.query
      const changed = Number(request.params.revision)
      const { thing, revision } = await undo(services, kinds, actorOf(request), changed, force)
      if (revision !== undefined) reply.header('docket-revision', revision)
      if (thing) reply.header('etag', entityTag(thing.revision))
      else reply.code(204)
      return thing
    },
  )
}
