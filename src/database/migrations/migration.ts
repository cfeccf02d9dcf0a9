import type { Row } from '../columns.ts'
import type { Sql } from '../database.ts'

/** The parts of `create table` that differ between the engines. */
export interface Dialect {
  text: string
  integer: string
  /** Ends a table whose rows should be stored in the order of its primary key, if the engine can do that. */
  clustered: string
  /** Whether an index can contain a text, however long it is. */
  indexesAnyText: boolean
  /** A table of the elements of a JSON array: `element` with `value` and, in their order, `key`. */
  elements(array: string): string
}

/** One migration: its name, and its statements for an engine. */
export interface Migration {
  name: string
  statements(dialect: Dialect): string[]
  /** Fills in what no SQL can compute: yields one statement after another, and is given the rows of each. */
  fill?(): Generator<Sql, void, Row[]>
}
