import { once } from 'node:events'
import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import { Readable } from 'node:stream'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { pathToFileURL } from 'node:url'
import { findPostgres, startPostgres } from '../test/postgres-server.ts'

// Runs the tests on SQLite, and those that touch the database on PostgreSQL too: on TEST_DATABASE_URL, else on
// a server of our own, where the machine has the binaries. `npm test -- test/api/tasks*` runs some.

type Counts = Record<'tests' | 'suites' | 'passed' | 'failed' | 'cancelled' | 'skipped' | 'todo', number>
type TestEvents = ReturnType<typeof run>
type TestEvent = TestEvents extends AsyncIterable<infer Event> ? Event : never

const onBoth = {
  folders: ['api', 'hostile'],
  files: ['copy.test.ts', 'restored.test.ts', 'replica-model.test.ts'],
}
const onPostgresAlone = ['nodes', 'faults']
/** Folders whose files may share a process, one after another. */
const sharing = [...onBoth.folders, 'unit', 'nodes', 'client', 'people']
/** Folders whose files share one process, since what they need is dear to start: a browser. */
const together = ['page']
/** Files that measure time, or that start processes which need a core: they run when the others are done. */
const alone = ['crash', 'faults', 'overload.test.ts', 'timing.test.ts']
/**
 * Jobs of a lower rank start first: those that take long before short ones, so that no core is left over at the end;
 * then those that want a core, of which the first ones mostly wait.
 */
const rank = { shared: 0, own: 1, faults: 2, alone: 3 } as const
const counts = /^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) /
const total: Counts = { tests: 0, suites: 0, passed: 0, failed: 0, cancelled: 0, skipped: 0, todo: 0 }

const patterns = process.argv.slice(2)
const files = globSync(patterns.length > 0 ? patterns : 'test/**/*.test.ts').toSorted()
/** Files of these names, and those within folders of these names. */
const inFolders = (names: string[]) => (file: string) => names.some((name) => file.split(sep).includes(name))
const isAlone = inFolders(alone)
const isFault = inFolders(['faults'])
const filesOnSqlite = files.filter((file) => !inFolders(onPostgresAlone)(file))
const filesOnPostgres = files.filter(inFolders([...onBoth.folders, ...onBoth.files, ...onPostgresAlone]))

const processes = availableParallelism()
const shardsOfAnEngine = 2 * processes
/** The many processes of the tests need not each compile the program anew. */
const compiled = join(import.meta.dirname, '..', 'node_modules', '.cache', 'test')
const folder = mkdtempSync(join(tmpdir(), 'docket-tests-'))
const started = performance.now()
const postgres = filesOnPostgres.length > 0 ? await openPostgres() : undefined
try {
  for await (const text of Readable.from(events()).compose(spec)) process.stdout.write(text)
} finally {
  await postgres?.close()
  rmSync(folder, { recursive: true })
}
if (total.failed + total.cancelled > 0) process.exitCode = 1

async function* events() {
  const engines: Engine[] = [
    ...(postgres ? [{ name: postgres.name, url: postgres.url, files: filesOnPostgres }] : []),
    { name: 'SQLite', url: undefined, files: filesOnSqlite },
  ]
  yield* inTurn(engines.flatMap(jobsOf))
  const ms = Math.round(performance.now() - started)
  yield say(`ran on ${ranOn()}`)
  yield say(`tests ${total.tests}`)
  yield say(`suites ${total.suites}`)
  yield say(`pass ${total.passed}`)
  yield say(`fail ${total.failed}`)
  yield say(`cancelled ${total.cancelled}`)
  yield say(`skipped ${total.skipped}`)
  yield say(`todo ${total.todo}`)
  yield say(`duration_ms ${ms}`)
}

function ranOn(): string {
  if (postgres) return filesOnSqlite.length > 0 ? `SQLite and on ${postgres.name}` : postgres.name
  return filesOnPostgres.length > 0 ? 'SQLite alone: there is no PostgreSQL here' : 'SQLite alone'
}

interface Engine {
  name: string
  url: string | undefined
  files: string[]
}

/** One process: a file, or several that share it. */
interface Job {
  engine: Engine
  file: string
  rank: (typeof rank)[keyof typeof rank]
}

/**
 * To load the server takes a process longer than most files of scenarios take to run, so these share a few
 * processes, one after another in each.
 */
