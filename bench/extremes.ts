import { join } from 'node:path'
import { cases } from './cases.ts'
import { populate, requestOf, taskOf, type Person } from './people.ts'
import { here, startServer, type Load, type Running } from './processes.ts'
import { median } from './statistics.ts'
import type { Servers } from './servers.ts'

// What is measured once and not for each case: durability, reads beside writes, and overload.

export interface Extremes {
  durable: { together: number; oneByOne: number }
  readsUnderWrites: { aloneMs: number; underMs: number; writes: number }
  overload: { peak: number; tried: number; good: number; refused: number; failed: number; residentMb: number }
}

/** Enough that each connection waits for long at twice the peak load. */
export const overloadConnections = 2000

/** In a shorter run, the time in which they all connect would be much of it. */
const shortestOverloadSeconds = 6
/** How long to measure. */
export interface Effort {
  /** How long each server runs before anything is counted. */
  warmUpSeconds: number
  seconds: number
  rounds: number
}

export async function measureExtremes(servers: Servers, load: Load, effort: Effort): Promise<Extremes> {
  return {
    durable: await durable(servers, load, effort),
    readsUnderWrites: await readsUnderWrites(servers, load, effort),
    overload: await overload(servers, load, effort),
  }
}

const writes = (people: Person[]) =>
  people.map((person) => [requestOf(person, 'POST', '/tasks', { body: taskOf(person) })])

/** Writes of 64 connections, with group commit and one by one, in turn. */
async function durable(
  servers: Servers,
  load: Load,
  { warmUpSeconds, seconds, rounds }: Effort,
): Promise<Extremes['durable']> {
  const [together, alone] = await Promise.all([
    servers.docket('together'),
    startServer(join(here, 'one-by-one.ts'), servers.docketEnvironment('one-by-one')),
  ])
  const rates: { together: number[]; oneByOne: number[] } = { together: [], oneByOne: [] }
  const sides: [keyof typeof rates, Running, Person[]][] = [
    ['together', together, await populate(together.origin, 4, 1)],
    ['oneByOne', alone, await populate(alone.origin, 4, 1)],
  ]
  for (let round = 0; round <= rounds; round++) {
    for (const [name, { origin }, people] of sides) {
      const job = { origin, connections: 64, seconds: round === 0 ? warmUpSeconds : seconds }
      const [outcome] = await load.run({ ...job, plans: writes(people) })
      if (round > 0) rates[name].push(outcome.good / outcome.seconds)
    }
  }
  await Promise.all([together.stop(), alone.stop()])
  return { together: median(rates.together), oneByOne: median(rates.oneByOne) }
}

/** 64 connections that read by id, alone and while 64 others write as much as they can, in turn. */
async function readsUnderWrites(
  servers: Servers,
  load: Load,
  { warmUpSeconds, seconds, rounds }: Effort,
): Promise<Extremes['readsUnderWrites']> {
  const server = await servers.docket('under-writes')
  const { origin } = server
  const people = await populate(origin, 4, 20)
  const byId = cases.find(({ name }) => name === 'GET by id')
  if (!byId) throw new Error('there is no case of reads')
  const plans = await byId.plans({ origin, people, connections: 64 })
  const [alone, under, written]: number[][] = [[], [], []]
  for (let round = 0; round <= rounds; round++) {
    const reading = { origin, connections: 64, seconds: round === 0 ? warmUpSeconds : seconds, plans }
    const writing = { ...reading, plans: writes(people) }
    const [first] = await load.run(reading)
    const [second, third] = await load.run(reading, writing)
    if (round === 0) continue
    alone?.push(first.p99)
    under?.push(second.p99)
    written?.push(third.good / third.seconds)
  }
  await server.stop()
  return { aloneMs: median(alone ?? []), underMs: median(under ?? []), writes: median(written ?? []) }
}

/**
 * A list of 2,000 tasks by two keys, which are sorted, and its count. It is never cached, since it depends on the day,
 * and its response is small for its cost, so that neither the load generator nor the refusals are the limit.
 */
async function overload(
  servers: Servers,
  load: Load,
  { warmUpSeconds, seconds }: Effort,
): Promise<Extremes['overload']> {
  const server = await servers.docket('overload')
  const { origin } = server
  const people = await populate(origin, 1, 2000)
  const plans = people.map((person) => [
    requestOf(person, 'GET', '/tasks?limit=5&count=true&due=upcoming&sort=status,dueDate'),
  ])
  await load.run({ origin, connections: 64, seconds: warmUpSeconds, plans })
  const [calm] = await load.run({ origin, connections: 64, seconds: 2 * seconds, plans })
  const peak = calm.good / calm.seconds
  const rate = Math.round(2 * peak)
  const [busy] = await load.run({
    origin,
    connections: overloadConnections,
    seconds: Math.max(5 * seconds, shortestOverloadSeconds),
    plans,
    rate,
  })
  const { residentBytes } = await server.usage()
  await server.stop()
  const each = (count: number) => count / busy.seconds
  return {
    peak,
    tried: rate,
    good: each(busy.good),
    refused: each(busy.refused),
    failed: busy.failed,
    residentMb: residentBytes / 2 ** 20,
  }
}
