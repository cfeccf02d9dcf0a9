import type { GrantedScope } from './scopes.ts'

/** The user that a request acts for, and what let it in: a session or an API token. */
export type Actor = SessionActor | TokenActor

export interface SessionActor {
  userId: string
  sessionId: string
  tokenId?: never
}

export interface TokenActor {
  userId: string
  tokenId: string
  sessionId?: never
}

/** What was read of an actor's owner in the statement that found the session or token alive. */
interface Presence {
  /** The owner's revision at that time: anything read later is at least as new. */
  revision: number
  timeZone: string
}

export type PresentSession = SessionActor & Presence

/** `expiresAt` is epoch milliseconds. */
export type PresentToken = TokenActor &
  Presence & { scopes: readonly GrantedScope[]; expiresAt: number | null }

/** An actor whose session or token is alive. */
export type PresentActor = PresentSession | PresentToken

/** What let an actor in, as rows keep it: the id of a session, or of a token (1). */
export interface Credential {
  credentialId: string
  isToken: number
}

export const credentialOf = ({ sessionId, tokenId }: Actor): Credential =>
  tokenId === undefined ? { credentialId: sessionId, isToken: 0 } : { credentialId: tokenId, isToken: 1 }

/** The member that names what let an actor in. */
export const namedBy = ({
  credentialId,
  isToken,
}: Credential): Omit<SessionActor, 'userId'> | Omit<TokenActor, 'userId'> =>
  isToken === 0 ? { sessionId: credentialId } : { tokenId: credentialId }

/** How long an API token lives from now on; a session ends at times that can still change. */
export const msToExpiry = (actor: PresentActor, now: number): number =>
  actor.tokenId === undefined || actor.expiresAt === null ? Infinity : Math.max(actor.expiresAt - now, 0)
