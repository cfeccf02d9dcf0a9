import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'
import { migrations } from '../src/database/migrate.ts'
import { dialect as postgresDialect } from '../src/database/postgres-schema.ts'
import { dialect as sqliteDialect } from '../src/database/sqlite.ts'
import { postgresUrl, type TestDatabase } from './databases.ts'
import { password, userOf, type Docket, type User } from './harness.ts'

/** The rows of a schema. */
export const rowsOf = (version: number): URL => new URL(`./upgrade/${version}.sql`, import.meta.url)

/** Creates the schema as the first migrations did, and loads the rows of that time, and others after them. */
export async function fill(database: TestDatabase, version: number, others = ''): Promise<void> {
  const rows = readFileSync(rowsOf(version), 'utf8') + others
  const url = database.env['DATABASE_URL'] ?? ''
  const schema = migrations.slice(0, version)
  if (postgresUrl === undefined) {
    const file = new DatabaseSync(url.slice('sqlite:'.length))
    for (const { statements } of schema) file.exec(statements(sqliteDialect).join(';'))
    file.exec(`pragma user_version = ${version}; ${rows}`)
    return file.close()
  }
  const client = new Client({ connectionString: url })
  await client.connect()
  for (const { statements } of schema) await client.query(statements(postgresDialect).join(';'))
  await client.query('create table schema_versions (version bigint primary key, name text not null)')
  for (const [index, { name }] of schema.entries())
    await client.query('insert into schema_versions (version, name) values ($1, $2)', [index + 1, name])
  await client.query(rows)
  await client.end()
}

/** Logs a user of the rows in. */
export async function logIn({ request }: Docket, name: string): Promise<User> {
  const answer = await request('POST', '/auth/login', { body: { email: `${name}@example.com`, password } })
  assert.equal(answer.status, 200, answer.text)
  return userOf(answer.body, request)
}
