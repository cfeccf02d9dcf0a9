import { TypeOverrides, type ClientConfig } from 'pg'

/** How long a connection may take to be made or to become free. */
const acquireTimeoutMs = 2000
export const statementTimeoutMs = 3000
const lockTimeoutMs = 2000
const idleInTransactionTimeoutMs = 5000
/**
 * Without the first, PostgreSQL scans the whole table, other owners' rows included, for an owner of much of it. Without
 * the second, it compiles a statement for longer than it runs.
 */
const planning = '-c enable_seqscan=off -c jit=off'
const int8 = 20 // the type's oid; every stored integer fits into a number

const parsers = new TypeOverrides()
parsers.setTypeParser(int8, Number)

/** Client options for a URL; `sslmode` has the same meaning as in libpq. */
export function connectionOptions(url: string): ClientConfig {
  const isCompatible = !/[?&]sslmode=/.test(url) || /[?&]uselibpqcompat=/.test(url)
  return {
    connectionString: isCompatible ? url : `${url}&uselibpqcompat=true`,
    fallback_application_name: 'docket',
    connectionTimeoutMillis: acquireTimeoutMs,
    keepAlive: true,
    types: parsers,
  }
}

/** Client options for a session that serves requests, with the settings that it relies on. */
export const sessionOptions = (url: string): ClientConfig => ({
  ...connectionOptions(withPlanning(url)),
  statement_timeout: statementTimeoutMs,
  lock_timeout: lockTimeoutMs,
  idle_in_transaction_session_timeout: idleInTransactionTimeoutMs,
})

/** In the URL, since options there, such as a `search_path`, replace those beside it. */
function withPlanning(url: string): string {
  const wanted = encodeURIComponent(planning)
  return /[?&]options=/.test(url)
    ? url.replace(/([?&]options=[^&]*)/, (own) => `${own}%20${wanted}`)
    : `${url}${url.includes('?') ? '&' : '?'}options=${wanted}`
}

/** What `show` must say in such a session. */
export const sessionSettings = {
  statement_timeout: `${statementTimeoutMs / 1000}s`,
  lock_timeout: `${lockTimeoutMs / 1000}s`,
  idle_in_transaction_session_timeout: `${idleInTransactionTimeoutMs / 1000}s`,
  enable_seqscan: 'off',
  jit: 'off',
}
