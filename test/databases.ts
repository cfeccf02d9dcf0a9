import { existsSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { migrateSqlite } from '../src/database/sqlite.ts'

/** The PostgreSQL that the tests run on; undefined where they run on SQLite. `npm test` sets it. */
export const postgresUrl = process.env['DOCKET_TEST_DATABASE']

/** What a test that is about PostgreSQL says to be skipped without one. */
export const postgresOnly = { skip: postgresUrl === undefined && 'there is no PostgreSQL' }

const leastRoom = 1024 ** 3

/** A database of one test's own: the variables that lead a server to it, and its end. */
export interface TestDatabase {
  env: Record<string, string>
  drop(): Promise<void>
}

/** Makes an empty database, on the engine that the tests run on. */
export async function createDatabase(): Promise<TestDatabase> {
  return postgresUrl === undefined ? createFile() : createSchema(postgresUrl)
}

/** Makes a database that has the newest schema, where that is quicker than to let the server make it. */
export async function createMigrated(): Promise<TestDatabase> {
  if (postgresUrl !== undefined) return createSchema(postgresUrl)
  const file = createFile()
  migrated ??= readMigrated()
  writeFileSync(file.path, migrated)
  return file
}

/** The bytes of a database that holds the newest schema alone. */
let migrated: Buffer | undefined

function readMigrated(): Buffer {
  const { folder, path } = createFile()
  migrateSqlite(path)
  const bytes = readFileSync(path)
  rmSync(folder, { recursive: true })
  return bytes
}

function createFile() {
  const folder = mkdtempSync(join(fastFolder, 'docket-test-'))
  const path = join(folder, 'docket.db')
  return {
    folder,
    path,
    env: { DATABASE_URL: `sqlite:${path}` },
    drop: async () => rmSync(folder, { recursive: true }),
  }
}

/** In memory where there is room: no test in this process is about what survives a power cut. */
const fastFolder = hasRoom('/dev/shm') ? '/dev/shm' : tmpdir()

function hasRoom(folder: string): boolean {
  if (!existsSync(folder)) return false
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize > leastRoom
}

/** A schema is as good as a database, quicker to make, and needs no more rights than Docket itself. */
async function createSchema(url: string): Promise<TestDatabase> {
  const name = `docket_test_${process.pid}_${(schemas += 1)}_${Date.now()}`
  const options = encodeURIComponent(`-c search_path=${name}`)
  await run(url, `create schema ${name}`)
  return {
    env: {
      DATABASE_URL: `${url}${url.includes('?') ? '&' : '?'}options=${options}`,
      DOCKET_SECRET: 'a secret of thirty-two bytes or more for tests',
    },
    drop: () => run(url, `drop schema ${name} cascade`),
  }
}

let schemas = 0

/** One connection makes and drops the schemas of this process, and does not keep it from ending. */
let connecting: Promise<AdminClient> | undefined
let running = 0

async function run(url: string, statement: string): Promise<void> {
  connecting ??= connect(url)
  const client = await connecting
  running += 1
  client.ref()
  try {
    await client.query(statement)
  } finally {
    running -= 1
    if (running === 0) client.unref()
  }
}

/** The types of pg leave these two out. */
type AdminClient = Client & { ref(): void; unref(): void }

async function connect(url: string): Promise<AdminClient> {
  const client = new Client({ connectionString: url }) as AdminClient
  await client.connect()
  return client
}
