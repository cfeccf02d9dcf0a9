import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
/** As it is installed; for coverage, which counts lines of `src/`, without a bundle. */
const program = join(root, process.env['NODE_V8_COVERAGE'] === undefined ? 'bin/docket.js' : 'src/main.ts')

/** One compile cache for all processes of the tests. */
const compiled = join(root, 'node_modules', '.cache', 'test')
const longestCommandMs = 30_000

/** How a process ended. */
export interface Exit {
  code: number | null
  signal: NodeJS.Signals | null
}

/** What a command said and how it ended. */
export interface Output extends Exit {
  stdout: string
  stderr: string
}

/** A server in a process of its own, as its operator runs it. */
export interface ServerProcess {
  origin: string
  pid: number
  /** The data as the log tells it: the path of the database. */
  data: string
  /** The lines of its log so far. */
  logs: Record<string, unknown>[]
  stderr(): string
  kill(signal: NodeJS.Signals): void
  /** Resolves with the first log line, past or to come, that says this. */
  logged(message: string): Promise<Record<string, unknown>>
  exited: Promise<Exit>
}

type Variables = Record<string, string>

/** How a process is started: its variables, and the program it runs in, with that one's arguments. */
export interface Start {
  env?: Variables
  within?: string[]
}

/** A folder that goes when the test ends. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'docket-process-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Runs one command of the command line in the folder, with nothing of the test's environment but what is given. */
export async function runCommand(
  folder: string,
  args: string[],
  { env = {}, input = '' }: { env?: Variables; input?: string } = {},
): Promise<Output> {
  const child = spawnIn(folder, args, { env })
  const timer = setTimeout(() => child.kill('SIGKILL'), longestCommandMs)
  void exitOf(child).finally(() => clearTimeout(timer))
  child.stdin?.end(input)
  const [stdout, stderr, exit] = await Promise.all([
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
    exitOf(child),
  ])
  return { stdout, stderr, ...exit }
}

/** Starts a server in the folder, its data below it, on a free port; rejects with its words where it ends instead. */
export async function startServer(t: TestContext, folder: string, start: Start = {}): Promise<ServerProcess> {
  const child = spawnIn(folder, ['serve'], { ...start, env: { PORT: '0', RATE_LIMIT: 'off', ...start.env } })
  t.after(() => child.kill('SIGKILL'))
  child.stdin?.end()
  const logs: Record<string, unknown>[] = []
  const waiting = new Set<(line: Record<string, unknown>) => void>()
  let stderr = ''
  const greeted = Promise.withResolvers<void>()
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk
    if (/^The documentation is at .*\n/m.test(stderr)) greeted.resolve()
  })
  const exited = exitOf(child)
  eachLine(child, (line) => {
    const entry: Record<string, unknown> = JSON.parse(line)
    logs.push(entry)
    for (const tell of waiting) tell(entry)
  })

  const logged = (message: string) => {
    const { promise, resolve, reject } = Promise.withResolvers<Record<string, unknown>>()
    const tell = (line: Record<string, unknown>) => line['msg'] === message && resolve(line)
    for (const line of logs) tell(line)
    waiting.add(tell)
    void exited.then((exit) => reject(new Error(`no "${message}": ${JSON.stringify(exit)} ${stderr}`)))
    return promise.finally(() => waiting.delete(tell))
  }

  const ready = await logged('ready')
  await greeted.promise
  return {
    origin: String(ready['origin']),
    data: String(ready['data']),
    pid: Number(ready['pid']),
    logs,
    stderr: () => stderr,
    kill: (signal) => void child.kill(signal),
    logged,
    exited,
  }
}

function spawnIn(folder: string, args: string[], { env, within = [] }: Start): ChildProcess {
  const [command = process.execPath, ...rest] = [...within, process.execPath, program, ...args]
  const { PATH = '', NODE_V8_COVERAGE } = process.env
  const node = NODE_V8_COVERAGE === undefined ? { NODE_COMPILE_CACHE: compiled } : { NODE_V8_COVERAGE }
  return spawn(command, rest, { cwd: folder, env: { PATH, ...node, ...env }, stdio: 'pipe' })
}

function exitOf(child: ChildProcess): Promise<Exit> {
  const { promise, resolve, reject } = Promise.withResolvers<Exit>()
  child.once('error', reject)
  child.once('close', (code, signal) => resolve({ code, signal }))
  return promise
}

function eachLine(child: ChildProcess, take: (line: string) => void): void {
  let rest = ''
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) take(line)
  })
}
