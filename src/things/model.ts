import { isDeepStrictEqual } from 'node:util'
import type { TProperties } from 'typebox'
import { formatInstant } from '../core/dates.ts'
import { column, instantColumn, type Codec, type Row, type Stored } from '../database/columns.ts'
import { optional, type Field, type Fields, type Range, type Sort, type Values } from './field.ts'
import type { Order, Rules } from './rules.ts'
import { clearableOf, schemasOf, type Schemas } from './schemas.ts'
import { tableOf, type Table } from './store.ts'

/** What every thing has beside its own fields; instants are RFC 3339 text. */
export type Thing = {
  id: string
  createdAt: string
  updatedAt: string
  revision: number
  [field: string]: unknown
}

/** A thing with these fields. */
export type ThingOf<Own extends Fields, ServerSet extends Fields> = Pick<Thing, 'id'> &
  Values<Own> &
  Values<ServerSet> &
  Pick<Thing, 'createdAt' | 'updatedAt' | 'revision'>

/** One kind of thing with a table and an address of its own, as its feature declares it. */
export interface Declaration<Own extends Fields, ServerSet extends Fields> {
  /** In the singular: `task`. */
  name: string
  /** The address of all of them: `/tasks`. */
  path: string
  table: string
  fields: Own
  /** The fields that follow from the others. */
  serverSet: ServerSet
  /** The fields that follow from the others, as of the change at this instant. */
  derive(values: Values<Own>, before: Values<ServerSet> | undefined, at: string): Values<ServerSet>
  /** Columns that are written and never read back. */
  unread?: Readonly<Record<string, Unread<ThingOf<Own, ServerSet>>>>
  order?: Order
  rules?: Rules<ThingOf<Own, ServerSet> & Thing>
  /** The query parameters of a deletion, beside `permanent`. */
  removal?: TProperties
  examples: Examples<ThingOf<Own, ServerSet>>
}

/** What a column holds that is not read back, and the fields that it follows from. */
export interface Unread<T> {
  from: readonly (keyof T)[]
  holds(thing: T): Stored
}

/** What the API's description shows of a kind; its test sends each body to a server that holds `thing`. */
export interface Examples<T> {
  thing: T
  /** `least` has a body with no more than is needed. */
  creation: Record<string, Shown<T>> & { least: Shown<T> }
  replacement: Record<string, Shown<T>>
  /** `usual` is what clients change most. */
  change: Record<string, Shown<T>> & { usual: Shown<T> }
}

/** A body with the answer to it. */
export interface Shown<T> {
  summary: string
  body: object
  status: number
  answer: T
}

/** A kind of thing with all that follows from its declaration. */
export interface Model<T extends Thing = Thing> {
  name: string
  path: string
  table: Table
  schemas: Schemas
  examples: Examples<T>
  /** Undefined where the owner gives things of this kind no order. */
  order: Order | undefined
  rules: Rules<T>
  removal: TProperties
  /** The names of the fields that null clears. */
  clearable: readonly string[]
  /** The names of the fields that a client decides. */
  fieldNames: readonly string[]
  /** The names of the fields whose values the journal keeps: these, and some that the server sets. */
  journalled: readonly string[]
  /** Every field that lists can use, by name. */
  listable: ReadonlyMap<string, Field>
  /** All fields that a client decides: what is not given has its default, and each value its one form. */
  complete(given: object): Partial<T>
  /** The fields that the server sets and an undo brings back, of those that it gives. */
  setBack(given: object): Partial<T>
  /** The fields of a thing after a merge patch (RFC 7396). */
  merged(before: T, patch: object): object
  /** A thing with these values, and what follows from them. */
  assemble(values: Partial<T>, before: Thing | undefined, stamps: Stamps): T
  fromRow(row: Row): T
  /** A thing of this kind that the journal kept, with the fields that were added since at their defaults. */
  recall(kept: object): T
  toRow(thing: Thing): Stored[]
  /** The columns of what a client and the kind decide, with what they hold of an erased thing. */
  erasedColumns: readonly [column: string, value: Stored][]
  /** The columns of the values that differ, with what they hold afterwards. */
  changedColumns(before: Thing, after: Thing): [column: string, value: Stored][]
}

/** What a write gives every thing. */
export type Stamps = Pick<Thing, 'id' | 'createdAt' | 'updatedAt' | 'revision'>

const stamps = {
  id: column<string>('id'),
  createdAt: instantColumn('created_at'),
  updatedAt: instantColumn('updated_at'),
  revision: column<number>('revision'),
}

/** Of an erased thing these columns stay. */
const stampColumns = new Set(Object.values(stamps).flatMap(({ columns }) => columns))
const noStamps: Stamps = { id: '', createdAt: formatInstant(0), updatedAt: formatInstant(0), revision: 0 }

