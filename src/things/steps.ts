import type { Change, Replaced, Writing } from '../revisions/revisions.ts'
import type { Model, Thing } from './model.ts'
import { lastPosition } from './positions.ts'
import type { Settled, Wanted } from './rules.ts'
import * as store from './store.ts'

// What the verbs are made of.

/** The values to write: those asked for, as the rules of the kind and the order of its things have them. */
export async function settle<T extends Thing>(
  model: Model<T>,
  writing: Writing,
  wanted: Wanted<T>,
): Promise<Settled<T>> {
  const settled = model.rules.settle ? await model.rules.settle(writing, wanted) : { values: wanted.values }
  return { ...settled, values: await placed(model, writing, settled.values, wanted.before) }
}

/** The values with a position: where none is given that from before, or the one after the last sibling. */
export async function placed<T extends Thing>(
  model: Model<T>,
  writing: Writing,
  values: Partial<T>,
  before?: T,
): Promise<Partial<T>> {
  if (!model.order || values['position'] !== '') return values
  const position = before?.['position'] ?? (await lastPosition(model, writing, model.order, values))
  return { ...values, position }
}

/** A thing with the instant of its deletion in epoch milliseconds, null where it is live. */
export interface Found<T> {
  thing: T
  deletedAt: number | null
  isErased: boolean
}

export async function findAny<T extends Thing>(
  model: Model<T>,
  { tx, actor }: Writing,
  id: string,
  state: store.State,
): Promise<Found<T> | undefined> {
  const row = await store.findRow(tx, model.table, actor.userId, id, state)
  return row && { thing: model.fromRow(row), deletedAt: row.deleted_at, isErased: row.purged_at !== null }
}

export const find = async <T extends Thing>(
  model: Model<T>,
  writing: Writing,
  id: string,
  state: store.State,
): Promise<T | undefined> => (await findAny(model, writing, id, state))?.thing

/** What a change that replaces this thing keeps of it: nothing of one that was erased. */
export const replacedBy = (earlier: Found<Thing> | undefined): Replaced | undefined =>
  earlier && !earlier.isErased ? { thing: earlier.thing, deletedAt: earlier.deletedAt } : undefined

/** Writes a whole thing in the place of the one that was there. */
export async function save<T extends Thing>(
  model: Model<T>,
  writing: Writing,
  thing: T,
  earlier?: Pick<Found<T>, 'thing' | 'isErased'>,
): Promise<void> {
  await store.saveRow(writing.tx, model.table, writing.actor.userId, model.toRow(thing))
  await model.rules.saved?.(writing, earlier?.isErased ? undefined : earlier?.thing, thing)
}

/** Writes a change of a thing under the owner's next revision, and returns that. */
export function record(
  { name: kind }: Model,
  { owner, now }: Writing,
  { id, revision: previous }: { id: string; revision: number | null },
  action: Change['action'],
  fields: Change['fields'],
  replaced?: Replaced,
): Promise<number> {
  return owner.record(now, { kind, id, previous, action, fields, ...(replaced && { replaced }) })
}
