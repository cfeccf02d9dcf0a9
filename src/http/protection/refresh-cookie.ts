import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import { AppError } from '../../core/errors.ts'

// The cookie in which the page of a browser keeps its refresh token, out of reach of scripts.

const scope = 'Path=/auth; HttpOnly; SameSite=Strict'

const isOverTls = ({ protocol }: FastifyRequest) => protocol === 'https'

/** Browsers take the prefix only from a secure origin, so that nothing sent in clear can replace the cookie. */
const nameFor = (request: FastifyRequest) =>
  isOverTls(request) ? '__Secure-docket_refresh' : 'docket_refresh'

/** Puts the refresh token into the cookie for this many seconds (RFC 6265 §4.1). */
export function setRefreshCookie(reply: FastifyReply, token: string, seconds: number): void {
  const secure = isOverTls(reply.request) ? '; Secure' : ''
  reply.header('set-cookie', `${nameFor(reply.request)}=${token}; Max-Age=${seconds}; ${scope}${secure}`)
}

/** Lets the browser forget the cookie. */
export const clearRefreshCookie = (reply: FastifyReply): void => setRefreshCookie(reply, '', 0)

/**
 * The refresh token in the cookie. Throws `cross-site` if another site may have caused the request, and `invalid-token`
 * if there is no cookie, or a second one of the name, which another host of the same domain may have set.
 */
export function refreshCookieOf(request: FastifyRequest): string {
  if (!isOfOwnPage(request)) {
    throw new AppError(
      'cross-site',
      `The cookie is taken only from pages of ${originOf(request) ?? 'this server'}. If this is one of them, the server is behind a proxy: TRUST_PROXY must name it, and it must send X-Forwarded-Proto.`,
    )
  }
  const [token, ...others] = cookiesOf(request)
  if (token !== undefined && others.length === 0) return token
  const what = others.length > 0 ? 'There are several cookies' : 'There is no cookie'
  const name = nameFor(request)
  throw new AppError('invalid-token', `${what} ${name}: log in with \`"refreshToken": "cookie"\`.`)
}

/**
 * Refuses a request with the cookie whose body is not JSON: a form of another site could send it. It runs before the
 * body is read, where all others would get 415.
 */
export const refuseForms: onRequestHookHandler = (request, _reply, done) => {
  const isJson = /^application\/json *(;|$)/i.test(request.headers['content-type'] ?? '')
  if (!isJson && cookiesOf(request).length > 0) {
    throw new AppError('cross-site', 'A request with the cookie must have `Content-Type: application/json`.')
  }
  done()
}

/** The values of every cookie of the name. */
function cookiesOf(request: FastifyRequest): string[] {
  const start = `${nameFor(request)}=`
  const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim())
  return cookies.filter((cookie) => cookie.startsWith(start)).map((cookie) => cookie.slice(start.length))
}

/** Whether the browser, if it is one, says that a page of this very origin sends the request (Fetch standard §3.1). */
function isOfOwnPage(request: FastifyRequest): boolean {
  const { origin, 'sec-fetch-site': site = 'same-origin' } = request.headers
  return site === 'same-origin' && (origin === undefined || origin === originOf(request))
}

/** The origin that the client used, as far as it and a trusted proxy say. */
function originOf({ protocol, host }: FastifyRequest): string | undefined {
  return URL.parse(`${protocol}://${host}`)?.origin
}
