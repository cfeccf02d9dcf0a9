import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { find } from '../deployed/programs.ts'
import { blocksOf, type Block } from './blocks.ts'
import { assertAllFound, checkAfter, fitted } from './checks.ts'
import { password } from './person.ts'
import { journal } from './services.ts'
import { openShell } from './shell.ts'
import { answer } from './stand-ins.ts'

// Runs the blocks one after another in one shell, as an operator would, and checks after each what the documents promise.

const folder = process.argv[2] ?? ''
const root = join(import.meta.dirname, '..', '..')
const socket = join(folder, 'stand-ins')
const bin = join(folder, 'bin')
process.env['TMPDIR'] = join(folder, 'tmp')
const path = `${bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`

const begunAt = performance.now()
const files = ['docs/operations.md', 'docs/scaling.md']
const all = files.flatMap((file) => blocksOf(file, readFileSync(join(root, file), 'utf8')))
assertAllFound(all)
const blocks = all.filter((block) => isRun(block))
serveStandIns()
const code = await runAll()
const seconds = Math.round((performance.now() - begunAt) / 1000)
say(
  code === 0
    ? `${blocks.length} blocks of commands work as written, in ${seconds} s`
    : 'they do not work as written',
)
process.exit(code)

function say(text: string): void {
  process.stdout.write(`documents: ${text}\n`)
}

/** Whether a block can run here; says so where it can not. */
function isRun(block: Block): boolean {
  const reason = hindrance(block)
  if (reason !== undefined) say(`${block.file}:${block.line} is not run: ${reason}`)
  return reason === undefined
}

function hindrance({ file, line, language, text }: Block): string | undefined {
  if (language !== 'sh' && language !== 'yaml')
    throw new Error(`${file}:${line} is in ${language}: no rule for it`)
  if (/^docker /m.test(text)) return 'docker has no place here; test/readme tests compose.yaml'
  const hasPostgres = find('pg_createcluster') && existsSync('/usr/lib/postgresql/15/bin/postgres')
  if (file.endsWith('scaling.md') && !hasPostgres) return "not installed: Debian's PostgreSQL 15"
  const wanted = {
    promtool: language === 'yaml',
    nginx: /nginx/.test(text),
    pgbouncer: /pgbouncer|:6432/.test(text),
  }
  const missing = Object.entries(wanted).filter(([name, isWanted]) => isWanted && !find(name))
  return missing.length > 0 ? `not installed: ${missing.map(([name]) => name).join(', ')}` : undefined
}

function serveStandIns(): void {
  const server = createServer({ allowHalfOpen: true }, (connection) => {
    let asked = ''
    connection.on('data', (chunk) => (asked += String(chunk)))
    connection.on('end', () => {
      void answer(JSON.parse(asked)).then((reply) => connection.end(JSON.stringify(reply)))
    })
  })
  server.listen(socket)
  const shim = join(import.meta.dirname, 'shim.ts')
  const ask = (name: string) => `exec '${process.execPath}' '${shim}' '${socket}' ${name} "$@"`
  for (const name of ['apt-get', 'git', 'systemctl', 'journalctl']) write(name, ask(name))
  write('curl', `case "$*" in *https://nodejs.org/*) ${ask('curl')} ;; esac\nexec '${find('curl')}' "$@"`)
  const npm = `env npm_config_prefer_offline=true npm_config_audit=false npm_config_fund=false /usr/bin/npm "$@"`
  write('npm', `exec nsenter --net='${join(folder, 'network')}' ${npm}`)
}

function write(name: string, script: string): void {
  const file = join(bin, name)
  writeFileSync(file, `#!/bin/sh\n${script}\n`)
  chmodSync(file, 0o755)
}

/** Returns the exit code. */
async function runAll(): Promise<number> {
  const { npm_config_registry, npm_config_cache, http_proxy, https_proxy, NODE_EXTRA_CA_CERTS } = process.env
  const kept = { npm_config_registry, npm_config_cache, http_proxy, https_proxy, NODE_EXTRA_CA_CERTS }
  const ours = { PATH: path, HOME: '/root', LANG: 'C.UTF-8', USER: 'root', TMPDIR: process.env['TMPDIR'] }
  const shell = openShell(folder, { ...ours, ...kept }, `${password}\n`.repeat(4))
  for (const block of blocks) {
    const { hasFailed, stdout, said } = await shell.run(scriptOf(block))
    const fault = hasFailed ? 'a command failed' : await checkAfter(block, stdout).catch(reasonOf)
    if (fault !== undefined) return failed(block, said, fault)
  }
  return 0
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

function failed({ file, line, text }: Block, said: string, reason: string): number {
  say(`${file}:${line} does not do what it says`)
  const log = journal().slice(-5000)
  process.stdout.write(`${text}\n${said}\n${reason}\n\nThe end of the log:\n${log}\n`)
  return 1
}

function scriptOf(block: Block): string {
  if (block.language === 'sh') return fitted(block.text)
  return `cat > "$TMPDIR/prometheus.yml" <<'END'\n${block.text}END\npromtool check config "$TMPDIR/prometheus.yml"`
}
