import { formatInstant, parseInstant } from '../core/dates.ts'

/** The value of one column of a row. */
export type Stored = string | number | null

/** A row as the engine gives it, by column name. */
export type Row = Readonly<Record<string, Stored>>

/** Converts a value to columns of a row and back. */
export interface Codec<Value> {
  readonly columns: readonly string[]
  /** Returns what to store in each of the columns. */
  store(value: Value): readonly Stored[]
  load(row: Row): Value
}

/** A value that is stored as it is. */
export const column = <Value extends Stored>(name: string): Codec<Value> => ({
  columns: [name],
  store: (value) => [value],
  load: (row) => row[name] as Value,
})

/** A list of texts, stored as JSON. */
export const listColumn = (name: string): Codec<readonly string[]> => ({
  columns: [name],
  store: (value) => [value.length === 0 ? '[]' : JSON.stringify(value)],
  load: (row) => (row[name] === '[]' ? [] : (JSON.parse(row[name] as string) as string[])),
})

/** A value that is stored as JSON; null as null. */
export const jsonColumn = <Value extends object>(name: string): Codec<Value | null> => ({
  columns: [name],
  store: (value) => [value === null ? null : JSON.stringify(value)],
  load: (row) => (row[name] === null ? null : (JSON.parse(row[name] as string) as Value)),
})

/** An instant in text form, stored as epoch milliseconds. */
export const instantColumn = (name: string): Codec<string> => ({
  columns: [name],
  store: (value) => [toMs(value)],
  load: (row) => formatInstant(row[name] as number),
})

/** An instant or null. */
export const nullableInstantColumn = (name: string): Codec<string | null> => ({
  columns: [name],
  store: (value) => [value === null ? null : toMs(value)],
  load: (row) => (row[name] === null ? null : formatInstant(row[name] as number)),
})

/** A date in one column, or an instant in another; null where both are null. */
export const dateOrInstantColumns = (date: string, instant: string): Codec<string | null> => ({
  columns: [date, instant],
  store(value) {
    const ms = value === null ? undefined : parseInstant(value)
    return ms === undefined ? [value, null] : [null, ms]
  },
  load: (row) =>
    row[instant] === null ? (row[date] as string | null) : formatInstant(row[instant] as number),
})

/** The text comes from `formatInstant`, so it can be parsed. */
function toMs(text: string): number {
  const ms = parseInstant(text)
  if (ms === undefined) throw new Error('an instant to store is not valid')
  return ms
}
