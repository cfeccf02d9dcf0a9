import { formatInstant } from '../core/dates.ts'
import { column, instantColumn, type Codec, type Stored } from '../database/columns.ts'
import type { Fields, Sort } from './field.ts'
import type { Thing } from './model.ts'

// How the members of a thing are stored.

/** What a write gives every thing. */
export type Stamps = Pick<Thing, 'id' | 'createdAt' | 'updatedAt' | 'revision'>

export const stamps = {
  id: column<string>('id'),
  createdAt: instantColumn('created_at'),
  updatedAt: instantColumn('updated_at'),
  revision: column<number>('revision'),
}

/** Of an erased thing these columns stay. */
export const stampColumns = new Set(Object.values(stamps).flatMap(({ columns }) => columns))
export const noStamps: Stamps = {
  id: '',
  createdAt: formatInstant(0),
  updatedAt: formatInstant(0),
  revision: 0,
}

/** One member of a thing, and the columns that it is written to. */
export interface Member {
  key: string
  codec: Codec<unknown>
  written: string[]
  store(value: unknown): readonly Stored[]
}

/** The members in the order in which answers and rows have them. */
export function membersOf(fields: Fields): Member[] {
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
