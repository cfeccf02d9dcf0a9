import { formatInstant, parseInstant } from '../core/dates.ts'

/** What one column of a row holds. */
export type Stored = string | number | null

/** A row as the engine gives it, by column name. */
export type Row = Readonly<Record<string, Stored>>

/** How a value is kept in the columns of a row. */
export interface Codec<Value> {
  readonly columns: readonly string[]
  /** What the columns hold for a value, in their order. */
  store(value: Value): readonly Stored[]
  load(row: Row): Value
}

/** A value that one column holds as it is. */
export const column = <Value extends Stored>(name: string): Codec<Value> => ({
  columns: [name],
  store: (value) => [value],
  load: (row) => row[name] as Value,
})

/** An instant as text, kept as epoch milliseconds. */
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

/** The instants that are stored were written by `formatInstant`, so they can be parsed. */
function toMs(text: string): number {
  const ms = parseInstant(text)
  if (ms === undefined) throw new Error('an instant to store is none')
  return ms
}
