import { isDeepStrictEqual as isSame } from 'node:util'
import type { Actor } from '../core/actor.ts'
import { AppError, notFound } from '../core/errors.ts'
import { always } from '../core/match.ts'
import { readChange, readGroup, write, type JournalEntry, type Writing } from '../revisions/revisions.ts'
import { isResource, kindOf, type Kind, type Resource, type Services, type Thing } from '../things/things.ts'

/** What an undo left: the thing of the change if it is live and has an address, and the last revision it took. */
export interface Undone {
  thing: Thing | undefined
  revision: number | undefined
}

/**
 * Undoes a change, with all that were made in one transaction with it, as a new change that can itself be
 * undone. Throws `not-found`, and `undo-conflict` where a field changed since, unless `force`.
 */
export function undo(
  services: Services,
  kinds: readonly Kind[],
  actor: Actor,
  revision: number,
  force: boolean,
): Promise<Undone> {
  return write(
    services,
    actor,
    async (writing) => {
      const change = (await readChange(writing.tx, actor, revision)) ?? notFound()
      let taken: number | undefined
      for (const one of await readGroup(writing.tx, actor, change.partOf)) {
        taken = (await undoChange(writing, kindOf(kinds, one.kind), one, force)) ?? taken
      }
      const kind = kindOf(kinds, change.kind)
      const thing = isResource(kind)
        ? await kind.findLive(writing.tx, actor.userId, change.thingId)
        : undefined
      return { thing, revision: taken }
    },
    { origin: 'undo' },
  )
}

/** Returns the revision that the undo took; undefined if there was nothing to undo. */
function undoChange(
  writing: Writing,
  kind: Kind,
  change: JournalEntry,
  force: boolean,
): Promise<number | undefined> {
  if (!isResource(kind) || change.action === 'update') return undoUpdate(writing, kind, change, force)
  if (change.action === 'delete') return undoDelete(writing, kind, change)
  return undoCreateOrRestore(writing, kind, change, force)
}

async function undoCreateOrRestore(
  writing: Writing,
  kind: Resource,
  change: JournalEntry,
  force: boolean,
): Promise<number | undefined> {
  const thing = await kind.findLive(writing.tx, writing.actor.userId, change.thingId)
  if (!thing) return undefined
  if (!force && change.action === 'create') assertAsCreated(change, kind.fieldNames, thing)
  return kind.remove(writing, change.thingId, always)
}

async function undoDelete(
  writing: Writing,
  kind: Resource,
  change: JournalEntry,
): Promise<number | undefined> {
  return (await kind.restore(writing, change.thingId, always)).revision
}

async function undoUpdate(
  writing: Writing,
  kind: Kind,
  change: JournalEntry,
  force: boolean,
): Promise<number | undefined> {
  const { tx, actor } = writing
  const thing = await kind.findLive(tx, actor.userId, change.thingId)
  if (!thing) {
    if (!isResource(kind) || !(await kind.findKept(tx, actor.userId, change.thingId))) notFound()
    throw new AppError('undo-conflict', `The ${kind.name} was deleted since; restore it first.`)
  }
  if (!force) assertUnchanged(change, thing)
  const before = Object.entries(change.fields).map(([name, [was]]) => [name, was] as const)
  return (await kind.change(writing, change.thingId, Object.fromEntries(before), always)).revision
}

/** A field counts as changed since if it has neither the value that the change gave it nor the one from before. */
function assertUnchanged({ fields }: JournalEntry, current: object): void {
  const now = new Map(Object.entries(current))
  const isOther = (name: string, values: unknown[]) => values.every((value) => !isSame(now.get(name), value))
  assertNone(Object.keys(fields).filter((name) => isOther(name, fields[name] ?? [])))
}

/** What was changed since a thing was created would go with it; a field that its creation does not hold was null. */
function assertAsCreated({ fields }: JournalEntry, names: readonly string[], thing: object): void {
  const now = new Map(Object.entries(thing))
  assertNone(names.filter((name) => !isSame(now.get(name), fields[name]?.[1] ?? null)))
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
