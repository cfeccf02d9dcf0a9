import type { Static } from 'typebox'
import { actorOf } from '../http/protection/authenticate.ts'
import { entityTag, matchFrom } from '../http/answering/conditions.ts'
import { attemptOf, Idempotency, replayed } from '../http/answering/idempotency.ts'
import { problemWithin } from '../http/problems/problem.ts'
import type { Server } from '../http/fastify.ts'
import { judgeQuery } from '../http/reading/parameters.ts'
import { judge } from '../http/reading/validation.ts'
import { AppError } from '../core/errors.ts'
import { deleteQueryOf, isResource, type Kind, type Resource, type Services } from '../things/things.ts'
import { doAll, doEach, type Done } from './batch.ts'
import { writingOf } from './examples.ts'
import { plan, type Target } from './plan.ts'
import * as shapes from './schema.ts'

/** Adds the batch: up to a hundred writes in one request. */
export function addBatch(app: Server, services: Services, kinds: readonly Kind[]): void {
  const resources = kinds.filter(isResource)
  const targets = resources.map(targetOf)
  app.post(
    '/batch',
    {
      schema: {
        tags: ['batch'],
        summary: 'Write many things at once',
        operationId: 'writeBatch',
        description:
          `Up to 100 writes of ${resources.map(({ path }) => path).join(' and ')}, in order. All or none, unless \`atomic=false\`; ` +
          'undoing any revision of an atomic batch undoes all of it.',
        problems: ['not-found', 'precondition-failed', 'limit-reached', 'idempotency-key-reused'],
        headers: Idempotency,
        querystring: shapes.BatchQuery,
        body: shapes.Batch,
        response: { 200: shapes.Results },
        sends: { 200: ['Docket-Revision', 'Idempotent-Replayed'] },
        examples: resources.slice(0, 1).map(writingOf)[0] ?? {},
      },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      const steps = request.body.operations.map((operation) => plan(targets, matchFrom, operation))
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
  const { creation, replacement, patch, move } = resource.schemas
  return {
    resource,
    judges: { create: judge(creation), replace: judge(replacement), change: judge(patch), move: judge(move) },
    readRemoval: judgeQuery(deleteQueryOf(resource.removal)),
  }
}

function resultOf(done: Done | AppError, requestId: string): shapes.Result {
  if (done instanceof AppError) return problemWithin(done, requestId)
  if (!done.thing) return { status: 204 }
  return { status: done.isNew ? 201 : 200, body: done.thing, etag: entityTag(done.thing.revision) }
}
