import type { Actor, SessionActor } from '../core/actor.ts'
import { AppError, invalidField, sessionEnded } from '../core/errors.ts'
import { newId } from '../core/id.ts'
import type { Database } from '../database/database.ts'
import { deleteTokens } from '../tokens/tokens.ts'
import * as passwords from './passwords.ts'
import { readUser, toUser } from './profile.ts'
import type { Credentials, PasswordChange, Registration, SignedIn, TokenPair } from './schema.ts'
import type { Accounts, Client } from './services.ts'
import { issueTokens, openSession } from './sessions.ts'
import * as store from './store.ts'
import type { Guessed } from './throttle.ts'

export { profileKind } from './profile.ts'
export { createAccounts, type Accounts, type Client } from './services.ts'
export type { HashCost } from './passwords.ts'
export { findPresent, sweepSessions } from './sessions.ts'
export { sweepFailures } from './throttle.ts'

/** Creates an account and its first session; throws `registration-closed`, `email-taken`, `validation-failed`. */
export async function register(accounts: Accounts, wanted: Registration, client: Client): Promise<SignedIn> {
  if (!accounts.isRegistrationOpen)
    throw new AppError('registration-closed', 'Registration is closed on this server.')
  const { email, password, name = '', timeZone = 'UTC' } = wanted
  assertUnlike(password, email, '/password')
  if (await store.findUserByEmail(accounts.database, email)) throw emailTaken()
  const passwordHash = await accounts.hashes.run(() => passwords.hashPassword(password, accounts.hashCost))
  const now = accounts.clock()
  const user: store.UserRow = { id: newId(), email, passwordHash, name, timeZone, createdAt: now }
  const session = await accounts.database.transaction(async (tx) => {
    if (!(await store.insertUser(tx, user))) throw emailTaken()
    return openSession(tx, user.id, client, now)
  })
  return { user: toUser(user), ...(await issueTokens(accounts, session)) }
}

/** Opens a session; throws `invalid-credentials`, `too-many-requests`, `overloaded`. */
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
  const rehashed = await rehash(accounts, user, password)
  const session = await database.transaction(async (tx) => {
    if ((await store.lockUser(tx, user.id))?.passwordHash !== user.passwordHash) return undefined
    if (rehashed) await store.setPasswordHash(tx, user.id, rehashed)
    return openSession(tx, user.id, client, clock())
  })
  // Another request changed the password or deleted the account during the comparison: start over.
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
  assertUnlike(change.newPassword, user.email, '/newPassword')
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

/**
 * Sets a password for the operator, and with it ends every session, every API token and every pause of the address.
 * Returns false if no user has the address.
 */
export async function resetPassword(database: Database, email: string, password: string): Promise<boolean> {
  const fault = passwords.passwordFault(password)
  if (fault !== undefined) throw invalidField('/password', fault)
  assertUnlike(password, email, '/password')
  const hash = await passwords.hashPassword(password)
  return database.transaction(async (tx) => {
    const user = await store.findUserByEmail(tx, email)
    if (!user) return false
    await store.setPasswordHash(tx, user.id, hash)
    await store.deleteSessions(tx, user.id)
    await deleteTokens(tx, user.id)
    await tx.announce(user.id)
    return true
  })
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

function assertUnlike(password: string, email: string, pointer: string): void {
  if (passwords.containsLocalPart(password, email))
    throw invalidField(pointer, 'must not contain the e-mail address')
}

const emailTaken = () =>
  new AppError('email-taken', 'There is an account with this e-mail address; log in instead.')
