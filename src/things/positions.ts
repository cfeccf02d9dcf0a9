import { generateKeyBetween } from 'fractional-indexing'
import { column } from '../database/columns.ts'
import type { Writing } from '../revisions/revisions.ts'
import { optional } from './field.ts'
import type { Model } from './model.ts'
import type { Order } from './rules.ts'
import { findNeighbour, type Sibling } from './order-store.ts'

/** More characters than this a position does not have. */
const longestPosition = 100

/** The place of a thing among its siblings, in the order that the owner gives them. */
export const positionField = optional<string>({
  sent: {
    type: 'string',
    format: 'position',
    maxLength: longestPosition,
    description:
      'Where it stands among its siblings, by code points: a key of the fractional-indexing library. Left out at creation it comes after the last, left out of a PUT it stays; `move` finds one.',
    examples: ['a1'],
  },
  codec: column<string>('position'),
  default: '',
  isSettled: true,
  sort: true,
})

/** A position between two siblings, or beyond one of them; undefined where there is none left. */
export function positionBetween(from: Sibling | undefined, to: Sibling | undefined): string | undefined {
  if (from && to && from.position >= to.position) return undefined
  const position = generateKeyBetween(from?.position, to?.position)
  return position.length > longestPosition ? undefined : position
}

/** The position after the last of the siblings that a thing with these values has. */
export async function lastPosition(
  { table }: Model,
  { tx, actor }: Writing,
  order: Order,
  values: Readonly<Record<string, unknown>>,
): Promise<string> {
  const last = await findNeighbour(tx, table, actor.userId, order.siblingsOf(values), 'before')
  return positionBetween(last, undefined) ?? last?.position ?? ''
}
