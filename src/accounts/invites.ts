import { randomBytes } from 'node:crypto'
import { formatInstant } from '../core/dates.ts'
import { sha256 } from '../core/digest.ts'
import { AppError } from '../core/errors.ts'
import type { Database, Queryable } from '../database/database.ts'
import * as store from './invites-store.ts'
import { emailTaken } from './profile.ts'
import { findUserByEmail } from './store.ts'

const tokenBytes = 24
const dayMs = 24 * 60 * 60_000
/** How long an expired invitation is kept, so that whoever comes late is told so. */
const keptMs = 30 * dayMs

/** An invitation as the operator gets it; the token is shown only here. */
export interface Invite {
  invite: string
  email: string | null
  expiresAt: string
}

/**
 * Makes an invitation that is good once; with an address, only for that one. Only the hash of its token is kept. Throws
 * `email-taken`.
 */
export async function createInvite(
  database: Database,
  email: string | null,
  days: number,
  now: number,
): Promise<Invite> {
  const invite = randomBytes(tokenBytes).toString('base64url')
  const expiresAt = now + days * dayMs
  if (email !== null && (await findUserByEmail(database, email))) throw emailTaken()
  const row = { hash: sha256(invite), email, createdAt: now, expiresAt, usedAt: null }
  await database.transaction((tx) => store.insertInvite(tx, row))
  return { invite, email, expiresAt: formatInstant(expiresAt) }
}

/** An invitation that somebody registers with. Both throw `registration-closed`. */
export interface Invitation {
  assertValid(db: Queryable, now: number): Promise<void>
  /** Uses it up, in the transaction of the registration. */
  use(tx: Queryable, now: number): Promise<void>
}

/** The invitation of this token, for a registration with this address. Throws `registration-closed` without one. */
export function invitationOf(invite: string | undefined, email: string): Invitation {
  if (invite === undefined)
    throw refused('Registration is by invitation: send `invite`, as the operator gave it.')
  const hash = sha256(invite.trim())
  const assertValid = async (db: Queryable, now: number) => {
    const row = await store.findInvite(db, hash)
    if (!row) throw refused('There is no such invitation on this server; copy all of it, or ask for another.')
    if (row.usedAt !== null) throw refused('The invitation was used already; ask for another.')
    if (row.expiresAt <= now) throw refused(`The invitation expired at ${formatInstant(row.expiresAt)}.`)
    if (row.email !== null && row.email !== email)
      throw refused('The invitation is for another e-mail address.')
  }
  return {
    assertValid,
    async use(tx, now) {
      await assertValid(tx, now)
      if (!(await store.useInvite(tx, hash, now)))
        throw refused('The invitation was used already; ask for another.')
    },
  }
}

const refused = (detail: string) => new AppError('registration-closed', detail)

/** Deletes at most `limit` invitations that expired some time ago. Returns how many. */
export const sweepInvites = (tx: Queryable, now: number, limit: number): Promise<number> =>
  store.deleteInvitesBefore(tx, now - keptMs, limit)
