import { createSecretKey } from 'node:crypto'
import type { JWTPayload } from 'jose'
import { JOSEError, JWTExpired } from 'jose/errors'
import { SignJWT } from 'jose/jwt/sign'
import { jwtVerify } from 'jose/jwt/verify'
import type { SessionActor } from '../core/actor.ts'
import type { Clock } from '../core/clock.ts'
import { AppError } from '../core/errors.ts'
import { isId, newId } from '../core/id.ts'
import { mac, verifyMac, type Keyring } from '../core/keyring.ts'

/** How long an access token lives, in seconds. */
export const accessTokenSeconds = 3600

const name = 'docket' // issuer and audience
const type = 'at+jwt' // RFC 9068 §2.1
const skewSeconds = 60
const longestToken = 4096
const tokensRemembered = 10_000
const headerFields = ['alg', 'kid', 'typ']

/** Signs and verifies both kinds of token. It does not check whether the session is active. */
export interface Tokens {
  signAccess(actor: SessionActor): Promise<string>
  /** The actor that the token names; throws `invalid-token`. */
  verifyAccess(token: string): Promise<SessionActor>
  signRefresh(sessionId: string, counter: number): string
  /** The session and counter that the token names; throws `invalid-token`. */
  verifyRefresh(token: string): { sessionId: string; counter: number }
}

/** The claims of a verified token. */
interface Verified {
  actor: SessionActor
  /** Epoch seconds. */
  exp: number
}

/** Tokens are signed with the server's first secret and verified with any of them. */
export function createTokens(keyring: Keyring, clock: Clock): Tokens {
  const keys = new Map(keyring.all.map((key) => [key.id, createSecretKey(key.for('access-token'))]))
  const verified = new Map<string, Verified>()

  return {
    signAccess({ userId, sessionId }) {
      const now = Math.floor(clock() / 1000)
      return new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: 'HS256', typ: type, kid: keyring.signing.id })
        .setIssuer(name)
        .setAudience(name)
        .setSubject(userId)
        .setJti(newId())
        .setIssuedAt(now)
        .setExpirationTime(now + accessTokenSeconds)
        .sign(keyOf(keys, keyring.signing.id))
    },

    async verifyAccess(token) {
      const known = verified.get(token)
      if (known && clock() / 1000 < known.exp + skewSeconds) return known.actor
      verified.delete(token)
      const fresh = await verifyJwt(token, keys, clock)
      if (verified.size >= tokensRemembered) verified.delete(verified.keys().next().value ?? '')
      verified.set(token, fresh)
      return fresh.actor
    },

    signRefresh(sessionId, counter) {
      const text = `${sessionId}.${counter}`
      return `${text}.${mac(keyring.signing.for('refresh-token'), text)}`
    },

    verifyRefresh(token) {
      const [, sessionId = '', counter = '', given = ''] =
        /^([0-9a-f-]{36})\.(0|[1-9]\d{0,14})\.([\w-]{43})$/.exec(token) ?? []
      const isOurs = verifyMac(keyring, 'refresh-token', `${sessionId}.${counter}`, given)
      if (!isOurs)
        throw new AppError('invalid-token', 'This server did not issue the refresh token; log in again.')
      return { sessionId, counter: Number(counter) }
    },
  }
}

/** RFC 8725: one algorithm, one type, a key of ours that the header selects, and a canonical signature. */
async function verifyJwt(
  token: string,
  keys: Map<string, ReturnType<typeof createSecretKey>>,
  clock: Clock,
): Promise<Verified> {
  if (token.length > longestToken || !isCanonical(token)) throw invalid()
  try {
    const { payload, protectedHeader } = await jwtVerify(token, ({ kid }) => keyOf(keys, kid), {
      algorithms: ['HS256'],
      typ: type,
      issuer: name,
      audience: name,
      requiredClaims: ['sub', 'sid', 'jti', 'iat', 'exp'],
      clockTolerance: skewSeconds,
      maxTokenAge: accessTokenSeconds,
      currentDate: new Date(clock()),
    })
    if (Object.keys(protectedHeader).toSorted().join() !== headerFields.join()) throw invalid()
    return readClaims(payload)
  } catch (error) {
    if (error instanceof JWTExpired) {
      throw new AppError(
        'invalid-token',
        'The token has expired: POST /auth/refresh gives a new one for the refresh token.',
      )
    }
    throw error instanceof JOSEError ? invalid() : error
  }
}

function readClaims({ sub = '', sid, jti, aud, exp = 0 }: JWTPayload): Verified {
  const ids = [sub, sid, jti]
  if (aud !== name || !ids.every((id) => typeof id === 'string' && isId(id))) throw invalid()
  return { actor: { userId: sub, sessionId: String(sid) }, exp }
}

/** Whether the signature is the canonical base64url of its bytes, which other texts decode to as well. */
function isCanonical(token: string): boolean {
  const [, signature] = /^[\w-]+\.[\w-]+\.([\w-]{43})$/.exec(token) ?? []
  return signature !== undefined && Buffer.from(signature, 'base64url').toString('base64url') === signature
}

function keyOf(keys: Map<string, ReturnType<typeof createSecretKey>>, kid: string | undefined) {
  return keys.get(kid ?? '') ?? invalidKey()
}

function invalidKey(): never {
  throw invalid()
}

const invalid = () => new AppError('invalid-token', 'This server did not issue the token; log in again.')
