import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { find } from '../deployed/programs.ts'
import { control, journal } from './services.ts'
import type { Call, Reply } from './shim.ts'

// What the special commands of the documents do apart from the machine. All others run as they stand.

const root = join(import.meta.dirname, '..', '..')
/** By package, a program that it brings. */
const packages: Record<string, string> = {
  'ca-certificates': 'sh',
  curl: 'curl',
  git: 'git',
  openssl: 'openssl',
  'xz-utils': 'xz',
  nginx: 'nginx',
  pgbouncer: 'pgbouncer',
  postgresql: 'pg_createcluster',
}

export async function answer(call: Call): Promise<Reply> {
  const act = standIns[call.name]
  if (!act) return { code: 127, stderr: `no rule for ${call.name}\n` }
  try {
    return { stdout: (await act(call)) ?? '' }
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : ''
    return { code: 1, stderr: `${said}${error instanceof Error ? error.message : String(error)}\n` }
  }
}

const standIns: Record<string, (call: Call) => Promise<string | void> | string | void> = {
  'apt-get': ({ args: [verb, ...names] }) => (verb === 'install' ? install(names) : undefined),
  curl: download,
  git: ({ args }) => (args.includes('clone') ? copyProject(args.at(-1) ?? '') : copyProject(args[1] ?? '')),
  systemctl: ({ args }) => control(args[0] ?? '', args.at(-1) ?? ''),
  journalctl: () => journal().split('\n').slice(-21).join('\n'),
}

/** The packages are there already: Debian starts the services of those that have one. */
async function install(names: string[]): Promise<void> {
  for (const name of names.filter((one) => !one.startsWith('-'))) {
    const program = packages[name]
    if (program === undefined || !find(program))
      throw new Error(`there is no rule for the package ${name}, or it is missing`)
    if (name === 'nginx') await control('start', name)
    if (name === 'postgresql' && !existsSync('/etc/postgresql/15/main')) {
      execFileSync('pg_createcluster', ['15', 'main', '--', '--no-sync'], {
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      await control('start', name)
    }
  }
}

/** The project as it is in this folder, with what is not committed yet. */
function copyProject(to: string): void {
  const listed = ['-c', 'safe.directory=*', 'ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const files = execFileSync(find('git') ?? 'git', listed, { cwd: root, encoding: 'utf8' }).split('\0')
  for (const file of files.filter((name) => name !== '' && existsSync(join(root, name)))) {
    const target = join(to, file)
    mkdirSync(dirname(target), { recursive: true })
    cpSync(join(root, file), target)
    chmodSync(target, statSync(target).mode & 0o100 ? 0o755 : 0o644)
  }
}

/** Node as its project packs it, but that of node_modules, so that no network is needed. */
function download({ args, folder }: Call): void {
  const url = args.at(-1) ?? ''
  const target = join(folder, basename(url))
  const release = `node-${process.version}-linux-x64`
  const archive = join(folder, `${release}.tar.xz`)
  if (basename(url) === 'SHASUMS256.txt') {
    const hash = createHash('sha256').update(readFileSync(archive)).digest('hex')
    return writeFileSync(target, `${hash}  ${release}.tar.xz\n`)
  }
  if (target !== archive) throw new Error(`the project has Node ${process.version}; this is ${url}`)
  const packed = join(process.env['TMPDIR'] ?? '/tmp', release)
  for (const name of ['bin', 'lib/node_modules']) mkdirSync(join(packed, name), { recursive: true })
  cpSync(process.execPath, join(packed, 'bin', 'node'))
  cpSync(npmFolder(), join(packed, 'lib', 'node_modules', 'npm'), { recursive: true })
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(packed, 'bin', 'npm'))
  execFileSync('tar', ['--create', `--file=${archive}`, `--directory=${dirname(packed)}`, release])
}

const npmFolder = () => join(dirname(realpathSync(process.env['npm_execpath'] ?? find('npm') ?? '')), '..')
