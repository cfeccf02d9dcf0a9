import type { Sql } from 'sql-template-tag'
import type { Listener } from './listeners.ts'

export { default as sql, join, raw, empty, type Sql } from 'sql-template-tag'

/** Where statements can be sent. Rows are plain objects by column name, typed where they are read. */
export interface Queryable {
  /** Every row that the statement gives; none for a write without `returning`. */
  query<Row>(statement: Sql): Promise<Row[]>
  /** The first row, or undefined where there is none. */
  first<Row>(statement: Sql): Promise<Row | undefined>
}

/** A transaction as its verb sees it; of no use after its end. */
export interface Transaction extends Queryable {
  /** Tells those who listen, on every node, that this owner's things moved; once it is committed, not before. */
  announce(ownerId: string): Promise<void>
}

/**
 * The store behind the features; the same statements and the same answers on every engine.
 * Reads outside a transaction see what is committed, and all that was answered before they began.
 */
export interface Database extends Queryable {
  /**
   * Runs the verb in a transaction and answers once what it wrote has reached the disk. Inside it,
   * await nothing but `tx`: on SQLite the verbs of a batch run one after another on one connection.
   * A throw undoes what this verb wrote, and nothing else. It may be run more than once, each time as if
   * it had never run, so it changes nothing but through `tx`.
   * @throws AppError `storage-full` or `unavailable` where the engine could not write.
   */
  transaction<T>(verb: (tx: Transaction) => Promise<T>): Promise<T>
  /** Calls the listener with each owner whose things moved, on any node; answers how to stop it. */
  listen(listener: Listener): () => void
  /** Resolves if the database answers; throws `unavailable` if not. */
  ping(): Promise<void>
  /** Ends after what is under way; everything asked later throws. */
  close(): Promise<void>
}
