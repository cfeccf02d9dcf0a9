import { unlessAborted } from './clock.ts'
import { Problem } from './problem.ts'
import { exchange, type Answer, type Asked, type Connection } from './transport.ts'

const firstWaitMs = 250
const longestWaitMs = 15_000
/** A server that asks for a longer pause than this is not waited for. */
const longestPauseMs = 60_000
/** Statuses that another attempt may change. */
const passing = new Set([408, 429, 502, 503, 504])

/** The tokens that let a client in. */
export interface Credentials {
  /** A token to send, renewed if it has expired; undefined for none. */
  token(): Promise<string | undefined>
  /** Gets another token in place of one that was refused; false if there is none. */
  renew(refused: string | undefined): Promise<boolean>
}

/** Sends a request, again where that is safe. Throws the error of the last attempt. */
export type Send = <Body>(asked: Asked) => Promise<Answer<Body>>

/** Sends requests with these credentials. */
export function senderOf(connection: Connection, credentials: Credentials): Send {
  return async <Body>(asked: Asked) => {
    const { signal, isRepeatable } = asked
    for (let failures = 0; ; failures += 1) {
      let pause: number | undefined
      try {
        return await renewing(credentials, signal, (token) => exchange<Body>(connection, asked, token))
      } catch (error) {
        signal?.throwIfAborted()
        pause = failures < connection.retries ? pauseAfter(error, isRepeatable) : undefined
        if (pause === undefined) throw error
      }
      await connection.clock.sleep(pause + backoff(failures, connection.random), signal)
    }
  }
}

/** Makes an attempt with a token, and another one if the token is refused and can be renewed. */
export async function renewing<T>(
  credentials: Credentials,
  signal: AbortSignal | undefined,
  attempt: (token: string | undefined) => Promise<T>,
): Promise<T> {
  const token = await unlessAborted(credentials.token(), signal)
  try {
    return await attempt(token)
  } catch (error) {
    const isRefused = error instanceof Problem && error.slug === 'invalid-token'
    if (!isRefused || !(await unlessAborted(credentials.renew(token), signal))) throw error
  }
  return attempt(await unlessAborted(credentials.token(), signal))
}

/** Whether another attempt may go better. What `fetch` throws is no problem but a connection that failed. */
export const isPassing = (error: unknown): boolean => !(error instanceof Problem) || passing.has(error.status)

/** How long the server asks to wait before another attempt; undefined where there shall be none. */
function pauseAfter(error: unknown, isRepeatable: boolean): number | undefined {
  const isUndone = error instanceof Problem && error.status === 429
  if (!isPassing(error) || !(isRepeatable || isUndone)) return undefined
  const pause = error instanceof Problem ? (error.retryAfterMs ?? 0) : 0
  return pause > longestPauseMs ? undefined : pause
}

/** Doubles with each failure, and differs between clients, so that they do not come back all at once. */
export const backoff = (failures: number, random: () => number): number =>
  Math.min(firstWaitMs * 2 ** failures, longestWaitMs) * (1 + random())
