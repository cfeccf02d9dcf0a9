import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertProblem, docket, type Call, type User } from '../harness.ts'

type Headers = Record<string, string>

/** A request with faults. Missing members have valid defaults. */
interface Draft {
  method: string
  path: string
  query?: string
  headers?: Headers
  body?: unknown
}

/** One fault, the problem that it gives, and how to add it to a request that may have others. */
interface Fault {
  name: string
  problem: [status: number, slug: string]
  into(draft: Draft): Draft
}

const missing = '019aa8b2-6f3e-7c41-9d3a-5b1f0c2d7e11'
const withHeaders = (draft: Draft, headers: Headers): Draft => ({
  ...draft,
  headers: { ...draft.headers, ...headers },
})
const json = { 'content-type': 'application/json' }

// In the order in which the API promises to check them.
const faults: Fault[] = [
  {
    name: 'unknown path',
    problem: [404, 'not-found'],
    into: (draft) => ({ ...draft, path: `${draft.path}/x` }),
  },
  {
    name: 'wrong method',
    problem: [405, 'method-not-allowed'],
    into: (draft) => ({ ...draft, method: 'POST' }),
  },
  {
    name: 'no token',
    problem: [401, 'invalid-token'],
    into: (draft) => withHeaders(draft, { authorization: 'Bearer x' }),
  },
  {
    name: 'wrong media type',
    problem: [415, 'unsupported-media-type'],
    into: (draft) => withHeaders(draft, { 'content-type': 'text/plain' }),
  },
  {
    name: 'body too large',
    problem: [413, 'payload-too-large'],
    into: (draft) =>
      withHeaders(
        { ...draft, body: `{"title":"${'x'.repeat(300_000)}"` },
        draft.headers?.['content-type'] ? {} : json,
      ),
  },
  {
    name: 'broken JSON',
    problem: [400, 'malformed-request'],
    into: (draft) =>
      withHeaders({ ...draft, body: draft.body ?? '{"title":' }, draft.headers?.['content-type'] ? {} : json),
  },
  {
    name: 'unknown parameter',
    problem: [400, 'invalid-parameter'],
    into: (draft) => ({ ...draft, query: '?x=1' }),
  },
  {
    name: 'malformed condition',
    problem: [400, 'invalid-parameter'],
    into: (draft) => withHeaders(draft, { 'if-match': 'x' }),
  },
  {
    name: 'invalid body',
    problem: [422, 'validation-failed'],
    into: (draft) => ({ ...draft, body: draft.body ?? { title: '' } }),
  },
  {
    name: 'missing task',
    problem: [404, 'not-found'],
    into: (draft) => ({ ...draft, path: draft.path.replace(/[0-9a-f-]{36}/, missing) }),
  },
  {
    name: 'id that is not a UUID',
    problem: [404, 'not-found'],
    into: (draft) => ({ ...draft, path: draft.path.replace(/[0-9a-f-]{36}/, 'x') }),
  },
  {
    name: 'stale condition',
    problem: [412, 'precondition-failed'],
    into: (draft) => withHeaders(draft, { 'if-match': draft.headers?.['if-match'] ?? '"999"' }),
  },
]

function send(user: User, { method, path, query = '', headers, body }: Draft) {
  const call: Call = { body: body ?? { title: 'Fine' }, ...(headers && { headers }) }
  return user.request(method, path + query, call)
}

test('of two faults in a request, the one that is checked first is reported', async (t) => {
  const { alice } = await docket(t)
  const task = await alice.createTask({ title: 'Buy milk' })
  const drafts = ['PUT', 'PATCH'].map((method): Draft => ({ method, path: `/tasks/${task.id}` }))

  for (const draft of drafts) {
    assert.equal((await send(alice, { ...draft, body: { title: 'Buy milk' } })).status, 200)
    for (const [i, first] of faults.entries()) {
      await t.test(`${draft.method} checks ${first.name} before all later faults`, async () => {
        assertProblem(await send(alice, first.into(draft)), ...first.problem)
        for (const later of faults.slice(i + 1)) {
          const answer = await send(alice, later.into(first.into(draft)))
          assert.equal(answer.status, first.problem[0], `${first.name} with ${later.name}: ${answer.text}`)
          assertProblem(answer, ...first.problem)
        }
      })
    }
  }
  assert.equal((await alice.read(task)).revision, task.revision)
})

test('a body on DELETE is checked after the parameters and before the task', async (t) => {
  const { alice } = await docket(t)
  const task = await alice.createTask({ title: 'Buy milk' })
  const path = `/tasks/${task.id}`
  const remove = (to: string, headers: Headers = {}) =>
    alice.request('DELETE', to, { body: { force: true }, headers })

  assertProblem(await remove(path), 422, 'validation-failed')
  assertProblem(await remove(`/tasks/${missing}`), 422, 'validation-failed')
  assertProblem(await remove('/tasks/x'), 422, 'validation-failed')
  assertProblem(await remove(path, { 'if-match': '"999"' }), 422, 'validation-failed')
  assertProblem(await remove(`${path}?force=true`), 400, 'invalid-parameter')
  assertProblem(await remove(path, { 'if-match': 'x' }), 400, 'invalid-parameter')
  assertProblem(await remove(path, { authorization: 'x' }), 401, 'invalid-token')
  assert.deepEqual(await alice.read(task), task)
})

test('another id in the body of a PUT is checked before the condition and the existence of the task', async (t) => {
  const { alice } = await docket(t)
  const task = await alice.createTask({ title: 'Buy milk' })
  const body = { title: 'x', id: task.id.replace(/^./, (first) => (first === '0' ? '1' : '0')) }
  assertProblem(await alice.put(`/tasks/${task.id}`, body, { 'if-match': '"999"' }), 422, 'validation-failed')
  assertProblem(await alice.put(`/tasks/${missing}`, body), 422, 'validation-failed')
  assertProblem(
    await alice.put(`/tasks/${missing}`, body, { 'if-none-match': '*' }),
    422,
    'validation-failed',
  )
})

test('invalid parameters and headers are reported together, and an invalid cursor after them', async (t) => {
  const { alice } = await docket(t)
  const both = await alice.get('/tasks?limit=0&colour=red&sort=size', { 'if-none-match': 'x' })
  const { errors = [] } = assertProblem(both, 400, 'invalid-parameter')
  const names = errors.map((fault) =>
    'parameter' in fault ? fault.parameter : 'header' in fault && fault.header,
  )
  assert.deepEqual(new Set(names), new Set(['limit', 'colour', 'sort', 'If-None-Match']))

  assertProblem(await alice.get('/tasks?limit=0&cursor=x'), 400, 'invalid-parameter')
  const { headers } = await alice.get('/tasks')
  assertProblem(
    await alice.get('/tasks?cursor=x', { 'if-none-match': headers.get('etag') ?? '*' }),
    400,
    'invalid-cursor',
  )
  assertProblem(await alice.get('/tasks?cursor=x', { 'if-none-match': '*' }), 400, 'invalid-cursor')
  assertProblem(await alice.get('/tasks?%ff'), 400, 'malformed-request')
  assertProblem(await alice.get('/tasks?limit=%zz', { authorization: 'x' }), 401, 'invalid-token')
})
