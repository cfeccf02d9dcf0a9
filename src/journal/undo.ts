import type { Actor } from '../core/actor.ts'
import { AppError } from '../core/errors.ts'
import { always } from '../core/match.ts'
import {
  readChange,
  readGroup,
  readReplaced,
  write,
  type JournalEntry,
  type Writing,
} from '../revisions/revisions.ts'
import { isResource, kindOf, type Kind, type Resource, type Services, type Thing } from '../things/things.ts'
import { conflictsOf } from './conflicts.ts'
import { readState } from './state.ts'

/** What an undo left: the thing of the change if it is live and has an address, and the last revision it took. */
export interface Undone {
  thing: Thing | undefined
  revision: number | undefined
}

/**
 * Undoes a change, with all that were made in one transaction with it, as a new change that can itself be undone.
 * Throws `not-found` if the revision is not kept, and `undo-conflict` with every conflict of the group, unless `force`.
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
      const change = await readChange(writing.tx, actor, revision)
      if (!change) throw new AppError('not-found', 'This revision is not among your changes that are kept.')
      const group = await readGroup(writing.tx, actor, change.partOf)
      if (!force) await assertNoConflict(writing, kinds, group)
      let taken: number | undefined
      for (const one of group) taken = (await undoWithin(writing, kindOf(kinds, one.kind), one)) ?? taken
      const kind = kindOf(kinds, change.kind)
      const thing = isResource(kind)
        ? await kind.findLive(writing.tx, actor.userId, change.thingId)
        : undefined
      return { thing, revision: taken }
    },
    { origin: 'undo', isForced: force },
  )
}

async function assertNoConflict(
  writing: Writing,
  kinds: readonly Kind[],
  group: JournalEntry[],
): Promise<void> {
  const faults = await conflictsOf(writing, kinds, group)
  if (faults.length === 0) return
  const detail = 'What this undo would change was changed since; see errors, or use force=true.'
  throw new AppError('undo-conflict', detail, { faults })
}

/** The same as `undoChange`, but what the rules of the kind refuse stands against the undo. */
async function undoWithin(writing: Writing, kind: Kind, change: JournalEntry): Promise<number | undefined> {
  try {
    return await undoChange(writing, kind, change)
  } catch (error) {
    if (!(error instanceof AppError) || error.slug !== 'validation-failed') throw error
    const { faults = [] } = error.hints
    const thing = kind.addressOf(change.thingId)
    throw new AppError(
      'undo-conflict',
      `${thing} can not be as it was: ${error.message} Use force=true to take back the rest.`,
      { faults: faults.map((fault) => ({ thing, pointer: '', ...fault })) },
    )
  }
}

/** Returns the revision that the undo took; undefined if there was nothing to undo, or if it was erased for good. */
function undoChange(writing: Writing, kind: Kind, change: JournalEntry): Promise<number | undefined> {
  if (!isResource(kind)) return setBack(writing, kind, change)
  if (change.action === 'update') return undoUpdate(writing, kind, change)
  if (change.action === 'delete') return undoDelete(writing, kind, change)
  return undoCreateOrRestore(writing, kind, change)
}

/** Fields of a thing in the trash are set back there: it is restored, changed and deleted again. */
async function undoUpdate(
  writing: Writing,
  kind: Resource,
  change: JournalEntry,
): Promise<number | undefined> {
  const { thingId } = change
  const { state } = await readState(writing, kind, thingId)
  if (state === 'live') return setBack(writing, kind, change)
  if (state === 'erased') return undefined
  await kind.restore(writing, thingId, always)
  await setBack(writing, kind, change)
  return kind.remove(writing, thingId, always)
}

async function setBack(
  writing: Writing,
  kind: Kind,
  { thingId, fields }: JournalEntry,
): Promise<number | undefined> {
  const before = Object.entries(fields).map(([name, [was]]) => [name, was] as const)
  return (await kind.change(writing, thingId, Object.fromEntries(before), always)).revision
}

/** The thing goes to the trash, or what it replaced there comes back to its place. */
async function undoCreateOrRestore(
  writing: Writing,
  kind: Resource,
  { thingId, replaced }: JournalEntry,
): Promise<number | undefined> {
  const { state } = await readState(writing, kind, thingId)
  if (state !== 'erased' && replaced) return kind.putBack(writing, replaced)
  return state === 'live' ? kind.remove(writing, thingId, always) : undefined
}

/** The thing comes back as it was, though another may have taken its place since. */
async function undoDelete(
  writing: Writing,
  kind: Resource,
  { thingId, revision, replaced }: JournalEntry,
): Promise<number | undefined> {
  const { tx, actor } = writing
  const kept = await kind.findKept(tx, actor.userId, thingId)
  if (!kept) return undefined
  const { thing: now, isLive } = kept
  // It came back already, with another thing of the group.
  if (isLive && now.revision > writing.owner.revision) return undefined
  if (replaced && !isLive) return kind.putBack(writing, replaced)
  const former = replaced ?? (await readReplaced(tx, actor, now.revision, revision))
  if (isLive) {
    const content = Object.entries(former?.thing ?? {}).filter(([name]) => kind.fieldNames.includes(name))
    return (await kind.change(writing, thingId, Object.fromEntries(content), always)).revision
  }
  if (former) return kind.putBack(writing, { thing: former.thing, deletedAt: null })
  return (await kind.restore(writing, thingId, always)).revision
}
