import { execFileSync, spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  existsSync,
  globSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

const oldestServer = 15
const port = 5432 // of a socket in a folder of our own

/** A PostgreSQL of the tests' own: in a temporary folder, on a socket there, as an unprivileged user. */
export interface PostgresServer {
  version: string
  /** The folder of its socket. */
  folder: string
  url(database?: string): string
  /** Starts it again after `stop`. */
  start(): Promise<void>
  /** Ends it at once, as a crash would. */
  stop(): Promise<void>
  /** Freezes it and all of its children, or lets them go on; Linux alone. */
  signalAll(signal: 'SIGSTOP' | 'SIGCONT'): void
  /** Stops it and takes its data away. */
  remove(): Promise<void>
}

interface Binaries {
  folder: string
  version: string
}

/** The newest PostgreSQL on this machine that Docket runs on; undefined where there is none. */
export function findPostgres(): Binaries | undefined {
  if (process.platform === 'win32') return undefined
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    ...globSync(['/usr/lib/postgresql/*/bin', '/usr/pgsql-*/bin', '/usr/local/pgsql/bin']),
    ...globSync(['/opt/homebrew/opt/postgresql*/bin', '/usr/local/opt/postgresql*/bin']),
  ]
  return folders
    .filter((folder) => existsSync(join(folder, 'postgres')) && existsSync(join(folder, 'initdb')))
    .map((folder) => ({ folder, version: versionOf(folder) }))
    .filter(({ version }) => Number.parseInt(version) >= oldestServer)
    .toSorted((a, b) => Number.parseFloat(b.version) - Number.parseFloat(a.version))[0]
}

function versionOf(folder: string): string {
  const told = execFileSync(join(folder, 'postgres'), ['--version'], { encoding: 'utf8' })
  return /\d+(\.\d+)?/.exec(told)?.[0] ?? '0'
}

/** Makes a cluster and starts it, with these settings on top of its defaults; with `primary`, as a standby of that. */
export async function startPostgres(
  { folder: binaries, version }: Binaries,
  settings: Record<string, string> = {},
  primary?: PostgresServer,
): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'docket-pg-'))
  const data = join(folder, 'data')
  const user = unprivilegedUser()
  if (user) chownSync(folder, user.uid, user.gid)
  chmodSync(folder, 0o700)
  if (primary) {
    const args = [
      '-D',
      data,
      '-h',
      primary.folder,
      '-p',
      String(port),
      '-U',
      'docket',
      '--write-recovery-conf',
      '--checkpoint=fast',
    ]
    // Beside the real server: what is in PATH may be a link to it alone.
    const home = dirname(realpathSync(join(binaries, 'postgres')))
    execFileSync(join(home, 'pg_basebackup'), args, { ...user, cwd: tmpdir(), stdio: 'pipe' })
  } else makeCluster(binaries, data, user)

  const options = { unix_socket_directories: folder, listen_addresses: '', port: String(port), ...settings }
  const args = ['-D', data, ...Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
  const launch = () =>
    spawn(join(binaries, 'postgres'), args, { ...user, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  let server: ReturnType<typeof launch> | undefined

  const start = async () => {
    server = launch()
    await ready(server)
  }
  const stop = async () => {
    if (!server || server.exitCode !== null) return
    const exited = once(server, 'exit')
    server.kill('SIGQUIT')
    await exited
    server = undefined
  }
  const signalAll = (signal: 'SIGSTOP' | 'SIGCONT') => {
    const parent = server?.pid ?? 0
    for (const pid of [parent, ...childrenOf(parent)]) process.kill(pid, signal)
  }

  await start()
  return {
    version,
    folder,
    url: (database = 'postgres') => `postgres://docket@localhost/${database}?host=${folder}`,
    start,
    stop,
    signalAll,
    async remove() {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Its default collation is a language's, where it can be, so that nothing passes by leaning on C. */
function makeCluster(binaries: string, data: string, user: { uid: number; gid: number } | undefined): void {
  const args = ['-D', data, '-U', 'docket', '--auth=trust', '--encoding=UTF8', '--no-sync', '--locale=C']
  const initdb = (more: string[]) =>
    execFileSync(join(binaries, 'initdb'), [...args, ...more], { ...user, cwd: tmpdir(), stdio: 'pipe' })
  try {
    initdb(['--locale-provider=icu', '--icu-locale=en-US'])
  } catch {
    initdb([])
  }
}

/** PostgreSQL refuses to run as root. */
function unprivilegedUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  const [, , uid, gid] =
    users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody') ?? []
  if (uid === undefined)
    throw new Error('root can not run PostgreSQL, and there is no user postgres or nobody')
  return { uid: Number(uid), gid: Number(gid) }
}

async function ready(server: ChildProcessByStdio<null, null, Readable>): Promise<void> {
  const said: string[] = []
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const lines = createInterface({ input: server.stderr })
  lines.on('line', (line) => {
    said.push(line)
    if (/database system is ready to accept (read-only )?connections/.test(line)) resolve()
  })
  server.once('exit', () => reject(new Error(`PostgreSQL did not start:\n${said.join('\n')}`)))
  server.once('error', reject)
  await promise
  said.length = 0
}

function childrenOf(pid: number): number[] {
  const told = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return told.split(' ').filter(Boolean).map(Number)
}
