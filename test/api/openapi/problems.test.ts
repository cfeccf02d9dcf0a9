import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertProblem, docket, type Answer } from '../../harness.ts'
import {
  createWorld,
  documentOf,
  operationsOf,
  perform,
  problemsOf,
  requestsOf,
  serverOfWorlds,
  type Operation,
  type Sending,
} from './document.ts'

const nowhere = '00000000-0000-7000-8000-000000000000'
const tooLarge = JSON.stringify({ title: 'x'.repeat(256 * 1024) })

/** A request that meets the problem, made from one that would not; undefined where the problem is met elsewhere. */
const provocations: Record<
  string,
  (operation: Operation, right: Sending, apiToken: string) => Sending | undefined
> = {
  'malformed-request': (_operation, right) => ({ ...right, query: '?a=%ff' }),
  'invalid-parameter': (_operation, right) => ({ ...right, query: '?colour=red' }),
  'invalid-token': ({ security }, right) =>
    security?.length === 0
      ? { body: { refreshToken: 'nonsense' } }
      : { ...right, headers: { authorization: 'Bearer nonsense' } },
  'insufficient-scope': (_operation, right, apiToken) => ({
    ...right,
    headers: { authorization: `Bearer ${apiToken}` },
  }),
  'cross-site': () => ({ body: { refreshToken: 'cookie' }, headers: { 'sec-fetch-site': 'cross-site' } }),
  'not-found': ({ path }, right) =>
    path.includes('{')
      ? { ...right, path: { id: nowhere, slug: 'nonsense', revision: '999999' } }
      : undefined,
  'not-recurring': (_operation, right) => right,
  'precondition-failed': (_operation, right) => ({ ...right, headers: { 'if-match': '"999999"' } }),
  'payload-too-large': (_operation, right) => ({
    ...right,
    body: tooLarge,
    headers: { 'content-type': 'application/json' },
  }),
  'unsupported-media-type': () => ({ body: 'title=x', headers: { 'content-type': 'text/plain' } }),
  'validation-failed': () => ({ body: { colour: 'red' } }),
  'email-taken': (_operation, right) => right,
  'invalid-credentials': () => ({ body: { email: 'nobody@example.com', password: 'nonsense' } }),
  'wrong-password': (_operation, right) => ({
    body: Object.fromEntries(
      Object.entries(Object(right.body)).map(([name, value]) => [
        name,
        name === 'newPassword' ? value : 'nonsense',
      ]),
    ),
  }),
  'sync-too-old': (_operation, right) => ({ ...right, query: '?since=999999' }),
  'invalid-cursor': (_operation, right) => ({ ...right, query: '?cursor=nonsense' }),
}

const ofBatch = (operation: object) => ({
  body: { operations: [{ method: 'DELETE', path: `/tasks/${nowhere}`, ...operation }] },
})

/** What writeBatch meets in one of its operations. */
const inBatch: Record<string, Sending> = {
  'not-found': ofBatch({}),
  'precondition-failed': ofBatch({
    path: '/tasks/019aa8b2-6f3e-7c41-9d3a-5b1f0c2d7e11',
    ifMatch: '"999999"',
  }),
}

/** What only time, load, faults or another configuration bring about; tests of their own see to these. */
const met = new Set([
  'request-timeout',
  'limit-reached',
  'undo-conflict',
  'idempotency-key-reused',
  'registration-closed',
  'account-disabled',
  'too-many-requests',
  'internal-error',
  'overloaded',
  'unavailable',
  'storage-full',
])

test('every problem in the document can be provoked', async (t) => {
  const server = await serverOfWorlds(t)
  const document = await documentOf(server)
  const world = await createWorld(server, document)
  const reading = { name: 'It only reads', scopes: ['tasks:read'] }
  const { token } = (await world.ada.post('/me/tokens', reading)).body

  for (const operation of operationsOf(document)) {
    const [[, body] = []] = requestsOf(operation)
    for (const slug of problemsOf(operation).filter((some) => !met.has(some))) {
      const inner = operation.operationId === 'writeBatch' ? inBatch[slug] : undefined
      const wrong = inner ?? provocations[slug]?.(operation, { body }, token)
      if (!wrong && slug === 'not-found') continue
      await t.test(`${operation.operationId} ${slug}`, async () => {
        assert.ok(wrong, `nothing here provokes ${slug}`)
        assertDocumented(operation, slug, await perform(world, operation, wrong))
      })
    }
  }
})

test('every limited operation answers 429 once the limit is used up', async (t) => {
  const server = await docket(t, { withAlice: false, env: { RATE_LIMIT: '1' } })
  const document = await documentOf(server) // the one request of this minute

  for (const operation of operationsOf(document)) {
    const { operationId, method, path } = operation
    const answer = await server.request(method, path)
    const isLimited = problemsOf(operation).includes('too-many-requests')
    assert.equal(answer.status === 429, isLimited, operationId)
    if (isLimited) assertDocumented(operation, 'too-many-requests', answer)
  }
})

/** Asserts that the answer is this problem, with the header fields and the words that the document shows. */
function assertDocumented({ operationId, responses }: Operation, slug: string, answer: Answer): void {
  const response = responses[answer.status]
  const example = response?.content?.['application/problem+json']?.examples[slug]
  assert.ok(example, `${answer.status} ${answer.text}`)
  const shown = Object(example.value)
  const problem = assertProblem(answer, shown.status, slug)
  assert.equal(problem.title, shown.title)
  if (slug === 'validation-failed') assert.deepEqual(problem.errors, shown.errors)
  for (const header of Object.keys(response?.headers ?? {})) {
    if (sometimes.has(header) || (header === 'ETag' && operationId === 'writeBatch')) continue
    if (header === 'WWW-Authenticate' && slug === 'wrong-password') continue // another 403 has it
    assert.ok(answer.headers.has(header), `${header} is missing`)
  }
}

/** Those that depend on the method or the fault; and a batch as a whole has no entity tag. */
const sometimes = new Set(['Accept', 'Accept-Post', 'Accept-Patch', 'Accept-Encoding'])
