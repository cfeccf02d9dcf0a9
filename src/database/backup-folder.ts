import { closeSync, openSync, readdirSync, readSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { formatInstant } from '../core/dates.ts'
import { OperatorError } from '../core/errors.ts'
import { backupSqlite } from './backup.ts'
import { backupMark } from './restored.ts'

const dayMs = 24 * 60 * 60_000

/** Names that sort by their time, so that the oldest copies are known without reading them. */
const nameOf = (at: number) => `docket-${formatInstant(at).slice(0, 19).replaceAll(':', '-')}Z.db`
const form = String.raw`^docket-\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}Z\.db`
const whole = new RegExp(`${form}$`)
const partial = new RegExp(String.raw`${form}\.[0-9a-f]{8}\.partial$`)

/** Where SQLite's header has the application id (https://sqlite.org/fileformat.html). */
const markAt = 68
const headerBytes = 100

/**
 * Copies the database into a folder, under a name with the time `now`, and then deletes all but the newest `keep`
 * backups of such names; the new one stays in any case. Also deletes what backups left that ended in a crash, after a
 * day. Returns the new file and the backups that it deleted. Throws OperatorError.
 */
export async function backupInto(
  path: string,
  folder: string,
  now: number,
  keep = Infinity,
): Promise<{ file: string; dropped: string[] }> {
  const file = join(folder, nameOf(now))
  await backupSqlite(path, file)
  const names = readdirSync(folder).toSorted()
  const copies = names
    .filter((name) => whole.test(name))
    .map((name) => join(folder, name))
    .filter((copy) => copy !== file && isBackup(copy))
  const dropped = copies.slice(0, Math.max(0, copies.length + 1 - keep))
  const leftOver = names.filter((name) => partial.test(name) && name < nameOf(now - dayMs))
  for (const old of [...dropped, ...leftOver.map((name) => join(folder, name))]) remove(old)
  return { file, dropped }
}

export const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

/** Whether a file has the mark of a backup, as far as it can be read. */
function isBackup(path: string): boolean {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return false
  const header = Buffer.alloc(headerBytes)
  try {
    const file = openSync(path, 'r')
    readSync(file, header)
    closeSync(file)
  } catch {
    return false
  }
  return header.readUInt32BE(markAt) === backupMark
}

function remove(old: string): void {
  try {
    rmSync(old)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new OperatorError(`The backup was made, but ${old} could not be deleted: ${reason}.`, { cause })
  }
}
