import { setTimeout as delay } from 'node:timers/promises'
import { comparedAt, record, type Case } from './cases.ts'
import { populate, type Person } from './people.ts'
import { startServer, type Load, type Running } from './processes.ts'
import type { Description } from './servers.ts'

// Runs the cases on each server in turn, in several rounds.

/** One round of one case on one server; times in milliseconds. */
export interface Sample {
  case: string
  server: Description['name']
  connections: number
  perSecond: number
  refusedPerSecond: number
  failed: number
  p50: number
  p99: number
  cpuMicros: number
  residentBytes: number
}

/** A server that takes part. A limit has no users; its requests are those of the first server's people. */
export interface Contender {
  description: Description
  server: Running
  people: Person[]
  /** Many more people, with fewer tasks each. */
  crowd: Person[]
  idleBytes: number
}

/** What to measure, and how long. */
export interface Plan {
  cases: Case[]
  /** The numbers of connections that a case is measured with. */
  levelsOf(each: Case): number[]
  /** How long each case runs before anything is counted, since Node compiles frequently used code only in time. */
  warmUpSeconds: number
  seconds: number
  rounds: number
}

const peopleCount = 4
const fewestTasks = 130
const crowdCount = 500
const crowdTasks = 21

/** Starts a server with people who have enough tasks for `mostConnections`. */
export async function prepare(
  description: Description,
  mostConnections: number,
  withCrowd = false,
): Promise<Contender> {
  const { name, file, env, role } = description
  const variables = env(name.replace(/\W+/g, '-'))
  await (await startServer(file, variables)).stop() // the first start after an install fills the compile cache
  const server = await startServer(file, variables)
  await delay(1000)
  const { residentBytes } = await server.usage()
  const tasksEach = Math.max(fewestTasks, Math.ceil(mostConnections / peopleCount))
  const people =
    role === 'limit' ? [] : await populate(server.origin, peopleCount, tasksEach, role === 'docket')
  const crowd =
    withCrowd && role === 'docket' ? await populate(server.origin, crowdCount, crowdTasks, true, 'crowd') : []
  return { description, server, people, crowd, idleBytes: residentBytes }
}

/** Measures every case on every server in turn, in several rounds, after one that only warms up. */
export async function measureRounds(
  load: Load,
  contenders: Contender[],
  { cases, levelsOf, warmUpSeconds, seconds, rounds }: Plan,
): Promise<Sample[]> {
  const samples: Sample[] = []
  for (let round = 0; round <= rounds; round++) {
    process.stderr.write(round === 0 ? 'Warming up …\n' : `Round ${round} of ${rounds} …\n`)
    for (const each of cases) {
      for (const connections of round === 0 ? [comparedAt(each)] : levelsOf(each)) {
        for (const contender of contenders) {
          if (contender.description.role === 'peer' && !isForPeers(each, connections)) continue
          const extent = { connections, seconds: round === 0 ? warmUpSeconds : seconds }
          const sample = await measureCase(load, each, extent, contender, contenders)
          if (round > 0) samples.push(sample)
        }
      }
    }
  }
  return samples
}

const isForPeers = ({ isDocketAlone = false, peersUpTo = Infinity }: Case, connections: number): boolean =>
  !isDocketAlone && connections <= peersUpTo

async function measureCase(
  load: Load,
  each: Case,
  { connections, seconds }: { connections: number; seconds: number },
  { description, server, people, crowd }: Contender,
  contenders: Contender[],
): Promise<Sample> {
  const source = description.role === 'limit' ? contenders[0] : { server, people, crowd }
  if (!source) throw new Error('there is no server to record responses from')
  const { origin } = source.server
  const plans = await each.plans({
    origin,
    people: each.isOfCrowd ? source.crowd : source.people,
    connections,
  })
  if (description.role === 'limit') {
    await server.send({ responses: await record(origin, plans[0] ?? []) })
  }
  const before = await server.usage()
  const [outcome] = await load.run({
    origin: server.origin,
    connections,
    seconds,
    plans,
    followsTags: each.followsTags ?? false,
  })
  const after = await server.usage()
  await settle(server)
  const { good, refused, failed } = outcome
  return {
    case: each.name,
    server: description.name,
    connections,
    perSecond: good / outcome.seconds,
    refusedPerSecond: refused / outcome.seconds,
    failed,
    p50: outcome.p50,
    p99: outcome.p99,
    cpuMicros: (after.cpuMicros - before.cpuMicros) / (good + refused + failed),
    residentBytes: after.residentBytes,
  }
}

/** Waits until the server is idle; it may still be hashing passwords for logins whose connections were closed. */
async function settle(server: Running): Promise<void> {
  for (let tries = 0; tries < 50; tries++) {
    const before = await server.usage()
    await delay(50)
    const after = await server.usage()
    if (after.cpuMicros - before.cpuMicros < 10_000) return
  }
}
