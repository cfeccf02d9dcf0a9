import type { Actor } from '../core/actor.ts'
import type { Answer, Attempt, Outcome } from '../core/attempt.ts'
import type { Clock } from '../core/clock.ts'
import { formatInstant } from '../core/dates.ts'
import { notFound } from '../core/errors.ts'
import { newId } from '../core/id.ts'
import type { Keyring } from '../core/keyring.ts'
import type { Match } from '../core/match.ts'
import type { Database } from '../database/database.ts'
import { once } from '../idempotency/idempotency.ts'
import { markSwept, write, type Holding, type Writing } from '../revisions/revisions.ts'
import { findJson } from './json.ts'
import type { Action, Changed, Json, Moving, Resource, Written } from './kind.ts'
import type { Model, Thing } from './model.ts'
import { move, type Place } from './move.ts'
import type { Removal } from './rules.ts'
import * as store from './store.ts'
import * as verbs from './verbs.ts'

export { positionField } from './positions.ts'
export {
  clearable,
  optional,
  required,
  type Field,
  type Fields,
  type Given,
  type Range,
  type Sort,
} from './field.ts'
export {
  isResource,
  kindOf,
  type Action,
  type Changed,
  type Json,
  type Kind,
  type Moving,
  type Resource,
  type Written,
} from './kind.ts'
export type { Wanted, Order, Removal, Rules, Settled } from './rules.ts'
export { keptJson } from './json.ts'
export { find } from './steps.ts'
export { add, amend, eraseAll } from './verbs.ts'
export type { Place } from './move.ts'
export { assertFew, mostAtOnce } from './limits.ts'
export { deleteQueryOf, ThingId } from './schema.ts'
export { extended, unionOf } from './schemas.ts'
export { defineModel, type Examples, type Model, type Thing, type ThingOf } from './model.ts'

/** What the verbs about things work with. */
export interface Services {
  database: Database
  clock: Clock
  keyring: Keyring
}

/** The resource of a model: everything that is the same for every kind with a table of its own. */
export function resourceOf<T extends Thing>(
  model: Model<T>,
  actions: Resource<T>['actions'] = {},
): Resource<T> {
  const { name, path, schemas, examples, clearable, fieldNames, table, fromRow } = model
  return {
    name,
    path,
    schemas,
    examples,
    json: model.json,
    clearable,
    fieldNames,
    removal: model.removal,
    order: movingOf(model),
    actions: { restore: restoringOf(model), ...actions },
    addressOf: (id) => `${path}/${id}`,
    async findLive(db, ownerId, id) {
      const row = await store.findRow(db, table, ownerId, id, 'live')
      return row && fromRow(row)
    },
    findJson: (db, ownerId, id) => findJson(model, db, ownerId, id),
    async findKept(db, ownerId, id) {
      const row = await store.findRow(db, table, ownerId, id, 'kept')
      return row && { thing: fromRow(row), isLive: row.deleted_at === null }
    },
    async listChanged(db, ownerId, since, until, limit) {
      const rows = await store.findChangedRows(db, table, ownerId, since, until, limit)
      return rows.map((row) => toChanged(row, fromRow(row)))
    },
    create: (writing, id, given) => verbs.create(model, writing, id, given),
    replace: (writing, id, body, match) => verbs.replace(model, writing, id, body, match),
    change: (writing, id, patch, match) => verbs.change(model, writing, id, patch, match),
    remove: (writing, id, match, query) => verbs.remove(model, writing, id, match, query),
    restore: (writing, id, match) => verbs.restore(model, writing, id, match),
    putBack: (writing, { thing, deletedAt }) =>
      verbs.putBack(model, writing, { thing: model.recall(thing), deletedAt }),
    erase: (writing, id, match, query) => verbs.erase(model, writing, id, match, query),
    async sweep(tx, at, limit) {
      const removed = await store.removeDeletedBefore(tx, table, at, limit)
      await markSwept(tx, removed)
      await model.rules.swept?.(tx, removed)
      return removed.length
    },
  }
}

const restoringOf = <T extends Thing>(model: Model<T>): Action<T> => ({
  summary: `Take a ${model.name} out of the trash`,
  description:
    'And what went there with it. One that is not in the trash stays as it is; one that was erased for good is not found.',
  problems: ['limit-reached'],
  answer: model.examples.thing,
  perform: (writing, id, match) => verbs.restore(model, writing, id, match),
})

