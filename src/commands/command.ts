import { existsSync } from 'node:fs'
import type { createApp } from '../app.ts'
import { readCommandConfig, type Config } from '../config.ts'
import { OperatorError } from '../core/errors.ts'
import type { Database } from '../database/database.ts'
import type { serve } from '../serve.ts'
import { isPostgres, openBeside, sqlitePath } from '../storage.ts'

/** Every option of every command, as `parseArgs` wants it. */
export const options = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
  json: { type: 'boolean' },
  from: { type: 'string' },
  to: { type: 'string' },
  keep: { type: 'string' },
  name: { type: 'string' },
  invite: { type: 'boolean' },
  end: { type: 'boolean' },
  email: { type: 'string' },
  days: { type: 'string' },
} as const

export type Options = {
  [Name in keyof typeof options]?:
    | ((typeof options)[Name]['type'] extends 'boolean' ? boolean : string)
    | undefined
}

/** What `serve` and `openapi` need of the server. Most commands do not, and start sooner if it is not loaded. */
export interface Server {
  serve: typeof serve
  createApp: typeof createApp
}

/** One command of the command line; `run` returns the exit code. */
export interface Command {
  /** What follows its name, such as FILE. */
  operands?: string[]
  /** Options that it takes, and those that it cannot do without. */
  options?: (keyof Options)[]
  needs?: (keyof Options)[]
  /** How its options are shown, such as `[--json]`. */
  form?: string
  /** What it does, in a line. */
  about: string
  /** What else there is to know. */
  more?: string
  run(operand: string, options: Options, server: Server): Promise<number> | number
}

export function print(text: string): number {
  process.stdout.write(text)
  return 0
}

/** A command has no log, so its warnings go to the terminal. */
export const warn = (message: string): void => void process.stderr.write(`Warning: ${message}.\n`)

/** Without this, opening a missing SQLite file would create an empty one. */
export function assertDatabase(config: Config): void {
  if (isPostgres(config) || existsSync(sqlitePath(config))) return
  throw new OperatorError(`There is no database at ${sqlitePath(config)}.`)
}

/** Does the work on the database that the environment names, beside the servers that run on it. */
export async function withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const config = readCommandConfig()
  assertDatabase(config)
  const storage = await openBeside(config, warn)
  try {
    return await work(storage.database)
  } finally {
    await storage.close()
  }
}

/** Reads a whole number from 1 to `most`. Throws OperatorError. */
export function wholeNumber(option: string, text: string, most: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0
  if (value < 1 || value > most) throw new OperatorError(`--${option} must be a number from 1 to ${most}.`)
  return value
}
