import type { Request } from 'autocannon'
import { kindOf, type Recorded } from './recorded.ts'
import { json, password, requestOf, send, taskOf, type Person } from './people.ts'

/** Something that clients do. */
export interface Case {
  name: string
  /** The requests that each connection repeats. */
  plans(context: Context): Request[][] | Promise<Request[][]>
  followsTags?: boolean
  /** The peers do not have what it is about. */
  isDocketAlone?: boolean
  /** Whether it is about many people, so that nothing that is remembered of one flatters it. */
  isOfCrowd?: boolean
  /** The most connections that the peers are measured with; with more, their queue takes minutes. */
  peersUpTo?: number
  /** Targets for the CPU of one request at 64 connections, × bare node:http. */
  target?: { most: number; moonshot?: number }
}

export interface Context {
  origin: string
  people: Person[]
  connections: number
}

/** The number of connections at which a case is compared to the other servers. */
export const comparedAt = ({ peersUpTo = 64 }: Case): number => peersUpTo

const tasksInTurn = 20
/** With the pages of 64 connections, many more than are kept. */
const requestsInTurn = 40
const limitsOfWalk = [20, 7, 13, 3, 17, 5, 11, 2, 10]
const walksInTurn = 4

export const cases: Case[] = [
  { name: 'Login', plans: ({ people }) => people.map((person) => [logIn(person)]), peersUpTo: 1 },
  {
    name: 'GET by id',
    plans: ({ people }) => people.map((person) => reads(person, tasksInTurn)),
    target: { most: 2.4, moonshot: 1.8 },
  },
  {
    name: 'List of 20',
    plans: ({ people }) => people.map((person) => [list(person, 20)]),
    target: { most: 2.2 },
  },
  { name: 'List of 100', plans: ({ people }) => people.map((person) => [list(person, 100)]) },
  {
    name: 'List of 20, not kept, 500 people',
    plans: (context) => spread(context, (person, turn) => listFrom(person, 20, turn)),
    isOfCrowd: true,
    isDocketAlone: true,
    target: { most: 2.5, moonshot: 1.9 },
  },
  {
    name: 'List of 100, not kept',
    plans: (context) => spread(context, (person, turn) => listFrom(person, 100, turn)),
    isDocketAlone: true,
    target: { most: 2.5, moonshot: 1.9 },
  },
  { name: 'A walk with changing limits, not kept', plans: walks, isDocketAlone: true },
  {
    name: 'List of 20 after each PATCH',
    plans: (context) =>
      eachItsOwn(context).map(({ person, task }) =>
        ['One title', 'Another'].flatMap((title) => [change(person, task, title), list(person, 20)]),
      ),
    isDocketAlone: true,
  },
  {
    name: 'GET by id, 200 people in turn',
    plans: (context) =>
      spread({ ...context, people: context.people.slice(0, 200) }, ({ tasks, ...person }, turn) =>
        requestOf({ ...person, tasks }, 'GET', `/tasks/${tasks[turn % tasks.length]}`),
      ),
    isOfCrowd: true,
    isDocketAlone: true,
    target: { most: 2.4, moonshot: 1.8 },
  },
  {
    name: 'Project by position',
    plans: ({ people }) => people.map((person) => [listProject(person)]),
    isDocketAlone: true,
    target: { most: 3 },
  },
  {
    name: 'Unchanged list, 304',
    plans: (context) => polls(context, '/tasks?limit=50'),
    target: { most: 2.4, moonshot: 1.7 },
  },
  {
    name: 'Unchanged list of the day, 304 that reads',
    plans: (context) => polls(context, '/tasks?limit=20&due=upcoming'),
    isDocketAlone: true,
  },
  {
    name: 'POST',
    plans: ({ people }) => people.map((person) => [create(person)]),
    target: { most: 6, moonshot: 4 },
  },
  {
    name: 'PATCH with If-Match',
    plans: (context) =>
      eachItsOwn(context).map(({ person, task }) => [change(person, task, taskOf(person).title)]),
    followsTags: true,
    target: { most: 6, moonshot: 5 },
  },
  { name: '80 % reads, 20 % writes', plans: mix },
]