function movingOf<T extends Thing>(model: Model<T>): Moving<T> | undefined {
  const { order } = model
  return order && { move: (writing, id, place, match) => move(model, order, writing, id, place, match) }
}

function toChanged(
  { changed_at: at, changed_by: action, deleted_at: deletedAt }: store.ChangedRow,
  thing: Thing,
): Changed {
  const isGone = deletedAt !== null
  const { id, revision } = thing
  return {
    revision,
    at: formatInstant(at),
    id,
    action: isGone ? 'delete' : action,
    thing: isGone ? null : thing,
  }
}

/** One of the actor's live things; throws `not-found`. */
export async function readThing<T extends Thing>(
  { database }: Services,
  resource: Resource<T>,
  actor: Actor,
  id: string,
): Promise<T> {
  return (await resource.findLive(database, actor.userId, id)) ?? notFound()
}

/** The same as JSON. */
export async function readJson(
  { database }: Services,
  resource: Resource,
  actor: Actor,
  id: string,
): Promise<Json> {
  return (await resource.findJson(database, actor.userId, id)) ?? notFound()
}

/** A write as it is asked for: who writes, as which attempt, and how it is answered. */
export interface Asked<W> {
  actor: Actor
  attempt: Attempt | undefined
  /** Makes the answer within the transaction; like all there, it can be called again if that is repeated. */
  answer(written: W): Answer
}

/** Creates a thing; missing fields take their defaults. Throws `idempotency-key-reused`, as all these verbs do. */
export const createThing = (
  services: Services,
  resource: Resource,
  asked: Asked<Written<Thing>>,
  given: object,
): Promise<Outcome> =>
  writeOnce(services, asked, (writing) => resource.create(writing, newId(), given), {
    willWrite: asked.attempt === undefined,
  })

/** Replaces a thing, or creates it under an id of the client's own; throws as `Resource.replace` does. */
export const replaceThing = (
  services: Services,
  resource: Resource,
  asked: Asked<Written<Thing>>,
  id: string,
  body: object,
  match: Match,
): Promise<Outcome> => writeOnce(services, asked, (writing) => resource.replace(writing, id, body, match))

/** Changes some fields of a thing; throws as `Resource.change` does. */
export const changeThing = (
  services: Services,
  resource: Resource,
  asked: Asked<Written<Thing>>,
  id: string,
  patch: object,
  match: Match,
): Promise<Outcome> => writeOnce(services, asked, (writing) => resource.change(writing, id, patch, match))

/** Puts a thing at another place in the order of its owner's; throws as `Moving.move` does. */
export const moveThing = (
  services: Services,
  moving: Moving,
  asked: Asked<Written<Thing>>,
  id: string,
  place: Place & Record<string, unknown>,
  match: Match,
): Promise<Outcome> => writeOnce(services, asked, (writing) => moving.move(writing, id, place, match))

/** Puts a thing into the trash, or erases it for good. The answer is told the revision; throws as `Resource.remove` does. */
export const deleteThing = (
  services: Services,
  resource: Resource,
  asked: Asked<number>,
  id: string,
  match: Match,
  removal?: Removal,
): Promise<Outcome> => writeOnce(services, asked, (writing) => remove(writing, resource, id, match, removal))

/** Puts a thing into the trash, or erases it for good where the query of the deletion says so. */
export const remove = (
  writing: Writing,
  resource: Resource,
  id: string,
  match: Match,
  { permanent, ...removal }: Removal = {},
): Promise<number> =>
  permanent === true
    ? resource.erase(writing, id, match, removal)
    : resource.remove(writing, id, match, removal)

/** Does what a verb without a body does; throws as the action does. */
export const actOnThing = (
  services: Services,
  action: Action,
  asked: Asked<Written<Thing>>,
  id: string,
  match: Match,
): Promise<Outcome> => writeOnce(services, asked, (writing) => action.perform(writing, id, match))

/** Does the work in a transaction of its own, once for each attempt; a replay judges no condition again. */
export const writeOnce = <W>(
  services: Pick<Services, 'database' | 'clock'>,
  { actor, attempt, answer }: Asked<W>,
  work: (writing: Writing) => Promise<W>,
  holding?: Holding,
): Promise<Outcome> =>
  write(
    services,
    actor,
    (writing) => once(writing, attempt, async () => answer(await work(writing))),
    holding,
  )
