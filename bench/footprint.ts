import { setTimeout as delay } from 'node:timers/promises'
import { cases } from './cases.ts'
import type { Effort } from './extremes.ts'
import { populate, send } from './people.ts'
import { startServer, type Load } from './processes.ts'
import type { Servers } from './servers.ts'
import { median } from './statistics.ts'

// How long a start takes, and how much memory a server holds.

export interface Footprint {
  /** From the start of the process to the end of its first response, by server. */
  startMs: Record<string, number>
  /** The same for Docket with many tasks. */
  filledStartMs: number
  /** Docket's memory a second after its start, and after the mix of reads and writes. */
  idleBytes: number
  loadedBytes: number
  /** For how long that ran. */
  loadSeconds: number
}

/** A start takes half a second or twice that, so the median needs several. */
const fewestStarts = 3
const mix = '80 % reads, 20 % writes'

export async function measureFootprint(
  servers: Servers,
  load: Load,
  { rounds }: Effort,
  loadSeconds: number,
): Promise<Footprint> {
  const times: Record<string, number[]> = {}
  const filled: number[] = []
  const memory = await memoryUnderLoad(servers, load, loadSeconds)
  for (let round = 0; round <= Math.max(rounds, fewestStarts); round++) {
    for (const { name, file, env } of servers.descriptions) {
      const ms = await start(file, env(`start-${name}`))
      if (round > 0) (times[name] ??= []).push(ms) // the first round creates the database
    }
    filled.push(await start(servers.main, servers.docketEnvironment('memory')))
  }
  const startMs = Object.fromEntries(Object.entries(times).map(([name, each]) => [name, median(each)]))
  return { startMs, filledStartMs: median(filled), ...memory, loadSeconds }
}

async function start(file: string, env: Record<string, string>): Promise<number> {
  const begun = performance.now()
  const server = await startServer(file, env)
  await send(server.origin, { method: 'GET', path: '/livez' }).then((response) => response.text())
  const ms = performance.now() - begun
  await server.stop()
  return ms
}

async function memoryUnderLoad(
  servers: Servers,
  load: Load,
  seconds: number,
): Promise<Pick<Footprint, 'idleBytes' | 'loadedBytes'>> {
  const server = await servers.docket('memory')
  const { origin } = server
  await delay(1000)
  const { residentBytes: idleBytes } = await server.usage()
  const people = await populate(origin, 4, 1000)
  const connections = 64
  const mixed = cases.find(({ name }) => name === mix)
  if (!mixed) throw new Error('there is no mix of reads and writes')
  const plans = await mixed.plans({ origin, people, connections })
  await load.run({ origin, connections, seconds, plans })
  const { residentBytes: loadedBytes } = await server.usage()
  await server.stop()
  return { idleBytes, loadedBytes }
}
