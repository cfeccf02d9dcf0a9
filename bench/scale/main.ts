import { availableParallelism, cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { sql } from '../../src/database/database.ts'
import { userId, type Sizes } from './data.ts'
import { openEngine, type Engine } from './engine.ts'
import { fill } from './fill.ts'
import { measureIndexes } from './index-costs.ts'
import { measureQueries } from './measure.ts'
import { pageSize } from './queries.ts'

// npm run bench:scale -- [--database sqlite|postgres|URL] [--tasks N] [--owners N] [--heavy N] [--runs N] [--indexes]
// Fills a temporary or an empty database and prints a Markdown table of each query's plan and times.

const { values } = parseArgs({
  options: {
    database: { type: 'string', default: process.env['DATABASE_URL'] ?? 'sqlite' },
    tasks: { type: 'string', default: '1000000' },
    owners: { type: 'string' },
    heavy: { type: 'string' },
    runs: { type: 'string', default: '300' },
    /** Whether to measure what each index costs a write, instead of the queries. */
    indexes: { type: 'boolean', default: false },
  },
})
const tasks = Number(values.tasks)
const sizes: Sizes = {
  tasks,
  owners: Number(values.owners ?? Math.ceil(tasks / 100)),
  heavy: Number(values.heavy ?? Math.floor(tasks / 5)),
}
const runs = Number(values.runs)

await main()

async function main(): Promise<void> {
  const engine = await openEngine(values.database)
  try {
    const now = Date.now()
    await prepare(engine, now)
    print(`### ${engine.name}, ${tasks.toLocaleString('en')} tasks`)
    print(await circumstances(engine))
    if (values.indexes) await measureIndexes(engine, sizes, print)
    else await measureQueries(engine, sizes, runs, now, print)
  } finally {
    await engine.close()
  }
}

async function prepare(
  { database, isPostgres, startFilling, endFilling, name }: Engine,
  now: number,
): Promise<void> {
  const users = await database.query<{ id: string }>(sql`select id from users limit ${sizes.owners + 2}`)
  if (users.some(({ id }) => id === userId(0))) return // filled by an earlier run
  if (users.length > 0) throw new Error('the database has users: give an empty one')
  const begun = performance.now()
  await startFilling()
  await fill(database, sizes, now, !isPostgres, (done, total) => showProgress(name, done / total, begun))
  await endFilling()
}

function showProgress(name: string, part: number, begun: number): void {
  const width = 40
  const bar = '█'.repeat(Math.round(part * width)).padEnd(width, '░')
  const seconds = (performance.now() - begun) / 1000
  const left = part > 0 ? Math.round(seconds / part - seconds) : 0
  const end = part === 1 ? '\n' : ''
  process.stderr.write(
    `\r${name} ${bar} ${Math.floor(part * 100)} %, ${Math.round(seconds)} s, ${left} s left ${end}`,
  )
}

async function circumstances({ database, size }: Engine): Promise<string> {
  const ordinary = await database.first<{ average: number }>(
    sql`select count(*) / ${sizes.owners} as average from tasks where owner_id <> ${userId(0)}`,
  )
  const [cpu] = cpus()
  return [
    `${new Date().toISOString().slice(0, 10)}, ${availableParallelism()} cores (${cpu?.model.trim()}), Node ${process.versions.node};`,
    `${Math.round((await size()) / 2 ** 20).toLocaleString('en')} MiB;`,
    `the heavy owner has ${sizes.heavy.toLocaleString('en')} tasks, each of ${sizes.owners.toLocaleString('en')} others about ${Math.round(ordinary?.average ?? 0)};`,
    `pages of ${pageSize}; up to ${runs} runs for each query; milliseconds.\n`,
  ].join(' ')
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
