import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../../core/clock.ts'
import { AppError } from '../../core/errors.ts'
import { addressOf, networkOf } from '../reading/address.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the route has no rate limit and is never refused under load. */
    unlimited?: boolean
  }
}

const windowMs = 60_000
const windowsKept = 100_000

interface Window {
  left: number
  endsAt: number
}

/** Counts a request against its user, or its client's network if it has no user; throws `too-many-requests`. */
export type Limit = (request: FastifyRequest, reply: FastifyReply) => void

/**
 * Allows each user, and each client network without a user, at most `requestsPerMinute`, and reports what is left in
 * the fields of draft-ietf-httpapi-ratelimit-headers.
 */
export function createLimit(requestsPerMinute: number, clock: Clock): Limit {
  const windows = new Map<string, Window>()
  const policy = `"default";q=${requestsPerMinute};w=${windowMs / 1000}`

  return (request, reply) => {
    const now = clock()
    const { left, endsAt } = take(
      windows,
      request.actor?.userId ?? networkOf(addressOf(request)),
      requestsPerMinute,
      now,
    )
    const seconds = Math.ceil((endsAt - now) / 1000)
    reply
      .header('ratelimit-policy', policy)
      .header('ratelimit', `"default";r=${Math.max(left, 0)};t=${seconds}`)
    if (left < 0) throw tooMany(requestsPerMinute, seconds)
  }
}

/** Takes one request from the window of the key. A full map drops its oldest window. */
function take(windows: Map<string, Window>, key: string, allowed: number, now: number): Window {
  const known = windows.get(key)
  if (known && known.endsAt > now) {
    known.left -= 1
    return known
  }
  windows.delete(key)
  if (windows.size >= windowsKept) windows.delete(windows.keys().next().value ?? '')
  const fresh = { left: allowed - 1, endsAt: now + windowMs }
  windows.set(key, fresh)
  return fresh
}

function tooMany(requestsPerMinute: number, retryAfterSeconds: number): AppError {
  const detail = `More than ${requestsPerMinute} requests in a minute; try again in ${retryAfterSeconds} s.`
  return new AppError('too-many-requests', detail, { retryAfterSeconds })
}
