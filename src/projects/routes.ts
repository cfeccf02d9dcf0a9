import type { PresentActor } from '../core/actor.ts'
import { listTag } from '../core/digest.ts'
import { isFresh, notModified, ReadConditions } from '../http/answering/conditions.ts'
import { NotModified } from '../http/answering/schema.ts'
import type { Server } from '../http/fastify.ts'
import { actorOf } from '../http/protection/authenticate.ts'
import type { Services } from '../things/things.ts'
import { examples } from './examples.ts'
import { readProjects, type Contents } from './projects.ts'
import { ProjectList, ProjectsQuery } from './schema.ts'

/** Adds the list of projects; the other routes are those of every kind of thing. */
export function addProjectList(app: Server, { database }: Services, contents: Contents): void {
  app.get(
    '/projects',
    {
      config: { scope: 'tasks:read' },
      schema: {
        tags: ['projects'],
        summary: 'List the projects',
        operationId: 'listProjects',
        description: 'All of them, by `position`; at most 500.',
        headers: ReadConditions,
        querystring: ProjectsQuery,
        response: { 200: ProjectList, 304: NotModified },
        sends: { 200: ['ETag', 'Docket-Revision'], 304: ['ETag', 'Docket-Revision'] },
        examples: {
          all: {
            summary: 'All projects',
            status: 200,
            answer: { items: [examples.thing], nextCursor: null },
          },
        },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      reply.header('docket-revision', actor.revision)
      // The sweep of the trash takes no revision, so its list is read before it is compared.
      const found = request.query.deleted
        ? await readProjects(database, contents, actor, request.query)
        : undefined
      const tag = tagOf(actor, found ?? request.query)
      if (isFresh(request, reply, tag)) return notModified(reply)
      return found ?? readProjects(database, contents, actor, request.query)
    },
  )
}

const tagOf = ({ userId, revision }: PresentActor, content: object): string =>
  listTag(revision, `projects ${userId} ${JSON.stringify(content)}`)
