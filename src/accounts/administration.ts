import { formatInstant } from '../core/dates.ts'
import { isEmail, longestEmail } from '../core/email.ts'
import { invalidField, OperatorError } from '../core/errors.ts'
import type { Database, Transaction } from '../database/database.ts'
import { deleteTokens } from '../tokens/tokens.ts'
import * as people from './administration-store.ts'
import * as passwords from './passwords.ts'
import { emailTaken, newUser, toUser } from './profile.ts'
import { longestName, type User } from './schema.ts'
import * as store from './store.ts'

// What the operator does with accounts, by e-mail address, while servers may be running on the database.

export { createInvite, type Invite } from './invites.ts'

/** A user as the operator sees them. */
export interface Account extends User {
  disabledAt: string | null
  /** How many sessions are open, and when one was opened or renewed last. */
  sessions: number
  lastUsedAt: string | null
  apiTokens: number
}

/** A session as the operator sees it. */
export interface OpenSession {
  id: string
  createdAt: string
  lastUsedAt: string
  expiresAt: string
  userAgent: string | null
  ipAddress: string
}

/** Every account, by e-mail address. */
export async function listAccounts(database: Database, now: number): Promise<Account[]> {
  return (await people.listAccounts(database, now)).map(toAccount)
}

/** One account. Throws OperatorError if nobody has the address. */
export async function readAccount(database: Database, email: string, now: number): Promise<Account> {
  const [row] = await people.listAccounts(database, now, email)
  return toAccount(row ?? nobody(email))
}

/** Creates an account, whatever REGISTRATION says; throws `validation-failed`, `email-taken`. */
export async function createAccount(
  database: Database,
  { email, password, name }: { email: string; password: string; name: string },
  now: number,
): Promise<User> {
  assertName(name)
  const passwordHash = await hashOf(email, password)
  const user = newUser({ email, passwordHash, name, timeZone: 'UTC' }, now)
  await database.transaction(async (tx) => {
    if (!(await store.insertUser(tx, user))) throw emailTaken()
  })
  return toUser(user)
}

/** Throws `validation-failed` for what is no e-mail address. */
export function assertEmail(email: string): void {
  if (!isEmail(email) || email.length > longestEmail)
    throw invalidField('/email', `must be an e-mail address of at most ${longestEmail} characters`)
}

function assertName(name: string): void {
  if (/\p{Cc}/u.test(name) || !name.isWellFormed() || Array.from(name).length > longestName)
    throw invalidField('/name', `must be one line of at most ${longestName} characters`)
}

/** Sets a password, and with it ends every session, every API token and every pause of the address. */
export async function setPassword(database: Database, email: string, password: string): Promise<void> {
  const hash = await hashOf(email, password)
  await changeAccount(database, email, async (tx, { id }) => {
    await store.setPasswordHash(tx, id, hash)
    await store.deleteSessions(tx, id)
    await deleteTokens(tx, id)
  })
}

/** Ends every session for good. Logins and API tokens are refused until the account is enabled again. */
export const disableAccount = (database: Database, email: string, now: number): Promise<void> =>
  changeAccount(database, email, async (tx, { id, disabledAt }) => {
    await people.setDisabled(tx, id, disabledAt ?? now)
    await store.deleteSessions(tx, id)
  })

/** Lets the user log in again; their API tokens work again. */
export const enableAccount = (database: Database, email: string): Promise<void> =>
  changeAccount(database, email, (tx, { id }) => people.setDisabled(tx, id, null))

/** Closes the account for good; a running server erases its rows by its next sweep. */
export const removeAccount = (database: Database, email: string, now: number): Promise<void> =>
  changeAccount(database, email, (tx, { id }) => store.closeUser(tx, id, now))

/** The open sessions of a user, the last used first. */
export async function listOpenSessions(
  database: Database,
  email: string,
  now: number,
): Promise<OpenSession[]> {
  const user = (await store.findUserByEmail(database, email)) ?? nobody(email)
  const rows = await store.listSessions(database, user.id, now)
  return rows.map(({ id, createdAt, lastUsedAt, expiresAt, userAgent, ipAddress }) => ({
    id,
    createdAt: formatInstant(createdAt),
    lastUsedAt: formatInstant(lastUsedAt),
    expiresAt: formatInstant(expiresAt),
    userAgent,
    ipAddress,
  }))
}

/** Ends every session of a user; API tokens stay. */
export const endSessions = (database: Database, email: string): Promise<void> =>
  changeAccount(database, email, (tx, { id }) => store.deleteSessions(tx, id))

/** Changes an account and announces it, so that streams of sessions that ended close. */
function changeAccount(
  database: Database,
  email: string,
  change: (tx: Transaction, user: store.UserRow) => Promise<void>,
): Promise<void> {
  return database.transaction(async (tx) => {
    const found = (await store.findUserByEmail(tx, email)) ?? nobody(email)
    // Held, so that no login opens a session meanwhile.
    await change(tx, (await store.lockUser(tx, found.id)) ?? nobody(email))
    await tx.announce(found.id)
  })
}

async function hashOf(email: string, password: string): Promise<string> {
  const fault = passwords.passwordFault(password)
  if (fault !== undefined) throw invalidField('/password', fault)
  passwords.assertUnlike(password, email, '/password')
  return passwords.hashPassword(password)
}

function toAccount(row: people.AccountRow): Account {
  const { disabledAt, lastUsedAt, sessions, apiTokens } = row
  return {
    ...toUser(row),
    disabledAt: disabledAt === null ? null : formatInstant(disabledAt),
    sessions,
    lastUsedAt: lastUsedAt === null ? null : formatInstant(lastUsedAt),
    apiTokens,
  }
}

function nobody(email: string): never {
  throw new OperatorError(`No user has the e-mail address ${email}.`)
}
