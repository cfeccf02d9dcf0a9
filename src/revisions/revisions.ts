import type { Actor } from '../core/actor.ts'
import { AppError } from '../core/errors.ts'
import type { Queryable } from '../database/database.ts'
import { findOwner, insertChange, lockOwner, setRevision, type OwnerRow } from './store.ts'

/** What happened to which thing: for each field that changed, its value before and after. */
export interface Change {
  kind: 'task' | 'profile'
  id: string
  action: 'create' | 'update' | 'delete'
  fields: Record<string, [before: unknown, after: unknown]>
}

/** The one who owns what a transaction writes, held until it ends. */
export interface HeldOwner extends OwnerRow {
  /** Writes the change under the owner's next revision and answers that number. */
  record(at: number, change: Change): Promise<number>
}

/** An owner's newest revision and time zone; throws `invalid-token` if the account is gone. */
export async function readOwner(db: Queryable, actor: Actor): Promise<OwnerRow> {
  return (await findOwner(db, actor.userId)) ?? accountGone()
}

/**
 * Holds the actor's owner for the rest of the transaction, before anything else is read in it, so that
 * their writes take their revisions one after another, without a gap.
 */
export async function holdOwner(tx: Queryable, actor: Actor): Promise<HeldOwner> {
  const { userId: ownerId, sessionId } = actor
  const owner = (await lockOwner(tx, ownerId)) ?? accountGone()
  let { revision } = owner
  return {
    ...owner,
    async record(at, { kind, id, action, fields }) {
      revision += 1
      await setRevision(tx, ownerId, revision)
      await insertChange(tx, {
        ownerId,
        revision,
        at,
        kind,
        thingId: id,
        action,
        sessionId,
        fields: JSON.stringify(fields),
      })
      return revision
    },
  }
}

function accountGone(): never {
  throw new AppError('invalid-token', 'The account of this token is gone.')
}

/** The fields whose values differ, each with both; values are compared as JSON knows them. */
export function changedFields<T extends object>(
  before: Partial<T>,
  after: T,
  names: (keyof T & string)[],
): Change['fields'] {
  const changed = names.filter((name) => before[name] !== after[name])
  return Object.fromEntries(changed.map((name) => [name, [before[name] ?? null, after[name]]]))
}
