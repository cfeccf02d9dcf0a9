import type { TokenPair } from './api.ts'
import { senderOf, type Credentials } from './sending.ts'
import type { Connection } from './transport.ts'

/** An access token is renewed while it still lives for so long, so that it does not expire on its way. */
const marginMs = 30_000
/** A lost refresh must be repeated within ten seconds, in which the server gives the same tokens again. */
const refreshTimeoutMs = 4000

/** Is told each new refresh token, before it is used. */
export type OnRefresh = (refreshToken: string) => void | Promise<void>

/** The tokens of one session. */
export interface SessionTokens extends Credentials {
  /** Takes over tokens that the server gave. */
  adopt(tokens: TokenPair): Promise<void>
  /** What asks for the next refresh token in the same place. */
  place: { refreshToken?: 'cookie' }
}

/** Nobody's: what a request carries that opens a session. */
export const nobody: Credentials = { token: async () => undefined, renew: async () => false }

/** One token for ever. */
export const fixed = (token: string): Credentials => ({ token: async () => token, renew: async () => false })

/** Keeps the tokens of a session fresh: however many requests need a new one, it is asked for once. */
export function createSession(
  connection: Connection,
  refreshToken: string,
  onRefresh: OnRefresh | undefined,
): SessionTokens {
  const { clock } = connection
  const send = senderOf(
    { ...connection, timeoutMs: Math.min(connection.timeoutMs, refreshTimeoutMs) },
    nobody,
  )
  let refreshing: Promise<void> | undefined
  let kept = refreshToken
  let access: { token: string; expiresAt: number } | undefined

  async function adopt({ accessToken, expiresIn, refreshToken: next }: TokenPair): Promise<void> {
    access = { token: accessToken, expiresAt: clock.now() + expiresIn * 1000 }
    if (next === undefined || next === kept) return
    kept = next
    await onRefresh?.(next)
  }

  async function refresh(): Promise<void> {
    const { body } = await send<TokenPair>({
      method: 'POST',
      path: '/auth/refresh',
      body: { refreshToken: kept },
      isRepeatable: true,
    })
    await adopt(body)
  }

  const refreshOnce = (): Promise<void> => (refreshing ??= refresh().finally(() => (refreshing = undefined)))

  return {
    adopt,
    place: refreshToken === 'cookie' ? { refreshToken } : {},
    async token() {
      if (!access || refreshing || clock.now() >= access.expiresAt - marginMs) await refreshOnce()
      return access?.token
    },
    async renew(refused) {
      if (access?.token === refused) await refreshOnce()
      return true
    },
  }
}
