import type { Answer, Sent } from '../core/attempt.ts'
import { actorOf } from '../http/protection/authenticate.ts'
import { entityTag, matchFrom } from '../http/answering/conditions.ts'
import { answered, attemptOf, Idempotency } from '../http/answering/idempotency.ts'
import { asText } from '../http/answering/schema.ts'
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
        response: { 200: asText(shapes.Results) },
        sends: { 200: ['Docket-Revision', 'Idempotent-Replayed'] },
        examples: first ? writingOf(first.resource) : {},
      },
    },
    async (request, reply) => {
      const asked = { actor: actorOf(request), attempt: attemptOf(request) }
      const steps = request.body.operations.map((operation) => plan(targets, operation))
      if (request.query.atomic !== false)
        return answered(reply, await doAll(services, { ...asked, answer: answerToAll }, steps))
      const outcomes = await doEach(services, { ...asked, answer: answerTo }, steps)
      const results = outcomes.map((one) =>
        one instanceof AppError ? problemWithin(one, request.id) : one.sent,
      )
      const isReplay = outcomes.every((one) => 'isReplay' in one && one.isReplay)
      return answered(reply, { sent: together(results), isReplay })
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

function answerToAll(done: Done[]): Answer {
  const answers = done.map(answerTo)
  return { ...together(answers), things: answers.flatMap(({ things }) => things) }
}

function answerTo({ thing, isNew, revision }: Done): Answer {
  const headers = revision === undefined ? {} : { 'docket-revision': String(revision) }
  if (!thing) return { status: 204, headers, body: null, things: [] }
  const status = isNew ? 201 : 200
  const etag = entityTag(thing.revision)
  return { status, headers: { etag, ...headers }, body: JSON.stringify(thing), things: [thing.id] }
}

/** The answers to the operations as one, with the last revision that they took. */
function together(answers: Sent[]): Sent {
  const revision = Math.max(...answers.map(({ headers }) => Number(headers['docket-revision'] ?? 0)))
  return {
    status: 200,
    headers: revision > 0 ? { 'docket-revision': String(revision) } : {},
    body: `{"results":[${answers.map(resultOf).join()}]}`,
  }
}

/** Written as text, since the body is JSON already. */
function resultOf({ status, headers: { etag }, body }: Sent): string {
  const members = [`"status":${status}`]
  if (body !== null) members.push(`"body":${body}`)
  if (etag !== undefined) members.push(`"etag":${JSON.stringify(etag)}`)
  return `{${members.join()}}`
}
