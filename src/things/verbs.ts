import { formatInstant } from '../core/dates.ts'
import { invalidField, notFound } from '../core/errors.ts'
import type { Match } from '../core/match.ts'
import { eraseAnswers } from '../idempotency/idempotency.ts'
import { changedFields, eraseHistory, type Writing } from '../revisions/revisions.ts'
import type { Written } from './kind.ts'
import type { Model, Thing } from './model.ts'
import type { Removal } from './rules.ts'
import { find, findAny, placed, record, replacedBy, save, settle, type Found } from './steps.ts'
import * as store from './store.ts'

/** Creates a thing, in the place of an earlier one with this id that was deleted, if there is one. */
export async function create<T extends Thing>(
  model: Model<T>,
  writing: Writing,
  id: string,
  given: object,
  earlier?: Found<T>,
): Promise<Written<T>> {
  const asked = {
    id,
    before: undefined,
    values: model.complete(given),
    named: Object.keys(given),
    givesWay: false,
    comesToLife: true,
  }
  const { values, kept } = await settle(model, writing, asked)
  const thing = await add(model, writing, id, values, earlier)
  return { thing, isNew: true, revision: thing.revision, kept }
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
  if (before) return update(model, writing, before, model.complete(body), body)
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
  const values = model.complete(model.merged(before, patch))
  const given = writing.origin === 'undo' ? { ...values, ...model.setBack(patch) } : values
  return update(model, writing, before, given, patch)
}

/** Puts a live thing into the trash, and what goes with it. Returns the revision. */
export async function remove(
  model: Model,
  writing: Writing,
  id: string,
  match: Match,
  removal: Removal = {},
): Promise<number> {
  const { tx, actor, now } = writing
  const before = (await find(model, writing, id, 'live')) ?? notFound()
  match.assertHolds(before.revision)
  await model.rules.removing?.(writing, before, removal)
  const revision = await record(model, writing, before, 'delete', {})
  await store.markDeleted(tx, model.table, actor.userId, id, revision, now)
  return revision
}

/** Takes a thing out of the trash, and what went there with it; a live one stays as it is. */
export async function restore<T extends Thing>(
  model: Model<T>,
  writing: Writing,
  id: string,
  match: Match,
): Promise<Written<T>> {
  const found = (await findAny(model, writing, id, 'kept')) ?? notFound()
  const before = found.thing
  match.assertHolds(before.revision)
  if (found.deletedAt === null) return { thing: before, isNew: false, revision: undefined }
  const asked = {
    id,
    before,
    values: model.complete(before),
    named: [],
    givesWay: true,
    comesToLife: true,
  }
  const { values } = await settle(model, writing, asked)
  await model.rules.restoring?.(writing, before, values)
  const changed = changedFields(before, values, model.fieldNames)
  // Where it comes back as another, an undo puts it back into the trash as it was there.
  const replaced = Object.keys(changed).length > 0 ? replacedBy(found) : undefined
  const revision = await record(model, writing, before, 'restore', changed, replaced)
  const stamps = { id, createdAt: before.createdAt, updatedAt: formatInstant(writing.now), revision }
  const thing = model.assemble(values, before, stamps)
  await save(model, writing, thing, { thing: before, isErased: false })
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
  if (deletedAt !== null && now.deletedAt === null) await model.rules.removing?.(writing, now.thing, {})
  const asked = {
    id: thing.id,
    before: now.thing,
    values: model.complete(thing),
    named: [],
    givesWay: true,
    comesToLife: now.deletedAt !== null,
  }
  const values = deletedAt === null ? (await settle(model, writing, asked)).values : {}
  const action = deletedAt === null ? 'create' : 'delete'
  const fields = deletedAt === null ? changedFields({}, values, model.fieldNames) : {}
  const revision = await record(model, writing, now.thing, action, fields, replacedBy(now))
  await save(model, writing, { ...thing, ...values, revision }, now)
  if (deletedAt !== null) {
    await store.markDeleted(tx, model.table, actor.userId, thing.id, revision, deletedAt)
    await model.rules.removedAgain?.(writing, thing.revision, revision)
  }
  return revision
}

