import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Request } from 'autocannon'
import type { Effort } from './extremes.ts'
import { measureFloor, type Floor } from './floor.ts'
import { populate, requestOf, taskOf } from './people.ts'
import type { Load } from './processes.ts'
import type { Servers } from './servers.ts'
import { median } from './statistics.ts'

// One client that writes alone: it waits for the disk's flush each time, and nobody shares it.

/** Times in milliseconds, CPU in microseconds. */
export interface Alone {
  /** The median of what the disk needs to make a write of this size durable. */
  flushMs: number
  writes: { name: string; p50: number; p99: number; cpuMicros: number }[]
  floor: Floor
}

/** About what the commit of one task appends to SQLite's log: some 25 pages. */
const bytesFlushed = 104 * 1024
const flushes = 100

/** Creates and changes of one connection, and the disk's flushes between them, in turn. */
export async function measureAlone(
  servers: Servers,
  load: Load,
  folder: string,
  effort: Effort,
): Promise<Alone> {
  const { warmUpSeconds, seconds, rounds } = effort
  const server = await servers.docket('alone')
  const { origin } = server
  const [person] = await populate(origin, 1, 100)
  const [task] = person?.tasks ?? []
  if (!person || task === undefined) throw new Error('nobody has a task')
  const plans: [name: string, plan: Request[]][] = [
    ['create', [requestOf(person, 'POST', '/tasks', { body: taskOf(person) })]],
    [
      'change',
      ['One title', 'Another'].map((title) =>
        requestOf(person, 'PATCH', `/tasks/${task}`, { body: { title } }),
      ),
    ],
  ]
  const flushed: number[] = []
  const samples: Alone['writes'] = []
  for (let round = 0; round <= rounds; round++) {
    for (const [name, plan] of plans) {
      flushed.push(...flushTimes(folder))
      const before = await server.usage()
      const job = { origin, connections: 1, seconds: round === 0 ? warmUpSeconds : seconds, plans: [plan] }
      const [{ p50, p99, good }] = await load.run(job)
      const { cpuMicros } = await server.usage()
      if (round > 0) samples.push({ name, p50, p99, cpuMicros: (cpuMicros - before.cpuMicros) / good })
    }
  }
  await server.stop()
  const writes = plans.map(([name]) => {
    const of = (key: 'p50' | 'p99' | 'cpuMicros') =>
      median(samples.filter((sample) => sample.name === name).map((sample) => sample[key]))
    return { name, p50: of('p50'), p99: of('p99'), cpuMicros: of('cpuMicros') }
  })
  return { flushMs: median(flushed), writes, floor: measureFloor(servers.databaseOf('alone'), effort) }
}

function flushTimes(folder: string): number[] {
  const file = openSync(join(folder, 'flush'), 'a')
  const bytes = Buffer.alloc(bytesFlushed, 1)
  const times = Array.from({ length: flushes }, () => {
    writeSync(file, bytes)
    const begun = performance.now()
    fdatasyncSync(file)
    return performance.now() - begun
  })
  closeSync(file)
  return times
}
