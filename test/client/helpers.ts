import {
  connect,
  type Clock,
  type Docket as Client,
  type Fetch,
  type Options,
} from '../../client/src/index.ts'
import type { Docket, User } from '../harness.ts'

/** Waits for a retry end at once and are kept; those for an answer never end. */
export interface TestClock extends Clock {
  pauses: number[]
  advance(ms: number): void
}

/** Longer than any backoff without `Retry-After`, shorter than any time-out. */
const longestPauseMs = 3500

export function testClock(): TestClock {
  let now = 0
  const pauses: number[] = []
  return {
    pauses,
    now: () => now,
    advance: (ms) => void (now += ms),
    async sleep(ms, signal) {
      signal?.throwIfAborted()
      if (ms <= longestPauseMs) pauses.push(ms)
      else await new Promise((_resolve, reject) => signal?.addEventListener('abort', reject))
    },
  }
}

/** What one request was, and what came back. */
export interface Exchange {
  method: string
  path: string
  headers: Headers
  body: unknown
  status?: number
}

/** What happens to a request on its way: nothing, or its answer, or the connection, goes another way. */
export type Fate = (exchange: Exchange, pass: () => Promise<Response>) => Promise<Response>

/** A `fetch` that keeps what was sent; each of the fates befalls one request, in turn. */
export function wire(...fates: Fate[]): { fetch: Fetch; exchanges: Exchange[]; fates: Fate[] } {
  const exchanges: Exchange[] = []
  return {
    exchanges,
    fates,
    async fetch(input, init) {
      const exchange = exchangeOf(input, init)
      exchanges.push(exchange)
      const fate = fates.shift() ?? ((_exchange, pass) => pass())
      const response = await fate(exchange, () => fetch(input, init))
      exchange.status = response.status
      return response
    },
  }
}

export function exchangeOf(input: string, init: RequestInit): Exchange {
  const url = new URL(input)
  return {
    method: init.method ?? 'GET',
    path: url.pathname + url.search,
    headers: new Headers(init.headers),
    body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined,
  }
}

/** The server does the request, and its answer is lost. */
export const lost: Fate = async (_exchange, pass) => {
  await (await pass()).arrayBuffer()
  throw new TypeError('fetch failed')
}

/** The request does not reach the server. */
export const unsent: Fate = () => Promise.reject(new TypeError('fetch failed'))

/** Something between client and server answers. */
export const answered =
  (status: number, headers: Record<string, string> = {}, body = ''): Fate =>
  async () =>
    new Response(body, { status, headers })

/** The client of a user, with a clock that does not wait. */
export const clientOf = ({ url }: Docket, { accessToken }: User, more: Partial<Options> = {}): Client =>
  connect({ url, token: accessToken, clock: testClock(), random: () => 0.5, ...more })
