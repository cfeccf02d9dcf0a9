import { connect, type Docket, type Fetch } from '../../client/src/index.ts'
import { isTimeZone } from './due.ts'
import { Failure, Unreached } from './failure.ts'
import { readLogin, readMemory, writeMemory, type Login, type Memory } from './files.ts'
import { clean, jsonOf } from './text.ts'
import { write, type Terminal } from './terminal.ts'

/** The options of a command as they were given. */
export interface Options {
  has(name: string): boolean
  /** The value of an option that takes one. */
  value(name: string): string | undefined
  /** All values of an option that may be given several times. */
  values(name: string): readonly string[]
}

/** One use of a command. */
export interface Call {
  /** What was given beside options. */
  words: readonly string[]
  options: Options
  terminal: Terminal
}

/** Does the work of a command, or throws why not. */
export type Run = (call: Call) => Promise<void>

/** The server, as the user who is signed in. */
export interface Session {
  docket: Docket
  login: Login
  memory: Memory
  /** Keeps what the next command needs. */
  remember(memory: Partial<Memory>): void
}

/** A person waits: a server that does not answer is told soon. */
const retries = 1
const timeoutMs = 10_000

/** Signs in with what `docket login` left, or with DOCKET_URL and DOCKET_TOKEN. Throws Failure. */
export function openSession({ terminal }: Call): Session {
  const login = loginOfEnvironment(terminal) ?? readLogin(terminal)
  if (!login) throw new Failure('notSignedIn', 'You are not signed in: run `docket login URL`.')
  const memory = readMemory(terminal, login)
  return {
    docket: connect({ ...connectionTo(terminal, login.url), token: login.token }),
    login,
    memory,
    remember: (more) => writeMemory(terminal, login, { ...memory, ...more }),
  }
}

function loginOfEnvironment(terminal: Terminal): Login | undefined {
  const { DOCKET_URL: url, DOCKET_TOKEN: token, DOCKET_INSECURE: insecure } = terminal.env
  if (!url && !token) return undefined
  if (!url || !token)
    throw new Failure('usage', 'DOCKET_URL and DOCKET_TOKEN belong together: set both or none.')
  const address = addressOf(url)
  assertPrivate(address, insecure === '1', 'set DOCKET_INSECURE=1')
  return { url: address, token, timeZone: isTimeZone(terminal.timeZone) ? terminal.timeZone : 'UTC' }
}

/** Reads an address as people write it: without a scheme it is https, or http on this machine. Throws Failure. */
export function addressOf(text: string): string {
  const full = /^[a-z]+:\/\//i.test(text) ? text : `https://${text}`
  const url = URL.canParse(full) ? new URL(full) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new Failure('usage', `${clean(text)} is not an address such as https://docket.example.com.`)
  }
  if (url.username !== '' || url.password !== '') {
    throw new Failure(
      'usage',
      'Leave the name and password out of the address: `docket login` asks for them.',
    )
  }
  if (full !== text && isLocal(url)) url.protocol = 'http:'
  return (url.origin + url.pathname).replace(/\/+$/, '')
}

const isLocal = ({ hostname }: URL) => /^(?:(?:.+\.)?localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)

/** Refuses to send secrets in the clear, unless the user wants it. Throws Failure. */
export function assertPrivate(address: string, isWanted: boolean, how: string): void {
  const url = new URL(address)
  if (url.protocol === 'https:' || isLocal(url) || isWanted) return
  throw new Failure(
    'usage',
    `${url.origin} is not encrypted: your password and token could be read on their way. Use https, or ${how} if you trust the network.`,
  )
}

/** How to reach a server. */
export function connectionTo(terminal: Terminal, url: string) {
  const send: Fetch = async (address, init) => {
    try {
      return await terminal.fetch(address, init)
    } catch (error) {
      throw new Unreached(url, init.signal.aborted ? init.signal.reason : error)
    }
  }
  return { url, fetch: send, retries, timeoutMs, ...(terminal.clock && { clock: terminal.clock }) }
}

/** Prints what a command gives: as JSON, always in the form `{ "items": [] }`, or as text for people. */
export async function answer(
  { terminal, options }: Call,
  items: readonly object[],
  text: string,
): Promise<void> {
  const form = options.has('json') ? `${jsonOf({ items }, 2)}\n` : text
  await write(terminal.output, form)
}

/** Tells people something beside the result. */
export const note = ({ terminal }: Call, text: string): Promise<void> => write(terminal.errors, `${text}\n`)
