import type { Actor } from '../core/actor.ts'
import type { Attempt, Outcome } from '../core/attempt.ts'
import type { Clock } from '../core/clock.ts'
import { formatInstant, parseInstant } from '../core/dates.ts'
import { invalidField, notFound } from '../core/errors.ts'
import { newId } from '../core/id.ts'
import type { Keyring } from '../core/keyring.ts'
import type { Match } from '../core/match.ts'
import type { Database, Queryable } from '../database/database.ts'
import { once } from '../idempotency/idempotency.ts'
import { changedFields, holdOwner, type HeldOwner } from '../revisions/revisions.ts'
import type { Task, TaskFields, TaskPatch, TaskReplacement } from './schema.ts'
import * as store from './store.ts'

/** What the verbs about tasks work with. */
export interface Tasks {
  database: Database
  clock: Clock
  keyring: Keyring
}

/** The fields as a client gives them: all but the title can be left out. */
type GivenFields = Partial<TaskFields> & Pick<TaskFields, 'title'>

const fieldNames = ['title', 'description', 'dueDate', 'status'] as const

/** One of the actor's tasks; throws `not-found`. */
export async function readTask({ database }: Tasks, actor: Actor, id: string): Promise<Task> {
  return (await store.findTask(database, actor.userId, id)) ?? notFound('task')
}

/** Makes a task, once for each `attempt`; what is not said takes its default. Throws `idempotency-key-reused`. */
export function createTask(
  { database, clock }: Tasks,
  actor: Actor,
  given: GivenFields,
  attempt?: Attempt,
): Promise<Outcome<Task>> {
  return database.transaction(async (tx) => {
    const owner = await holdOwner(tx, actor)
    const now = clock()
    return once(tx, actor, attempt, now, () => insert(tx, owner, actor, newId(), complete(given), now))
  })
}

/**
 * Replaces the fields of a task, or makes one under the client's own id where `match` allows it.
 * Throws `not-found`, `precondition-failed`, `validation-failed` where the body names another id.
 */
export function replaceTask(
  { database, clock }: Tasks,
  actor: Actor,
  id: string,
  body: TaskReplacement,
  match: Match,
): Promise<{ task: Task; isNew: boolean }> {
  const given = complete(body)
  return database.transaction(async (tx) => {
    if (body.id !== undefined && body.id !== id)
      throw invalidField('/id', 'must be the id of the path, or left out')
    const owner = await holdOwner(tx, actor)
    const before = await store.findTask(tx, actor.userId, id)
    if (!before && !match.mayCreate) notFound('task')
    match.demand(before?.revision)
    if (before) return { task: await update(tx, owner, actor, before, given, clock()), isNew: false }
    return { task: await insert(tx, owner, actor, id, given, clock()), isNew: true }
  })
}

/** Changes some fields of a task (RFC 7396); throws `not-found`, `precondition-failed`. */
export function changeTask(
  { database, clock }: Tasks,
  actor: Actor,
  id: string,
  patch: TaskPatch,
  match: Match,
): Promise<Task> {
  return database.transaction(async (tx) => {
    const owner = await holdOwner(tx, actor)
    const before = (await store.findTask(tx, actor.userId, id)) ?? notFound('task')
    match.demand(before.revision)
    return update(tx, owner, actor, before, { ...fieldsOf(before), ...patch }, clock())
  })
}

/** Deletes a task: it leaves every list, and its row stays, marked; throws `not-found`, `precondition-failed`. */
export function deleteTask(
  { database, clock }: Tasks,
  actor: Actor,
  id: string,
  match: Match,
): Promise<void> {
  return database.transaction(async (tx) => {
    const owner = await holdOwner(tx, actor)
    const before = (await store.findTask(tx, actor.userId, id)) ?? notFound('task')
    match.demand(before.revision)
    const now = clock()
    const revision = await owner.record(now, { kind: 'task', id, action: 'delete', fields: {} })
    await store.markDeleted(tx, actor.userId, id, revision, now)
  })
}

async function insert(
  tx: Queryable,
  owner: HeldOwner,
  actor: Actor,
  id: string,
  given: TaskFields,
  now: number,
): Promise<Task> {
  const fields = canonical(given)
  const change = {
    kind: 'task',
    id,
    action: 'create',
    fields: changedFields({}, fields, [...fieldNames]),
  } as const
  const at = formatInstant(now)
  const task: Task = {
    id,
    ...fields,
    completedAt: fields.status === 'complete' ? at : null,
    createdAt: at,
    updatedAt: at,
    revision: await owner.record(now, change),
  }
  await store.saveTask(tx, actor.userId, task)
  return task
}

/** Writes what differs as the owner's next revision; where nothing does, nothing is written. */
async function update(
  tx: Queryable,
  owner: HeldOwner,
  actor: Actor,
  before: Task,
  given: TaskFields,
  now: number,
): Promise<Task> {
  const after = canonical(given)
  const fields = changedFields(fieldsOf(before), after, [...fieldNames])
  if (Object.keys(fields).length === 0) return before
  const at = formatInstant(now)
  const task: Task = {
    ...before,
    ...after,
    completedAt: after.status === 'complete' ? (before.completedAt ?? at) : null,
    updatedAt: at,
    revision: await owner.record(now, { kind: 'task', id: before.id, action: 'update', fields }),
  }
  await store.saveTask(tx, actor.userId, task)
  return task
}

const complete = ({
  title,
  description = '',
  dueDate = null,
  status = 'incomplete',
}: GivenFields): TaskFields => ({
  title,
  description,
  dueDate,
  status,
})

const fieldsOf = ({ title, description, dueDate, status }: Task): TaskFields => ({
  title,
  description,
  dueDate,
  status,
})

/** An instant is kept as that instant and answered in UTC; a date stays a date. */
function canonical({ title, description, dueDate, status }: TaskFields): TaskFields {
  const instant = dueDate === null ? undefined : parseInstant(dueDate)
  return { title, description, dueDate: instant === undefined ? dueDate : formatInstant(instant), status }
}
