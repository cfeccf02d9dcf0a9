import { resetProfile } from '../accounts/accounts.ts'
import type { Actor } from '../core/actor.ts'
import { AppError, notFound } from '../core/errors.ts'
import { always } from '../core/match.ts'
import { readChange, readGroup, type JournalEntry } from '../revisions/revisions.ts'
import type { Task, TaskPatch } from '../tasks/schema.ts'
import {
  change as changeTask,
  readKeptTask,
  fieldNames,
  findTask,
  remove,
  restore,
  write,
  type Tasks,
  type Writing,
} from '../tasks/tasks.ts'

/** What an undo left: the thing of the change, if it is a task that is there, and the last revision it took. */
export interface Undone {
  task: Task | undefined
  revision: number | undefined
}

/**
 * Takes a change back, with all that were made in one transaction with it, as a new change that can
 * itself be undone. Throws `not-found`, and `undo-conflict` where a field changed since, unless `force`.
 */
export function undo(tasks: Tasks, actor: Actor, revision: number, force: boolean): Promise<Undone> {
  return write(
    tasks,
    actor,
    async (writing) => {
      const change = (await readChange(writing.tx, actor, revision)) ?? notFound()
      let taken: number | undefined
      for (const one of await readGroup(writing.tx, actor, change.partOf)) {
        taken = (await takeBack(writing, one, force)) ?? taken
      }
      const task =
        change.kind === 'task' ? await findTask(writing.tx, actor.userId, change.thingId) : undefined
      return { task, revision: taken }
    },
    { origin: 'undo' },
  )
}

/** Answers the revision that it took, or undefined where there was nothing to take back. */
function takeBack(writing: Writing, change: JournalEntry, force: boolean): Promise<number | undefined> {
  if (change.kind === 'profile') return takeBackProfile(writing, change, force)
  switch (change.action) {
    case 'create':
    case 'restore':
      return takeBackPresence(writing, change, force)
    case 'delete':
      return takeBackDeletion(writing, change)
    default:
      return takeBackFields(writing, change, force)
  }
}

async function takeBackPresence(
  writing: Writing,
  change: JournalEntry,
  force: boolean,
): Promise<number | undefined> {
  const task = await findTask(writing.tx, writing.actor.userId, change.thingId)
  if (!task) return undefined
  if (!force && change.action === 'create') assertAsCreated(change, task)
  return remove(writing, change.thingId, always)
}

async function takeBackDeletion(writing: Writing, change: JournalEntry): Promise<number | undefined> {
  return (await restore(writing, change.thingId, always)).revision
}

async function takeBackFields(
  writing: Writing,
  change: JournalEntry,
  force: boolean,
): Promise<number | undefined> {
  const task = await findTask(writing.tx, writing.actor.userId, change.thingId)
  if (!task) {
    await readKeptTask(writing.tx, writing.actor, change.thingId)
    throw new AppError('undo-conflict', 'The task was deleted since; restore it first.')
  }
  if (!force) assertUnchanged(change, task)
  const patch: TaskPatch = Object.fromEntries(
    Object.entries(change.fields).map(([name, [before]]) => [name, before]),
  )
  return (await changeTask(writing, change.thingId, patch, always)).revision
}

function takeBackProfile(
  { tx, owner, actor, now }: Writing,
  change: JournalEntry,
  force: boolean,
): Promise<number | undefined> {
  return resetProfile(tx, owner, actor, now, (current) => {
    if (!force) assertUnchanged(change, current)
    return Object.fromEntries(Object.entries(change.fields).map(([name, [before]]) => [name, before]))
  })
}

/** A field counts as changed since where it has neither the value that the change gave it nor the one from before. */
function assertUnchanged({ fields }: JournalEntry, current: object): void {
  const now = new Map(Object.entries(current))
  const changed = Object.entries(fields).filter(
    ([name, [before, after]]) => now.get(name) !== after && now.get(name) !== before,
  )
  assertNone(changed.map(([name]) => name))
}

/** What was changed since a task was made would go with it; a field that its making does not tell of was null. */
function assertAsCreated({ fields }: JournalEntry, task: Task): void {
  assertNone(fieldNames.filter((name) => task[name] !== (fields[name]?.[1] ?? null)))
}

function assertNone(changedSince: string[]): void {
  if (changedSince.length === 0) return
  const faults = changedSince.map((name) => ({ pointer: `/${name}`, detail: 'was changed since' }))
  throw new AppError(
    'undo-conflict',
    'Fields of this change were changed since; see errors, or use force=true.',
    { faults },
  )
}
