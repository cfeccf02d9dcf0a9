import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { findPostgres, startPostgres, type PostgresServer } from '../test/postgres-server.ts'
import { here, leaveServersCore, type Load } from './processes.ts'
import { prepare, measureRounds, type Contender, type Plan, type Sample } from './rounds.ts'
import { main, type Description } from './servers.ts'

// The same on PostgreSQL, compared to the limit there: the same statements on the same database, with hardly any code.

/** The results; without samples if this machine has no PostgreSQL. */
export interface PostgresResults {
  version: string | undefined
  samples: Sample[]
}

const secret = 'a secret of thirty-two bytes or more for the benchmark'
const onDisk = '/var/tmp' // on disk, while /tmp may be in memory, which has no fsync

/** Starts a PostgreSQL with its defaults, and both servers on one of its databases. */
export async function measurePostgres(load: Load, plan: Plan): Promise<PostgresResults> {
  const binaries = findPostgres()
  if (!binaries) return { version: undefined, samples: [] }
  process.stderr.write(`PostgreSQL ${binaries.version} …\n`)
  leaveServersCore()
  if (existsSync(onDisk)) process.env['TMPDIR'] = onDisk
  const postgres = await startPostgres(binaries)
  const contenders: Contender[] = []
  try {
    const most = Math.max(...plan.cases.flatMap(plan.levelsOf))
    for (const description of descriptions(postgres)) contenders.push(await prepare(description, most))
    await analyze(postgres)
    return { version: postgres.version, samples: await measureRounds(load, contenders, plan) }
  } finally {
    await Promise.all(contenders.map(({ server }) => server.stop()))
    await postgres.remove()
  }
}

function descriptions(postgres: PostgresServer): Description[] {
  const env = () => ({
    PORT: '0',
    RATE_LIMIT: 'off',
    DATABASE_URL: postgres.url(),
    DOCKET_SECRET: secret,
  })
  return [
    { name: 'Docket on PostgreSQL', role: 'docket', file: main, env },
    { name: 'bare pg', role: 'limit', file: join(here, 'bare-pg.ts'), env },
  ]
}

/** So that autovacuum does not run in the middle of a round. */
async function analyze(postgres: PostgresServer): Promise<void> {
  const client = new Client({ connectionString: postgres.url() })
  await client.connect()
  await client.query('vacuum (analyze)')
  await client.end()
}
