import { resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Config } from './config.ts'
import { OperatorError } from './core/errors.ts'
import type { Database } from './database/database.ts'
import type { Warn } from './database/postgres.ts'
import { continueRestored, lockSqlite, migrateSqlite, openSqlite } from './database/sqlite.ts'
import { readSecretFile } from './secret.ts'

/** Loaded on demand, since a server on SQLite can save the driver's memory. */
const postgres = () => import('./database/postgres.ts')

const longestWaitMs = 60_000
const retryEveryMs = 500

type Secrets = readonly [string, ...string[]]

/** An open database. */
export interface Storage {
  database: Database
  /** Where the data is stored, for messages. */
  place: string
  /** The migrations that were run when it was opened. */
  migrated: readonly string[]
  close(): Promise<void>
}

/** An open database and the secrets that belong to it. */
export interface ServerStorage extends Storage {
  secrets: Secrets
}

/** Whether the data is on a PostgreSQL server, which other nodes may share. */
export const isPostgres = ({ databaseUrl }: Config): boolean => !databaseUrl.startsWith('sqlite:')

/** The path in a `sqlite:` URL. */
export const sqlitePath = ({ databaseUrl }: Config): string => resolve(databaseUrl.slice('sqlite:'.length))

/**
 * Opens the database for a server, with its secrets. Waits up to a minute for a PostgreSQL server that is not there yet,
 * as when a whole machine starts. Throws OperatorError.
 */
export async function openStorage(
  config: Config,
  warn: Warn,
  longestMs = longestWaitMs,
): Promise<ServerStorage> {
  const storage = await openPatiently(config, warn, longestMs)
  try {
    return { ...storage, secrets: await explained(config, async () => secretsOf(config)) }
  } catch (error) {
    await storage.close()
    throw error
  }
}

async function openPatiently(config: Config, warn: Warn, longestMs: number): Promise<Storage> {
  const begunAt = performance.now()
  for (let hasTold = false; ; hasTold = true) {
    try {
      return await openAlone(config, warn)
    } catch (error) {
      if (!isPostgres(config) || !isNotYetThere(error) || performance.now() - begunAt > longestMs) throw error
      if (!hasTold) warn(`waiting for the database, up to ${longestMs / 1000} seconds`, error)
      await delay(retryEveryMs)
    }
  }
}

/** Whether nobody answers at the address, or a server that is still starting or a standby (SQLSTATEs 57P03, 25006). */
function isNotYetThere(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  if (!(cause instanceof Error)) return false
  const code = 'code' in cause ? String(cause.code) : ''
  return (
    /^(ECONN|ENOENT|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|57P03|25006)/.test(code) ||
    /time-?out/.test(cause.message)
  )
}

/**
 * Opens the database for a server, or for a command in its place: migrates it, and continues a restored backup beyond
 * the revisions that were given out. A SQLite file is locked against other servers. Warnings for the operator go to
 * `warn`. Throws OperatorError.
 */
export function openAlone(config: Config, warn: Warn): Promise<Storage> {
  return explained(config, async () => {
    if (isPostgres(config)) {
      const migrated = await (await postgres()).migratePostgres(config.databaseUrl)
      return { ...(await openBeside(config, warn)), migrated }
    }
    const path = sqlitePath(config)
    const lock = lockSqlite(path)
    const migrated = migrateSqlite(path)
    if (continueRestored(path)) warn(restoredWords)
    const storage = await openBeside(config, warn)
    return {
      ...storage,
      migrated,
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
    return { database, place: placeOf(config), migrated: [], close: () => database.close() }
  })
}

/** Runs the pending migrations and returns their names. Throws OperatorError. */
export function migrateStorage(config: Config): Promise<string[]> {
  return explained(config, async () => {
    if (isPostgres(config)) return (await postgres()).migratePostgres(config.databaseUrl)
    return locked(config, migrateSqlite)
  })
}

/** Continues a database that was restored by other means than from `docket backup`. Throws OperatorError. */
export function continueStorage(config: Config): Promise<void> {
  return explained(config, async () => {
    if (isPostgres(config)) {
      const { continueRestoredPostgres, migratePostgres } = await postgres()
      await migratePostgres(config.databaseUrl)
      return continueRestoredPostgres(config.databaseUrl)
    }
    locked(config, (path) => {
      migrateSqlite(path)
      continueRestored(path, true)
    })
  })
}

/** Runs `work` on a SQLite file that no server uses. */
function locked<T>(config: Config, work: (path: string) => T): T {
  const path = sqlitePath(config)
  const lock = lockSqlite(path)
  try {
    return work(path)
  } finally {
    lock.release()
  }
}

const restoredWords =
  'the database is a restored backup: revisions continue beyond all that were given out, and clients that sync start over'

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
