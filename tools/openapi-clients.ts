import { execFile, execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

// Tries openapi.json with tools that others wrote, against a server on a database of its own: a generated Python
// client is used, and schemathesis sends requests that the document allows and requests that it forbids.

const root = fileURLToPath(new URL('..', import.meta.url))
const inputs = join(root, 'tools', 'openapi-clients')
const folder = mkdtempSync(join(tmpdir(), 'docket-openapi-'))
const programs = join(folder, 'python', 'bin')
const metricsToken = 'metrics-token-of-the-check'
/** Far more than any step takes, save on a machine that does much else. */
const longestMs = 300_000

const missing = install()
if (missing === undefined) await check()
else console.log(`The OpenAPI clients are not tried: ${missing}.`)
rmSync(folder, { recursive: true, force: true })

/** Makes the Python environment. Says what this machine lacks for it; undefined if it is made. */
function install(): string | undefined {
  const python = spawnSync('python3', [
    '-c',
    'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))',
  ])
  if (python.status !== 0) return 'there is no Python 3.11 or later with venv here'
  execFileSync('python3', ['-m', 'venv', join(folder, 'python')])
  const options = ['--quiet', '--disable-pip-version-check', '--no-input', '--only-binary', ':all:']
  const { status } = spawnSync(
    join(programs, 'pip'),
    ['install', ...options, '--requirement', join(inputs, 'requirements.txt')],
    { stdio: ['ignore', 'ignore', 'inherit'], timeout: longestMs },
  )
  return status === 0 ? undefined : 'pip can not install what they need'
}

async function check(): Promise<void> {
  const server = spawn(process.execPath, [join(root, 'bin', 'docket.js'), 'serve'], {
    cwd: folder,
    env: {
      ...process.env,
      PORT: '0',
      DATABASE_URL: 'sqlite:tried.db',
      RATE_LIMIT: 'off',
      METRICS_TOKEN: metricsToken,
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  try {
    const origin = await originOf(createInterface(server.stdout))
    const token = await useClient(origin)
    await runSchemathesis(origin, token)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  } finally {
    server.kill('SIGKILL')
  }
}

/** The address of the server, which its log tells. The log is read to its end, so that the server never waits. */
function originOf(log: ReturnType<typeof createInterface>): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  log.on('line', (line) => {
    const { origin }: { origin?: string } = JSON.parse(line)
    if (origin !== undefined) resolve(origin)
  })
  log.once('close', () => reject(new Error('the server ended before it was ready')))
  return promise
}

/** Generates the Python client without a warning, and uses it. Returns the access token that it got. */
async function useClient(origin: string): Promise<string> {
  const client = join(folder, 'client')
  const config = join(inputs, 'client.yaml')
  const options = ['--path', join(root, 'openapi.json'), '--output-path', client, '--config', config]
  await run('openapi-python-client', ['generate', '--fail-on-warning', ...options])
  const said = await run('python', [join(inputs, 'use_client.py'), origin], { PYTHONPATH: client })
  return said.trim()
}

async function runSchemathesis(origin: string, token: string): Promise<void> {
  const config = join(inputs, 'schemathesis.toml')
  const said = await run(
    'schemathesis',
    ['--config-file', config, 'run', `${origin}/openapi.json`, '--no-color'],
    { ACCESS_TOKEN: token, METRICS_TOKEN: metricsToken, HOOKS: join(inputs, 'hooks.py') },
  )
  console.log(/^.*generated.*$/m.exec(said)?.[0].trim())
}

/** Runs a program of the environment and returns what it printed; throws with that if it fails. */
async function run(program: string, args: string[], env: Record<string, string> = {}): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(join(programs, program), args, {
      cwd: folder,
      env: { ...process.env, ...env },
      timeout: longestMs,
      maxBuffer: 2 ** 26,
    })
    return stdout
  } catch (error) {
    const {
      stdout = '',
      stderr = '',
      killed,
    }: { stdout?: string; stderr?: string; killed?: boolean } = Object(error)
    const end = killed === true ? `took longer than ${longestMs / 1000} s` : 'failed'
    throw new Error(`${program} ${end}\n${stdout}${stderr}`, { cause: error })
  }
}
