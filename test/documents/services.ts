import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { find } from '../deployed/programs.ts'

// What systemd would do for the units of the documents, in its nearest form where there is no systemd.

/** A running server. */
export interface Node {
  origin: string
  child: ChildProcess
}

type Variables = Record<string, string>

const units = '/etc/systemd/system'
const readyWithinMs = 30_000
/** No balancer waits here. */
const shortDrain = '0'
/** The machine of the documents, and the one that it stands for as well. */
const [thisNode, otherNode] = ['10.0.0.11', '10.0.0.12']
/** Services of Debian's packages, by what starts them in the foreground. */
const packaged: Variables = {
  nginx: "nginx -g 'daemon off;'",
  pgbouncer: 'setpriv --reuid=postgres --regid=postgres --init-groups pgbouncer /etc/pgbouncer/pgbouncer.ini',
}

const running = new Map<string, Node[]>()
let log = ''
let onNodeStarted: (nodes: Node[]) => Promise<void> = async () => undefined

/** Lets a check follow each restart of one of several nodes. */
export const followNodes = (follow: typeof onNodeStarted): void => void (onNodeStarted = follow)
export const nodes = (): Node[] => running.get('docket') ?? []
/** What the services said, and PostgreSQL. */
export function journal(): string {
  const file = '/var/log/postgresql/postgresql-15-main.log'
  return existsSync(file) ? `${log}\n${readFileSync(file, 'utf8').slice(-2000)}` : log
}

/** Resolves once every node is ready. */
export async function ready(): Promise<void> {
  const giveUpAt = performance.now() + readyWithinMs
  for (const { origin, child } of nodes()) {
    for (;;) {
      const response = await fetch(`${origin}/readyz`, { headers: { connection: 'close' } }).catch(
        () => undefined,
      )
      if (response?.ok) break
      if (child.exitCode !== null || performance.now() > giveUpAt) throw new Error(`it is not ready: ${log}`)
      await delay(20)
    }
  }
}

export async function control(verb: string, name: string): Promise<string> {
  const unit = name.replace(/\.service$/, '')
  if (unit === 'postgresql') return postgres(verb)
  if (verb === 'enable') return enable(name)
  if (verb === 'reload' && unit === 'nginx') return run('nginx', ['-s', 'reload'])
  if (verb === 'stop') return stop(unit)
  if (verb === 'start') return running.has(unit) ? '' : start(unit)
  if (verb === 'restart')
    return unit === 'docket' ? restartNodes() : `${await stop(unit)}${await start(unit)}`
  throw new Error(`no rule for systemctl ${verb} ${name}`)
}

function run(program: string, args: string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

/** Its output goes nowhere: the server that it leaves running would hold a pipe open. */
function postgres(verb: string): string {
  execFileSync('pg_ctlcluster', ['15', 'main', verb, ...(verb === 'start' ? [] : ['--force'])], {
    stdio: 'ignore',
  })
  return ''
}

/** Checks the unit as systemd does, and starts a service; a timer's time is checked with it. */
async function enable(name: string): Promise<string> {
  const file = name.includes('.') ? name : `${name}.service`
  if (find('systemd-analyze')) run('systemd-analyze', ['verify', `${units}/${file}`])
  return file.endsWith('.service') ? start(name) : ''
}

async function stop(unit: string): Promise<string> {
  await Promise.all((running.get(unit) ?? []).map((node) => end(unit, node)))
  running.delete(unit)
  return ''
}

async function end(unit: string, { child }: Node): Promise<void> {
  if (child.exitCode !== null) throw new Error(`${unit} had ended: ${log}`)
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  const [code] = await exited
  if (unit === 'docket' && code !== 0) throw new Error(`${unit} ended with ${code}: ${log}`)
}

async function start(unit: string): Promise<string> {
  const command = packaged[unit]
  if (command !== undefined) {
    running.set(unit, [launch(['sh', '-c', `exec ${command}`], { PATH: process.env['PATH'] ?? '' })])
    return ''
  }
  const service = readUnit(unit)
  const begun = nodesOf(service.env).map((env) => launch(service.command, env))
  if (service.isOneshot) return finished(unit, begun[0])
  running.set(unit, begun)
  return ''
}

/** One after another, as an operator goes from machine to machine. */
async function restartNodes(): Promise<string> {
  const service = readUnit('docket')
  const old = nodes()
  const envs = nodesOf(service.env)
  if (envs.length === 1 || old.length < envs.length) {
    await stop('docket')
    return start('docket')
  }
  for (const [i, env] of envs.entries()) {
    const former = old[i]
    if (former) await end('docket', former)
    old[i] = launch(service.command, env)
    await ready()
    await onNodeStarted(nodes())
  }
  return ''
}

async function finished(unit: string, node: Node | undefined): Promise<string> {
  if (!node) return ''
  const [code] = await once(node.child, 'exit')
  if (code !== 0) throw new Error(`${unit} ended with ${code}: ${log}`)
  return ''
}

const nodesOf = (env: Variables): Variables[] =>
  env['HOST'] === thisNode ? [env, { ...env, HOST: otherNode }] : [env]

function launch(command: string[], env: Variables): Node {
  const [program = '', ...args] = command
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (log += String(chunk)))
  return { origin: `http://${env['HOST'] ?? '127.0.0.1'}:${env['PORT'] ?? '3000'}`, child }
}

/** What a unit says of the user, the variables, the folders and the command. */
function readUnit(unit: string) {
  const lines = readFileSync(`${units}/${unit}.service`, 'utf8').split('\n')
  const all = (key: string) =>
    lines.filter((line) => line.startsWith(`${key}=`)).map((line) => line.slice(key.length + 1))
  const [user = 'root'] = all('User')
  for (const [key, parent] of [
    ['StateDirectory', '/var/lib'],
    ['CacheDirectory', '/var/cache'],
  ] as const)
    for (const name of all(key)) makeFolder(`${parent}/${name}`, user)
  const env: Variables = { PATH: '/usr/bin:/bin', USER: user }
  for (const line of all('Environment')) set(env, line)
  for (const path of all('EnvironmentFile')) readVariables(path).forEach((line) => set(env, line))
  const as = [
    'setpriv',
    `--reuid=${user}`,
    `--regid=${user}`,
    '--init-groups',
    '--no-new-privs',
    '--bounding-set=-all',
  ]
  const [exec = ''] = all('ExecStart')
  const command = [...as, 'sh', '-c', `umask ${all('UMask')[0] ?? '0022'}; exec ${exec}`]
  return { env, command, isOneshot: all('Type')[0] === 'oneshot' }
}

function makeFolder(path: string, user: string): void {
  mkdirSync(path, { recursive: true })
  run('chown', [`${user}:${user}`, path])
  run('chmod', ['0700', path])
}

/** The lines of a file of variables; with - before its path it may be missing. */
function readVariables(path: string): string[] {
  const file = path.replace(/^-/, '')
  if (path.startsWith('-') && !existsSync(file)) return []
  return readFileSync(file, 'utf8').split('\n')
}

function set(env: Variables, line: string): void {
  const [, name, value = ''] = /^([A-Z_]+)=(.*)$/.exec(line.trim()) ?? []
  if (name !== undefined) env[name] = name === 'DRAIN_SECONDS' ? shortDrain : value
}
