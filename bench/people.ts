import type { Request } from 'autocannon'

/** A user with tasks on a server. */
export interface Person {
  email: string
  token: string
  tasks: string[]
  /** The project that their tasks are in; undefined on a server that has no projects. */
  projectId: string | undefined
}

/** Everyone's password. */
export const password = 'correct horse battery staple'
const atOnce = 32

const fields = {
  title: 'Renew the passport',
  description: 'Photos are in the blue folder; the office opens at nine and closes at noon.',
  dueDate: '2099-12-01',
  status: 'incomplete',
}
const labels = ['errand', 'Town hall', 'before summer']

/** The fields of each task that a person writes. */
export const taskOf = ({ projectId }: Person) => ({ ...fields, ...(projectId && { labels, projectId }) })

/** A JSON request of a person, or one without a token. */
export function requestOf(
  person: Person | undefined,
  method: string,
  path: string,
  more: { body?: object; headers?: Record<string, string> } = {},
): Request {
  const headers = {
    ...(person && { authorization: `Bearer ${person.token}` }),
    ...(more.body && { 'content-type': 'application/json' }),
    ...more.headers,
  }
  return { method, path, headers, ...(more.body && { body: JSON.stringify(more.body) }) }
}

/** Registers people, each with `tasksEach` tasks; on Docket those carry labels and are in a project. */
export async function populate(
  origin: string,
  people: number,
  tasksEach: number,
  isDocket = true,
  name = 'person',
): Promise<Person[]> {
  const all: Person[] = []
  for (let i = 0; i < people; i++) {
    const email = `${name}${i}@example.com`
    const { accessToken } = await json(
      origin,
      requestOf(undefined, 'POST', '/auth/register', { body: { email, password } }),
    )
    const person: Person = { email, token: String(accessToken), tasks: [], projectId: undefined }
    if (isDocket) person.projectId = await createProject(origin, person)
    all.push(person)
    await fill(origin, person, tasksEach)
  }
  return all
}

async function createProject(origin: string, person: Person): Promise<string> {
  const { id } = await json(
    origin,
    requestOf(person, 'POST', '/projects', { body: { name: 'Moving house' } }),
  )
  return String(id)
}

async function fill(origin: string, person: Person, tasks: number): Promise<void> {
  while (person.tasks.length < tasks) {
    const some = Array.from({ length: Math.min(atOnce, tasks - person.tasks.length) }, () =>
      json(origin, requestOf(person, 'POST', '/tasks', { body: taskOf(person) })),
    )
    for (const { id } of await Promise.all(some)) person.tasks.push(String(id))
  }
}

/** Sends one request that is not measured. */
export async function send(origin: string, { method, path, headers, body }: Request): Promise<Response> {
  return fetch(origin + path, { method, ...(headers && { headers }), ...(body !== undefined && { body }) })
}

/** Sends one request that is not measured, and returns the JSON of its response. */
export async function json(origin: string, request: Request): Promise<Record<string, unknown>> {
  const response = await send(origin, request)
  if (!response.ok) throw new Error(`${request.method} ${request.path}: ${response.status}`)
  return (await response.json()) as Record<string, unknown>
}
