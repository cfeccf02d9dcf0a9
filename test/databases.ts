import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'

/** The PostgreSQL that the tests run on; undefined where they run on SQLite. `npm test` sets it. */
export const postgresUrl = process.env['DOCKET_TEST_DATABASE']

/** What a test that is about PostgreSQL says to be skipped without one. */
export const postgresOnly = { skip: postgresUrl === undefined && 'there is no PostgreSQL' }

/** A database of one test's own: the variables that lead a server to it, and its end. */
export interface TestDatabase {
  env: Record<string, string>
  drop(): Promise<void>
}

/** Makes an empty database, on the engine that the tests run on. */
export function createDatabase(): Promise<TestDatabase> {
  return postgresUrl === undefined ? createFile() : createSchema(postgresUrl)
}

async function createFile(): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'docket-test-'))
  return {
    env: { DATABASE_URL: `sqlite:${join(folder, 'docket.db')}` },
    drop: async () => rmSync(folder, { recursive: true }),
  }
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

async function run(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
