import { resolve } from 'node:path'
import type { Config } from './config.ts'
import { OperatorError } from './core/errors.ts'
import type { Database } from './database/database.ts'
import { lockSqlite, migrateSqlite, openSqlite } from './database/sqlite.ts'
import { readSecretFile } from './secret.ts'

/** The opened database with the secrets that go with it. */
export interface Storage {
  database: Database
  secrets: readonly [string, ...string[]]
  /** Where the data lies, for people. */
  place: string
  close(): Promise<void>
}

/** The file of a `sqlite:` URL. */
export const sqlitePath = ({ databaseUrl }: Config): string => resolve(databaseUrl.slice('sqlite:'.length))

/** Opens the database for a server: alone on its file, with the newest schema. Throws in words for the operator. */
export function openStorage(config: Config): Storage {
  const path = sqlitePath(config)
  return explained(path, () => {
    const lock = lockSqlite(path)
    migrateSqlite(path)
    const storage = openBeside(config)
    return {
      ...storage,
      async close() {
        await storage.close()
        lock.release()
      },
    }
  })
}

/** Opens the database beside a server that may be running on it: for one short task, and the newest schema only. */
export function openBeside(config: Config): Storage {
  const path = sqlitePath(config)
  return explained(path, () => {
    const database = openSqlite(path)
    const secrets = config.secrets ?? readSecretFile(path.replace(/(\.db)?$/, '.secret'))
    return { database, secrets, place: path, close: () => database.close() }
  })
}

/** Brings the database to the newest schema; answers the steps taken. Throws in words for the operator. */
export function migrateStorage(config: Config): string[] {
  const path = sqlitePath(config)
  return explained(path, () => {
    const lock = lockSqlite(path)
    try {
      return migrateSqlite(path)
    } finally {
      lock.release()
    }
  })
}

function explained<T>(path: string, open: () => T): T {
  try {
    return open()
  } catch (error) {
    if (error instanceof OperatorError) throw error
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new OperatorError(`The data can not be kept in ${path}: ${reason}.`, { cause: error })
  }
}
