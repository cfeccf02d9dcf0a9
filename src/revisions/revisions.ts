import { isDeepStrictEqual } from 'node:util'
import { credentialOf, type Actor } from '../core/actor.ts'
import type { Clock } from '../core/clock.ts'
import { AppError } from '../core/errors.ts'
import type { Database, Queryable, Transaction } from '../database/database.ts'
import * as store from './store.ts'

export type { OwnerRow } from './store.ts'

/** For each field that changed, its value before and after. */
export type ChangedFields = Record<string, [before: unknown, after: unknown]>

/** What happened to which thing. */
export interface Change {
  /** The name of its kind. */
  kind: string
  id: string
  /** The revision of the change before it of the same thing; null for its first. */
  previous: number | null
  action: 'create' | 'update' | 'delete' | 'restore'
  fields: ChangedFields
  /** What was there before, where the change put one thing in the place of another with the same id. */
  replaced?: Replaced
}

/** A thing as it was before another took its place; deleted at this instant in epoch milliseconds, or live (null). */
export interface Replaced {
  thing: object
  deletedAt: number | null
}

/** How a change came about: by a request of its own, among others of one request, or by an undo. */
export type Origin = 'request' | 'batch' | 'undo'

/** How a transaction holds its owner. */
export interface Holding {
  origin?: Origin
  /** Whether a change is sure to come: then the hold takes its revision as well, which spares a statement. */
  willWrite?: boolean
  /** Whether what stands against an undo gives way. */
  isForced?: boolean
}

/** The one who owns what a transaction writes, held until it ends. */
export interface HeldOwner extends store.OwnerRow {
  /** The last revision that a change has taken. */
  readonly reached: number
  /** Writes the change under the owner's next revision and returns that number. */
  record(at: number, change: Change): Promise<number>
  /** Writes many changes under the next revisions, in their order. Returns the revision before the first of them. */
  recordAll(at: number, changes: readonly Change[]): Promise<number>
}

/** What a rule writes with: a transaction that holds the actor's owner, as of one instant in epoch milliseconds. */
export interface Writing {
  tx: Transaction
  owner: HeldOwner
  actor: Actor
  now: number
  /** How the changes come about. */
  origin: Origin
  isForced: boolean
}

/** Opens a transaction for a rule, with the actor's owner held. Throws `invalid-token` if the account is gone. */
export function write<T>(
  { database, clock }: { database: Database; clock: Clock },
  actor: Actor,
  work: (writing: Writing) => Promise<T>,
  holding?: Holding,
): Promise<T> {
  return database.transaction(async (tx) => {
    const owner = await holdOwner(tx, actor, holding)
    const { origin = 'request', isForced = false } = holding ?? {}
    return work({ tx, owner, actor, now: clock(), origin, isForced })
  })
}

/** An owner's newest revision and time zone; throws `invalid-token` if the account is gone. */
export async function readOwner(db: Queryable, actor: Actor): Promise<store.OwnerRow> {
  return (await store.findOwner(db, actor.userId)) ?? accountGone()
}

/**
 * Holds the actor's owner for the rest of the transaction, before anything else is read in it, so that
 * their writes take their revisions one after another, without a gap. Whoever follows this owner hears
 * of the changes once they are committed.
 */
export async function holdOwner(
  tx: Transaction,
  actor: Actor,
  { origin = 'request', willWrite = false }: Holding = {},
): Promise<HeldOwner> {
  const { userId: ownerId } = actor
  const credential = credentialOf(actor)
  const hold = willWrite ? store.advanceOwner : store.lockOwner
  const owner = (await hold(tx, ownerId)) ?? accountGone()
  const partOf = willWrite ? owner.revision : owner.revision + 1
  let revision = partOf - 1
  return {
    ...owner,
    get reached() {
      return revision
    },
    async record(at, change) {
      await takeRevisions(1)
      await store.insertChanges(tx, [rowOf(at, change, revision)])
      return revision
    },
    async recordAll(at, changes) {
      const before = revision
      if (changes.length > 0) await takeRevisions(changes.length)
      const rows = changes.map((change, i) => rowOf(at, change, before + 1 + i))
      for (let i = 0; i < rows.length; i += rowsAtOnce)
        await store.insertChanges(tx, rows.slice(i, i + rowsAtOnce))
      return before
    },
  }

  async function takeRevisions(count: number): Promise<void> {
    if (revision < partOf) await tx.announce(ownerId)
    revision += count
    if (revision > owner.revision) await store.setRevision(tx, ownerId, revision)
  }

  function rowOf(
    at: number,
    { id: thingId, fields, replaced, ...change }: Change,
    own: number,
  ): store.ChangeRow {
    const texts = { fields: JSON.stringify(fields), replaced: replaced ? JSON.stringify(replaced) : null }
    return { ownerId, revision: own, at, ...credential, origin, partOf, thingId, ...change, ...texts }
  }
}

