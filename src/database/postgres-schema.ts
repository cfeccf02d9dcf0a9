import { Client } from 'pg'
import { OperatorError } from '../core/errors.ts'
import type { Row } from './columns.ts'
import { pendingMigrations } from './migrate.ts'
import type { Dialect } from './migrations/migration.ts'
import { connectionOptions } from './postgres-session.ts'
import { raiseRevisions } from './restored.ts'

const oldestServer = 15
/** Collation C compares text by its bytes, as SQLite does. */
export const dialect: Dialect = {
  text: 'text collate "C"',
  integer: 'bigint',
  clustered: '',
  indexesAnyText: false,
  elements: (array) => `json_array_elements(cast(${array} as json)) with ordinality as element (value, key)`,
}
const versionTable = 'schema_versions'
const migrationLock = '110429572130164' // "docket" in ASCII
const migrationLockTimeout = '60s'

/**
 * Runs the pending migrations, one node at a time, and returns their names. Throws OperatorError if the server
 * or the schema is not supported.
 */
export function migratePostgres(url: string): Promise<string[]> {
  return withClient(url, async (client) => {
    await assertServer(client)
    await client.query('begin')
    await client.query(`set local lock_timeout = '${migrationLockTimeout}'`)
    await client.query(`select pg_advisory_xact_lock(${migrationLock})`)
    const pending = pendingMigrations(await appliedVersion(client))
    if (pending.length > 0) {
      await client.query(
        `create table if not exists ${versionTable} (version bigint primary key, name text not null)`,
      )
    }
    for (const { version, migration } of pending) {
      // One message is one wait for the server, instead of one for each statement.
      await client.query(migration.statements(dialect).join(';\n'))
      const filling = migration.fill?.()
      for (let step = filling?.next(); step && !step.done;)
        step = filling?.next((await client.query<Row>(step.value)).rows)
      await client.query(`insert into ${versionTable} (version, name) values ($1, $2)`, [
        version,
        migration.name,
      ])
    }
    await client.query('commit')
    return pending.map(({ migration }) => migration.name)
  })
}

/** Raises the revisions of a restored database that has the newest schema. */
export function continueRestoredPostgres(url: string): Promise<void> {
  return withClient(url, async (client) => void (await client.query(raiseRevisions)))
}

/**
 * Checks the server before it is used. Throws OperatorError if its version, encoding or schema is not supported.
 * Returns a warning for each setting that can lose acknowledged writes.
 */
export function inspectPostgres(url: string): Promise<string[]> {
  return withClient(url, async (client) => {
    await assertServer(client)
    if (pendingMigrations(await appliedVersion(client)).length > 0) {
      throw new OperatorError(
        'The schema of the database is older than this program: run `docket migrate` first.',
      )
    }
    const settings = ['fsync', 'full_page_writes', 'synchronous_commit'] as const
    const dangers: string[] = []
    for (const name of settings) {
      if ((await setting(client, name)) === 'off') {
        dangers.push(
          `${name} is off on the database server: a crash there can lose writes that were acknowledged`,
        )
      }
    }
    return dangers
  })
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(connectionOptions(url))
  client.on('error', () => undefined) // the running statement rejects too
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

async function assertServer(client: Client): Promise<void> {
  const version = Number(await setting(client, 'server_version_num'))
  if (version < oldestServer * 10_000) {
    const current = await setting(client, 'server_version')
    throw new OperatorError(`PostgreSQL ${current} is too old: ${oldestServer} or later is needed.`)
  }
  const encoding = await setting(client, 'server_encoding')
  if (encoding !== 'UTF8') {
    throw new OperatorError(
      `The database has the encoding ${encoding}: create it again with \`encoding 'UTF8'\`.`,
    )
  }
}

async function appliedVersion(client: Client): Promise<number> {
  const exists = await value(client, `select to_regclass('${versionTable}') is not null`)
  return exists === true
    ? Number(await value(client, `select coalesce(max(version), 0) from ${versionTable}`))
    : 0
}

const setting = async (client: Client, name: string) => String(await value(client, `show ${name}`))

/** Returns the first column of the first row. */
async function value(client: Client, text: string): Promise<unknown> {
  const { rows } = await client.query<[unknown]>({ text, rowMode: 'array' })
  return rows[0]?.[0]
}
