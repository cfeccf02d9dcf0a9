import type { Actor, SessionActor } from '../core/actor.ts'
import { AppError, sessionEnded } from '../core/errors.ts'
import { deleteTokens } from '../tokens/tokens.ts'
import * as passwords from './passwords.ts'
import { invitationOf } from './invites.ts'
import { emailTaken, newUser, readUser, toUser } from './profile.ts'
import type { Credentials, PasswordChange, Registration, SignedIn, TokenPair } from './schema.ts'
import type { Accounts, Client } from './services.ts'
import { issueTokens, openSession } from './sessions.ts'
import * as store from './store.ts'
import type { Guessed } from './throttle.ts'

export {
  assertEmail,
  createAccount,
  createInvite,
  disableAccount,
  enableAccount,
  endSessions,
  listAccounts,
  listOpenSessions,
  readAccount,
  removeAccount,
  setPassword,
  type Account,
} from './administration.ts'
export { profileKind } from './profile.ts'
export { createAccounts, type Accounts, type Client } from './services.ts'
export type { HashCost } from './passwords.ts'
export { findPresent, sweepSessions } from './sessions.ts'
export { sweepInvites } from './invites.ts'
export { sweepFailures } from './throttle.ts'

/** Creates an account and its first session; throws `registration-closed`, `email-taken`, `validation-failed`. */
export async function register(accounts: Accounts, wanted: Registration, client: Client): Promise<SignedIn> {
  const { email, password, name = '', timeZone = 'UTC', invite } = wanted
  if (accounts.registration === 'closed')
    throw new AppError('registration-closed', 'Registration is closed on this server.')
  const invitation = accounts.registration === 'invite' ? invitationOf(invite, email) : undefined
  await invitation?.assertValid(accounts.database, accounts.clock())
  passwords.assertUnlike(password, email, '/password')
  if (await store.findUserByEmail(accounts.database, email)) throw emailTaken()
  const passwordHash = await accounts.hashes.run(() => passwords.hashPassword(password, accounts.hashCost))
  const now = accounts.clock()
  const user = newUser({ email, passwordHash, name, timeZone }, now)
  const session = await accounts.database.transaction(async (tx) => {
    await invitation?.use(tx, now)
    if (!(await store.insertUser(tx, user))) throw emailTaken()
    return openSession(tx, user.id, client, now)
  })
  return { user: toUser(user), ...(await issueTokens(accounts, session)) }
}

/** Opens a session; throws `invalid-credentials`, `account-disabled`, `too-many-requests`, `overloaded`. */
export async function logIn(
  accounts: Accounts,
  { email, password }: Credentials,
  client: Client,
): Promise<SignedIn> {
  const { database, clock } = accounts
  const user = await store.findUserByEmail(database, email)
  const guessed = { email, passwordHash: user?.passwordHash }
  const isRight = await checkPassword(accounts, guessed, client, password)
  if (!user || !isRight)
    throw new AppError('invalid-credentials', 'The e-mail address or the password is wrong.')
  if (user.disabledAt !== null)
    throw new AppError('account-disabled', 'The operator of this server has disabled the account.')
  const rehashed = await rehash(accounts, user, password)
  const session = await database.transaction(async (tx) => {
    const locked = await store.lockUser(tx, user.id)
    if (locked?.passwordHash !== user.passwordHash || locked.disabledAt !== null) return undefined
    if (rehashed) await store.setPasswordHash(tx, user.id, rehashed)
    return openSession(tx, user.id, client, clock())
  })
  // The password was changed, or the account deleted or disabled, during the comparison: start over.
  if (!session) return logIn(accounts, { email, password }, client)
  return { user: toUser(user), ...(await issueTokens(accounts, session)) }
}

/**
 * Sets a new password, ends every other session and returns new tokens for this one; API tokens stay unless the change
 * says otherwise. Throws `wrong-password`.
 */
export async function changePassword(
  accounts: Accounts,
  actor: SessionActor,
  change: PasswordChange,
  client: Client,
): Promise<TokenPair> {
  const user = await readUserWithPassword(accounts, actor, change.currentPassword, client)
  passwords.assertUnlike(change.newPassword, user.email, '/newPassword')
  const hash = await accounts.hashes.run(() => passwords.hashPassword(change.newPassword, accounts.hashCost))
  const now = accounts.clock()
  const session = await accounts.database.transaction(async (tx) => {
    const current = await store.lockSession(tx, actor.sessionId, now) // so that no refresh advances it meanwhile
    if (!current) return undefined
    await store.setPasswordHash(tx, user.id, hash)
    await store.deleteSessions(tx, user.id, actor.sessionId)
    if (change.revokeTokens === true) await deleteTokens(tx, user.id)
    await tx.announce(user.id)
    // Two steps, so that the previous refresh token is too old to count as a retry.
    return store.advanceSession(tx, current, 2, current.lastUsedAt, current.expiresAt)
  })
  if (!session) throw sessionEnded()
  return issueTokens(accounts, session)
}

/** Closes the account for good and has everything it owns erased soon; throws `wrong-password`. */
export async function deleteAccount(
  accounts: Accounts,
  actor: Actor,
  password: string,
  client: Client,
): Promise<void> {
  await readUserWithPassword(accounts, actor, password, client)
  const now = accounts.clock()
  await accounts.database.transaction(async (tx) => {
    // Writes that run at this moment hold the owner, so this waits for them; later ones find no owner.
    if (!(await store.lockUser(tx, actor.userId))) throw sessionEnded()
    await store.closeUser(tx, actor.userId, now)
    await tx.announce(actor.userId)
  })
  accounts.onClosed()
}

/** Returns the actor's user if the password is right; throws `wrong-password`, `too-many-requests`. */
async function readUserWithPassword(
  accounts: Accounts,
  actor: Actor,
  password: string,
  client: Client,
): Promise<store.UserRow> {
  const user = await readUser(accounts.database, actor)
  if (await checkPassword(accounts, user, client, password)) return user
  throw new AppError('wrong-password', 'The password is wrong.')
}

/** Checks the pause again inside the gate, since a failure of an earlier request in the queue may have started one. */
async function checkPassword(
  { throttle, hashes, hashCost }: Accounts,
  guessed: Guessed,
  { network }: Client,
  password: string,
): Promise<boolean> {
  await throttle.assertNoPause(guessed, network)
  return hashes.run(async () => {
    await throttle.assertNoPause(guessed, network)
    const isRight = await passwords.isPassword(password, guessed.passwordHash, hashCost)
    await (isRight ? throttle.recordSuccess(guessed, network) : throttle.recordFailure(guessed, network))
    return isRight
  })
}

async function rehash(
  accounts: Accounts,
  user: store.UserRow,
  password: string,
): Promise<string | undefined> {
  if (!passwords.isOutdated(user.passwordHash, accounts.hashCost)) return undefined
  return accounts.hashes.run(() => passwords.hashPassword(password, accounts.hashCost))
}
