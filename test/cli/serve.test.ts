import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { password, send, userOf } from '../harness.ts'
import { runCommand, startServer, temporaryFolder, type Output, type ServerProcess } from '../process.ts'

test('serve prints the addresses of the server and its documentation, and the path of the data', async (t) => {
  const folder = temporaryFolder(t)

  const server = await startServer(t, folder)

  assert.match(server.origin, /^http:\/\/127\.0\.0\.1:\d+$/)
  assert.equal(server.data, join(folder, 'data', 'docket.db'))
  assert.equal(
    server.stderr(),
    `Docket is at ${server.origin}\nThe data is in ${server.data}\nThe documentation is at ${server.origin}/docs\n`,
  )
  assert.equal((await fetch(`${server.origin}/docs`)).status, 200)
})

test('only the owner may read the secret file and the data folder', async (t) => {
  const { data } = await startServer(t, temporaryFolder(t))

  assert.equal(modeOf(join(dirname(data), 'docket.secret')), 0o600)
  assert.equal(modeOf(dirname(data)), 0o700)
})

test('HOST=localhost listens on IPv4 only, so that a stop can count every connection', async (t) => {
  const server = await startServer(t, temporaryFolder(t), { env: { HOST: 'localhost' } })

  assert.match(server.origin, /^http:\/\/127\.0\.0\.1:/)
  await assert.rejects(fetch(server.origin.replace('127.0.0.1', '[::1]')))
})

test('a second server on the same file is refused, and the first keeps running', async (t) => {
  const folder = temporaryFolder(t)
  const server = await startServer(t, folder)

  const second = await runCommand(folder, ['serve'], { env: { PORT: '0' } })

  assertSentence(
    second,
    `Another Docket is using ${server.data}: stop it first, or set DATABASE_URL to another file.`,
  )
  assert.equal((await fetch(`${server.origin}/readyz`)).status, 200)
})

test('serve reports a port that is in use', async (t) => {
  const squatter = createServer().listen(0, '127.0.0.1')
  t.after(() => squatter.close())
  await new Promise((resolve) => squatter.once('listening', resolve))
  const address = squatter.address()
  const port = address && typeof address === 'object' ? address.port : 0

  const output = await runCommand(temporaryFolder(t), ['serve'], { env: { PORT: String(port) } })

  assertSentence(output, `Port ${port} on 127.0.0.1 is taken: stop what uses it, or set PORT to another.`)
})

test('serve reports an address that this machine does not have', async (t) => {
  const output = await runCommand(temporaryFolder(t), ['serve'], { env: { HOST: '192.0.2.1', PORT: '0' } })

  assertSentence(output, /^192\.0\.2\.1 cannot be listened on \(EADDRNOTAVAIL\): set HOST to an address/)
})

test('serve reports a path where no database can be created', async (t) => {
  const folder = temporaryFolder(t)
  writeFileSync(join(folder, 'file'), '')
  writeFileSync(
    join(folder, 'text.db'),
    'This is no database, but a text that is long enough to be one.'.repeat(9),
  )
  mkdirSync(join(folder, 'folder'))
  const below = ['file/docket.db', 'folder', 'text.db'].map((name) => join(folder, name))
  const places = ['/proc/nope/docket.db', ...below]

  for (const place of places) {
    const output = await runCommand(folder, ['serve'], {
      env: { DATABASE_URL: `sqlite:${place}`, PORT: '0' },
    })
    assertSentence(output, new RegExp(`^The data cannot be kept in ${place}: .+\\.$`))
  }
})

test('serve reports a folder without write permission', async (t) => {
  if (process.getuid?.() === 0) return t.skip('root can write anywhere')
  const folder = temporaryFolder(t)
  chmodSync(folder, 0o500)

  assertSentence(
    await runCommand(folder, ['serve'], { env: { PORT: '0' } }),
    /^The data cannot be kept in .+permission denied/,
  )
})

test('serve reports a secret file that is too short', async (t) => {
  const folder = temporaryFolder(t)
  writeFileSync(join(folder, 'docket.secret'), 'short\n')

  const output = await runCommand(folder, ['serve'], { env: { DATABASE_URL: 'sqlite:docket.db', PORT: '0' } })

  assertSentence(output, /docket\.secret must hold secrets of 32 bytes or more, separated by commas\.$/)
})

