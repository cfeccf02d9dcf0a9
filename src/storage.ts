import { resolve } from 'node:path'
import type { Config } from './config.ts'
import { OperatorError } from './core/errors.ts'
import type { Database } from './database/database.ts'
import type { Warn } from './database/postgres.ts'
import { lockSqlite, migrateSqlite, openSqlite } from './database/sqlite.ts'
import { readSecretFile } from './secret.ts'

/** Loaded on demand, since a server on SQLite can save the driver's memory. */
const postgres = () => import('./database/postgres.ts')

type Secrets = readonly [string, ...string[]]

/** An open database and the secrets that belong to it. */
export interface Storage {
  database: Database
  secrets: Secrets
  /** Where the data is stored, for messages. */
  place: string
  close(): Promise<void>
}

/** Whether the data is on a PostgreSQL server, which other nodes may share. */
export const isPostgres = ({ databaseUrl }: Config): boolean => !databaseUrl.startsWith('sqlite:')

/** The path in a `sqlite:` URL. */
export const sqlitePath = ({ databaseUrl }: Config): string => resolve(databaseUrl.slice('sqlite:'.length))

/**
 * Opens the database for a server and migrates it; a SQLite file is locked against other servers. Warnings for the
 * operator go to `warn`. Throws OperatorError.
 */
export function openStorage(config: Config, warn: Warn): Promise<Storage> {
  return explained(config, async () => {
    if (isPostgres(config)) {
      await (await postgres()).migratePostgres(config.databaseUrl)
      return openBeside(config, warn)
    }
    const path = sqlitePath(config)
    const lock = lockSqlite(path)
    migrateSqlite(path)
    const storage = await openBeside(config, warn)
    return {
      ...storage,
      async close() {
        await storage.close()
        lock.release()
      },
    }
  })
}

/** Opens a database that has the newest schema, while servers may be running on it. */
export function openBeside(config: Config, warn: Warn): Promise<Storage> {
  return explained(config, async () => {
    const database = isPostgres(config)
      ? await (await postgres()).openPostgres(config.databaseUrl, warn)
      : openSqlite(sqlitePath(config))
    return { database, secrets: secretsOf(config), place: placeOf(config), close: () => database.close() }
  })
}

/** Runs the pending migrations and returns their names. Throws OperatorError. */
export function migrateStorage(config: Config): Promise<string[]> {
  return explained(config, async () => {
    if (isPostgres(config)) return (await postgres()).migratePostgres(config.databaseUrl)
    const lock = lockSqlite(sqlitePath(config))
    try {
      return migrateSqlite(sqlitePath(config))
    } finally {
      lock.release()
    }
  })
}

function secretsOf(config: Config): Secrets {
  if (config.secrets) return config.secrets
  if (isPostgres(config))
    throw new OperatorError('DOCKET_SECRET must be set: the nodes of one database share it.')
  return readSecretFile(sqlitePath(config).replace(/(\.db)?$/, '.secret'))
}

/** The path of the file, or the URL of the server without user and password. */
function placeOf(config: Config): string {
  if (!isPostgres(config)) return sqlitePath(config)
  if (!URL.canParse(config.databaseUrl)) return 'PostgreSQL'
  const { host, pathname, searchParams } = new URL(config.databaseUrl)
  return `postgres://${searchParams.get('host') ?? host}${pathname}`
}

async function explained<T>(config: Config, open: () => Promise<T>): Promise<T> {
  try {
    return await open()
  } catch (error) {
    if (error instanceof OperatorError) throw error
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    throw new OperatorError(`The data cannot be kept in ${placeOf(config)}: ${reasonOf(cause)}.`, {
      cause: error,
    })
  }
}

/** A refused connection to a host with several addresses has a code but no message. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.message || ('code' in error && String(error.code)) || error.name
}
