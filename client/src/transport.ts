import type { ProblemBody } from './api.ts'
import { patience, type Clock } from './clock.ts'
import { Problem } from './problem.ts'

/** The part of `fetch` that a client uses. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** Where requests go, and by what means. */
export interface Connection {
  /** The address of the server, without a slash at its end. */
  url: string
  fetch: Fetch
  clock: Clock
  /** From 0 to below 1; spreads retries out, so that clients do not come back all at once. */
  random(): number
  /** How long one attempt may take. */
  timeoutMs: number
  /** How often a request that may be repeated is sent again at most. */
  retries: number
}

/** One request as the parts of the client ask for it. */
export interface Asked {
  method: string
  path: string
  query?: object
  body?: object
  headers?: Record<string, string>
  signal?: AbortSignal | undefined
  /** Whether a second request of the same kind does nothing more than the first. */
  isRepeatable: boolean
}

/** An answer below 400, with its body read as what the schemas say it is. */
export interface Answer<Body> {
  status: number
  headers: Headers
  body: Body
}

/** Sends a request once and reads the answer. Throws a `Problem`, or what `fetch` throws. */
export async function exchange<Body>(
  connection: Connection,
  asked: Asked,
  token: string | undefined,
): Promise<Answer<Body>> {
  const { clock, timeoutMs } = connection
  const limit = patience(clock, timeoutMs, asked.signal)
  try {
    const response = await open(connection, asked, token, limit.signal)
    const { status, headers } = response
    if (status === 204) return { status, headers, body: undefined as Body }
    const body = parse(await response.text())
    if (body === undefined) throw notDocket(response)
    return { status, headers, body: body as Body }
  } finally {
    limit.end()
  }
}

/** Sends a request and gives the answer as soon as its head is there. */
export async function open(
  { url, fetch: send }: Connection,
  { method, path, query = {}, body, headers }: Asked,
  token: string | undefined,
  signal: AbortSignal,
): Promise<Response> {
  const response = await send(url + path + searchOf(query), {
    method,
    headers: {
      ...headers,
      ...(body && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body && { body: JSON.stringify(body) }),
    signal,
  })
  if (response.ok) return response
  const problem: Partial<ProblemBody> = parse(await response.text()) ?? {}
  throw new Problem(response.status, response.headers, problem)
}

/** What a page answers that is not Docket's, such as the login of a network. */
const notDocket = ({ status, headers }: Response): Problem =>
  new Problem(status, headers, {
    detail: `The answer (${status}) is not JSON: is this the address of Docket?`,
  })

function parse(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

/** The query of an address; several values are separated by commas. */
export function searchOf(query: object): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
  const text = search.toString()
  return text && `?${text}`
}
