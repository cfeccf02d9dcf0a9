import { isFresh, notModified, ReadConditions } from '../http/answering/conditions.ts'
import { linksOf } from '../http/answering/links.ts'
import { asText, jsonType, NotModified } from '../http/answering/schema.ts'
import type { Server } from '../http/fastify.ts'
import { actorOf } from '../http/protection/authenticate.ts'
import { defineFormat } from '../http/reading/validation.ts'
import { ruleFormat } from '../recurrence/schema.ts'
import { ThingId, type Services } from '../things/things.ts'
import { readLabels } from './labels.ts'
import { listTasks, type Lists } from './list.ts'
import { model } from './tasks.ts'
import { listOccurrences } from './occurrences.ts'
import { LabelList, ListQuery, OccurrenceList, OccurrenceQuery, TaskList } from './schema.ts'

defineFormat('recurrence-rule', ruleFormat)

const onePage = { items: [model.examples.thing], nextCursor: null }

/** Adds the list of tasks; what every kind of thing has is added with its kind. */
export function addTaskList(app: Server, services: Lists): void {
  app.get(
    '/tasks',
    {
      config: { scope: 'tasks:read' },
      schema: {
        tags: ['tasks'],
        summary: 'List your tasks',
        operationId: 'listTasks',
        description:
          'A page at a time: follow `nextCursor`, or the `Link` header, with the same filters and sort.',
        problems: ['invalid-cursor'],
        headers: ReadConditions,
        querystring: ListQuery,
        response: { 200: asText(TaskList), 304: NotModified },
        sends: { 200: ['ETag', 'Link', 'Docket-Revision'], 304: ['ETag', 'Docket-Revision'] },
        examples: { onePage: { summary: 'A single page', status: 200, answer: onePage } },
      },
    },
    async (request, reply) => {
      const { page, revision } = await listTasks(services, actorOf(request), request.query, {
        isKnown: (tag) => isFresh(request, reply, tag),
        write: (list) => String(reply.serializeInput(list, '200')),
      })
      reply.header('docket-revision', revision)
      if (!page) return notModified(reply)
      reply.type(jsonType).header('link', linksOf('/tasks', request.query, page.nextCursor))
      return page.text
    },
  )
}

/** Adds the list of the labels in use. */
export function addLabels(app: Server, services: Services): void {
  app.get(
    '/labels',
    {
      config: { scope: 'tasks:read' },
      schema: {
        tags: ['tasks'],
        summary: 'List the labels in use',
        operationId: 'listLabels',
        description:
          'Those of tasks outside the trash, by name, each with how many have it. Of several spellings the one used last is shown.',
        headers: ReadConditions,
        response: { 200: LabelList, 304: NotModified },
        sends: { 200: ['ETag', 'Docket-Revision'], 304: ['ETag', 'Docket-Revision'] },
        examples: {
          two: {
            summary: 'Two labels',
            status: 200,
            answer: {
              items: [
                { name: 'errand', tasks: 3 },
                { name: 'town', tasks: 1 },
              ],
            },
          },
        },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      const { revision } = actor
      reply.header('docket-revision', revision)
      const tag = `W/"${revision}-labels"`
      if (isFresh(request, reply, tag)) return notModified(reply)
      return { items: await readLabels(services, actor) }
    },
  )
}

/** Adds the due dates to come of a task that recurs. */
export function addOccurrences(app: Server, services: Lists): void {
  app.get(
    '/tasks/:id/occurrences',
    {
      config: { scope: 'tasks:read' },
      schema: {
        tags: ['tasks'],
        summary: 'List the due dates to come of a task that recurs',
        operationId: 'listOccurrences',
        description:
          'As if each were completed on its day, the present one first; none of a task that does not recur or whose series has ended. Of a series from its completions 200 are foreseen at most.',
        params: ThingId,
        querystring: OccurrenceQuery,
        response: { 200: OccurrenceList },
        examples: {
          none: {
            summary: 'None: the task does not recur',
            status: 200,
            answer: { items: [] },
          },
        },
      },
    },
    async (request) => ({
      items: await listOccurrences(services, actorOf(request), request.params.id, request.query),
    }),
  )
}
