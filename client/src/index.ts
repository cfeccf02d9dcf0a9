import type { PasswordChange, Registration, SignedIn, TokenPair, User } from './api.ts'
import { systemClock, type Clock } from './clock.ts'
import { docketOf, type Docket } from './docket.ts'
import { senderOf } from './sending.ts'
import { createSession, fixed, nobody, type OnRefresh, type SessionTokens } from './session.ts'
import type { Connection, Fetch } from './transport.ts'
import type { CallOptions } from './writes.ts'

export type * from './api.ts'
export type { Clock } from './clock.ts'
export type { BatchVerbs } from './batch.ts'
export type { Docket, Projects, Undone } from './docket.ts'
export type { DocketEvent, EventsOptions } from './events.ts'
export type { List, Page } from './pages.ts'
export { Problem } from './problem.ts'
export type { Tasks, TaskQuery } from './tasks.ts'
export type { Things } from './things.ts'
export type { Answer, Asked, Fetch, Reply, Sent } from './transport.ts'
export type { CallOptions, Held, WriteOptions } from './writes.ts'

/** Where Docket is, and what a client goes by. */
export interface Options {
  /** The address of the server, such as `https://docket.example.com`; in a page, an empty one is the page's own. */
  url: string
  /** In place of the global `fetch`. */
  fetch?: Fetch
  /** In place of the system's clock and timers. */
  clock?: Clock
  /** In place of `Math.random`, which spreads out retries. */
  random?: () => number
  /** How long one attempt may take; 30,000 if it is left out. */
  timeoutMs?: number
  /** How often a request that is safe to repeat is sent again at most; 3 if it is left out. */
  retries?: number
}

/** How the client of a session keeps it. */
export interface SessionOptions extends Options {
  /** Is told each new refresh token, so that a later start can `resume` the session. */
  onRefresh?: OnRefresh
}

/** Docket, as the user of a session, which is kept alive as it is used. */
export interface SessionDocket extends Docket {
  /** Changes the password. Every other session ends. */
  changePassword(change: Omit<PasswordChange, 'refreshToken'>, options?: CallOptions): Promise<void>
  /** Ends the session. */
  signOut(options?: CallOptions): Promise<void>
}

/** Uses Docket with an API token (`dkt_…`) or an access token. Sends nothing yet. */
export const connect = ({ token, ...options }: Options & { token: string }): Docket =>
  docketOf(connectionTo(options), fixed(token))

/** Logs in. With `refreshToken: 'cookie'`, a page of the server's own keeps its refresh token in a cookie. */
export const signIn = (
  options: SessionOptions & Pick<Registration, 'email' | 'password' | 'refreshToken'> & CallOptions,
): Promise<SessionDocket & { user: User }> => begin('/auth/login', options)

/** Registers and logs in. */
export const signUp = (
  options: SessionOptions & Registration & CallOptions,
): Promise<SessionDocket & { user: User }> => begin('/auth/register', options)

/** Goes on with a session by the refresh token that `onRefresh` was told last, or by the `cookie` of a page. */
export async function resume(
  options: SessionOptions & { refreshToken: string } & CallOptions,
): Promise<SessionDocket> {
  const { docket, session } = held(options)
  await session.token()
  return docket
}

/** The same without asking the server whether the session still lives: for a start without a network. */
export const reopen = (options: SessionOptions & { refreshToken: string }): SessionDocket =>
  held(options).docket

function held(options: SessionOptions & { refreshToken: string }) {
  const connection = connectionTo(options)
  const session = createSession(connection, options.refreshToken, options.onRefresh)
  return { docket: inSession(connection, session), session }
}

async function begin(
  path: string,
  options: SessionOptions & Registration & CallOptions,
): Promise<SessionDocket & { user: User }> {
  const { email, password, name, timeZone, refreshToken, signal } = options
  const connection = connectionTo(options)
  const { body } = await senderOf(
    { ...connection, retries: 0 },
    nobody,
  )<SignedIn>({
    method: 'POST',
    path,
    body: { email, password, name, timeZone, refreshToken },
    signal,
    isRepeatable: false,
  })
  const session = createSession(connection, refreshToken ?? '', options.onRefresh)
  await session.adopt(body)
  return { ...inSession(connection, session), user: body.user }
}

function inSession(connection: Connection, session: SessionTokens): SessionDocket {
  const send = senderOf(connection, session)
  return {
    ...docketOf(connection, session),
    async changePassword(change, options) {
      const { body } = await send<TokenPair>({
        method: 'PUT',
        path: '/me/password',
        body: { ...change, ...session.place },
        isRepeatable: false,
        ...options,
      })
      await session.adopt(body)
    },
    signOut: async (options) =>
      void (await send({ method: 'POST', path: '/auth/logout', isRepeatable: false, ...options })),
  }
}

/** The options with their defaults. A global `fetch` that is replaced later counts. */
function connectionTo({
  url,
  fetch: send = (...asked) => fetch(...asked),
  clock = systemClock,
  random = Math.random,
  timeoutMs = 30_000,
  retries = 3,
}: Options): Connection {
  return { url: url.replace(/\/+$/, ''), fetch: send, clock, random, timeoutMs, retries }
}
