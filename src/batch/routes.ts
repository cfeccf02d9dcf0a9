import type { Static } from 'typebox'
import { actorOf } from '../http/protection/authenticate.ts'
import { entityTag, matchFrom } from '../http/answering/conditions.ts'
import { attemptOf, Idempotency, replayed } from '../http/answering/idempotency.ts'
import { problemWithin } from '../http/problems/problem.ts'
import type { Server } from '../http/fastify.ts'
import { judge } from '../http/reading/validation.ts'
import { AppError } from '../core/errors.ts'
import { isId } from '../core/id.ts'
import { isResource, type Kind, type Resource, type Services } from '../things/things.ts'
import { doAll, doEach, type Done, type Planned, type Refusal } from './batch.ts'
import { writingOf } from './examples.ts'
import * as shapes from './schema.ts'

/** A kind of thing that operations write, with what judges their bodies. */
interface Target {
  resource: Resource
  judges: Record<'POST' | 'PUT' | 'PATCH', (body: unknown) => object>
}

/** Adds the batch: up to a hundred writes in one request. */
export function addBatch(app: Server, services: Services, kinds: readonly Kind[]): void {
  const targets = kinds.filter(isResource).map(targetOf)
  const [first] = targets
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
        examples: first ? writingOf(first.resource) : {},
      },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      const steps = request.body.operations.map((operation) => plan(targets, operation))
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

function targetOf(resource: Resource): Target {
  const { creation, replacement, patch } = resource.schemas
  return { resource, judges: { POST: judge(creation), PUT: judge(replacement), PATCH: judge(patch) } }
}

/** Reads an operation as the request that it stands for; one that is at fault becomes its refusal. */
function plan(targets: Target[], { method, path, body, ifMatch: tags }: shapes.Operation): Planned {
  const isAt = (collection: string) =>
    method === 'POST' ? path === collection : path.startsWith(`${collection}/`) && isId(idIn(collection))
  const target = targets.find(({ resource }) => isAt(resource.path))
  if (!target) return { error: wrongPath(targets, method), at: '/path' }
  const { resource, judges } = target
  if (method === 'POST' && tags !== undefined) return unwanted('ifMatch', method)
  if (method === 'DELETE' && body !== undefined) return unwanted('body', method)
  const [id, match] = [idIn(resource.path), matchFrom(tags)]
  try {
    if (method === 'DELETE') return { resource, method, id, match }
    if (method === 'POST') return { resource, method, body: judges.POST(body) }
    return { resource, method, id, match, body: judges[method](body) }
  } catch (error) {
    if (error instanceof AppError) return { error, at: '/body' }
    throw error
  }

  function idIn(collection: string): string {
    return path.slice(collection.length + 1)
  }
}

function wrongPath(targets: Target[], method: string): AppError {
  const places = targets.map(({ resource }) => resource.path + (method === 'POST' ? '' : '/{id}')).join(', ')
  const which = method === 'POST' ? '' : ', with the id of one of your things'
  return new AppError('not-found', `${method} goes to ${places} here${which}.`)
}

/** Nothing that was sent is dropped silently. */
function unwanted(field: string, method: string): Refusal {
  const error = new AppError('validation-failed', `${field} must be left out of ${method}.`)
  return { error, at: `/${field}` }
}

function resultOf(done: Done | AppError, requestId: string): shapes.Result {
  if (done instanceof AppError) return problemWithin(done, requestId)
  if (!done.thing) return { status: 204 }
  return { status: done.isNew ? 201 : 200, body: done.thing, etag: entityTag(done.thing.revision) }
}
