import type { PresentSession, SessionActor } from '../core/actor.ts'
import { AppError, notFound } from '../core/errors.ts'
import { formatInstant } from '../core/dates.ts'
import { newId } from '../core/id.ts'
import type { Queryable, Transaction } from '../database/database.ts'
import type { Accounts, Client } from './services.ts'
import type { Session, TokenPair } from './schema.ts'
import * as store from './store.ts'
import { accessTokenSeconds } from './tokens.ts'

const day = 24 * 60 * 60_000
const idleMs = 14 * day
/** How long a session lives without a refresh, in seconds. */
export const idleSeconds = idleMs / 1000
const absoluteMs = 30 * day
const graceMs = 10_000
const longestUserAgent = 512

/** Opens a session for a user. */
export async function openSession(
  tx: Queryable,
  ownerId: string,
  client: Client,
  now: number,
): Promise<store.SessionRow> {
  const session: store.SessionRow = {
    ownerId,
    id: newId(),
    counter: 0,
    createdAt: now,
    lastUsedAt: now,
    expiresAt: now + idleMs,
    userAgent: client.userAgent?.slice(0, longestUserAgent) ?? null,
    ipAddress: client.address,
  }
  await store.insertSession(tx, session)
  return session
}

/** Returns an access token and a refresh token for the session's current counter. */
export async function issueTokens({ tokens }: Accounts, session: store.SessionRow): Promise<TokenPair> {
  return {
    accessToken: await tokens.signAccess({ userId: session.ownerId, sessionId: session.id }),
    tokenType: 'Bearer',
    expiresIn: accessTokenSeconds,
    refreshToken: tokens.signRefresh(session.id, session.counter),
  }
}

/** Deletes at most `limit` expired sessions. Returns how many. */
export const sweepSessions = store.deleteSessionsExpiredBefore

/** Returns the actor with the current state of their account, or undefined if the session has ended. */
export const findPresent = (
  { database, clock }: Pick<Accounts, 'database' | 'clock'>,
  { userId, sessionId }: SessionActor,
): Promise<PresentSession | undefined> => store.findPresent(database, userId, sessionId, clock())

/**
 * Trades a refresh token for the next one (RFC 9700 §4.14.2). For ten seconds the previous token gets the same
 * successor again, for a client that lost the response. The use of an older token means that it was stolen, so
 * its session ends. Throws `invalid-token`.
 */
export async function refresh(accounts: Accounts, refreshToken: string): Promise<TokenPair> {
  const { sessionId, counter } = accounts.tokens.verifyRefresh(refreshToken)
  const now = accounts.clock()
  const session = await accounts.database.transaction(async (tx) => {
    const current = await store.findSession(tx, sessionId, now)
    if (!current) return undefined
    const advanced = await store.advanceSession(tx, { ...current, counter }, 1, now, expiryOf(current, now))
    const latest = advanced ?? (await store.findSession(tx, sessionId, now))
    if (!latest || advanced || isRetry(latest, counter, now)) return latest
    await end(tx, latest.ownerId, sessionId)
    return undefined
  })
  if (!session)
    throw new AppError('invalid-token', 'The session of this refresh token has ended; log in again.')
  return issueTokens(accounts, session)
}

const isRetry = (session: store.SessionRow, counter: number, now: number) =>
  session.counter === counter + 1 && now - session.lastUsedAt <= graceMs

/** Returns when a session that is used now expires, in epoch milliseconds. */
const expiryOf = (session: store.SessionRow, now: number): number =>
  Math.min(now + idleMs, session.createdAt + absoluteMs)

/** Ends a session and announces it, so that its event streams close. Returns false if there is none of this id. */
async function end(tx: Transaction, ownerId: string, id: string): Promise<boolean> {
  const hasEnded = await store.deleteSession(tx, ownerId, id)
  if (hasEnded) await tx.announce(ownerId)
  return hasEnded
}

/** Ends the actor's own session. */
export async function logOut({ database }: Accounts, actor: SessionActor): Promise<void> {
  await database.transaction((tx) => end(tx, actor.userId, actor.sessionId))
}

/** Ends one of the actor's sessions; throws `not-found`. */
export async function endSession({ database }: Accounts, actor: SessionActor, id: string): Promise<void> {
  const ended = await database.transaction((tx) => end(tx, actor.userId, id))
  if (!ended) notFound()
}

/** Returns the actor's active sessions, the last used first. */
export async function listSessions({ database, clock }: Accounts, actor: SessionActor): Promise<Session[]> {
  const rows = await store.listSessions(database, actor.userId, clock())
  return rows.map((row) => ({
    id: row.id,
    createdAt: formatInstant(row.createdAt),
    lastUsedAt: formatInstant(row.lastUsedAt),
    userAgent: row.userAgent,
    ipAddress: row.ipAddress,
    current: row.id === actor.sessionId,
  }))
}
