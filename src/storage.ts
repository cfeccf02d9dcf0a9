import { resolve } from 'node:path'
import type { Config } from './config.ts'
import { OperatorError } from './core/errors.ts'
import type { Database } from './database/database.ts'
import type { Warn } from './database/postgres.ts'
import { lockSqlite, migrateSqlite, openSqlite } from './database/sqlite.ts'
import { readSecretFile } from './secret.ts'

/** Loaded where it is asked for: a server on SQLite has no use for the driver, and the memory for another. */
const postgres = () => import('./database/postgres.ts')

type Secrets = readonly [string, ...string[]]

/** The opened database with the secrets that go with it. */
export interface Storage {
  database: Database
  secrets: Secrets
  /** Where the data lies, for people. */
  place: string
  close(): Promise<void>
}

/** Whether the data is on a server, which other nodes may share, and not in a file. */
export const isPostgres = ({ databaseUrl }: Config): boolean => !databaseUrl.startsWith('sqlite:')

/** The file of a `sqlite:` URL. */
export const sqlitePath = ({ databaseUrl }: Config): string => resolve(databaseUrl.slice('sqlite:'.length))

/**
 * Opens the database for a server, with the newest schema; a file it has for itself alone. What its operator
 * should know later on is told through `warn`. Throws in words for the operator.
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

/** Opens the database beside servers that may be running on it, where it has the newest schema. */
export function openBeside(config: Config, warn: Warn): Promise<Storage> {
  return explained(config, async () => {
    const database = isPostgres(config)
      ? await (await postgres()).openPostgres(config.databaseUrl, warn)
      : openSqlite(sqlitePath(config))
    return { database, secrets: secretsOf(config), place: placeOf(config), close: () => database.close() }
  })
}

/** Brings the database to the newest schema; answers the steps taken. Throws in words for the operator. */
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

/** The file, or the server and the database on it without the user and password of the URL. */
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

/** A refused connection to a name with several addresses has a code and no message. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.message || ('code' in error && String(error.code)) || error.name
}
