import { DatabaseSync, type StatementSync, type SQLInputValue } from 'node:sqlite'
import type { Sql } from 'sql-template-tag'
import { AppError } from '../core/errors.ts'

const statementsKept = 500
const retryAfterSeconds = 1

/** One connection. It caches prepared statements by their text; rows are plain objects, errors are AppErrors. */
export interface SqliteConnection {
  all<Row>(statement: Sql): Row[]
  exec(text: string): void
  pragma(text: string): unknown
  /** Returns the first column of the first row. */
  value(text: string): unknown
  readonly inTransaction: boolean
  close(): void
}

interface Prepared {
  statement: StatementSync
  columns: string[]
}

/** Opens the file; the busy time-out is in milliseconds. */
export function openConnection(path: string, timeoutMs: number): SqliteConnection {
  const database = new DatabaseSync(path, { timeout: timeoutMs, enableForeignKeyConstraints: true })
  const prepared = new Map<string, Prepared>()

  const prepare = (text: string): Prepared => {
    const known = prepared.get(text)
    if (known) return known
    const statement = database.prepare(forSqlite(text))
    statement.setReturnArrays(true)
    if (prepared.size >= statementsKept) prepared.delete(prepared.keys().next().value ?? '')
    const fresh = { statement, columns: statement.columns().map(({ name }) => name) }
    prepared.set(text, fresh)
    return fresh
  }

  const value = (text: string) => guarded(() => Object.values(database.prepare(text).get() ?? {})[0])

  return {
    all<Row>(sql: Sql) {
      return guarded(() => {
        const { statement, columns } = prepare(sql.sql)
        return toObjects<Row>(statement.all(...(sql.values as SQLInputValue[])), columns)
      })
    },
    exec: (text) => guarded(() => void prepare(text).statement.run()),
    pragma: (text) => value(`pragma ${text}`),
    value,
    get inTransaction() {
      return database.isOpen && database.isTransaction
    },
    close() {
      if (database.isOpen) database.close()
    },
  }
}

/**
 * SQLite has no row locks and needs none: there is one writer at a time. It prepares a statement again whenever a bare
 * `limit ?` is bound, since it plans for the number.
 */
const forSqlite = (text: string): string =>
  text.replace(/ for update( skip locked)?$/, '').replaceAll('limit ?', 'limit ? + 0')

/** Rows are read as arrays, since `node:sqlite`'s own row objects have no prototype and are slow. */
function toObjects<Row>(rows: unknown, columns: string[]): Row[] {
  return (rows as unknown[][]).map((values) => {
    const row: Record<string, unknown> = {}
    for (let i = 0; i < columns.length; i++) row[columns[i] ?? ''] = values[i]
    return row as Row
  })
}

function guarded<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw toAppError(error)
  }
}

const sqliteBusy = 5
const sqliteFull = 13
const noRoomForSharedMemory = 4874 // IOERR_SHMSIZE
const outOfReach = new Set([sqliteBusy, 6, 8, 10, 14]) // LOCKED, READONLY, IOERR, CANTOPEN

/** Whether the error means that another connection holds the lock. */
export const isBusy = (error: unknown): boolean =>
  error instanceof AppError && (codeOf(error.cause) & 0xff) === sqliteBusy

/** Converts errors of the disk and the file; any other is returned as it is, and becomes an internal error. */
function toAppError(error: unknown): unknown {
  const code = codeOf(error)
  if ((code & 0xff) === sqliteFull || code === noRoomForSharedMemory) {
    return new AppError('storage-full', 'The disk is full: nothing was written. Reads still work.', {}, error)
  }
  if (!outOfReach.has(code & 0xff) && !isClosedError(error)) return error
  return new AppError('unavailable', 'The database cannot be used right now.', { retryAfterSeconds }, error)
}

const isClosedError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_INVALID_STATE'

const codeOf = (error: unknown): number =>
  error instanceof Error && 'errcode' in error ? Number(error.errcode) : 0