/** The instants that every thing has, for its list. */
const listableStamps: Fields = {
  createdAt: stamp(stamps.createdAt, { name: 'created', words: 'Created', of: 'instant' }),
  updatedAt: stamp(stamps.updatedAt, { name: 'updated', words: 'Updated', of: 'instant' }),
}

function stamp(codec: Codec<string>, range: Range): Field<string> {
  return optional({ sent: {}, codec, default: '', sort: true, range })
}

/** Derives from a declaration all that the mechanisms ask of a kind. */
export function defineModel<Own extends Fields, ServerSet extends Fields>(
  declaration: Declaration<Own, ServerSet>,
): Model<ThingOf<Own, ServerSet> & Thing> {
  type T = ThingOf<Own, ServerSet> & Thing
  const { name, path, fields, serverSet, derive, examples } = declaration
  const members = membersOf({ ...fields, ...serverSet })
  const unread = Object.entries(declaration.unread ?? {})
  const own = Object.entries<Field>(fields)
  const setBack = Object.keys(serverSet).filter((key) => serverSet[key]?.isJournalled)
  const columns = [...members.flatMap(({ written }) => written), ...unread.map(([one]) => one)]
  const toRow = (thing: Thing): Stored[] => {
    const values: Stored[] = []
    for (const { key, store } of members) values.push(...store(thing[key]))
    for (const [, { holds }] of unread) values.push(holds(thing as T))
    return values
  }
  const blank = toRow({ ...mapDefaults(serverSet), ...mapDefaults(fields), ...noStamps })
  return {
    name,
    path,
    table: tableOf(
      declaration.table,
      columns,
      members.flatMap(({ codec }) => codec.columns),
    ),
    schemas: schemasOf(name, fields, serverSet, declaration.order?.fields),
    examples,
    order: declaration.order,
    rules: declaration.rules ?? {},
    removal: declaration.removal ?? {},
    clearable: clearableOf(fields),
    fieldNames: Object.keys(fields),
    journalled: [...Object.keys(fields), ...setBack],
    listable: new Map(Object.entries({ ...listableStamps, ...fields, ...serverSet })),
    complete(given) {
      const all = given as Record<string, unknown>
      const values: Record<string, unknown> = {}
      for (const [key, field] of own)
        values[key] = all[key] === undefined ? field.default : field.normalize(all[key])
      return values as Partial<T>
    },
    setBack: (given) =>
      Object.fromEntries(Object.entries(given).filter(([key]) => setBack.includes(key))) as Partial<T>,
    merged(before, patch) {
      const all: Record<string, unknown> = { ...before, ...patch }
      for (const [key, { merge }] of own) if (merge) all[key] = merge(before[key], all[key])
      return all
    },
    assemble: (values, before, { id, ...at }) =>
      ({
        id,
        ...values,
        ...derive(values as Values<Own>, before as Values<ServerSet> | undefined, at.updatedAt),
        ...at,
      }) as T,
    fromRow(row) {
      const thing: Record<string, unknown> = {}
      for (const { key, codec } of members) thing[key] = codec.load(row)
      return thing as T
    },
    recall: (kept) => ({ ...mapDefaults(serverSet), ...mapDefaults(fields), ...kept }) as T,
    toRow,
    erasedColumns: columns.flatMap((stored, i) =>
      stampColumns.has(stored) ? [] : [[stored, blank[i] ?? null]],
    ),
    changedColumns(before, after) {
      const changed: [string, Stored][] = []
      for (const { key, written, store } of members) {
        if (isSame(before[key], after[key])) continue
        store(after[key]).forEach((value, i) => changed.push([written[i] ?? '', value]))
      }
      for (const [unreadName, { from, holds }] of unread) {
        if (from.some((key) => !isSame(before[String(key)], after[String(key)])))
          changed.push([unreadName, holds(after as T)])
      }
      return changed
    },
  }
}

/** One member of a thing, and the columns that it is written to. */
interface Member {
  key: string
  codec: Codec<unknown>
  written: string[]
  store(value: unknown): readonly Stored[]
}

/** The members in the order in which answers and rows have them. */
function membersOf(fields: Fields): Member[] {
  const { id, ...others } = stamps
  return [
    memberOf('id', id),
    ...Object.entries(fields).map(([key, { codec, sort }]) => memberOf(key, codec, sort)),
    ...Object.entries(others).map(([key, codec]) => memberOf(key, codec)),
  ]
}

function memberOf(key: string, codec: Codec<unknown>, sort?: Sort): Member {
  const keyOf = sort?.keyOf
  if (!keyOf) return { key, codec, written: [...codec.columns], store: (value) => codec.store(value) }
  return {
    key,
    codec,
    written: [...codec.columns, sort.column],
    store: (value) => [...codec.store(value), keyOf(value)],
  }
}

const isSame = (a: unknown, b: unknown): boolean =>
  a === b || (typeof a === 'object' && isDeepStrictEqual(a, b))

const mapDefaults = (fields: Fields): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, field.default]))
