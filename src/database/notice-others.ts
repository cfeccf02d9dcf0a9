import type { SqliteConnection } from './sqlite-connection.ts'

const lookEveryMs = 500

/**
 * Notices when another process, such as a command of the operator, has written: `data_version` of a connection stays the
 * same for its own commits. Returns a function that stops it.
 */
export function noticeOthers(
  connection: Pick<SqliteConnection, 'inTransaction' | 'pragma'>,
  notify: () => void,
): () => void {
  const read = () => connection.pragma('data_version')
  let seen = read()
  const look = () => {
    if (connection.inTransaction) return // it cannot see others' writes yet
    try {
      const now = read()
      if (now !== seen) notify()
      seen = now
    } catch {
      // The disk may be out of reach for a while: requests say so, and the next look sees what this one missed.
    }
  }
  const timer = setInterval(look, lookEveryMs)
  timer.unref()
  return () => clearInterval(timer)
}
