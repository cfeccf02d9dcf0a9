import { spawn, spawnSync, type ChildProcess, type StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Job, Outcome } from './load.ts'

/** The folder of the benchmark. */
export const here = fileURLToPath(new URL('.', import.meta.url))

const longestStopMs = 5000
const cores = { servers: '0', load: '1' }

/** Whether there are two cores and processes can be pinned to them. */
export const isPinned = availableParallelism() > 1 && spawnSync('taskset', ['-c', '0', 'true']).status === 0

/** Keeps this process off the servers' core, and the processes it starts later unless they are pinned themselves. */
export function leaveServersCore(): void {
  const others = `${cores.load}-${availableParallelism() - 1}`
  if (isPinned) spawnSync('taskset', ['-cp', others, String(process.pid)])
}

/** A server under test, in a process of its own. */
export interface Running {
  origin: string
  /** The CPU time since its start, and its memory now. */
  usage(): Promise<Usage>
  /** Sends it a message and waits for its reply. */
  send(message: object): Promise<void>
  stop(): Promise<void>
}

export interface Usage {
  cpuMicros: number
  residentBytes: number
}

/** Starts a server by its file; its log goes to /dev/null. Resolves once it listens. The peers need no `serve`. */
export async function startServer(file: string, env: Record<string, string>): Promise<Running> {
  const flags = file.endsWith('docket.js') ? ['--max-semi-space-size=8'] : []
  const child = start(cores.servers, [...flags, '--import', join(here, 'usage.js'), file, 'serve'], env)
  const origin = await originOf(child, file)
  return {
    origin,
    async usage() {
      child.send('usage')
      const [usage] = (await once(child, 'message')) as [Usage]
      return usage
    },
    async send(message) {
      child.send(message)
      await once(child, 'message')
    },
    stop: () => stop(child),
  }
}

/** The process that generates load. */
export interface Load {
  run<Jobs extends Job[]>(...jobs: Jobs): Promise<{ [Each in keyof Jobs]: Outcome }>
  stop(): Promise<void>
}

export function startLoad(): Load {
  const child = start(cores.load, [join(here, 'load.ts')], {})
  return {
    async run<Jobs extends Job[]>(...jobs: Jobs) {
      child.send(jobs)
      const [outcomes] = (await once(child, 'message')) as [{ [Each in keyof Jobs]: Outcome }]
      return outcomes
    },
    stop: () => stop(child),
  }
}

/** Runs Node, pinned to one core if that is possible, and with the allocator as the systemd unit sets it. */
export function start(core: string, args: string[], env: Record<string, string>): ChildProcess {
  const pin = isPinned ? ['taskset', '-c', core] : []
  const [command = process.execPath, ...rest] = [...pin, process.execPath, ...args]
  const stdio: StdioOptions = ['ignore', 'ignore', 'pipe', 'ipc']
  return spawn(command, rest, {
    env: { PATH: process.env['PATH'] ?? '', MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '131072', ...env },
    stdio,
  })
}

/** Docket prints its address to standard error, the others send their port. */
async function originOf(child: ChildProcess, file: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let output = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output += text
    const [, origin] = /Docket is at (\S+)/.exec(output) ?? []
    if (origin) resolve(origin)
  })
  child.on('message', (message: object) => {
    if ('port' in message) resolve(`http://127.0.0.1:${String(message.port)}`)
  })
  child.once('exit', () => reject(new Error(`${file} ended before it listened: ${output}`)))
  return promise
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), longestStopMs)
  await ended
  clearTimeout(timer)
}
