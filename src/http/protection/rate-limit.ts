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

/** What each user, and each client network without a user, may still ask. */
export interface Limit {
  /** Throws `too-many-requests` if the user has nothing left; counts nothing. */
  assertLeft(userId: string, reply: FastifyReply): void
  /** Counts a request against the user, or against its client's network without one; throws `too-many-requests`. */
  count(request: FastifyRequest, reply: FastifyReply, userId?: string): void
}

/** Limits nobody. */
export const noLimit: Limit = { assertLeft: () => undefined, count: () => undefined }

/**
 * Allows each user, and each client network without a user, at most `requestsPerMinute`, and reports what is left in
 * the fields of draft-ietf-httpapi-ratelimit-headers.
 */
export function createLimit(requestsPerMinute: number, clock: Clock): Limit {
  const windows = new Map<string, Window>()
  const policy = `"default";q=${requestsPerMinute};w=${windowMs / 1000}`

  function report(reply: FastifyReply, { left, endsAt }: Window, now: number): void {
    const seconds = Math.ceil((endsAt - now) / 1000)
    reply
      .header('ratelimit-policy', policy)
      .header('ratelimit', `"default";r=${Math.max(left, 0)};t=${seconds}`)
    if (left < 0) throw tooMany(requestsPerMinute, seconds)
  }

  return {
    assertLeft(userId, reply) {
      const now = clock()
      const known = windows.get(userId)
      if (known && known.left <= 0 && known.endsAt > now) report(reply, { ...known, left: -1 }, now)
    },
    count(request, reply, userId) {
      const now = clock()
      const key = userId ?? networkOf(addressOf(request))
      report(reply, take(windows, key, requestsPerMinute, now), now)
    },
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
