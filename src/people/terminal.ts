import { homedir, hostname } from 'node:os'
import type { Readable, Writable } from 'node:stream'
import type { Clock, Fetch } from '../../client/src/index.ts'
import { send } from './send.ts'

/** All that a command has of its surroundings. Tests pass in their own. */
export interface Terminal {
  input: Readable & { isTTY?: boolean }
  output: Writable & { isTTY?: boolean; columns?: number }
  errors: Writable
  env: Readonly<Record<string, string | undefined>>
  /** The home folder of the user, and the name of the machine. */
  home: string
  host: string
  /** The time zone of the machine. */
  timeZone: string
  now(): number
  fetch: Fetch
  /** What retries wait by; the system's, if it is left out. */
  clock?: Clock
  /** Ends a command that would not end by itself. Ctrl-C ends the whole process. */
  signal: AbortSignal
}

/** The terminal that the program was started in. */
export function systemTerminal(): Terminal {
  // A reader that went away is told to the write; without a listener it would end the process too.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  return {
    input: process.stdin,
    output: process.stdout,
    errors: process.stderr,
    env: process.env,
    home: homedir(),
    host: hostname(),
    timeZone: Temporal.Now.timeZoneId(),
    now: () => Date.now(),
    fetch: send,
    signal: new AbortController().signal,
  }
}

/** Nobody reads the output any more, as after `| head`. */
export class OutputClosed extends Error {}

/** Writes a text and waits until it is taken. Throws OutputClosed. */
export async function write(stream: Writable, text: string): Promise<void> {
  if (text === '') return
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  stream.write(text, (error) => {
    if (!error) resolve()
    else reject('code' in error && error.code === 'EPIPE' ? new OutputClosed() : error)
  })
  await promise
}
