import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Task } from '../../src/tasks/schema.ts'
import { docket, etagOf, type Answer, type Docket, type User } from '../harness.ts'
import { operationOf, single, tasksOf } from '../write-model.ts'

interface Operation {
  method: string
  path: string
  body?: unknown
  ifMatch?: string
}

interface Result {
  status: number
  body?: Task | ''
  etag?: string
}

const titles = ['Milk', 'Bread', 'Eggs']
/** Operations that are refused before any is done. */
const faults = [
  { method: 'POST', path: '/tasks', body: { title: '' } },
  { method: 'POST', path: '/tasks', body: { title: 'x', colour: 'red' } },
  { method: 'PATCH', path: '/tasks/nonsense', body: { title: 'x' } },
]
const step = fc.record({
  write: single,
  guard: fc.constantFrom(...Array(7).fill('none'), 'fresh', 'fresh', 'stale'),
})
const scenes = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 6 }),
  fault: fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.record({ at: fc.nat(6), what: fc.constantFrom(...faults) }) },
  ),
})

test('a batch does what its operations do one by one, or nothing of it', async (t) => {
  const server = await docket(t, { withAlice: false })
  let runs = 0
  let done = 0
  let refused = 0

  await fc.assert(
    fc.asyncProperty(scenes, async ({ steps, fault }) => {
      const [whole, alone] = await twins(server, (runs += 1))
      const tasks = await tasksOf(whole)
      const operations: Operation[] = steps.map(({ write, guard }) => {
        const operation = operationOf({ ids: [...tasks.keys()], revisions: [] }, write)
        const task = tasks.get(operation.path.slice('/tasks/'.length))
        if (!task || guard === 'none') return operation
        return { ...operation, ifMatch: guard === 'fresh' ? etagOf(task) : '"999"' }
      })
      if (fault) operations.splice(Math.min(fault.at, operations.length), 0, fault.what)

      const expected: Answer[] = []
      const tried: Operation[] = fault ? [fault.what, ...operations] : operations
      for (const { method, path, body, ifMatch } of tried) {
        expected.push(
          await alone.request(method, path, { body, headers: ifMatch ? { 'if-match': ifMatch } : {} }),
        )
        if ((expected.at(-1)?.status ?? 0) >= 400) break
      }
      const answer = await whole.post('/batch', { operations })

      const failed = expected.findIndex(({ status }) => status >= 400)
      if (failed < 0) {
        done += 1
        assert.equal(answer.status, 200, answer.text)
        assert.deepEqual(
          answer.body.results.map(({ status, body, etag }: Result) => [
            status,
            plain(body ?? ''),
            etag ?? null,
          ]),
          expected.map(({ status, body, headers }) => [status, plain(body), headers.get('etag')]),
        )
        assert.deepEqual(await stateOf(whole), await stateOf(alone))
      } else {
        refused += 1
        const { status, body } = expected[failed] ?? assert.fail()
        assert.deepEqual([answer.status, answer.body.type], [status, body.type])
        const at = fault ? operations.indexOf(fault.what) : failed
        for (const { pointer } of answer.body.errors)
          assert.match(pointer, new RegExp(`^/operations/${at}(/|$)`))
        assert.deepEqual(await tasksOf(whole), tasks, 'none of it was done')
        assert.equal((await whole.get('/tasks')).headers.get('docket-revision'), String(titles.length))
      }
    }),
    { numRuns: 18, endOnFailure: true },
  )
  assert.ok(done > 0 && refused > 0, `${done} done, ${refused} refused`)
})

/** Two users with the same tasks, under the same ids. */
async function twins(server: Docket, run: number): Promise<[User, User]> {
  const users = [await server.register(`whole-${run}`), await server.register(`single-${run}`)] as const
  for (const title of titles) {
    const id = crypto.randomUUID()
    for (const user of users) await user.put(`/tasks/${id}`, { title }, { 'if-none-match': '*' })
  }
  return [...users]
}

/** A task without what differs between two servings of the same: its id, and when. Positions do not differ. */
function plain(task: Partial<Task> | '') {
  if (task === '') return task
  const { id: _id, createdAt: _createdAt, updatedAt: _updatedAt, completedAt, ...rest } = task
  return { ...rest, isCompleted: completedAt !== null }
}

const stateOf = async (user: User) =>
  [...(await tasksOf(user)).values()].toSorted((a, b) => a.revision - b.revision).map(plain)
