import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import { Readable } from 'node:stream'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { pathToFileURL } from 'node:url'
import { findPostgres, startPostgres } from '../test/postgres-server.ts'

// Runs the tests on SQLite, then those that touch the database on PostgreSQL too: on TEST_DATABASE_URL,
// else on a server of our own, where the machine has the binaries. `npm test -- test/api/tasks*` runs some.

type Counts = Record<'tests' | 'suites' | 'passed' | 'failed' | 'cancelled' | 'skipped' | 'todo', number>
type TestEvent = ReturnType<typeof run> extends AsyncIterable<infer Event> ? Event : never

const onBoth = { folders: ['api', 'hostile'], files: ['copy.test.ts'] }
const onPostgresAlone = ['nodes', 'faults']
const counts = /^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) /
const total: Counts = { tests: 0, suites: 0, passed: 0, failed: 0, cancelled: 0, skipped: 0, todo: 0 }

const patterns = process.argv.slice(2)
const files = globSync(patterns.length > 0 ? patterns : 'test/**/*.test.ts').toSorted()
/** Files of these names, and those within folders of these names. */
const inFolders = (names: string[]) => (file: string) => names.some((name) => file.split(sep).includes(name))
const filesOnSqlite = files.filter((file) => !inFolders(onPostgresAlone)(file))
const filesOnPostgres = files.filter(inFolders([...onBoth.folders, ...onBoth.files, ...onPostgresAlone]))

const processes = availableParallelism()
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
  yield* suite('SQLite', filesOnSqlite, undefined)
  if (postgres) yield* suite(postgres.name, filesOnPostgres, postgres.url)
  const ms = Math.round(performance.now() - started)
  yield say(`ran on SQLite${postgres ? ` and on ${postgres.name}` : ' alone: there is no PostgreSQL here'}`)
  yield say(`tests ${total.tests}`)
  yield say(`suites ${total.suites}`)
  yield say(`pass ${total.passed}`)
  yield say(`fail ${total.failed}`)
  yield say(`cancelled ${total.cancelled}`)
  yield say(`skipped ${total.skipped}`)
  yield say(`todo ${total.todo}`)
  yield say(`duration_ms ${ms}`)
}

/** The events of the files on one engine, named after it, without the counts of this part. */
async function* suite(engine: string, part: string[], url: string | undefined) {
  if (part.length === 0) return
  if (url === undefined) delete process.env['DOCKET_TEST_DATABASE']
  else process.env['DOCKET_TEST_DATABASE'] = url
  const from = performance.now()
  for await (const event of run({ files: gathered(part), concurrency: processes })) {
    if (event.type === 'test:summary') {
      if (event.data.file === undefined) add(event.data.counts)
    } else if (event.type !== 'test:diagnostic' || !counts.test(event.data.message)) {
      yield named(event, engine)
    }
  }
  yield say(`${engine}: ${part.length} files in ${Math.round((performance.now() - from) / 1000)} s`)
}

/**
 * To load the server takes a process longer than most files of scenarios take to run, so these share a few
 * processes, one after another in each. The others have one of their own, and come after.
 */
function gathered(part: string[]): string[] {
  const sharing = part.filter(inFolders(onBoth.folders))
  const shards = Array.from({ length: processes }, (_, n) =>
    sharing.filter((_file, i) => i % processes === n),
  )
  const modules = shards
    .filter((shard) => shard.length > 0)
    .map((shard, i) => {
      const path = join(folder, `shard-${i + 1}.test.mjs`)
      const lines = shard.map((file) => `await import(${JSON.stringify(pathToFileURL(file).href)})\n`)
      writeFileSync(path, lines.join(''))
      return path
    })
  return [...modules, ...part.filter((file) => !sharing.includes(file))]
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
