import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import type { TestContext } from 'node:test'
import { run } from '../../src/people/run.ts'
import type { Terminal } from '../../src/people/terminal.ts'
import { withToken } from '../api-tokens.ts'
import { testClock } from '../client/helpers.ts'
import { docket, type Docket, type DocketOptions, type User } from '../harness.ts'

/** What a command printed, and how it ended. */
export interface Output {
  code: number
  stdout: string
  stderr: string
}

/** How a command is run. */
export interface Running {
  /** What is typed, or what standard input has. */
  input?: string
  /** How wide the terminal is; without it there is none. */
  columns?: number
  env?: Record<string, string>
  fetch?: Terminal['fetch']
  output?: Terminal['output']
  signal?: AbortSignal
}

/** Somebody with a home folder, at a terminal. */
export interface Person {
  home: string
  run(argv: readonly string[], how?: Running): Promise<Output>
  /** Runs a command that succeeds, and returns what it printed. */
  docket(...argv: string[]): Promise<string>
}

/** A Wednesday, 11:00 in Berlin. */
export const wednesday = Date.parse('2026-11-25T10:00:00Z')

/** A person with an empty home folder, which goes when the test ends. */
export function createPerson(t: TestContext, now: () => number = () => wednesday): Person {
  const home = mkdtempSync(join(tmpdir(), 'docket-people-'))
  t.after(() => rmSync(home, { recursive: true, force: true }))
  const person: Person = {
    home,
    async run(argv, { input = '', columns, env = {}, fetch = globalFetch, output, signal } = {}) {
      const [stdout, stderr] = [collect(), collect()]
      const standardInput = Object.assign(new PassThrough(), { isTTY: columns !== undefined })
      if (input !== '') standardInput.write(input)
      if (columns === undefined) standardInput.end()
      const code = await run(argv, {
        input: standardInput,
        output: output ?? Object.assign(stdout.stream, columns === undefined ? {} : { isTTY: true, columns }),
        errors: stderr.stream,
        env,
        home,
        host: 'notebook',
        timeZone: 'Europe/Berlin',
        now,
        fetch,
        clock: testClock(),
        signal: signal ?? new AbortController().signal,
      })
      return { code, stdout: stdout.text(), stderr: stderr.text() }
    },
    async docket(...argv) {
      const { code, stdout, stderr } = await person.run(argv)
      assert.equal(code, 0, stderr)
      return stdout
    },
  }
  return person
}

const globalFetch: Terminal['fetch'] = (url, init) => fetch(url, init)

function collect() {
  let text = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk)
      done()
    },
  })
  return { stream, text: () => text }
}

/** A server whose clock stands at that Wednesday, and alice, who is signed in there with a token. */
export async function signedIn(
  t: TestContext,
  options: DocketOptions = {},
): Promise<{ server: Docket; alice: User; person: Person }> {
  const server = await docket(t, { now: wednesday, ...options })
  await server.alice.patch('/me', { timeZone: 'Europe/Berlin' })
  const person = createPerson(t, server.now)
  const { token } = await withToken(server, server.alice, ['tasks:write'])
  const { code, stderr } = await person.run(['login', server.url, '--token'], { input: `${token}\n` })
  assert.equal(code, 0, stderr)
  return { server, alice: server.alice, person }
}
