import type { Fault, ProblemBody, Slug } from './api.ts'

/** Why the server refused a request (RFC 9457). */
export class Problem extends Error {
  override readonly name = 'Problem'
  /** Which problem it is; `unknown` where the answer is not one of Docket, such as a proxy's own. */
  readonly slug: Slug | 'unknown'
  readonly status: number
  /** What happened this time, and how to mend it; also the `message`. */
  readonly detail: string
  /** What is wrong with which field, parameter or header. */
  readonly faults: readonly Fault[]
  /** The id of the request in the server's log, if there is one. */
  readonly instance: string | undefined
  /** The revision that the thing has now, where a condition did not hold. */
  readonly revision: number | undefined
  /** How long the server asks to wait, if it says so. */
  readonly retryAfterMs: number | undefined

  constructor(status: number, headers: Pick<Headers, 'get'>, body: Partial<ProblemBody>) {
    const { type = '', detail = `The server answered with ${status}.`, instance, errors = [] } = body
    const faults = errors.map(({ detail: words, ...at }) => ` ${Object.values(at).join(' ')} ${words}.`)
    super(detail + faults.join(''))
    this.slug = slugOf(type)
    this.status = status
    this.detail = detail
    this.faults = errors
    this.instance = instance
    const [, revision] = /^"(\d+)"$/.exec(headers.get('etag') ?? '') ?? []
    this.revision = revision === undefined ? undefined : Number(revision)
    this.retryAfterMs = retryAfterOf(headers)
  }
}

/** A problem of Docket has a type such as `/problems/not-found`. */
function slugOf(type: string): Slug | 'unknown' {
  const [, slug = 'unknown'] = /^\/problems\/([a-z-]+)$/.exec(type) ?? []
  return slug as Slug
}

/** Seconds, or an instant (RFC 9110 §10.2.3), which is compared with the server's clock and not with ours. */
function retryAfterOf(headers: Pick<Headers, 'get'>): number | undefined {
  const value = headers.get('retry-after')
  if (value === null) return undefined
  const ms = /^\d+$/.test(value)
    ? Number(value) * 1000
    : Date.parse(value) - Date.parse(headers.get('date') ?? '')
  return Number.isNaN(ms) ? undefined : Math.max(0, ms)
}
