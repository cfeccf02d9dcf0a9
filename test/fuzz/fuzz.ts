import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import fc from 'fast-check'
import {
  documentOf,
  isStream,
  judgeOf,
  operationsOf,
  problemsOf,
  type Document,
  type Operation,
} from '../api/openapi/document.ts'
import { assertProblem, docket, type Answer, type Docket, type User } from '../harness.ts'
import { requestsOf, type Request } from './requests.ts'

/** The number of requests. The seed and path that a failure prints repeat its requests. */
export interface FuzzOptions {
  runs: number
  seed?: number | undefined
  path?: string | undefined
}

/** Operations that end the session or the account with which the requests are sent. */
const endsSession = new Set(['logOut', 'endSession', 'deleteMe', 'changePassword'])

/**
 * Generates valid and invalid requests from the OpenAPI document, and asserts that the document describes every
 * response: no 5xx, a complete problem from 400 up, otherwise a body that matches its schema.
 */
export async function fuzz(t: TestContext, { runs, seed, path }: FuzzOptions): Promise<void> {
  const server = await docket(t)
  const document = await documentOf(server)
  const operations = operationsOf(document).filter((operation) => !isStream(operation))
  const byId = new Map(operations.map((operation) => [operation.operationId, operation]))
  const judge = judgeOf(document)
  const tasks = await Promise.all(
    Array.from({ length: 20 }, (_, i) => server.alice.createTask({ title: `Task ${i}` })),
  )
  const ids = tasks.map(({ id }) => id)
  const statuses = new Map<number, number>()
  let user = server.alice
  let users = 0

  const property = fc.asyncProperty(requestsOf(document, operations), async (request) => {
    const operation = byId.get(request.operationId)
    assert.ok(operation)
    const answer = await ask(user, ids, operation, request)
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
    // A query can be too long for the head: the document says so once, and not of each operation.
    if (answer.status === 431) assertProblem(answer, 431, 'headers-too-large')
    else assertDescribed(document, judge, operation, answer)
    if (answer.status === 201 && answer.body.id) ids[users++ % ids.length] = answer.body.id
    if (answer.status < 300 && endsSession.has(operation.operationId))
      user = await server.register(`another-${users++}`)
  })
  await fc.assert(property, { numRuns: runs, ...(seed !== undefined && { seed }), ...(path && { path }) })

  t.diagnostic(`responses by status: ${JSON.stringify(Object.fromEntries(statuses))}`)
  assertNoErrors(server)
}

function ask(user: User, ids: string[], operation: Operation, request: Request): Promise<Answer> {
  const { id, query, headers, body } = request
  const segment = 'text' in id ? id.text : (ids[id.task % ids.length] ?? '')
  const address = operation.path.replace(/\{\w+\}/, segment) + query
  return user.request(operation.method, address, { headers, ...(body !== undefined && { body }) })
}

function assertDescribed(
  document: Document,
  judge: ReturnType<typeof judgeOf>,
  operation: Operation,
  answer: Answer,
) {
  const { status, headers } = answer
  const { method, path, responses } = operation
  assert.ok(status < 500, answer.text)
  assert.ok(responses[status], `${status} is not documented: ${answer.text}`)
  assert.match(headers.get('request-id') ?? '', /^[0-9a-f-]{36}$/)
  if (status >= 400) {
    const slug = String(answer.body.type).replace('/problems/', '')
    const { detail } = assertProblem(answer, status, slug)
    assert.ok(problemsOf(operation).includes(slug), `${slug} is not documented`)
    assert.doesNotMatch(detail, /undefined|\[object|node_modules|\.ts:/)
  } else if (status === 204 || status === 304) assert.equal(answer.text, '')
  else if (/json/.test(headers.get('content-type') ?? '') && path !== '/openapi.json') {
    judge(
      answer.body,
      ...placeOf(document, ['paths', path, method.toLowerCase(), 'responses', String(status)]),
      'content',
      'application/json',
      'schema',
    )
  }
}

/** Returns the place of the response in the document, with references resolved. */
function placeOf(document: Document, place: string[]): string[] {
  const found = place.reduce<unknown>((value, name) => Object(value)[name], document)
  const reference: string | undefined = Object(found).$ref
  return reference ? reference.split('/').slice(1) : place
}

/** Asserts that the server logged no error that clients did not see. */
function assertNoErrors({ logs }: Docket) {
  const errors = logs.filter(({ level }) => Number(level) >= 50)
  assert.deepEqual(errors, [])
}
