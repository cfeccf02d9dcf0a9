import type { Actor } from '../core/actor.ts'
import { formatInstant, parseInstant } from '../core/dates.ts'
import { invalidField, notFound } from '../core/errors.ts'
import type { Match } from '../core/match.ts'
import type { Transaction } from '../database/database.ts'
import { eraseResults } from '../idempotency/idempotency.ts'
import { changedFields, eraseHistory, type Change, type HeldOwner } from '../revisions/revisions.ts'
import type { Task, TaskFields, TaskPatch, TaskReplacement } from './schema.ts'
import * as store from './store.ts'

/** What the rules about tasks write with: a transaction that holds the actor's owner, as of one instant. */
export interface Writing {
  tx: Transaction
  owner: HeldOwner
  actor: Actor
  now: number
}

/** A task as a write left it. */
export interface Written {
  task: Task
  isNew: boolean
  /** The revision that the write took; none where it changed nothing. */
  revision: number | undefined
}

/** The fields as a client gives them: all but the title can be left out. */
export type GivenFields = Partial<TaskFields> & Pick<TaskFields, 'title'>

export const fieldNames = ['title', 'description', 'dueDate', 'status'] as const

/** Makes a task, be it after one of the same id that is gone since a revision; what is not said takes its default. */
export async function create(
  writing: Writing,
  id: string,
  given: GivenFields,
  goneSince: number | null = null,
): Promise<Written> {
  const fields = canonical(complete(given))
  const at = formatInstant(writing.now)
  const changed = changedFields({}, fields, fieldNames)
  const task: Task = {
    id,
    ...fields,
    completedAt: fields.status === 'complete' ? at : null,
    createdAt: at,
    updatedAt: at,
    revision: await record(writing, { id, revision: goneSince }, 'create', changed),
  }
  await store.saveTask(writing.tx, writing.actor.userId, task)
  return { task, isNew: true, revision: task.revision }
}

/** Replaces the fields of a task, or makes one under the client's own id where `match` allows it. */
export async function replace(
  writing: Writing,
  id: string,
  body: TaskReplacement,
  match: Match,
): Promise<Written> {
  if (body.id !== undefined && body.id !== id)
    throw invalidField('/id', 'must be the id of the path, or left out')
  const before = await store.findTask(writing.tx, writing.actor.userId, id)
  if (!before && !match.mayCreate) notFound()
  match.assertHolds(before?.revision)
  if (before) return update(writing, before, complete(body))
  const tombstone = await store.findTombstone(writing.tx, writing.actor.userId, id)
  return create(writing, id, body, tombstone?.revision)
}

/** Changes some fields of a task (RFC 7396). */
export async function change(writing: Writing, id: string, patch: TaskPatch, match: Match): Promise<Written> {
  const before = await find(writing, id)
  match.assertHolds(before.revision)
  return update(writing, before, { ...fieldsOf(before), ...patch })
}

/** Puts a task into the trash and answers the revision. */
export async function remove(writing: Writing, id: string, match: Match): Promise<number> {
  const before = await find(writing, id)
  match.assertHolds(before.revision)
  const revision = await record(writing, before, 'delete', {})
  await store.markDeleted(writing.tx, writing.actor.userId, id, revision, writing.now)
  return revision
}

/** Takes a task out of the trash; one that is not in it stays as it is. */
export async function restore(writing: Writing, id: string, match: Match): Promise<Written> {
  const { tx, actor } = writing
  const present = await store.findTask(tx, actor.userId, id)
  const deleted = present ?? (await store.findDeletedTask(tx, actor.userId, id)) ?? notFound()
  match.assertHolds(deleted.revision)
  if (present) return { task: present, isNew: false, revision: undefined }
  const revision = await record(writing, deleted, 'restore', {})
  const task = { ...deleted, updatedAt: formatInstant(writing.now), revision }
  await store.saveTask(tx, actor.userId, task)
  return { task, isNew: false, revision }
}

/**
 * Erases a task, in the trash or not, and what the journal and stored answers know of it, for good; a
 * tombstone without content stays for those who sync. Answers the revision.
 */
export async function erase(writing: Writing, id: string, match: Match): Promise<number> {
  const { tx, actor, now } = writing
  const { userId } = actor
  const before = (await store.findKeptTask(tx, userId, id)) ?? notFound()
  match.assertHolds(before.revision)
  const revision = await record(writing, before, 'delete', {})
  await store.markErased(tx, userId, id, revision, now)
  await eraseHistory(tx, actor, revision)
  await eraseResults(tx, actor, id)
  return revision
}

/** Writes what differs as the owner's next revision; where nothing does, nothing is written. */
export async function update(writing: Writing, before: Task, given: TaskFields): Promise<Written> {
  const after = canonical(given)
  const fields = changedFields(fieldsOf(before), after, fieldNames)
  const changed = fieldNames.filter((name) => name in fields)
  if (changed.length === 0) return { task: before, isNew: false, revision: undefined }
  const at = formatInstant(writing.now)
  const task: Task = {
    ...before,
    ...after,
    completedAt: after.status === 'complete' ? (before.completedAt ?? at) : null,
    updatedAt: at,
    revision: await record(writing, before, 'update', fields),
  }
  await store.updateTask(writing.tx, writing.actor.userId, task, changed)
  return { task, isNew: false, revision: task.revision }
}

/** What a client decides about a task. */
export const fieldsOf = ({ title, description, dueDate, status }: Task): TaskFields => ({
  title,
  description,
  dueDate,
  status,
})

async function find({ tx, actor }: Writing, id: string): Promise<Task> {
  return (await store.findTask(tx, actor.userId, id)) ?? notFound()
}

function record(
  { owner, now }: Writing,
  { id, revision: previous }: { id: string; revision: number | null },
  action: Change['action'],
  fields: Change['fields'],
): Promise<number> {
  return owner.record(now, { kind: 'task', id, previous, action, fields })
}

function complete({
  title,
  description = '',
  dueDate = null,
  status = 'incomplete',
}: GivenFields): TaskFields {
  return { title, description, dueDate, status }
}

/** An instant is kept as that instant and answered in UTC; a date stays a date. */
function canonical({ title, description, dueDate, status }: TaskFields): TaskFields {
  const instant = dueDate === null ? undefined : parseInstant(dueDate)
  return { title, description, dueDate: instant === undefined ? dueDate : formatInstant(instant), status }
}
