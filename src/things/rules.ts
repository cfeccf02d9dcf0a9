import type { Stored } from '../database/columns.ts'
import type { Queryable } from '../database/database.ts'
import type { Writing } from '../revisions/revisions.ts'
import type { Thing } from './model.ts'

/** A write as it was asked for, with every field that is not given at its default or its former value. */
export interface Wanted<T> {
  id: string
  /** The thing as it is, live or in the trash; undefined where it is created. */
  before: T | undefined
  values: Partial<T>
  /** The names of the fields that the client gives. */
  named: readonly string[]
  /** Whether a value that does not fit gives way, as where a thing comes out of the trash, or is refused. */
  givesWay: boolean
  /** Whether the thing is not live until this write: it is created, or comes out of the trash. */
  comesToLife: boolean
}

/** The values to write; `kept` is the id of another thing that was made to keep what this one was, if one was. */
export interface Settled<T> {
  values: Partial<T>
  kept?: string | undefined
}

/** What the query of a deletion says, beside `permanent`. */
export type Removal = Readonly<Record<string, unknown>>

/**
 * What the writes of one kind mean for other things. All of it happens in the transaction of the write. What goes
 * with a thing is written before the thing itself: an undo goes backwards, and so meets the thing first.
 */
export interface Rules<T extends Thing> {
  /**
   * Returns the values to write, and writes what they mean for things beside this one. Throws `validation-failed`,
   * `limit-reached`.
   */
  settle?(writing: Writing, wanted: Wanted<T>): Promise<Settled<T>>
  /** Called before a live thing gets other values. */
  changing?(writing: Writing, before: T, values: Partial<T>): Promise<void>
  /** Called before a thing goes to the trash. Throws `limit-reached`. */
  removing?(writing: Writing, thing: T, removal: Removal): Promise<void>
  /** Called before a thing comes out of the trash with these values. */
  restoring?(writing: Writing, thing: T, values: Partial<T>): Promise<void>
  /** Called before a thing is erased. Throws `limit-reached`. */
  erasing?(writing: Writing, thing: T, removal: Removal): Promise<void>
  /** Called after a thing was put back into the trash, which it had gone to by another revision. */
  removedAgain?(writing: Writing, from: number, to: number): Promise<void>
  /** Called after a thing was written: keeps what stands in tables beside its own. */
  saved?(writing: Writing, before: T | undefined, after: T): Promise<void>
  /** Called before what things of these ids held is overwritten: erases what stands in other tables. */
  erased?(writing: Writing, ids: readonly string[]): Promise<void>
  /** Called after things were swept from the trash. */
  swept?(tx: Queryable, things: { ownerId: string; id: string }[]): Promise<void>
}

/** The order that the owner gives to things of a kind, by a field `position`. */
export interface Order {
  /** The fields that decide who the siblings of a thing are: those that a move takes besides. */
  fields: readonly string[]
  /** The columns that the siblings of a thing with these values share. */
  siblingsOf(values: Readonly<Record<string, unknown>>): Record<string, Stored>
}
