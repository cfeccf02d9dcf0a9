import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Sql } from 'sql-template-tag'
import { AppError, OperatorError } from '../core/errors.ts'
import { createCheckpoints } from './checkpoints.ts'
import { emptyWrite, type Database } from './database.ts'
import { createGroupCommit } from './group-commit.ts'
import { createListeners } from './listeners.ts'
import { fileMeasures, writable } from './measures.ts'
import { pendingMigrations } from './migrate.ts'
import type { Dialect } from './migrations/migration.ts'
import { noticeOthers } from './notice-others.ts'
import { backupMark, raiseRevisions } from './restored.ts'
import { isBusy, openConnection, type SqliteConnection } from './sqlite-connection.ts'

const busyTimeoutMs = 5000
const oldestSqlite = [3, 51, 3] as const
export const dialect: Dialect = {
  text: 'text',
  integer: 'integer',
  clustered: ' strict, without rowid',
  indexesAnyText: true,
  elements: (array) => `json_each(${array}) as element`,
}

/** Keeps a second server from using the same file; released when the process ends, however it ends. */
export interface SqliteLock {
  release(): void
}

/**
 * Locks the database file with an exclusive transaction on a small database beside it. Throws OperatorError while
 * another process holds the lock.
 */
export function lockSqlite(path: string): SqliteLock {
  makeFolder(path)
  const lock = openConnection(`${path}.lock`, 0)
  try {
    lock.exec('begin exclusive')
  } catch (cause) {
    lock.close()
    if (!isBusy(cause)) throw cause
    throw new OperatorError(
      `Another Docket is using ${path}: stop it first, or set DATABASE_URL to another file.`,
      { cause },
    )
  }
  return { release: () => lock.close() }
}

/** Runs the pending migrations and returns their names. Throws OperatorError. */
export function migrateSqlite(path: string): string[] {
  makeFolder(path)
  const connection = openWriter(path)
  try {
    connection.exec('begin immediate')
    const pending = pendingMigrations(appliedVersion(connection))
    for (const { version, migration } of pending) {
      for (const statement of migration.statements(dialect)) connection.exec(statement)
      const filling = migration.fill?.()
      for (let step = filling?.next(); step && !step.done;) step = filling?.next(connection.all(step.value))
      connection.exec(`pragma user_version = ${version}`)
    }
    connection.exec('commit')
    return pending.map(({ migration }) => migration.name)
  } finally {
    connection.close()
  }
}

/**
 * Raises the revisions of a restored file, once: if `docket backup` made it, or if the operator says that it was
 * restored. Returns whether it did.
 */
export function continueRestored(path: string, isRestored = false): boolean {
  const connection = openWriter(path)
  try {
    connection.exec('begin immediate')
    const isDue = isRestored || connection.pragma('application_id') === backupMark
    if (isDue) {
      connection.exec(raiseRevisions)
      connection.exec('pragma application_id = 0')
    }
    connection.exec('commit')
    return isDue
  } finally {
    connection.close()
  }
}

/**
 * Opens a file that has the newest schema. One connection writes, with group commit; another one reads, with one
 * snapshot for each turn of the event loop. Throws OperatorError if the file, SQLite or the schema cannot be used.
 */
export function openSqlite(path: string): Database {
  const writer = openWriter(path)
  if (pendingMigrations(appliedVersion(writer)).length > 0) {
    writer.close()
    throw new OperatorError(`The schema of ${path} is older than this program: run \`docket migrate\` first.`)
  }
  const reader = openReader(path)
  const listeners = createListeners()
  const checkpoints = createCheckpoints(path, writer)
  const commits = createGroupCommit(writer, reader.endSnapshot, checkpoints.keepUp, listeners.notify)
  const stopLooking = noticeOthers(writer, () => listeners.notify(undefined))

  return {
    query: async <Row>(statement: Sql) => reader.all<Row>(statement),
    first: async <Row>(statement: Sql) => reader.all<Row>(statement)[0],
    transaction: (verb) => commits.transaction(verb),
    listen: listeners.listen,
    async ping() {
      if (commits.isStuck()) await commits.transaction(async () => undefined) // ends it, or throws `unavailable`
      if (reader.pragma('user_version') === undefined)
        throw new AppError('unavailable', 'The database does not respond.')
    },
    measures: [
      ...commits.measures,
      ...fileMeasures(path),
      writable(() => commits.transaction(async (tx) => tx.query(emptyWrite))),
    ],
    async close() {
      stopLooking()
      await commits.close()
      await checkpoints.close()
      reader.close()
      writer.close()
    },
  }
}

interface Reader {
  all: SqliteConnection['all']
  pragma: SqliteConnection['pragma']
  endSnapshot(): void
  close(): void
}

/** All reads of one turn of the event loop share one snapshot, which is faster than one for each. */
function openReader(path: string): Reader {
  const connection = openConnection(path, busyTimeoutMs)
  connection.pragma('query_only = on')
  let closed = false
  const endSnapshot = () => {
    if (!closed && connection.inTransaction) connection.exec('commit')
  }
  return {
    all<Row>(statement: Sql) {
      if (!connection.inTransaction) {
        connection.exec('begin')
        setImmediate(endSnapshot)
      }
      return connection.all<Row>(statement)
    },
    pragma: connection.pragma,
    endSnapshot,
    close() {
      endSnapshot()
      closed = true
      connection.close()
    },
  }
}

function openWriter(path: string): SqliteConnection {
  const connection = openConnection(path, busyTimeoutMs)
  assertVersion(connection)
  setPragma(connection, 'journal_mode', 'wal', 'wal')
  setPragma(connection, 'synchronous', 'full', 2)
  setPragma(connection, 'foreign_keys', 'on', 1)
  setPragma(connection, 'temp_store', 'memory', 2) // otherwise savepoints copy pages to files in /tmp, a syscall each
  return connection
}

function setPragma(connection: SqliteConnection, name: string, wanted: string, expected: unknown): void {
  connection.pragma(`${name} = ${wanted}`)
  const actual = connection.pragma(name)
  if (actual !== expected)
    throw new OperatorError(`SQLite did not accept ${name} = ${wanted}: it stays at ${String(actual)}.`)
}

function assertVersion(connection: SqliteConnection): void {
  const version = String(connection.value('select sqlite_version()'))
  const parts = version.split('.').map(Number)
  const older = oldestSqlite.map((least, i) => (parts[i] ?? 0) - least).find((difference) => difference !== 0)
  if (older !== undefined && older < 0) {
    throw new OperatorError(
      `SQLite ${version} is too old: ${oldestSqlite.join('.')} or later is needed, as Node 26 brings it.`,
    )
  }
}

const appliedVersion = (connection: SqliteConnection) => Number(connection.pragma('user_version'))

/** Creates the missing folders. Node's recursive mkdir never returns in some places, such as below /proc. */
function makeFolder(path: string): void {
  const folder = dirname(path)
  if (existsSync(folder)) return
  makeFolder(folder)
  mkdirSync(folder, { mode: 0o700 })
}
