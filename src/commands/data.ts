import { resolve } from 'node:path'
import { readCommandConfig } from '../config.ts'
import { OperatorError } from '../core/errors.ts'
import { backupInto, isFolder } from '../database/backup-folder.ts'
import { backupSqlite, checkSqlite } from '../database/backup.ts'
import { copyDatabase } from '../database/copy.ts'
import { continueStorage, isPostgres, openAlone, sqlitePath } from '../storage.ts'
import { assertDatabase, print, warn, wholeNumber, type Command } from './command.ts'

const mostKept = 10_000

/** The commands about the data as a whole. */
export const dataCommands: Record<string, Command> = {
  backup: {
    operands: ['FILE'],
    options: ['keep'],
    form: '[--keep N]',
    about: 'copy the database into a new file or into a folder',
    more: 'the server may be running. In a folder the copy gets a name with the time; with --keep, only the newest N copies there stay',
    run: (target, { keep }) => backup(resolve(target), keep),
  },
  check: {
    operands: ['FILE'],
    about: 'check a backup and tell what is in it',
    run: (file) => check(resolve(file)),
  },
  restored: {
    about: 'make revisions safe after a restore by other means',
    more: 'needed after a restore that did not use `docket backup`: revisions continue beyond all that were given out, and clients that sync start over. The server must be stopped',
    run: restored,
  },
  copy: {
    needs: ['from', 'to'],
    form: '--from URL --to URL',
    about: 'copy the data into another, empty database',
    more: 'such as from SQLite to PostgreSQL. The server must be stopped',
    run: (_operand, { from = '', to = '' }) => copy(from, to),
  },
}

async function backup(target: string, keep: string | undefined): Promise<number> {
  const config = readCommandConfig()
  if (isPostgres(config)) {
    throw new OperatorError(
      'Back up a PostgreSQL database with its own tools: pg_dump, or an archive of its WAL.',
    )
  }
  assertDatabase(config)
  const path = sqlitePath(config)
  if (!isFolder(target)) {
    if (keep !== undefined) throw new OperatorError('--keep needs a folder to back up into.')
    await backupSqlite(path, target)
    return print(`Backed up ${path} to ${target} and checked its integrity.\n`)
  }
  const kept = keep === undefined ? undefined : wholeNumber('keep', keep, mostKept)
  const { file, dropped } = await backupInto(path, target, Date.now(), kept)
  print(`Backed up ${path} to ${file} and checked its integrity.\n`)
  return print(dropped.map((name) => `Deleted ${name}, older than the newest ${kept}.\n`).join(''))
}

function check(path: string): number {
  const { isBackup, schema, users, tasks } = checkSqlite(path)
  const what = isBackup ? 'a backup' : 'a database, not a backup'
  return print(
    `${path} is sound: ${what} of schema version ${schema} with ${users} users and ${tasks} tasks.\n`,
  )
}

async function restored(): Promise<number> {
  const config = readCommandConfig()
  assertDatabase(config)
  await continueStorage(config)
  return print('Raised the revisions beyond all that were given out; clients that sync start over.\n')
}

/** The secret is not copied: the operator sets it on the new server. */
async function copy(from: string, to: string): Promise<number> {
  const source = readCommandConfig({ DATABASE_URL: from })
  const target = readCommandConfig({ DATABASE_URL: to })
  if (isPostgres(source) && !isPostgres(target)) {
    throw new OperatorError(
      'A copy from PostgreSQL must go to PostgreSQL: SQLite would be locked for too long.',
    )
  }
  const [read, written] = [await openAlone(source, warn), await openAlone(target, warn)]
  try {
    const copied = await copyDatabase(read.database, written.database, showProgress)
    const lines = copied.map(
      ({ table, rows, checksum }) => `${table.padEnd(17)}${String(rows).padStart(9)}  ${checksum}\n`,
    )
    print(
      `${lines.join('')}Copied ${read.place} to ${written.place}; counts and checksums are the same on both sides.\n`,
    )
    return print('Set DOCKET_SECRET of the new server to the old one, so that tokens stay valid.\n')
  } finally {
    await Promise.all([read.close(), written.close()])
  }
}

function showProgress(table: string, done: number, total: number): void {
  process.stderr.write(`\r${table} ${done} / ${total}${done === total ? '\n' : ''}`)
}
