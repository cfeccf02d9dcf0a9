import type { Actor } from '../core/actor.ts'
import { formatInstant } from '../core/dates.ts'
import { AppError } from '../core/errors.ts'
import type { Queryable } from '../database/database.ts'
import { changedFields, holdOwner, type HeldOwner } from '../revisions/revisions.ts'
import type { Accounts } from './services.ts'
import type { ProfilePatch, User } from './schema.ts'
import * as store from './store.ts'

/** The actor's own account. */
export async function readProfile({ database }: Accounts, actor: Actor): Promise<User> {
  return toUser(await readUser(database, actor))
}

/** Changes name or time zone, as the owner's next revision; what is the same already changes nothing. */
export function changeProfile(
  { database, clock }: Accounts,
  actor: Actor,
  patch: ProfilePatch,
): Promise<{ user: User; revision: number | undefined }> {
  return database.transaction(async (tx) => {
    const owner = await holdOwner(tx, actor)
    const revision = await resetProfile(tx, owner, actor, clock(), () => patch)
    return { user: toUser(await readUser(tx, actor)), revision }
  })
}

/** Changes the profile to what is wanted of the current one, and answers the revision, if that was a change. */
export async function resetProfile(
  tx: Queryable,
  owner: HeldOwner,
  actor: Actor,
  now: number,
  wantedOf: (current: User) => ProfilePatch,
): Promise<number | undefined> {
  const before = await readUser(tx, actor)
  const after = { ...before, ...wantedOf(toUser(before)) }
  const fields = changedFields(before, after, ['name', 'timeZone'])
  if (Object.keys(fields).length === 0) return undefined
  await store.setProfile(tx, actor.userId, after.name, after.timeZone)
  const previous = owner.profileRevision || null
  return owner.record(now, { kind: 'profile', id: actor.userId, previous, action: 'update', fields })
}

/** The actor's user; throws `invalid-token` if the account is gone. */
export async function readUser(db: Queryable, actor: Actor): Promise<store.UserRow> {
  const user = await store.findUser(db, actor.userId)
  if (!user) throw new AppError('invalid-token', 'The account of this token is gone.')
  return user
}

/** A user as the client reads it. */
export function toUser({ id, email, name, timeZone, createdAt }: store.UserRow): User {
  return { id, email, name, timeZone, createdAt: formatInstant(createdAt) }
}