/**
 * Erases a thing, live or in the trash, with what the journal and stored answers hold of it. A tombstone without
 * content stays for clients that sync. Returns the revision.
 */
export async function erase(
  model: Model,
  writing: Writing,
  id: string,
  match: Match,
  removal: Removal = {},
): Promise<number> {
  const before = (await find(model, writing, id, 'kept')) ?? notFound()
  match.assertHolds(before.revision)
  await model.rules.erasing?.(writing, before, removal)
  return eraseAll(model, writing, [before])
}

/** Erases things, live or in the trash, and nothing that goes with them. Returns the last revision. */
export async function eraseAll(
  model: Model,
  writing: Writing,
  things: readonly Pick<Thing, 'id' | 'revision'>[],
): Promise<number> {
  if (things.length === 0) return writing.owner.revision
  const { tx, actor, owner, now } = writing
  const gone = things.map(({ id, revision: previous }) => ({ kind: model.name, id, previous, fields: {} }))
  const since = await owner.recordAll(
    now,
    gone.map((one) => ({ ...one, action: 'delete' as const })),
  )
  const until = since + things.length
  const ids = things.map(({ id }) => id)
  await model.rules.erased?.(writing, ids)
  await store.markErased(tx, model.table, actor.userId, since, until, now, model.erasedColumns)
  await eraseHistory(tx, actor, since, until)
  await eraseAnswers(tx, actor, ids)
  return until
}

/** Writes what differs, as the rules of the kind have it; if nothing does, nothing is written. */
async function update<T extends Thing>(
  model: Model<T>,
  writing: Writing,
  before: T,
  wanted: Partial<T>,
  given: object,
): Promise<Written<T>> {
  const { id } = before
  const named = Object.keys(given)
  const asked = {
    id,
    before,
    values: wanted,
    named,
    givesWay: writing.isForced,
    comesToLife: false,
  }
  const { values, kept } = await settle(model, writing, asked)
  return { ...(await amend(model, writing, before, values)), kept }
}

/** Writes what differs as the owner's next revision, of values that the rules of the kind have settled. */
export async function amend<T extends Thing>(
  model: Model<T>,
  writing: Writing,
  before: T,
  values: Partial<T>,
): Promise<Written<T>> {
  const { tx, actor, now } = writing
  const { id, createdAt } = before
  const stamps = { id, createdAt, updatedAt: formatInstant(now), revision: before.revision }
  const thing = model.assemble(values, before, stamps)
  const changed = changedFields(before, thing, model.journalled)
  if (Object.keys(changed).length === 0) return { thing: before, isNew: false, revision: undefined }
  await model.rules.changing?.(writing, before, values)
  const revision = await record(model, writing, before, 'update', changed)
  thing.revision = revision
  await store.updateRow(tx, model.table, actor.userId, id, model.changedColumns(before, thing))
  await model.rules.saved?.(writing, before, thing)
  return { thing, isNew: false, revision }
}

/**
 * Creates a thing of values that the rules of the kind have settled, in the place of an earlier one, if there is one.
 * Without a position it comes last.
 */
export async function add<T extends Thing>(
  model: Model<T>,
  writing: Writing,
  id: string,
  settled: Partial<T>,
  earlier?: Found<T>,
): Promise<T> {
  const values = await placed(model, writing, settled)
  const at = formatInstant(writing.now)
  const thing = model.assemble(values, undefined, { id, createdAt: at, updatedAt: at, revision: 0 })
  const changed = changedFields({}, thing, model.journalled)
  const before = { id, revision: earlier?.thing.revision ?? null }
  thing.revision = await record(model, writing, before, 'create', changed, replacedBy(earlier))
  await save(model, writing, thing, earlier)
  return thing
}
