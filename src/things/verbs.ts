import { formatInstant } from '../core/dates.ts'
import { invalidField, notFound } from '../core/errors.ts'
import type { Match } from '../core/match.ts'
import { eraseAnswers } from '../idempotency/idempotency.ts'
import {
  changedFields,
  eraseHistory,
  type Change,
  type Replaced,
  type Writing,
} from '../revisions/revisions.ts'
import type { Written } from './kind.ts'
import type { Model, Thing } from './model.ts'
import * as store from './store.ts'

/** Creates a thing, in the place of an earlier one with this id that was deleted, if there is one. */
export async function create<T extends Thing>(
  model: Model<T>,
  writing: Writing,
  id: string,
  given: object,
  earlier?: Found<T>,
): Promise<Written<T>> {
  const values = model.complete(given)
  const changed = changedFields({}, values, model.fieldNames)
  const previous = earlier?.thing.revision ?? null
  const revision = await record(
    model,
    writing,
    { id, revision: previous },
    'create',
    changed,
    replacedBy(earlier),
  )
  const at = formatInstant(writing.now)
  const thing = model.assemble(values, undefined, { id, createdAt: at, updatedAt: at, revision })
  await save(model, writing, thing)
  return { thing, isNew: true, revision }
}

/** Replaces the fields of a thing, or creates one under the client's own id where `match` allows it. */
export async function replace<T extends Thing>(
  model: Model<T>,
  writing: Writing,
  id: string,
  body: object,
  match: Match,
): Promise<Written<T>> {
  if ('id' in body && body.id !== undefined && body.id !== id)
    throw invalidField('/id', 'must be the id of the path, or left out')
  const before = await find(model, writing, id, 'live')
  if (!before && !match.mayCreate) notFound()
  match.assertHolds(before?.revision)
  if (before) return update(model, writing, before, model.complete(body))
  return create(model, writing, id, body, await findAny(model, writing, id, 'deleted'))
}

/** Changes some fields of a live thing (RFC 7396). */
export async function change<T extends Thing>(
  model: Model<T>,
  writing: Writing,
  id: string,
  patch: object,
  match: Match,
): Promise<Written<T>> {
  const before = (await find(model, writing, id, 'live')) ?? notFound()
  match.assertHolds(before.revision)
  return update(model, writing, before, model.complete({ ...before, ...patch }))
}

/** Puts a live thing into the trash. Returns the revision. */
export async function remove(model: Model, writing: Writing, id: string, match: Match): Promise<number> {
  const { tx, actor, now } = writing
  const before = (await find(model, writing, id, 'live')) ?? notFound()
  match.assertHolds(before.revision)
  const revision = await record(model, writing, before, 'delete', {})
  await store.markDeleted(tx, model.table, actor.userId, id, revision, now)
  return revision
}

/** Takes a thing out of the trash; a live one stays as it is. */
export async function restore<T extends Thing>(
  model: Model<T>,
  writing: Writing,
  id: string,
  match: Match,
): Promise<Written<T>> {
  const live = await find(model, writing, id, 'live')
  const before = live ?? (await find(model, writing, id, 'trashed')) ?? notFound()
  match.assertHolds(before.revision)
  if (live) return { thing: live, isNew: false, revision: undefined }
  const revision = await record(model, writing, before, 'restore', {})
  const thing = { ...before, updatedAt: formatInstant(writing.now), revision }
  await save(model, writing, thing)
  return { thing, isNew: false, revision }
}

/**
 * Puts a thing back in the place of the one that replaced it: into the trash, or live again where an undo had put it
 * there. Returns the revision.
 */
export async function putBack<T extends Thing>(
  model: Model<T>,
  writing: Writing,
  { thing, deletedAt }: { thing: T; deletedAt: number | null },
): Promise<number> {
  const { tx, actor } = writing
  const now = (await findAny(model, writing, thing.id, 'kept')) ?? notFound()
  const action = deletedAt === null ? 'create' : 'delete'
  const fields = deletedAt === null ? changedFields({}, thing, model.fieldNames) : {}
  const revision = await record(model, writing, now.thing, action, fields, replacedBy(now))
  await save(model, writing, { ...thing, revision })
  if (deletedAt !== null)
    await store.markDeleted(tx, model.table, actor.userId, thing.id, revision, deletedAt)
  return revision
}

/**
 * Erases a thing, live or in the trash, with what the journal and stored answers hold of it. A tombstone without
 * content stays for clients that sync. Returns the revision.
 */
export async function erase(model: Model, writing: Writing, id: string, match: Match): Promise<number> {
  const { tx, actor, now } = writing
  const before = (await find(model, writing, id, 'kept')) ?? notFound()
  match.assertHolds(before.revision)
  const revision = await record(model, writing, before, 'delete', {})
  const { createdAt, updatedAt } = before
  const blank = model.assemble(model.complete({}), undefined, { id, createdAt, updatedAt, revision })
  await store.markErased(tx, model.table, actor.userId, id, now, model.toRow(blank))
  await eraseHistory(tx, actor, revision)
  await eraseAnswers(tx, actor, id)
  return revision
}

/** Writes what differs as the owner's next revision; if nothing does, nothing is written. */
async function update<T extends Thing>(
  model: Model<T>,
  writing: Writing,
  before: T,
  values: Record<string, unknown>,
): Promise<Written<T>> {
  const changed = changedFields(before, values, model.fieldNames)
  if (Object.keys(changed).length === 0) return { thing: before, isNew: false, revision: undefined }
  const { tx, actor, now } = writing
  const { id, createdAt } = before
  const revision = await record(model, writing, before, 'update', changed)
  const thing = model.assemble(values, before, { id, createdAt, updatedAt: formatInstant(now), revision })
  await store.updateRow(tx, model.table, actor.userId, id, model.changedColumns(before, thing))
  return { thing, isNew: false, revision }
}

/** A thing with the instant of its deletion in epoch milliseconds, null where it is live. */
interface Found<T> {
  thing: T
  deletedAt: number | null
  isErased: boolean
}

async function findAny<T extends Thing>(
  model: Model<T>,
  { tx, actor }: Writing,
  id: string,
  state: store.State,
): Promise<Found<T> | undefined> {
  const row = await store.findRow(tx, model.table, actor.userId, id, state)
  return row && { thing: model.fromRow(row), deletedAt: row.deleted_at, isErased: row.purged_at !== null }
}

const find = async <T extends Thing>(
  model: Model<T>,
  writing: Writing,
  id: string,
  state: store.State,
): Promise<T | undefined> => (await findAny(model, writing, id, state))?.thing

/** What a change that replaces this thing keeps of it: nothing of one that was erased. */
const replacedBy = (earlier: Found<Thing> | undefined): Replaced | undefined =>
  earlier && !earlier.isErased ? { thing: earlier.thing, deletedAt: earlier.deletedAt } : undefined

const save = (model: Model, { tx, actor }: Writing, thing: Thing): Promise<void> =>
  store.saveRow(tx, model.table, actor.userId, model.toRow(thing))

function record(
  { name: kind }: Model,
  { owner, now }: Writing,
  { id, revision: previous }: { id: string; revision: number | null },
  action: Change['action'],
  fields: Change['fields'],
  replaced?: Replaced,
): Promise<number> {
  return owner.record(now, { kind, id, previous, action, fields, ...(replaced && { replaced }) })
}
