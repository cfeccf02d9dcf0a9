import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { find } from '../deployed/programs.ts'

// Runs the commands of docs/operations.md and docs/scaling.md as root, in mounts, processes and a network of their own:
// nothing of this machine is touched. `npm run documents`.

const programs = [
  'bash',
  'curl',
  'git',
  'ip',
  'mount',
  'nsenter',
  'openssl',
  'runuser',
  'setpriv',
  'tar',
  'useradd',
  'xz',
]
const enter = join(import.meta.dirname, 'enter.sh')
const inside = join(import.meta.dirname, 'inside.ts')
const apart = ['--mount', '--pid', '--ipc', '--fork', '--kill-child']
/** What enter.sh ends with where the machine lets nobody have mounts of their own. */
const noMounts = 77

const reason = unable()
if (reason === undefined) await runApart()
else skip(reason)

function unable(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'it needs root on Linux'
  const missing = ['unshare', ...programs].filter((name) => find(name) === undefined)
  if (missing.length > 0) return `not installed: ${missing.join(', ')}`
  const { status } = spawnSync('unshare', [...apart, '--net', 'true'])
  return status === 0 ? undefined : 'this machine lets no process have mounts of its own'
}

function skip(why: string): void {
  process.stdout.write(`documents: skipped, since ${why}\n`)
}

async function runApart(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'docket-documents-'))
  // A session of its own, since programs that ask for a password would ask at the terminal.
  const child = spawn('unshare', [...apart, 'bash', enter, folder, process.execPath, inside], {
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => child.kill('SIGKILL'))
  const [code] = await once(child, 'exit')
  rmdirSync(folder)
  if (code === noMounts) skip('this machine lets no process have mounts of its own')
  else process.exitCode = code ?? 1
}
