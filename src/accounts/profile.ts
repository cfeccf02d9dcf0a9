import type { Actor } from '../core/actor.ts'
import { formatInstant } from '../core/dates.ts'
import { AppError, insufficientScope } from '../core/errors.ts'
import { newId } from '../core/id.ts'
import type { Queryable } from '../database/database.ts'
import { changedFields, write, type Writing } from '../revisions/revisions.ts'
import type { Kind, Written } from '../things/things.ts'
import type { Accounts } from './services.ts'
import type { ProfilePatch, User } from './schema.ts'
import * as store from './store.ts'

const fieldNames = ['name', 'timeZone']

/** The profile as a kind of thing: one for each owner, under the owner's id. It is changed, never deleted. */
export const profileKind: Kind = {
  name: 'profile',
  fieldNames,
  addressOf: () => '/me',
  async findLive(db, ownerId) {
    const user = await store.findUser(db, ownerId)
    return user && toUser(user)
  },
  async listChanged(db, ownerId, since, until) {
    const last = await store.findProfileChange(db, ownerId)
    if (!last || last.revision <= since || last.revision > until) return []
    const { revision, at } = last
    return [{ revision, at: formatInstant(at), id: ownerId, action: 'update', thing: null }]
  },
  change: (writing, _id, patch) => change(writing, patch),
}

/** The actor's own account. */
export async function readProfile({ database }: Accounts, actor: Actor): Promise<User> {
  return toUser(await readUser(database, actor))
}

/** Changes name or time zone, as the owner's next revision; if both stay the same, nothing is written. */
export const changeProfile = (
  accounts: Accounts,
  actor: Actor,
  patch: ProfilePatch,
): Promise<Written<User>> => write(accounts, actor, (writing) => change(writing, patch))

async function change({ tx, owner, actor, now }: Writing, patch: ProfilePatch): Promise<Written<User>> {
  if (actor.tokenId !== undefined) throw insufficientScope('account') // by an undo
  const before = await readUser(tx, actor)
  const after = { ...before, ...patch }
  const fields = changedFields({ ...before }, after, fieldNames)
  if (Object.keys(fields).length === 0) return { thing: toUser(before), isNew: false, revision: undefined }
  const previous = (await store.findProfileChange(tx, actor.userId))?.revision ?? null
  const what = { kind: profileKind.name, id: actor.userId, previous, action: 'update', fields } as const
  const revision = await owner.record(now, what)
  await store.setProfile(tx, actor.userId, after.name, after.timeZone, revision, now)
  return { thing: toUser(after), isNew: false, revision }
}

/** The actor's user; throws `invalid-token` if the account is gone. */
export async function readUser(db: Queryable, actor: Actor): Promise<store.UserRow> {
  const user = await store.findUser(db, actor.userId)
  if (!user) throw new AppError('invalid-token', 'The account of this token is gone.')
  return user
}

/** A user to insert. */
export const newUser = (
  given: Pick<store.UserRow, 'email' | 'passwordHash' | 'name' | 'timeZone'>,
  now: number,
): store.UserRow => ({ ...given, id: newId(), createdAt: now, disabledAt: null })

export const emailTaken = (): AppError =>
  new AppError('email-taken', 'There is an account with this e-mail address; log in instead.')

/** A user as the client reads it. */
export function toUser({ id, email, name, timeZone, createdAt }: Omit<store.UserRow, 'passwordHash'>): User {
  return { id, email, name, timeZone, createdAt: formatInstant(createdAt) }
}
