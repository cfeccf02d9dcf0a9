import { cpus, totalmem } from 'node:os'
import type { Alone } from './alone.ts'
import { comparedAt, type Case } from './cases.ts'
import type { Extremes } from './extremes.ts'
import { figuresOf } from './figures.ts'
import type { Footprint } from './footprint.ts'
import { isPinned } from './processes.ts'
import type { PostgresResults } from './postgres.ts'
import type { Sample } from './rounds.ts'
import { searchTable, type SearchFigures } from './search.ts'
import type { Description } from './servers.ts'
import { median, spread } from './statistics.ts'
import { count, section, type Medium, type Table } from './tables.ts'

type Name = Description['name']

export interface Results {
  begunAt: Date
  cases: Case[]
  samples: Sample[]
  memory: { server: Name; idleBytes: number; loadedBytes: number }[]
  alone: Alone | undefined
  footprint: Footprint | undefined
  extremes: Extremes | undefined
  search: SearchFigures[] | undefined
  postgres: PostgresResults | undefined
  seconds: number
  rounds: number
}

/** The results as text and tables. */
export function report(results: Results, medium: Medium): string {
  const { begunAt, seconds, rounds, samples, search, postgres } = results
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${process.arch}`
  const pinned = isPinned
    ? 'server and load generator on one core each'
    : 'server and load generator not pinned, which this system does not support'
  const head = `${begunAt.toISOString().slice(0, 10)}, ${machine}, Node ${process.version}; ${rounds} rounds of ${seconds} s, ${pinned}; medians, ± half the spread of the rounds.`
  const parts = [head]
  if (samples.length > 0) {
    parts.push(
      ...section('Targets', medium, ratios(results), fieldsOfEach),
      ...section('Cases', medium, rates(results)),
    )
  }
  const figures = figuresOf(results)
  if (figures.length > 1)
    parts.push(...section('One writer alone, start, memory, durability, overload', medium, figures))
  if (search) parts.push(...section('Search', medium, searchTable(search)))
  if (postgres) {
    const table = postgres.version === undefined ? [] : besidePostgres(results, postgres)
    parts.push(...section('PostgreSQL', medium, table, circumstances(postgres)))
  }
  return `${parts.join('\n\n')}\n`
}

const fieldsOfEach =
  'The tasks of Docket, which bare node:http repeats, have three labels and a project. Those of Express and Fastify + Drizzle are plain: these servers have no such fields.'

/** Server CPU for one request compared to the limit and the peers, at 64 connections, or one for the login. */
function ratios({ cases, samples }: Results): Table {
  const head = [
    'case',
    'Docket, µs',
    'bare, µs',
    '× bare',
    'at most',
    'moonshot',
    'Express, × Docket',
    'Fastify + Drizzle, × Docket',
  ]
  const rows = cases.map((each) => {
    const { name, target } = each
    const of = (server: Name) => cpuOf(samples, name, server, comparedAt(each))
    const docket = of('Docket')
    return [
      name,
      docket.toFixed(1),
      of('bare node:http').toFixed(1),
      name === 'Login' ? '–' : (docket / of('bare node:http')).toFixed(2),
      target ? String(target.most) : '–',
      target?.moonshot ? String(target.moonshot) : '–',
      times(of('Express') / docket),
      times(of('Fastify + Drizzle') / docket),
    ]
  })
  return [head, ...rows]
}

const times = (ratio: number): string => (Number.isNaN(ratio) ? '–' : ratio.toFixed(1))

/** The median CPU in microseconds that a server used for one request; NaN where it was not measured. */
export const cpuOf = (samples: Sample[], name: string, server: Name, connections: number): number =>
  median(matching(samples, name, server, connections).map(({ cpuMicros }) => cpuMicros))

const matching = (samples: Sample[], name: string, server: Name, connections: number) =>
  samples.filter((each) => each.case === name && each.server === server && each.connections === connections)

function rates({ cases, samples }: Results): Table {
  const head = [
    'case',
    'connections',
    'server',
    'responses/s',
    '±',
    'p50 ms',
    'p99 ms',
    'CPU µs',
    '±',
    'refused/s',
    'failed',
  ]
  const levels = [...new Set(samples.map(({ connections }) => connections))]
  const servers = [...new Set(samples.map(({ server }) => server))]
  const rows = cases.flatMap(({ name }) =>
    levels.flatMap((connections) =>
      servers.flatMap((server) => {
        const rounds = matching(samples, name, server, connections)
        const of = (key: 'perSecond' | 'refusedPerSecond' | 'p50' | 'p99' | 'cpuMicros' | 'failed') =>
          rounds.map((round) => round[key])
        if (rounds.length === 0) return []
        const half = (values: number[]) => `${((spread(values) / 2) * 100).toFixed(0)} %`
        return [
          [
            name,
            String(connections),
            server,
            count(median(of('perSecond'))),
            half(of('perSecond')),
            median(of('p50')).toFixed(2),
            median(of('p99')).toFixed(2),
            count(median(of('cpuMicros'))),
            half(of('cpuMicros')),
            count(median(of('refusedPerSecond'))),
            String(Math.max(...of('failed'))),
          ],
        ]
      }),
    ),
  )
  return [head, ...rows]
}

function circumstances({ version }: PostgresResults): string {
  if (version === undefined) return 'Left out, since no PostgreSQL is installed on this machine.'
  const place =
    cpus().length === 2 ? 'on one core with the load generator' : 'on the cores that the server does not use'
  return `PostgreSQL ${version} with its defaults, ${isPinned ? place : 'not pinned'}; 64 connections. CPU is that of the Node process, without PostgreSQL's.`
}

/** Docket on PostgreSQL compared to `bare pg`, which sends the same statements with hardly any code. */
function besidePostgres({ cases }: Results, { samples }: PostgresResults): Table {
  const docketHead = ['Docket, CPU µs', '±', 'responses/s', 'p50 ms', 'p99 ms', 'refused/s']
  const head = ['case', ...docketHead, 'bare pg, CPU µs', '±', 'its responses/s', '× bare pg', 'failed']
  const rows = cases.flatMap((each) => {
    const docket = matching(samples, each.name, 'Docket on PostgreSQL', comparedAt(each))
    const bare = matching(samples, each.name, 'bare pg', comparedAt(each))
    if (docket.length === 0) return []
    const failed = [...docket, ...bare].map((sample) => sample.failed)
    return [
      [
        each.name,
        ...cpuAndRate(docket),
        middle(docket, 'p50').toFixed(2),
        middle(docket, 'p99').toFixed(2),
        count(middle(docket, 'refusedPerSecond')),
        ...cpuAndRate(bare),
        (middle(docket, 'cpuMicros') / middle(bare, 'cpuMicros')).toFixed(2),
        String(Math.max(...failed)),
      ],
    ]
  })
  return [head, ...rows]
}

const middle = (samples: Sample[], key: 'cpuMicros' | 'perSecond' | 'p50' | 'p99' | 'refusedPerSecond') =>
  median(samples.map((sample) => sample[key]))

function cpuAndRate(samples: Sample[]): string[] {
  const half = spread(samples.map(({ cpuMicros }) => cpuMicros)) / 2
  const rate = count(middle(samples, 'perSecond'))
  return [count(middle(samples, 'cpuMicros')), `${(half * 100).toFixed(0)} %`, rate]
}
