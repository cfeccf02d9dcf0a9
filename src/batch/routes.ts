import type { Static } from 'typebox'
import { actorOf } from '../http/protection/authenticate.ts'
import { entityTag, matchFrom } from '../http/answering/conditions.ts'
import { attemptOf, Idempotency, replayed } from '../http/answering/idempotency.ts'
import { problemWithin } from '../http/problems/problem.ts'
import type { Server } from '../http/fastify.ts'
import { judge } from '../http/reading/validation.ts'
import { AppError } from '../core/errors.ts'
import { isId } from '../core/id.ts'
import { NewTask, TaskPatch, TaskReplacement } from '../tasks/schema.ts'
import type { Tasks } from '../tasks/tasks.ts'
import { doAll, doEach, type Done, type Planned, type Step } from './batch.ts'
import * as examples from './examples.ts'
import * as shapes from './schema.ts'

const judges = { POST: judge(NewTask), PUT: judge(TaskReplacement), PATCH: judge(TaskPatch) }

/** Adds the batch: up to a hundred writes in one request. */
export function addBatch(app: Server, services: Tasks): void {
  app.post(
    '/tasks/batch',
    {
      schema: {
        tags: ['tasks'],
        summary: 'Write many tasks at once',
        operationId: 'writeTasks',
        description:
          'Up to 100 of POST /tasks and PUT, PATCH and DELETE /tasks/{id}, in order. All or none, unless `atomic=false`; ' +
          'undoing any revision of an atomic batch undoes all of it.',
        problems: ['not-found', 'precondition-failed', 'idempotency-key-reused'],
        headers: Idempotency,
        querystring: shapes.BatchQuery,
        body: shapes.Batch,
        response: { 200: shapes.Results },
        sends: { 200: ['Docket-Revision', 'Idempotent-Replayed'] },
        examples: examples.writing,
      },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      const steps = request.body.operations.map(plan)
      const attempt = attemptOf(request)
      if (request.query.atomic === false) {
        const outcomes = await doEach(services, actor, steps, attempt)
        const isReplay = outcomes.every((outcome) => outcome.isReplay)
        return send(replayed(reply, { value: outcomes.map(({ value }) => value), isReplay }))
      }
      return send(replayed(reply, await doAll(services, actor, steps, attempt)))

      function send(done: (Done | AppError)[]): Static<typeof shapes.Results> {
        const revision = Math.max(...done.map((one) => ('revision' in one && one.revision) || 0))
        if (revision > 0) reply.header('docket-revision', revision)
        return { results: done.map((one) => resultOf(one, request.id)) }
      }
    },
  )
}

/** Reads an operation as the request that it stands for; one that is at fault becomes its refusal. */
function plan({ method, path, body, ifMatch: tags }: shapes.Operation): Planned {
  try {
    return readStep(method, path, body, tags)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}

function readStep(
  method: shapes.Operation['method'],
  path: string,
  body: unknown,
  tags: string | undefined,
): Step {
  if (method === 'POST') {
    if (path !== '/tasks') throw new AppError('not-found', 'POST goes to /tasks here.')
    if (tags !== undefined) throw unwanted('ifMatch', method)
    return { method, body: judges.POST(body) }
  }
  const id = path.startsWith('/tasks/') ? path.slice('/tasks/'.length) : ''
  if (!isId(id))
    throw new AppError('not-found', `${method} goes to /tasks/{id} here, with the id of one of your tasks.`)
  const match = matchFrom(tags)
  switch (method) {
    case 'PUT':
      return { method, id, match, body: judges.PUT(body) }
    case 'PATCH':
      return { method, id, match, body: judges.PATCH(body) }
    case 'DELETE':
      if (body !== undefined) throw unwanted('body', method)
      return { method, id, match }
  }
}

/** Nothing that was sent is dropped silently. */
function unwanted(field: string, method: string): AppError {
  return new AppError('validation-failed', `${field} must be left out of ${method}.`)
}

function resultOf(done: Done | AppError, requestId: string): shapes.Result {
  if (done instanceof AppError) return problemWithin(done, requestId)
  if (!done.task) return { status: 204 }
  return { status: done.isNew ? 201 : 200, body: done.task, etag: entityTag(done.task.revision) }
}
