import { generateNKeysBetween } from 'fractional-indexing'
import { AppError, invalidField, notFound } from '../core/errors.ts'
import { always, type Match } from '../core/match.ts'
import type { Writing } from '../revisions/revisions.ts'
import type { Written } from './kind.ts'
import { assertFew, mostAtOnce } from './limits.ts'
import type { Model, Thing } from './model.ts'
import { findNeighbour, findSibling, listSiblings, type Sibling } from './order-store.ts'
import { positionBetween } from './positions.ts'
import type { Order } from './rules.ts'
import { find, settle } from './steps.ts'
import { change } from './verbs.ts'

/** Where a thing shall stand: before or after a sibling, where null is the very end or the very beginning. */
export interface Place {
  before?: string | null | undefined
  after?: string | null | undefined
}

/** The siblings between which a thing shall stand. */
interface Gap {
  from: Sibling | undefined
  to: Sibling | undefined
}

/**
 * Puts a live thing at a place among its siblings, or among those of the fields that are given with it. Where no
 * position is left between two of them, all get new ones. Throws `not-found`, `precondition-failed`,
 * `validation-failed`, `limit-reached`.
 */
export async function move<T extends Thing>(
  model: Model<T>,
  order: Order,
  writing: Writing,
  id: string,
  { before, after, ...fields }: Place & Record<string, unknown>,
  match: Match,
): Promise<Written<T>> {
  if ((before === undefined) === (after === undefined)) throw eitherOr()
  const thing = (await find(model, writing, id, 'live')) ?? notFound()
  match.assertHolds(thing.revision)
  const asked = { before: thing, values: model.complete({ ...thing, ...fields }), named: Object.keys(fields) }
  const { values } = await settle(model, writing, { id, ...asked, givesWay: false, comesToLife: false })
  const siblings = order.siblingsOf(values)
  const gapNow = () => findGap(model, writing, siblings, id, { before, after })

  let gap = await gapNow()
  const stays = JSON.stringify(siblings) === JSON.stringify(order.siblingsOf(thing))
  if (stays && isWithin(thing, gap)) return { thing, isNew: false, revision: undefined }
  if (positionBetween(gap.from, gap.to) === undefined) {
    await spread(model, writing, siblings, id)
    gap = await gapNow()
  }
  return change(model, writing, id, { ...fields, position: positionBetween(gap.from, gap.to) }, always)
}

async function findGap(
  { table }: Model,
  { tx, actor }: Writing,
  siblings: ReturnType<Order['siblingsOf']>,
  id: string,
  { before, after }: Place,
): Promise<Gap> {
  const neighbour = (side: 'before' | 'after', next?: Sibling) =>
    findNeighbour(tx, table, actor.userId, siblings, side, next, id)
  const target = before ?? after ?? null
  const found =
    target === null || target === id
      ? undefined
      : await findSibling(tx, table, actor.userId, siblings, target)
  if (target !== null && !found) throw notThere(before === undefined ? '/after' : '/before')
  return before === undefined
    ? { from: found, to: await neighbour('after', found) }
    : { from: await neighbour('before', found), to: found }
}

/** Whether a thing stands in the gap already. */
const isWithin = (thing: Thing, { from, to }: Gap): boolean =>
  (!from || comesBefore(from, thing)) && (!to || comesBefore(thing, to))

function comesBefore(a: { id: string; position?: unknown }, b: { id: string; position?: unknown }): boolean {
  const [x, y] = [String(a.position), String(b.position)]
  return x === y ? a.id < b.id : x < y
}

/** Gives every sibling but one a new position, in the same order. */
async function spread(
  model: Model,
  writing: Writing,
  siblings: ReturnType<Order['siblingsOf']>,
  but: string,
): Promise<void> {
  const { tx, actor } = writing
  const all = await listSiblings(tx, model.table, actor.userId, siblings, but, mostAtOnce)
  assertFew(all.length + 1)
  const positions = generateNKeysBetween(null, null, all.length)
  for (const [i, sibling] of all.entries())
    await change(model, writing, sibling.id, { position: positions[i] }, always)
}

function eitherOr(): AppError {
  const detail = 'must have either before or after, each the id of a sibling or null'
  return new AppError('validation-failed', `The body ${detail}.`, { faults: [{ pointer: '', detail }] })
}

const notThere = (pointer: string): AppError =>
  invalidField(pointer, 'must be null, or the id of another thing that stands there, not in the trash')