/** Records a server's response to one request of each kind, for the bare server to repeat. */
export async function record(origin: string, requests: Request[]): Promise<Record<string, Recorded>> {
  const kinds = new Map(requests.map((request) => [kindOf(request.method, request.path), request]))
  const responses: Record<string, Recorded> = {}
  for (const [kind, request] of kinds) {
    const response = await send(origin, request)
    const body = await response.text()
    const headers = [...response.headers].filter(([name]) => !perConnection.has(name)).flat()
    responses[kind] = { status: response.status, headers, body }
  }
  return responses
}

/** Headers that node:http adds by itself. */
const perConnection = new Set(['date', 'connection', 'keep-alive'])

const logIn = ({ email }: Person) =>
  requestOf(undefined, 'POST', '/auth/login', { body: { email, password } })
const list = (person: Person, limit: number) => requestOf(person, 'GET', `/tasks?limit=${limit}`)
const listProject = (person: Person) =>
  requestOf(person, 'GET', `/tasks?project=${person.projectId}&sort=position&limit=20`)
const create = (person: Person) => requestOf(person, 'POST', '/tasks', { body: taskOf(person) })
const change = (person: Person, task: string, title: string) =>
  requestOf(person, 'PATCH', `/tasks/${task}`, { body: { title } })
const reads = (person: Person, count: number) =>
  person.tasks.slice(0, count).map((task) => requestOf(person, 'GET', `/tasks/${task}`))

/** The list from an instant on that lies before all of them: the same tasks, under another query in each turn. */
const listFrom = (person: Person, limit: number, turn: number, more = '') =>
  requestOf(
    person,
    'GET',
    `/tasks?limit=${limit}&createdFrom=${new Date(Date.UTC(2001, 0, 1) + turn).toISOString()}${more}`,
  )

/** Requests of each connection that are made of all people in turn. */
function spread(
  { people, connections }: Context,
  request: (person: Person, turn: number) => Request,
): Request[][] {
  return Array.from({ length: connections }, (_, connection) =>
    Array.from({ length: requestsInTurn }, (_each, i) => {
      const turn = i * connections + connection
      const person = people[turn % people.length]
      if (!person) throw new Error('there are too few people')
      return request(person, turn)
    }),
  )
}

/** Each connection walks through the list of one person, under queries of its own, with another limit for each page. */
function walks({ origin, people, connections }: Context): Promise<Request[][]> {
  return Promise.all(
    Array.from({ length: connections }, async (_, connection) => {
      const person = people[connection % people.length]
      if (!person) throw new Error('there are too few people')
      const pages: Request[] = []
      for (let i = 0; i < walksInTurn; i++)
        pages.push(...(await walk(origin, person, connection * walksInTurn + i)))
      return pages
    }),
  )
}

async function walk(origin: string, person: Person, turn: number): Promise<Request[]> {
  const pages: Request[] = []
  let more = ''
  for (const limit of limitsOfWalk) {
    const page = listFrom(person, limit, turn, more)
    pages.push(page)
    const { nextCursor } = await json(origin, page)
    more = `&cursor=${String(nextCursor)}`
  }
  return pages
}

/** Reads the list with If-None-Match, which each person has already. */
function polls({ origin, people }: Context, path: string): Promise<Request[][]> {
  return Promise.all(
    people.map(async (person) => {
      const tag = (await send(origin, requestOf(person, 'GET', path))).headers.get('etag') ?? ''
      return [requestOf(person, 'GET', path, { headers: { 'if-none-match': tag } })]
    }),
  )
}

/** Sixteen reads and four writes for each connection, on a task of its own. */
function mix(context: Context): Request[][] {
  return eachItsOwn(context).map(({ person, task }, turn) => {
    const quarter = [...reads(person, 3), list(person, 20)]
    const written = [
      create(person),
      change(person, task, 'One title'),
      create(person),
      change(person, task, 'Another'),
    ]
    const plan = written.flatMap((write) => [...quarter, write])
    return [...plan.slice(turn % plan.length), ...plan.slice(0, turn % plan.length)]
  })
}

/** A different task for each connection. */
function eachItsOwn({ people, connections }: Context): { person: Person; task: string }[] {
  return Array.from({ length: connections }, (_, i) => {
    const person = people[i % people.length]
    const task = person?.tasks[Math.floor(i / people.length) % person.tasks.length]
    if (!person || task === undefined) throw new Error('there are too few people or tasks')
    return { person, task }
  })
}
