import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { isTimeZone } from './due.ts'
import { Failure } from './failure.ts'
import type { Terminal } from './terminal.ts'

/** Where the user is signed in. */
export interface Login {
  url: string
  token: string
  /** The id of the token, where this program made it. */
  tokenId?: string
  email?: string
  /** The time zone of the user's profile. */
  timeZone: string
  /** Whether the user wants the token to travel unencrypted. */
  isInsecure?: true
}

/** What this machine remembers from one command to the next. */
export interface Memory {
  /** The ids of the last list, in its order. */
  list: readonly string[]
  /** The revisions of the last changes, the newest last; those of one command together. */
  changes: readonly (readonly number[])[]
}

const nothing: Memory = { list: [], changes: [] }

/** As the XDG base directory specification has it: a relative path does not count. */
function folderOf({ env, home }: Terminal, variable: string, standard: string): string {
  const path = env[variable] ?? ''
  return join(isAbsolute(path) ? path : join(home, standard), 'docket')
}

export const loginFile = (terminal: Terminal): string =>
  join(folderOf(terminal, 'XDG_CONFIG_HOME', '.config'), 'login.json')

const memoryFile = (terminal: Terminal): string =>
  join(folderOf(terminal, 'XDG_STATE_HOME', '.local/state'), 'memory.json')

/** Reads where the user is signed in; undefined if nowhere. Throws Failure. */
export function readLogin(terminal: Terminal): Login | undefined {
  const file = loginFile(terminal)
  const text = readIfThere(file)
  if (text === undefined) return undefined
  const mode = statSync(file).mode & 0o777
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new Failure(
      'notSignedIn',
      `${file} can be read by others (mode 0${mode.toString(8)}), and it holds your token: run \`chmod 600 ${file}\`, or \`docket login\` again if somebody may have read it.`,
    )
  }
  const login = loginOf(parse(text))
  if (!login) throw new Failure('notSignedIn', `${file} is damaged: run \`docket login\` again.`)
  return login
}

function loginOf(value: unknown): Login | undefined {
  const { url, token, tokenId, email, timeZone, isInsecure } = membersOf(value)
  if (typeof url !== 'string' || !URL.canParse(url) || typeof token !== 'string') return undefined
  return {
    url,
    token,
    timeZone: typeof timeZone === 'string' && isTimeZone(timeZone) ? timeZone : 'UTC',
    ...(typeof tokenId === 'string' && { tokenId }),
    ...(typeof email === 'string' && { email }),
    ...(isInsecure === true && { isInsecure }),
  }
}

export const writeLogin = (terminal: Terminal, login: Login): void => save(loginFile(terminal), login)

export function forgetLogin(terminal: Terminal): void {
  rmSync(loginFile(terminal), { force: true })
  rmSync(memoryFile(terminal), { force: true })
}

/** What is remembered of this server and user; nothing if it cannot be read. */
export function readMemory(terminal: Terminal, { url, token }: Login): Memory {
  const { of, list, changes } = membersOf(parse(readIfThere(memoryFile(terminal)) ?? ''))
  if (of !== nameOf(url, token) || !Array.isArray(list) || !Array.isArray(changes)) return nothing
  return {
    list: list.filter((id) => typeof id === 'string'),
    changes: changes.filter((some) => Array.isArray(some) && some.every((one) => Number.isSafeInteger(one))),
  }
}

/** A machine that cannot remember, such as one with a read-only home folder, can still do the rest. */
export function writeMemory(terminal: Terminal, { url, token }: Login, memory: Memory): void {
  try {
    save(memoryFile(terminal), { of: nameOf(url, token), ...memory })
  } catch {
    // The next command says that it knows no such number.
  }
}

/** Whose memory it is; the end of a token is a checksum and gives nothing away. */
const nameOf = (url: string, token: string) => `${url} ${token.slice(-6)}`

const membersOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined
    throw new Failure('notSignedIn', `${file} cannot be read: ${error instanceof Error ? error.message : ''}`)
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Writes the whole file or nothing, and lets nobody else read it at any time. */
function save(file: string, value: object): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const part = `${file}.${process.pid}`
  writeFileSync(part, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 })
  chmodSync(part, 0o600)
  renameSync(part, file)
}
