import { actorOf } from '../http/protection/authenticate.ts'
import { entityTag } from '../http/answering/conditions.ts'
import { Nothing } from '../http/answering/schema.ts'
import type { Server } from '../http/fastify.ts'
import { Task, TaskId } from '../tasks/schema.ts'
import type { Tasks } from '../tasks/tasks.ts'
import * as examples from './examples.ts'
import { listHistory } from './history.ts'
import * as shapes from './schema.ts'
import { undo } from './undo.ts'

/** Adds what was: the history of a task, and the undo of a change. */
export function addJournal(app: Server, services: Tasks): void {
  app.get(
    '/tasks/:id/history',
    {
      schema: {
        tags: ['tasks'],
        summary: 'Read the history of a task',
        operationId: 'listTaskHistory',
        description:
          'Who changed which fields from what to what, and when; the newest first. A task in the trash has one too.',
        problems: ['invalid-cursor'],
        params: TaskId,
        querystring: shapes.HistoryQuery,
        response: { 200: shapes.History },
        examples: examples.reading,
      },
    },
    (request) => listHistory(services, actorOf(request), request.params.id, request.query),
  )

  app.post(
    '/changes/:revision/undo',
    {
      schema: {
        tags: ['sync'],
        summary: 'Undo a change',
        operationId: 'undoChange',
        description:
          'Sets back what the change of this revision changed, with all that was changed in one batch with it, as a new change. ' +
          'Answers the task, or nothing where it is gone again.',
        problems: ['undo-conflict'],
        params: shapes.Revision,
        querystring: shapes.UndoQuery,
        response: { 200: Task, 204: Nothing },
        sends: { 200: ['ETag', 'Docket-Revision'], 204: ['Docket-Revision'] },
        examples: examples.undoing,
      },
    },
    async (request, reply) => {
      const { force = false } = request.query
      const { task, revision } = await undo(
        services,
        actorOf(request),
        Number(request.params.revision),
        force,
      )
      if (revision !== undefined) reply.header('docket-revision', revision)
      if (task) reply.header('etag', entityTag(task.revision))
      else reply.code(204)
      return task
    },
  )
}
