import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { cases, comparedAt, type Case } from './cases.ts'
import { chart } from './chart.ts'
import { measureAlone } from './alone.ts'
import { measureExtremes } from './extremes.ts'
import { measureFootprint } from './footprint.ts'
import { measurePostgres } from './postgres.ts'
import { here, startLoad } from './processes.ts'
import { report, type Results } from './report.ts'
import { prepare, measureRounds, type Contender, type Plan } from './rounds.ts'
import { measureSearch, type SearchFigures } from './search.ts'
import { prepareServers } from './servers.ts'

// npm run bench [-- --quick] [-- --only 'GET by id'] [-- --only-search] [-- --only-postgres]: every case on every
// server in turn, several rounds.

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    only: { type: 'string', multiple: true },
    'only-search': { type: 'boolean' },
    'only-postgres': { type: 'boolean' },
    rounds: { type: 'string' },
  },
})
const isQuick = values.quick ?? false
const isPostgresAlone = values['only-postgres'] ?? false
const isSearchAlone = values['only-search'] ?? false
const isAll = !values.only && !isPostgresAlone && !isSearchAlone
const isFull = !isQuick && isAll
const levels = isQuick || values.only ? [64] : [1, 64, 512]
const chosen = cases.filter(({ name }) => !values.only || values.only.includes(name))
/** Under load, Node compiles the code of a write for this long. */
const compilingSeconds = 6
const effort = {
  warmUpSeconds: isQuick ? 0.5 : compilingSeconds,
  seconds: isQuick ? 0.4 : 1.2,
  rounds: Number(values.rounds ?? (isQuick ? 2 : 3)),
}

type Compared = Pick<Results, 'samples' | 'memory' | 'alone' | 'footprint' | 'extremes'>
const nothing: Compared = {
  samples: [],
  memory: [],
  alone: undefined,
  footprint: undefined,
  extremes: undefined,
}
/** How long the mix runs before the memory is looked at. */
const mixSeconds = isQuick ? 5 : 60

const cache = join(here, '..', 'node_modules', '.cache')
mkdirSync(cache, { recursive: true })
const folder = mkdtempSync(join(cache, 'bench-')) // beside the sources: /tmp may be memory, which has no fsync
const load = startLoad()
try {
  const results = await measure()
  process.stdout.write(report(results, 'terminal'))
  if (isFull) {
    writeFileSync(join(here, '..', 'docs', 'benchmarks.svg'), chart(results))
    renew(join(here, '..', 'docs', 'benchmarks.md'), report(results, 'markdown'))
  }
} finally {
  await load.stop()
  rmSync(folder, { recursive: true, force: true })
}

async function measure(): Promise<Results> {
  const begunAt = new Date()
  const compared = isPostgresAlone || isSearchAlone ? nothing : await compare()
  const search = isAll || isSearchAlone ? await compareSearch() : undefined
  const postgres = isFull || isPostgresAlone ? await measurePostgres(load, onPostgres()) : undefined
  return { begunAt, ...compared, search, postgres, cases: chosen, ...effort }
}

async function compare(): Promise<Compared> {
  const servers = prepareServers(folder)
  const contenders: Contender[] = []
  for (const description of servers.descriptions) {
    const withCrowd = chosen.some(({ isOfCrowd }) => isOfCrowd)
    contenders.push(await prepare(description, Math.max(...levels), withCrowd))
  }
  const samples = await measureRounds(load, contenders, { cases: chosen, levelsOf, ...effort })
  const memory = await Promise.all(contenders.map(memoryOf))
  await Promise.all(contenders.map(({ server }) => server.stop()))
  if (values.only) return { ...nothing, samples, memory }
  process.stderr.write('One writer alone, start, memory, durability, overload …\n')
  const longer = { ...effort, warmUpSeconds: compilingSeconds }
  const alone = await measureAlone(servers, load, folder, longer)
  const footprint = await measureFootprint(servers, load, effort, mixSeconds)
  return { samples, memory, alone, footprint, extremes: await measureExtremes(servers, load, longer) }
}

function compareSearch(): Promise<SearchFigures[]> {
  process.stderr.write('Search …\n')
  return measureSearch(prepareServers(folder), load, effort, !isQuick)
}

function levelsOf(each: Case): number[] {
  return levels.length > 1 ? levels : [comparedAt(each)]
}

/** Without logins, whose cost is the hash and so the same on both engines, and without a crowd. */
function onPostgres(): Plan {
  const fewer = chosen.filter(({ name, isOfCrowd }) => name !== 'Login' && !isOfCrowd)
  return { cases: fewer, levelsOf: (each) => [comparedAt(each)], ...effort }
}

async function memoryOf({
  description: { name },
  server,
  idleBytes,
}: Contender): Promise<Results['memory'][number]> {
  const { residentBytes } = await server.usage()
  return { server: name, idleBytes, loadedBytes: residentBytes }
}

/** Replaces the measured block of the page. */
function renew(page: string, measured: string): void {
  const around = /(?<=<!-- measured -->\n).*(?=<!-- end -->)/s
  writeFileSync(
    page,
    readFileSync(page, 'utf8').replace(around, () => `\n${measured}\n`),
  )
}
