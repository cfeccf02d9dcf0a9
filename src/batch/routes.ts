import type { Answer, Sent } from '../core/attempt.ts'
import { actorOf } from '../http/protection/authenticate.ts'
import { entityTag, matchFrom } from '../http/answering/conditions.ts'
import { answered, attemptOf, Idempotency } from '../http/answering/idempotency.ts'
import { asText } from '../http/answering/schema.ts'
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
      config: { scope: 'tasks:write' },
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
        response: { 200: asText(shapes.Results) },
        sends: { 200: ['Docket-Revision', 'Idempotent-Replayed'] },
        examples: resources.slice(0, 1).map(writingOf)[0] ?? {},
      },
    },
    async (request, reply) => {
      const asked = { actor: actorOf(request), attempt: attemptOf(request) }
      const steps = request.body.operations.map((operation) => plan(targets, matchFrom, operation))
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
  const { creation, replacement, patch, move } = resource.schemas
  return {
    resource,
    judges: { create: judge(creation), replace: judge(replacement), change: judge(patch), move: judge(move) },
    readRemoval: judgeQuery(deleteQueryOf(resource.removal)),
  }
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
