import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { cases, comparedAt, record, type Case } from './cases.ts'
import { chart } from './chart.ts'
import { measureExtremes } from './extremes.ts'
import { populate, type Person } from './people.ts'
import { here, startLoad, startServer, type Running } from './processes.ts'
import { report, type Results, type Sample } from './report.ts'
import { prepareServers, type Description } from './servers.ts'

// npm run bench [-- --quick] [-- --only 'GET by id']: every case on every server by turns, several rounds.

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    only: { type: 'string', multiple: true },
    rounds: { type: 'string' },
  },
})
const isQuick = values.quick ?? false
const rounds = Number(values.rounds ?? (isQuick ? 2 : 3))
const seconds = isQuick ? 0.6 : 1.2
const levels = isQuick || values.only ? [64] : [1, 64, 512]
const peopleCount = 4
const chosen = cases.filter(({ name }) => !values.only || values.only.includes(name))

interface Contender {
  description: Description
  server: Running
  people: Person[]
  idleBytes: number
}

const cache = join(here, '..', 'node_modules', '.cache')
mkdirSync(cache, { recursive: true })
const folder = mkdtempSync(join(cache, 'bench-')) // beside the sources: /tmp may be memory, which has no fsync
const load = startLoad()
try {
  const results = await measure()
  process.stdout.write(report(results, 'terminal'))
  if (!isQuick && !values.only) {
    writeFileSync(join(here, '..', 'docs', 'benchmarks.svg'), chart(results))
    renew(join(here, '..', 'docs', 'benchmarks.md'), report(results, 'markdown'))
  }
} finally {
  await load.stop()
  rmSync(folder, { recursive: true, force: true })
}

async function measure(): Promise<Results> {
  const servers = prepareServers(folder)
  const begunAt = new Date()
  const contenders: Contender[] = []
  for (const description of servers.descriptions) contenders.push(await contend(description))
  const samples: Sample[] = []
  for (let round = 0; round <= rounds; round++) {
    process.stderr.write(round === 0 ? 'Warming up …\n' : `Round ${round} of ${rounds} …\n`)
    for (const each of chosen) {
      for (const connections of round === 0 ? [comparedAt(each)] : levelsOf(each)) {
        for (const contender of contenders) {
          if (contender.description.isPeer && connections > (each.peersUpTo ?? Infinity)) continue
          const sample = await measureCase(each, connections, contender, contenders)
          if (round > 0) samples.push(sample)
        }
      }
    }
  }
  const memory = await Promise.all(contenders.map(memoryOf))
  await Promise.all(contenders.map(({ server }) => server.stop()))
  if (!values.only) process.stderr.write('Start, durability, overload …\n')
  const extremes = values.only ? undefined : await measureExtremes(servers, load, { seconds, rounds })
  return { begunAt, samples, memory, extremes, cases: chosen, seconds, rounds }
}

function levelsOf(each: Case): number[] {
  return levels.length > 1 ? levels : [comparedAt(each)]
}

async function contend(description: Description): Promise<Contender> {
  const { name, file, env } = description
  const server = await startServer(file, env(name.replace(/\W+/g, '-')))
  await delay(1000)
  const { residentBytes } = await server.usage()
  const tasksEach = Math.max(100, Math.ceil(Math.max(...levels) / peopleCount))
  const people = file.endsWith('bare.ts') ? [] : await populate(server.origin, peopleCount, tasksEach)
  return { description, server, people, idleBytes: residentBytes }
}

async function measureCase(
  each: Case,
  connections: number,
  contender: Contender,
  contenders: Contender[],
): Promise<Sample> {
  const { description, server } = contender
  const isBare = contender.people.length === 0
  const source = isBare ? contenders[0] : contender
  if (!source) throw new Error('there is no server to take answers from')
  const plans = await each.plans({ origin: source.server.origin, people: source.people, connections })
  if (isBare) await server.tell({ answers: await record(source.server.origin, plans[0] ?? []) })
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

/** Waits until the server has done what nobody waits for any more, such as the hashes of logins cut off. */
async function settle(server: Running): Promise<void> {
  for (let tries = 0; tries < 50; tries++) {
    const before = await server.usage()
    await delay(50)
    const after = await server.usage()
    if (after.cpuMicros - before.cpuMicros < 10_000) return
  }
}

async function memoryOf({
  description: { name },
  server,
  idleBytes,
}: Contender): Promise<Results['memory'][number]> {
  const { residentBytes } = await server.usage()
  return { server: name, idleBytes, loadedBytes: residentBytes }
}

/** Replaces what was measured; what a person wrote around it stays. */
function renew(page: string, measured: string): void {
  const around = /(?<=<!-- measured -->\n).*(?=<!-- end -->)/s
  writeFileSync(
    page,
    readFileSync(page, 'utf8').replace(around, () => `\n${measured}\n`),
  )
}
