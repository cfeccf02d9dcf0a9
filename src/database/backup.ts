import { randomBytes } from 'node:crypto'
import { existsSync, linkSync, rmSync } from 'node:fs'
import { backup, DatabaseSync } from 'node:sqlite'
import { OperatorError } from '../core/errors.ts'
import { pendingMigrations } from './migrate.ts'
import { backupMark } from './restored.ts'

/** In one step: a backup in several steps restarts whenever a server writes in between, and may never end. */
const allPages = 2 ** 31 - 1

/**
 * Copies the database into a file that must not exist yet, while a server may be writing to it. The file
 * appears only once the copy is complete and checked, with the mark of a backup. Throws OperatorError.
 */
export async function backupSqlite(path: string, target: string): Promise<void> {
  if (existsSync(target)) throw takenName(target)
  // A name of its own: another backup may be on its way to the same file.
  const partial = `${target}.${randomBytes(4).toString('hex')}.partial`
  const source = new DatabaseSync(path, { readOnly: true })
  try {
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

/** What a sound file holds. */
export interface Contents {
  isBackup: boolean
  schema: number
  users: number
  tasks: number
}

/** Checks every page, index and foreign key of a file, and changes nothing. Throws OperatorError if it is not sound. */
export function checkSqlite(path: string): Contents {
  if (!existsSync(path)) throw new OperatorError(`There is no file ${path}.`)
  try {
    const file = new DatabaseSync(path, { readOnly: true })
    try {
      const damage = damageOf(file)
      if (damage !== undefined) throw new OperatorError(`${path} is damaged: ${damage}.`)
      const number = (statement: string) => Number(Object.values(file.prepare(statement).get() ?? {})[0])
      const schema = number('pragma user_version')
      pendingMigrations(schema)
      const isBackup = number('pragma application_id') === backupMark
      const tasks = number('select count(*) from tasks where deleted_at is null')
      return { isBackup, schema, users: number('select count(*) from users'), tasks }
    } finally {
      file.close()
    }
  } catch (cause) {
    if (cause instanceof OperatorError) throw cause
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new OperatorError(`${path} is no database of Docket: ${reason}.`, { cause })
  }
}

/** What SQLite's check of every page and index, or its check of foreign keys, finds wrong. */
function damageOf(file: DatabaseSync): string | undefined {
  const [found] = Object.values(file.prepare('pragma integrity_check').get() ?? {})
  if (found !== 'ok') return String(found)
  const strays = file.prepare('pragma foreign_key_check').all().length
  return strays > 0 ? `${strays} rows belong to nobody` : undefined
}

/** Checks the copy, then marks it as a backup. */
function finish(path: string): void {
  const copy = new DatabaseSync(path)
  try {
    copy.exec('pragma journal_mode = delete') // one file, without -wal and -shm beside it
    const damage = damageOf(copy)
    if (damage !== undefined)
      throw new OperatorError(`The copy is damaged (${damage}), so the backup was not made.`)
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