/** Rows of one statement: few enough parameters for any database. */
const rowsAtOnce = 100

function accountGone(): never {
  throw new AppError('invalid-token', 'The account of this token is gone.')
}

/** The fields whose values differ, each with both; a field that was not there before counts as null. */
export function changedFields(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  names: readonly string[],
): ChangedFields {
  const changed: ChangedFields = {}
  for (const name of names) {
    const [was, is] = [before[name] ?? null, after[name] ?? null]
    if (was !== is && !isDeepStrictEqual(was, is)) changed[name] = [was, is]
  }
  return changed
}

/** A line of the journal as others read it; the instant is epoch milliseconds. */
export interface JournalEntry extends Omit<store.ChangeRow, 'fields' | 'replaced'> {
  fields: ChangedFields
  replaced: Replaced | undefined
}

/** One change of the actor's, while it is kept. */
export async function readChange(
  db: Queryable,
  actor: Actor,
  revision: number,
): Promise<JournalEntry | undefined> {
  const row = await store.findChange(db, actor.userId, revision)
  return row && toEntry(row)
}

/** Every change of the transaction that began with this revision, the last first. */
export async function readGroup(db: Queryable, actor: Actor, partOf: number): Promise<JournalEntry[]> {
  return (await store.findGroup(db, actor.userId, partOf)).map(toEntry)
}

/**
 * The thing that the change `deletedBy` deleted, as kept by the change that put another in its place; undefined if none
 * did. `newest` is the last change of the thing that is there now.
 */
export async function readReplaced(
  db: Queryable,
  actor: Actor,
  newest: number,
  deletedBy: number,
): Promise<Replaced | undefined> {
  const row = await store.findReplacer(db, actor.userId, newest, deletedBy)
  return row && toEntry(row).replaced
}

/** The changes of one thing, the newest first, from that one on. */
export async function readHistory(
  db: Queryable,
  actor: Actor,
  newest: number,
  limit: number,
): Promise<JournalEntry[]> {
  return (await store.findHistory(db, actor.userId, newest, limit)).map(toEntry)
}

/**
 * Clears the content of every change of the things whose newest ones lie within `since < revision ≤ until`. The
 * changes themselves stay.
 */
export const eraseHistory = (tx: Queryable, actor: Actor, since: number, until: number): Promise<void> =>
  store.eraseFields(tx, actor.userId, since, until)

/** Deletes at most `limit` changes from before an instant. Returns how many. */
export async function sweepChanges(tx: Queryable, at: number, limit: number): Promise<number> {
  const gone = await store.deleteChangesBefore(tx, at, limit)
  await markSwept(tx, gone)
  return gone.length
}

/** Raises each owner's oldest sync position. Clients behind it get `sync-too-old` and start over. */
export async function markSwept(tx: Queryable, gone: { ownerId: string; revision: number }[]): Promise<void> {
  const newest = new Map<string, number>()
  for (const { ownerId, revision } of gone) newest.set(ownerId, Math.max(revision, newest.get(ownerId) ?? 0))
  for (const [ownerId, revision] of newest) await store.raiseSweptRevision(tx, ownerId, revision)
}

const toEntry = (row: store.ChangeRow): JournalEntry => ({ ...row, ...store.readJson(row) })
