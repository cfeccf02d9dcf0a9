import assert from 'node:assert/strict'
import type { Project } from '../../../src/projects/projects.ts'
import type { Task } from '../../../src/tasks/schema.ts'
import type { ChangeItem } from '../../feed.ts'
import { pathOf } from '../../list-model.ts'
import { assertProblem, type Answer, type Docket, type User } from '../../harness.ts'

/** The body of an answer that has to have this status. */
export function bodyOf(answer: Answer, status = 200): Answer['body'] {
  assert.equal(answer.status, status, answer.text)
  return answer.body
}

export const createProject = async (user: User, name = 'House', fields: object = {}): Promise<Project> =>
  bodyOf(await user.post('/projects', { name, ...fields }), 201)

/** Asserts a 422 with exactly these faults. */
export function assertFaults(answer: Answer, ...pointers: string[]): void {
  const { errors = [] } = assertProblem(answer, 422, 'validation-failed')
  assert.deepEqual(
    errors.map((fault) => 'pointer' in fault && fault.pointer),
    pointers,
    answer.text,
  )
}

/** Asserts a 400 for one parameter. */
export function assertParameter(answer: Answer, parameter: string): void {
  const { errors = [] } = assertProblem(answer, 400, 'invalid-parameter')
  assert.deepEqual(
    errors.map((fault) => 'parameter' in fault && fault.parameter),
    [parameter],
    answer.text,
  )
}

/** Does the operations, a hundred in a request. Returns what each left. */
export async function doAll(user: User, operations: object[]): Promise<Answer['body'][]> {
  const made: Answer['body'][] = []
  for (let i = 0; i < operations.length; i += 100) {
    const answer = await user.post('/batch', { operations: operations.slice(i, i + 100) })
    made.push(...bodyOf(answer).results.map(({ body }: { body: object }) => body))
  }
  return made
}

/** Creates tasks in this order. */
export const createTasks = (user: User, bodies: object[]): Promise<Task[]> =>
  doAll(
    user,
    bodies.map((body) => ({ method: 'POST', path: '/tasks', body })),
  )

/** A task, one below it, one below that: as many as levels. */
export async function createLine(user: User, levels: number, fields: object = {}): Promise<Task[]> {
  const line: Task[] = []
  for (let level = 1; level <= levels; level += 1) {
    const parentId = line.at(-1)?.id
    line.push(
      await user.createTask({
        title: `Level ${level}`,
        ...(parentId === undefined ? fields : { parentId }),
      }),
    )
  }
  return line
}

export const titlesOf = (answer: Answer): string[] =>
  bodyOf(answer).items.map(({ title, name }: { title?: string; name?: string }) => title ?? name)

/** The titles of the list of this query, sorted. */
export const found = async (user: User, query: Record<string, string>): Promise<string[]> =>
  titlesOf(await user.get(pathOf({ limit: '100', ...query }))).toSorted()

/** All that changed since a revision. */
export async function changesSince(user: User, since: number): Promise<ChangeItem[]> {
  const items: ChangeItem[] = []
  for (let from = since, more = true; more;) {
    const page = bodyOf(await user.get(`/changes?since=${from}&limit=500`))
    items.push(...page.items)
    from = page.revision
    more = page.more
  }
  return items
}

/** The owner's newest revision. */
export const revisionOf = async (user: User): Promise<number> =>
  Number((await user.get('/labels')).headers.get('docket-revision'))

/** The revision that a write took. */
export const takenBy = (answer: Answer): number => Number(answer.headers.get('docket-revision'))

/** A user of a row's own. */
export function usersOf(server: Docket): () => Promise<User> {
  let count = 0
  return () => server.register(`user${(count += 1)}`)
}
