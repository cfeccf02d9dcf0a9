import type { Actor } from '../core/actor.ts'
import type { Attempt, Outcome } from '../core/attempt.ts'
import type { Clock } from '../core/clock.ts'
import { notFound } from '../core/errors.ts'
import { newId } from '../core/id.ts'
import type { Keyring } from '../core/keyring.ts'
import type { Match } from '../core/match.ts'
import type { Database, Queryable } from '../database/database.ts'
import { once } from '../idempotency/idempotency.ts'
import { holdOwner, markSwept, type Holding } from '../revisions/revisions.ts'
import type { Task, TaskPatch, TaskReplacement } from './schema.ts'
import * as store from './store.ts'
import * as rules from './writing.ts'

export { findTask, taskColumns, toTask, type TaskRow } from './store.ts'
export {
  change,
  create,
  fieldNames,
  remove,
  replace,
  restore,
  type Writing,
  type Written,
} from './writing.ts'

/** What the verbs about tasks work with. */
export interface Tasks {
  database: Database
  clock: Clock
  keyring: Keyring
}

/** One of the actor's tasks; throws `not-found`. */
export async function readTask({ database }: Tasks, actor: Actor, id: string): Promise<Task> {
  return (await store.findTask(database, actor.userId, id)) ?? notFound()
}

/** One of the actor's tasks, be it in the trash; throws `not-found`. */
export async function readKeptTask(db: Queryable, { userId }: Actor, id: string): Promise<Task> {
  return (await store.findKeptTask(db, userId, id)) ?? notFound()
}

/** Makes a task, once for each `attempt`; what is not said takes its default. Throws `idempotency-key-reused`. */
export function createTask(
  tasks: Tasks,
  actor: Actor,
  given: rules.GivenFields,
  attempt?: Attempt,
): Promise<Outcome<rules.Written>> {
  return write(
    tasks,
    actor,
    (writing) => once(writing.tx, actor, attempt, writing.now, () => rules.create(writing, newId(), given)),
    { willWrite: attempt === undefined },
  )
}

/**
 * Replaces the fields of a task, or makes one under the client's own id where `match` allows it.
 * Throws `not-found`, `precondition-failed`, `validation-failed` where the body names another id.
 */
export function replaceTask(
  tasks: Tasks,
  actor: Actor,
  id: string,
  body: TaskReplacement,
  match: Match,
): Promise<rules.Written> {
  return write(tasks, actor, (writing) => rules.replace(writing, id, body, match))
}

/** Changes some fields of a task (RFC 7396); throws `not-found`, `precondition-failed`. */
export function changeTask(
  tasks: Tasks,
  actor: Actor,
  id: string,
  patch: TaskPatch,
  match: Match,
): Promise<rules.Written> {
  return write(tasks, actor, (writing) => rules.change(writing, id, patch, match))
}

/** Puts a task into the trash, or erases it for good, and answers the revision; throws `not-found`, `precondition-failed`. */
export function deleteTask(
  tasks: Tasks,
  actor: Actor,
  id: string,
  match: Match,
  isPermanent = false,
): Promise<number> {
  const remove = isPermanent ? rules.erase : rules.remove
  return write(tasks, actor, (writing) => remove(writing, id, match))
}

/** Takes a task out of the trash; throws `not-found`, `precondition-failed`. */
export function restoreTask(tasks: Tasks, actor: Actor, id: string, match: Match): Promise<rules.Written> {
  return write(tasks, actor, (writing) => rules.restore(writing, id, match))
}

/**
 * Empties the trash of what was put there before then, so many at most, tombstones included; a client
 * that synced longer ago has to begin anew. Answers how many.
 */
export async function sweepTrash(tx: Queryable, at: number, limit: number): Promise<number> {
  const gone = await store.deleteTasksMarkedBefore(tx, at, limit)
  await markSwept(tx, gone)
  return gone.length
}

/** Opens a transaction for rules about tasks, with the actor's owner held. */
export function write<T>(
  { database, clock }: Tasks,
  actor: Actor,
  work: (writing: rules.Writing) => Promise<T>,
  holding?: Holding,
): Promise<T> {
  return database.transaction(async (tx) => {
    const owner = await holdOwner(tx, actor, holding)
    return work({ tx, owner, actor, now: clock() })
  })
}