test('serve and migrate report a schema from a newer program and do not change it', async (t) => {
  const folder = temporaryFolder(t)
  const file = join(folder, 'docket.db')
  const newer = new DatabaseSync(file)
  newer.exec('pragma user_version = 99')
  newer.close()
  const env = { DATABASE_URL: `sqlite:${file}`, PORT: '0' }

  for (const command of ['serve', 'migrate']) {
    const output = await runCommand(folder, [command], { env })
    assertSentence(
      output,
      /^The database has schema version 99, this program knows versions up to \d+: run the newer/,
    )
  }
  assert.deepEqual({ ...new DatabaseSync(file).prepare('pragma user_version').get() }, { user_version: 99 })
})

test('serve reports all invalid variables together', async (t) => {
  const env = {
    PORT: '70000',
    DATABASE_URL: 'mysql://here',
    DOCKET_SECRET: 'short',
    REGISTRATION: 'maybe',
    CORS_ORIGINS: 'example.com',
    TRUST_PROXY: 'everyone',
    LOG_LEVEL: 'loud',
    RATE_LIMIT: '-1',
    HISTORY_DAYS: '0',
    SHUTDOWN_TIMEOUT: 'soon',
  }
  const folder = temporaryFolder(t)

  const { code, stdout, stderr } = await runCommand(folder, ['serve'], { env })

  assert.equal(code, 1)
  assert.equal(stdout, '')
  const lines = stderr.trimEnd().split('\n')
  assert.deepEqual(new Set(lines.map((line) => line.split(' ')[0])), new Set(Object.keys(env)))
  for (const line of lines) assert.match(line, / must .+\.$/)
  assert.ok(!stderr.includes('short'), 'the secret is not printed')
  assert.ok(!existsSync(join(folder, 'data')), 'nothing was created')
})

test('serve erases a deleted account at once, and at its start one that an earlier run left', async (t) => {
  const folder = temporaryFolder(t)
  const register = async ({ origin }: ServerProcess, name: string) => {
    const body = { email: `${name}@example.com`, password }
    const answer = await send(origin, 'POST', '/auth/register', { body })
    return userOf(answer.body, (method, path, call) => send(origin, method, path, call))
  }
  const first = await startServer(t, folder)
  const alice = await register(first, 'alice')
  await alice.createTask({ title: 'Leave no trace' })
  assert.equal((await alice.post('/me/deletion', { password })).status, 204)
  await erased(first.data)

  const bob = await register(first, 'bob')
  await bob.createTask({ title: 'Leave no trace' })
  first.kill('SIGTERM')
  await first.exited
  const database = new DatabaseSync(first.data)
  database.exec('update owners set closed_at = 1')
  database.close()

  const second = await startServer(t, folder)
  await erased(second.data)
})

/** Resolves once nobody has an account or a task; rejects after ten seconds. */
async function erased(data: string): Promise<void> {
  const database = new DatabaseSync(data, { readOnly: true })
  const giveUpAt = performance.now() + 10_000
  while (database.prepare('select id from users union all select id from tasks').get()) {
    assert.ok(performance.now() < giveUpAt, 'the account is still there')
    await delay(20)
  }
  database.close()
}

const modeOf = (path: string) => statSync(path).mode & 0o777

/** Asserts exit code 1 and one sentence on standard error, without a stack trace. */
function assertSentence({ code, stdout, stderr }: Output, sentence: string | RegExp): void {
  const line = stderr.replace(/\n$/, '')
  assert.ok(!line.includes('\n'), stderr)
  if (typeof sentence === 'string') assert.equal(line, sentence)
  else assert.match(line, sentence)
  assert.equal(code, 1)
  assert.ok(!stdout.includes('"level":50'))
}

test('with DRAIN_SECONDS the server goes on for that long, not ready, before it stops', async (t) => {
  const server = await startServer(t, temporaryFolder(t), { env: { DRAIN_SECONDS: '1' } })
  const statusOf = async (path: string) => (await send(server.origin, 'GET', path)).status
  assert.equal(await statusOf('/readyz'), 200)

  server.kill('SIGTERM')
  await server.logged('draining')

  assert.deepEqual(
    [await statusOf('/readyz'), await statusOf('/livez'), await statusOf('/me')],
    [503, 200, 401],
  )
  assert.deepEqual(await server.exited, { code: 0, signal: null })
  const at = (message: string) => Date.parse(String(server.logs.find(({ msg }) => msg === message)?.['time']))
  assert.ok(at('stopping') - at('draining') >= 990)
  const migrated = server.logs.find(({ msg }) => msg === 'migrated the database')
  assert.match(String(migrated?.['migrations']), /^0001-/)
})