function jobsOf(engine: Engine): Job[] {
  const shared = engine.files.filter((file) => inFolders(sharing)(file) && !isAlone(file))
  const shards = Array.from({ length: shardsOfAnEngine }, (_, n) =>
    shared.filter((_file, i) => i % shardsOfAnEngine === n),
  )
  const inOne = engine.files.filter(inFolders(together))
  const shardJobs = [...shards, inOne]
    .filter((shard) => shard.length > 0)
    .map((shard, i) => {
      const file = join(folder, `${engine.url === undefined ? 'sqlite' : 'postgres'}-${i + 1}.test.mjs`)
      const lines = shard.map((path) => `await import(${JSON.stringify(pathToFileURL(path).href)})\n`)
      writeFileSync(file, lines.join(''))
      return { engine, file, rank: rank.shared }
    })
  const ownJobs = engine.files
    .filter((file) => !shared.includes(file) && !inOne.includes(file))
    .map((file) => ({ engine, file, rank: rankOf(file) }))
  return [...shardJobs, ...ownJobs]
}

function rankOf(file: string): Job['rank'] {
  if (!isAlone(file)) return rank.own
  return isFault(file) ? rank.faults : rank.alone
}

/**
 * Runs the jobs and tells the events of each together: one more at once than there are cores, since most wait for
 * something now and then. Those that want a core come after them, one for each core.
 */
async function* inTurn(jobs: Job[]) {
  const waiting = jobs
    .toSorted((a, b) => a.rank - b.rank)
    .map((job) => ({ job, begun: Promise.withResolvers<TestEvents>() }))
  const runAll = async (some: typeof waiting, atOnce: number) => {
    const queue = some.values()
    const work = async () => {
      for (const { job, begun } of queue) {
        const running = start(job)
        begun.resolve(running)
        await once(running, 'test:summary')
      }
    }
    await Promise.all(Array.from({ length: atOnce }, work))
  }
  const working = runAll(
    waiting.filter(({ job }) => job.rank < rank.faults),
    processes + 1,
  ).then(() =>
    runAll(
      waiting.filter(({ job }) => job.rank >= rank.faults),
      processes,
    ),
  )
  for (const { job, begun } of waiting) yield* told(await begun.promise, job.engine)
  await working
}

function start({ engine, file }: Job): TestEvents {
  const { DOCKET_TEST_DATABASE: _, ...env } = process.env
  return run({
    files: [file],
    env: {
      ...env,
      NODE_COMPILE_CACHE: compiled,
      ...(engine.url !== undefined && { DOCKET_TEST_DATABASE: engine.url }),
    },
  })
}

/** The events of one job, named after its engine, without the counts of this part. */
async function* told(running: TestEvents, engine: Engine) {
  for await (const event of running) {
    if (event.type === 'test:summary') {
      if (event.data.file === undefined) add(event.data.counts)
    } else if (event.type !== 'test:diagnostic' || !counts.test(event.data.message)) {
      yield named(event, engine.name)
    }
  }
}

function add(more: Counts): void {
  for (const name of Object.keys(total) as (keyof Counts)[]) total[name] += more[name]
}

/** A test on the top level is told with its engine. */
function named(event: TestEvent, engine: string) {
  const { type, data } = event
  if (!('name' in data && 'nesting' in data) || data.nesting > 0) return event
  return { type, data: { ...data, name: `${data.name} · ${engine}` } }
}

function say(message: string) {
  return { type: 'test:diagnostic', data: { nesting: 0, message, level: 'info' } }
}

interface Postgres {
  name: string
  url: string
  close(): Promise<void>
}

async function openPostgres(): Promise<Postgres | undefined> {
  const url = process.env['TEST_DATABASE_URL']
  if (url) return { name: 'PostgreSQL of TEST_DATABASE_URL', url, close: async () => undefined }
  const binaries = findPostgres()
  if (!binaries) return undefined
  const server = await startPostgres(binaries, {
    fsync: 'off',
    full_page_writes: 'off',
    autovacuum: 'off',
    jit: 'off',
    max_connections: '500',
  })
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => void server.remove().finally(() => process.exit(1)))
  }
  return { name: `PostgreSQL ${binaries.version}`, url: server.url(), close: () => server.remove() }
}
