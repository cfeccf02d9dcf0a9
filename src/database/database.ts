import { default as sql, type Sql } from 'sql-template-tag'
import type { Measure } from '../core/measures.ts'
import type { Listener } from './listeners.ts'

export { default as sql, bulk, join, raw, empty, type Sql } from 'sql-template-tag'

/** Changes no row, and fails where nothing can be written. */
export const emptyWrite = sql`update owners set revision = revision where owner_id = ''`

const plannedEachTime = new WeakSet<Sql>()

/**
 * Marks a statement that PostgreSQL shall plan for its values, whenever it runs. Otherwise it soon has one plan for all
 * owners, which suits the usual one, who has few tasks.
 */
export function planEachTime(statement: Sql): Sql {
  plannedEachTime.add(statement)
  return statement
}

export const isPlannedEachTime = (statement: Sql): boolean => plannedEachTime.has(statement)

/** Runs statements. Rows are plain objects by column name; the caller gives their type. */
export interface Queryable {
  /** Returns all rows; none for a write without `returning`. */
  query<Row>(statement: Sql): Promise<Row[]>
  /** Returns the first row, or undefined if there is none. */
  first<Row>(statement: Sql): Promise<Row | undefined>
}

/** The transaction that is passed to a verb; throws if it is used after its end. */
export interface Transaction extends Queryable {
  /** Notifies the listeners on every node, after the commit, that this owner's data has changed. */
  announce(ownerId: string): Promise<void>
}

/**
 * The database behind the features; the same statements give the same results on every engine.
 * A read outside a transaction sees every transaction that resolved before the read began.
 */
export interface Database extends Queryable {
  /**
   * Runs the verb in a transaction and resolves once its writes are on disk. Await nothing but `tx` in a verb:
   * on SQLite the verbs of a batch run one after another on one connection. If the verb throws, its writes are
   * undone, and no others. It may run more than once, each time after its writes were undone, so it must
   * have no effect except through `tx`.
   * @throws AppError `storage-full` or `unavailable` if the engine could not write.
   */
  transaction<T>(verb: (tx: Transaction) => Promise<T>): Promise<T>
  /** Calls the listener with each owner whose data has changed, on any node. Returns a function that stops it. */
  listen(listener: Listener): () => void
  /** Resolves if the database responds; throws `unavailable` if not. */
  ping(): Promise<void>
  /** What an operator watches of it. */
  measures: readonly Measure[]
  /** Waits for what is running, then closes; later calls throw. */
  close(): Promise<void>
}
