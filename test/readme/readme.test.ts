import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { readConfig } from '../../src/config.ts'
import { createMigrated } from '../databases.ts'
import { docket } from '../harness.ts'
import { temporaryFolder } from '../process.ts'

interface Step {
  commands: string
  /** The output that the README shows after the commands, or an empty string. */
  shown: string
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const fileAt = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8')
const readme = await fileAt('README.md')
const separator = '--- next step ---'

test('the commands in “First five minutes” print what the README shows', async (t) => {
  const { url } = await docket(t, { withAlice: false })
  const steps = stepsIn(sectionOf('First five minutes'))
  const script = steps.map(({ commands }) => `${commands}echo '${separator}'\n`).join('')

  // npx itself takes a second, and asks the registry for news of npm.
  const npx = `npx() { local name=$1; shift; '${process.execPath}' "bin/$name.js" "$@"; }\n`
  const { stdout } = await promisify(execFile)(
    'bash',
    ['-c', npx + script.replace('http://127.0.0.1:3000', url)],
    { cwd: root, env: { ...process.env, HOME: temporaryFolder(t), XDG_CONFIG_HOME: '', XDG_STATE_HOME: '' } },
  )

  const outputs = stdout.replaceAll(url, 'http://127.0.0.1:3000').split(`${separator}\n`)
  assert.equal(outputs.length, steps.length + 1)
  for (const [i, { commands, shown }] of steps.entries()) {
    assert.equal(blurred(outputs[i] ?? ''), blurred(shown), commands)
  }
})

/** Variables beside the table: those that name a file with the value of another one, and that of the driver. */
const more = ['DATABASE_URL_FILE', 'DOCKET_SECRET_FILE', 'PGPASSWORD']

test('the command that backs up runs with the Node that npm installs, whatever the system has', async (t) => {
  const folder = temporaryFolder(t)
  const database = await createMigrated()
  t.after(database.drop)
  const [, command = ''] = /^```sh\n(.*)\n```$/m.exec(sectionOf('Back up and restore')) ?? []
  const target = join(folder, 'copy.db')

  const run = promisify(execFile)('bash', ['-c', command.replace(/\S+\.db/, target)], {
    cwd: root,
    env: { PATH: '/usr/bin:/bin', ...database.env },
  })

  assert.match((await run).stdout, /^Backed up /)
  assert.ok(existsSync(target))
})

test('the configuration table lists every variable with its default', async () => {
  const rows = sectionOf('Configuration').matchAll(/^\| `(\w+)` \| (?:`([^`]+)`|[^|]+) \|/gm)
  const defaults = Object.fromEntries([...rows].map(([, name = '', value = '']) => [name, value]))
  const source = await fileAt('src/config.ts')
  const read = source.matchAll(/(?:read(?:<[^(]+>)?\(\s*|withFile\(|environment\[)'(\w+)'/g)
  const names = new Set([...read].map(([, name = '']) => name.replace(/_FILE$/, '')))

  assert.deepEqual(new Set(Object.keys(defaults)), names)
  for (const name of more) assert.match(sectionOf('Configuration'), new RegExp(`\`${name}\``))
  assert.deepEqual(readConfig(defaults), readConfig({}))
})

test('compose passes every variable of the configuration table to the container', async () => {
  const names = [...sectionOf('Configuration').matchAll(/^\| `(\w+)` \|/gm)].map(([, name = '']) => name)
  const compose = await fileAt('compose.yaml')
  assert.equal(names.length, 15)
  for (const name of [...names, ...more]) assert.match(compose, new RegExp(`\\$\\{${name}:?-`), name)
})

const sectionOf = (title: string): string => readme.split(`## ${title}\n`)[1]?.split(/^## /m)[0] ?? ''

/** Pairs each block of commands with the block of output that follows it, if there is one. */
function stepsIn(section: string): Step[] {
  const blocks = section.matchAll(/^```(sh|json|text)\n(.*?)^```$/gms)
  const steps: Step[] = []
  for (const [, kind, text = ''] of blocks) {
    const last = steps.at(-1)
    if (kind === 'sh') steps.push({ commands: text, shown: '' })
    else if (last) last.shown = text
  }
  return steps
}

/** Replaces what differs between runs: ids, instants, tokens, cursors, and days in words with the space after them. */
const blurred = (text: string) =>
  text
    .replace(/("(?:accessToken|refreshToken|nextCursor)": ").*(")/g, '$1<signed>$2')
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<instant>')
    .replace(/ *\b(?:today|tomorrow|[A-Z][a-z]{2}|1 [A-Z][a-z]{2}(?: \d{4})?) ↻/g, '<day>')
    .replace(/ +#/g, ' #')
