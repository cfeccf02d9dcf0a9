import type { Request } from 'autocannon'
import { emailOf } from './scale/data.ts'
import { openEngine } from './scale/engine.ts'
import { fill, password } from './scale/fill.ts'
import type { Effort } from './extremes.ts'
import { json, requestOf, type Person } from './people.ts'
import type { Outcome } from './load.ts'
import type { Load } from './processes.ts'
import { median } from './statistics.ts'
import type { Servers } from './servers.ts'
import { count, type Table } from './tables.ts'

// What a search takes among many tasks of one owner, and how long it keeps another owner waiting.

interface Times {
  p50: number
  p99: number
}

interface Waits extends Times {
  slowest: number
}

/** Times in milliseconds. */
export interface SearchFigures {
  tasks: number
  /** Searches for a word that no task has, one at a time. */
  rare: Times
  /** Searches for a word that every sixteenth task has, one at a time. */
  common: Times
  /** Another owner's reads by id, alone and while searches for the rare word run one after another. */
  readsAlone: Waits
  readsBeside: Waits
}

type Round = Record<'rare' | 'common' | 'readsAlone' | 'readsBeside', Outcome>

const words = { rare: 'xylophone', common: 'passport' }
const mostSpaces = 150
/** The numbers of tasks, each with the most milliseconds that a search, and a read beside it, may take. */
const longestMs = new Map([
  [10_000, 15],
  [200_000, 100],
])
const leastTasks = Math.min(...longestMs.keys())
const shortestSeconds = 1.5
const readsAtOnce = 10
/** Few enough that each read comes at a moment of its own, and waits for the search that it meets. */
const readsPerSecond = 200
const searchesInRound = 4000

/** Measures with 10,000 tasks, and if that is wanted with 200,000 too. */
export async function measureSearch(
  servers: Servers,
  load: Load,
  effort: Effort,
  isFull: boolean,
): Promise<SearchFigures[]> {
  const figures: SearchFigures[] = []
  for (const tasks of isFull ? longestMs.keys() : [leastTasks])
    figures.push(await measureAmong(tasks, servers, load, effort))
  return figures
}

async function measureAmong(
  tasks: number,
  servers: Servers,
  load: Load,
  { warmUpSeconds, seconds, rounds }: Effort,
): Promise<SearchFigures> {
  const data = `search-${tasks}`
  await fillDatabase(servers.docketEnvironment(data)['DATABASE_URL'] ?? '', tasks)
  const server = await servers.docket(data)
  const { origin } = server
  const searcher = await logIn(origin, 0)
  const reader = await logIn(origin, 1)
  const plans = [reader.tasks.map((task) => requestOf(reader, 'GET', `/tasks/${task}`))]
  const reading = { origin, connections: readsAtOnce, evenRate: readsPerSecond, plans }
  const all: Round[] = []
  for (let round = 0; round <= rounds; round++) {
    const lasting = { seconds: round === 0 ? warmUpSeconds : Math.max(seconds, shortestSeconds) }
    const searching = { origin, connections: 1, ...lasting }
    const [rare] = await load.run({ ...searching, plans: [searches(searcher, words.rare, 2 * round)] })
    const [common] = await load.run({ ...searching, plans: [searches(searcher, words.common, 2 * round)] })
    const [readsAlone] = await load.run({ ...reading, ...lasting })
    const [readsBeside] = await load.run(
      { ...reading, ...lasting },
      { ...searching, plans: [searches(searcher, words.rare, 2 * round + 1)] },
    )
    const outcomes = { rare, common, readsAlone, readsBeside }
    if (Object.values(outcomes).some(({ failed }) => failed > 0)) throw new Error('a request failed')
    if (round > 0) all.push(outcomes)
  }
  await server.stop()
  const of = (key: keyof Round): Outcome[] => all.map((each) => each[key])
  return {
    tasks,
    rare: timesOf(of('rare')),
    common: timesOf(of('common')),
    readsAlone: waitsOf(of('readsAlone')),
    readsBeside: waitsOf(of('readsBeside')),
  }
}

const timesOf = (outcomes: Outcome[]): Times => ({
  p50: median(outcomes.map(({ p50 }) => p50)),
  p99: median(outcomes.map(({ p99 }) => p99)),
})

/** The slowest of all rounds, since the promise is about each request. */
const waitsOf = (outcomes: Outcome[]): Waits => ({
  ...timesOf(outcomes),
  slowest: Math.max(...outcomes.map(({ slowest }) => slowest)),
})

/** One owner with so many tasks, and another with few. */
async function fillDatabase(url: string, tasks: number): Promise<void> {
  const trash = tasks / 50
  const sizes = { tasks: tasks + trash + 400, owners: 1, heavy: tasks }
  const engine = await openEngine(url)
  await engine.startFilling()
  await fill(engine.database, sizes, Date.now(), true, () => undefined)
  await engine.endFilling()
  await engine.close()
}

async function logIn(origin: string, owner: number): Promise<Person> {
  const email = emailOf(owner)
  const { accessToken } = await json(
    origin,
    requestOf(undefined, 'POST', '/auth/login', { body: { email, password } }),
  )
  const person = { email, token: String(accessToken), tasks: [], projectId: undefined }
  const { items } = await json(origin, requestOf(person, 'GET', '/tasks?limit=100'))
  const tasks = (items as { id: string }[]).map(({ id }) => id)
  return { ...person, tasks }
}

/** Searches of one round for a word, each spelled differently: Docket keeps the pages that it sent. */
function searches(person: Person, word: string, part: number): Request[] {
  return Array.from({ length: searchesInRound }, (_, i) => {
    const q = encodeURIComponent(spelled(word, part * searchesInRound + i))
    return requestOf(person, 'GET', `/tasks?q=${q}&limit=20`)
  })
}

/** A spelling of a word: the bits of a number decide which letters are capitals, the rest is white space after it. */
function spelled(word: string, number: number): string {
  const letters = word.split('').map((letter, i) => ((number >> i) & 1 ? letter.toUpperCase() : letter))
  return letters.join('') + ' '.repeat((number >> word.length) % mostSpaces)
}

/** The figures in words, each with the most that it may be. */
export function searchTable(figures: SearchFigures[]): Table {
  const ms = (...times: number[]) => times.map((time) => `${time.toFixed(1)} ms`).join(', ')
  const rows = figures.flatMap(({ tasks, rare, common, readsAlone, readsBeside }) => {
    const among = `among ${count(tasks)} tasks`
    const most = longestMs.get(tasks)
    return [
      [`search ${among} for a word that none has, p50 and p99`, ms(rare.p50, rare.p99), `p50 ≤ ${most} ms`],
      [
        `search ${among} for a word that many have, p50 and p99`,
        ms(common.p50, common.p99),
        `p50 ≤ ${most} ms`,
      ],
      [
        'GET by id of another owner without a search, p99 and slowest',
        ms(readsAlone.p99, readsAlone.slowest),
        '',
      ],
      [
        `the same beside searches ${among}, one after another`,
        ms(readsBeside.p99, readsBeside.slowest),
        `slowest ≤ ${most} ms`,
      ],
    ]
  })
  return [['figure', 'measured', 'target'], ...rows]
}
