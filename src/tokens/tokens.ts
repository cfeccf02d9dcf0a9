import type { Actor, PresentToken, TokenActor } from '../core/actor.ts'
import type { Outcome } from '../core/attempt.ts'
import type { Clock } from '../core/clock.ts'
import { formatInstant, parseInstant } from '../core/dates.ts'
import { sha256 } from '../core/digest.ts'
import { AppError, invalidField, notFound, tokenEnded } from '../core/errors.ts'
import { newId } from '../core/id.ts'
import type { Database, Transaction } from '../database/database.ts'
import { writeOnce, type Asked } from '../things/things.ts'
import type { ApiToken, CreatedApiToken, NewApiToken } from './schema.ts'
import { createSecret, isWellFormed } from './secret.ts'
import * as store from './store.ts'
import { apartMs, createUses, type Uses } from './uses.ts'

export { isApiToken } from './secret.ts'

/** How many tokens an account may have. */
const most = 50
const remembered = 10_000

/** What the verbs about API tokens work with. */
export interface ApiTokens {
  database: Database
  clock: Clock
  uses: Uses
  /** The tokens that were looked up, each with its actor, which never changes. Whether it lives is read each time. */
  known: Map<string, TokenActor>
}

export const createApiTokens = (
  database: Database,
  clock: Clock,
  warn: (error: unknown) => void,
): ApiTokens => ({ database, clock, uses: createUses(database, warn), known: new Map() })

/** Returns whom a token names, who may be gone by now. Throws `invalid-token`. */
export async function readToken({ database, known }: ApiTokens, token: string): Promise<TokenActor> {
  const before = known.get(token)
  if (before) return before
  if (!isWellFormed(token)) {
    throw new AppError('invalid-token', 'This is no API token: its checksum is wrong. Copy all of it again.')
  }
  const actor = (await store.findByHash(database, sha256(token))) ?? unknown()
  if (known.size >= remembered) known.delete(known.keys().next().value ?? '')
  known.set(token, actor)
  return actor
}

function unknown(): never {
  throw tokenEnded()
}

/** Returns the actor with the current state of their account, or undefined if the token was deleted or has expired. */
export async function findPresent(
  { database, clock, uses }: ApiTokens,
  { userId, tokenId }: TokenActor,
): Promise<PresentToken | undefined> {
  const now = clock()
  const found = await store.findPresent(database, userId, tokenId, now)
  if (!found) return undefined
  if (found.lastUsedAt === null || found.lastUsedAt <= now - apartMs) uses.note({ userId, tokenId, at: now })
  return found
}

/** Creates a token, which only this answer shows; throws `validation-failed`, `limit-reached`. */
export function createToken(
  tokens: ApiTokens,
  asked: Asked<CreatedApiToken>,
  { name, scopes, expiresAt }: NewApiToken,
): Promise<Outcome> {
  return writeOnce(tokens, asked, async ({ tx, actor: { userId }, now }) => {
    const expiry = typeof expiresAt === 'string' ? (parseInstant(expiresAt) ?? null) : null
    if (expiry !== null && expiry <= now) throw invalidField('/expiresAt', 'must be in the future')
    if ((await store.countTokens(tx, userId)) >= most) {
      throw new AppError('limit-reached', `An account can have ${most} API tokens; delete one first.`)
    }
    const token = createSecret()
    const row: store.TokenRow = {
      id: newId(),
      hash: sha256(token),
      name,
      scopes,
      createdAt: now,
      expiresAt: expiry,
      lastUsedAt: null,
    }
    await store.insertToken(tx, userId, row)
    return { ...toToken(row), token }
  })
}

/** Returns the actor's tokens, the newest first. */
export async function listTokens({ database, uses }: ApiTokens, actor: Actor): Promise<ApiToken[]> {
  const rows = await store.listTokens(database, actor.userId)
  return rows.map((row) => toToken({ ...row, lastUsedAt: uses.noted(row.id) ?? row.lastUsedAt }))
}

/** Deletes one of the actor's tokens, so that its streams close; throws `not-found`. */
export const deleteToken = (tokens: ApiTokens, asked: Asked<void>, id: string): Promise<Outcome> =>
  writeOnce(tokens, asked, async ({ tx, actor: { userId } }) => {
    if (!(await store.deleteToken(tx, userId, id))) notFound()
    await tx.announce(userId)
  })

/** Deletes every token of a user, within the transaction of a change of password, which announces it. */
export const deleteTokens = (tx: Transaction, userId: string): Promise<void> => store.deleteTokens(tx, userId)

function toToken({ id, name, scopes, createdAt, expiresAt, lastUsedAt }: store.TokenRow): ApiToken {
  return {
    id,
    name,
    scopes: [...scopes],
    createdAt: formatInstant(createdAt),
    expiresAt: expiresAt === null ? null : formatInstant(expiresAt),
    lastUsedAt: lastUsedAt === null ? null : formatInstant(lastUsedAt),
  }
}
