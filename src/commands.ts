import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { createApp } from './app.ts'
import { resetPassword } from './accounts/accounts.ts'
import { ConfigError, readCommandConfig, readConfig, type Config } from './config.ts'
import { AppError, OperatorError } from './core/errors.ts'
import { backupSqlite } from './database/backup.ts'
import { copyDatabase } from './database/copy.ts'
import { openLog } from './log.ts'
import { askPassword } from './prompt.ts'
import type { serve } from './serve.ts'
import { continueStorage, isPostgres, migrateStorage, openAlone, openBeside, sqlitePath } from './storage.ts'

const usage = `Usage: docket [command]

  serve            run the server (the default)
  migrate          update the database to the newest schema
  backup FILE      copy the database into a new file; the server may be running
  restored         after a restore by other means than from \`docket backup\`: revisions continue beyond all that
                   were given out, and clients that sync start over; the server must be stopped
  password EMAIL   set a user's password, from a prompt or standard input, and end their sessions
                   and API tokens
  copy --from URL --to URL
                   copy the data of a stopped server into an empty database, such as from SQLite to PostgreSQL
  openapi          print the OpenAPI document

Environment variables configure it; the README lists them.
`

/** The options of `copy`. */
interface Ends {
  from?: string | undefined
  to?: string | undefined
}

/** What `serve` and `openapi` need of the server. Most commands do not, and start sooner if it is not loaded. */
interface Server {
  serve: typeof serve
  createApp: typeof createApp
}

/** Runs one command and returns its exit code: 0 for success, 1 for a failure, 2 for wrong usage. */
export async function run(argv: string[], server: Server): Promise<number> {
  try {
    const { positionals, values } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: { help: { type: 'boolean', short: 'h' }, from: { type: 'string' }, to: { type: 'string' } },
    })
    if (values.help) return print(usage)
    return await dispatch(positionals, values, server)
  } catch (error) {
    process.stderr.write(`${sentences(error)}\n`)
    return isUsageError(error) ? 2 : 1
  }
}

function dispatch(
  [command = 'serve', ...operands]: string[],
  { from, to }: Ends,
  server: Server,
): Promise<number> | number {
  const [operand] = operands
  if ((command === 'copy') !== (from !== undefined && to !== undefined)) return wrongUsage()
  const wanted = command === 'backup' || command === 'password' ? 1 : 0
  if (operands.length !== wanted) return wrongUsage()
  switch (command) {
    case 'serve':
      return server.serve(readConfig())
    case 'migrate':
      return migrate(readCommandConfig())
    case 'backup':
      return backup(readCommandConfig(), resolve(operand ?? ''))
    case 'restored':
      return restored(readCommandConfig())
    case 'password':
      return password(readCommandConfig(), (operand ?? '').trim().toLowerCase())
    case 'copy':
      return copy(from ?? '', to ?? '')
    case 'openapi':
      return openapi(server)
    default:
      return wrongUsage()
  }
}

async function migrate(config: Config): Promise<number> {
  const taken = await migrateStorage(config)
  return print(taken.length > 0 ? `Migrated: ${taken.join(', ')}\n` : 'The schema is already the newest.\n')
}

async function backup(config: Config, target: string): Promise<number> {
  if (isPostgres(config)) {
    throw new OperatorError(
      'Back up a PostgreSQL database with its own tools: pg_dump, or an archive of its WAL.',
    )
  }
  assertDatabase(config)
  const path = sqlitePath(config)
  await backupSqlite(path, target)
  return print(`Backed up ${path} to ${target} and checked its integrity.\n`)
}

async function restored(config: Config): Promise<number> {
  assertDatabase(config)
  await continueStorage(config)
  return print('Raised the revisions beyond all that were given out; clients that sync start over.\n')
}

async function password(config: Config, email: string): Promise<number> {
  assertDatabase(config)
  const storage = await openBeside(config, warn)
  try {
    const chosen = await askPassword(`New password for ${email}: `)
    const wasSet = await resetPassword(storage.database, email, chosen)
    if (!wasSet) throw new OperatorError(`No user has the e-mail address ${email}.`)
    return print(`Set the password of ${email} and ended all their sessions and API tokens.\n`)
  } finally {
    await storage.close()
  }
}

/** The secret is not copied: the operator sets it on the new server. */
async function copy(from: string, to: string): Promise<number> {
  const [source, target] = [from, to].map((url) => readCommandConfig({ DATABASE_URL: url }))
  if (!source || !target) return wrongUsage()
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

/** The document is generated from the routes, so this assembles a server on a temporary database. */
async function openapi({ createApp }: Server): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'docket-'))
  const config = readCommandConfig({
    DATABASE_URL: `sqlite:${join(folder, 'docket.db')}`,
    LOG_LEVEL: 'silent',
  })
  const { database, close } = await openAlone(config, warn)
  const app = await createApp({
    config,
    database,
    secrets: ['unused: it signs nothing'],
    log: openLog('silent'),
  })
  print(`${JSON.stringify(app.swagger(), null, 2)}\n`)
  await app.close()
  await close()
  rmSync(folder, { recursive: true })
  return 0
}

/** Without this, opening a missing SQLite file would create an empty one. */
function assertDatabase(config: Config): void {
  if (isPostgres(config) || existsSync(sqlitePath(config))) return
  throw new OperatorError(`There is no database at ${sqlitePath(config)}.`)
}

/** A command has no log, so its warnings go to the terminal. */
const warn = (message: string) => void process.stderr.write(`Warning: ${message}.\n`)

function print(text: string): number {
  process.stdout.write(text)
  return 0
}

function wrongUsage(): number {
  process.stderr.write(usage)
  return 2
}

const isUsageError = (error: unknown): error is TypeError =>
  error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')

function sentences(error: unknown): string {
  if (error instanceof ConfigError) return error.message
  if (error instanceof OperatorError || error instanceof AppError || isUsageError(error)) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
