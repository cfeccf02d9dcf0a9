import { existsSync, linkSync, rmSync } from 'node:fs'
import { backup, DatabaseSync } from 'node:sqlite'
import { OperatorError } from '../core/errors.ts'
import { backupMark } from './restored.ts'

/** In one step: a backup in several steps restarts whenever a server writes in between, and may never end. */
const allPages = 2 ** 31 - 1

/**
 * Copies the database into a file that must not exist yet, while a server may be writing to it. The file
 * appears only once the copy is complete and checked, with the mark of a backup. Throws OperatorError.
 */
export async function backupSqlite(path: string, target: string): Promise<void> {
  if (existsSync(target)) throw takenName(target)
  const partial = `${target}.partial`
  const source = new DatabaseSync(path, { readOnly: true })
  try {
    rmSync(partial, { force: true })
    await backup(source, partial, { rate: allPages })
    finish(partial)
    publish(partial, target)
  } catch (cause) {
    if (cause instanceof OperatorError) throw cause
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new OperatorError(`The backup could not be written to ${target}: ${reason}.`, { cause })
  } finally {
    source.close()
    rmSync(partial, { force: true })
  }
}

/** Runs SQLite's check of every page and index, and its check of foreign keys; then marks the copy. */
function finish(path: string): void {
  const copy = new DatabaseSync(path)
  try {
    copy.exec('pragma journal_mode = delete') // one file, without -wal and -shm beside it
    const [found] = Object.values(copy.prepare('pragma integrity_check').get() ?? {})
    const strays = copy.prepare('pragma foreign_key_check').all().length
    if (found !== 'ok' || strays > 0)
      throw new OperatorError(`The copy is damaged (${String(found)}), so the backup was not made.`)
    copy.exec(`pragma application_id = ${backupMark}`)
  } finally {
    copy.close()
  }
}

/** A link fails if the name is taken, so that not even a race overwrites an older backup. */
function publish(partial: string, target: string): void {
  try {
    linkSync(partial, target)
  } catch (error) {
    throw error instanceof Error && 'code' in error && error.code === 'EEXIST' ? takenName(target) : error
  }
}

const takenName = (target: string) =>
  new OperatorError(`${target} exists already: a backup never overwrites.`)
