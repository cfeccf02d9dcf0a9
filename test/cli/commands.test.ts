import assert from 'node:assert/strict'
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { createClient, registerPeople, type Person } from '../crash/client.ts'
import { createLedger } from '../crash/ledger.ts'
import { startLoad } from '../crash/load.ts'
import { runCommand, startServer, temporaryFolder } from '../process.ts'

const oldPassword = 'correct horse battery staple'
const newPassword = 'another horse, another battery'

test('--help lists every command, and unknown arguments exit with code 2', async (t) => {
  const folder = temporaryFolder(t)

  const help = await runCommand(folder, ['--help'])

  assert.equal(help.code, 0)
  for (const command of ['serve', 'migrate', 'backup FILE', 'password EMAIL', 'openapi']) {
    assert.ok(help.stdout.includes(`\n  ${command} `), command)
  }
  for (const args of [['nonsense'], ['backup'], ['serve', 'now'], ['--verbose'], ['migrate', '--json']]) {
    const { code, stdout, stderr } = await runCommand(folder, args)
    assert.equal(code, 2, args.join(' '))
    assert.equal(stdout, '')
    assert.doesNotMatch(stderr, /\n {4}at /)
  }
  assert.deepEqual(readdirSync(folder), [])
})

test('openapi prints the document and leaves nothing behind', async (t) => {
  const folder = temporaryFolder(t)

  const { code, stdout, stderr } = await runCommand(folder, ['openapi'])

  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' })
  assert.match(JSON.parse(stdout).openapi, /^3\.1/)
  assert.deepEqual(readdirSync(folder), [])
})

test('migrate creates the schema once, and is refused while a server runs', async (t) => {
  const folder = temporaryFolder(t)

  const first = await runCommand(folder, ['migrate'])
  const second = await runCommand(folder, ['migrate'])

  assert.deepEqual([first.code, second.code], [0, 0])
  assert.match(first.stdout, /^Migrated: 0001-\S+/)
  assert.equal(second.stdout, 'The schema is already the newest.\n')
  await startServer(t, folder)
  const third = await runCommand(folder, ['migrate'])
  assert.equal(third.code, 1)
  assert.match(third.stderr, /^Another Docket is using /)
})

test('a backup made under write load is complete and can be restored', async (t) => {
  const folder = temporaryFolder(t)
  const server = await startServer(t, folder)
  const users = await registerPeople(server.origin, 2)
  await fill(server.origin, users[0])
  const load = startLoad(server.origin, users, createLedger(users), 2)

  const backup = await runCommand(folder, ['backup', 'copies.db'])
  server.kill('SIGTERM')
  await load.ended
  await server.exited

  assert.equal(backup.code, 0, backup.stderr)
  assert.match(backup.stdout, /^Backed up \S+docket\.db to \S+copies\.db and checked its integrity\.\n$/)
  assert.deepEqual(readdirSync(folder).toSorted(), ['copies.db', 'data'])
  assert.ok(load.answers > 0)

  const elsewhere = join(folder, 'restored')
  mkdirSync(elsewhere)
  copyFileSync(join(folder, 'copies.db'), join(elsewhere, 'docket.db'))
  copyFileSync(join(folder, 'data', 'docket.secret'), join(elsewhere, 'docket.secret'))
  const check = await runCommand(elsewhere, ['check', 'docket.db'])
  assert.match(
    check.stdout,
    /docket\.db is sound: a backup of schema version \d+ with 2 users and \d+ tasks\.\n$/,
  )
  const restored = await startServer(t, elsewhere, { env: { DATABASE_URL: 'sqlite:docket.db' } })
  const list = await createClient(restored.origin, users[0]?.accessToken).send(
    'GET',
    '/tasks?count=true&sort=createdAt',
  )
  assert.equal(list.status, 200)
  assert.equal(list.body.items[0]?.['title'], 'Task 0')
})

test('backup overwrites no file and leaves no partial file', async (t) => {
  const folder = temporaryFolder(t)
  const none = await runCommand(folder, ['backup', 'copy.db'])
  await runCommand(folder, ['migrate'])
  writeFileSync(join(folder, 'copy.db'), 'precious')

  const taken = await runCommand(folder, ['backup', 'copy.db'])
  const nowhere = await runCommand(folder, ['backup', 'missing/copy.db'])

  assert.equal(none.stderr, `There is no database at ${join(folder, 'data', 'docket.db')}.\n`)
  assert.equal(taken.stderr, `${join(folder, 'copy.db')} exists already: a backup never overwrites.\n`)
  assert.match(nowhere.stderr, /^The backup could not be written to \S+missing\/copy\.db: .+\.\n$/)
  assert.deepEqual([none.code, taken.code, nowhere.code], [1, 1, 1])
  assert.deepEqual(readdirSync(folder).toSorted(), ['copy.db', 'data'])
})

test('backup reports a damaged database', async (t) => {
  const folder = temporaryFolder(t)
  await runCommand(folder, ['migrate'])
  const file = new DatabaseSync(join(folder, 'data', 'docket.db'))
  file.exec('pragma foreign_keys = off')
  file.exec("insert into owners (owner_id, name, time_zone) values ('nobody', '', 'UTC')")
  file.close()

  const { code, stderr } = await runCommand(folder, ['backup', 'copy.db'])

  assert.equal(code, 1)
  assert.match(stderr, /^The copy is damaged/)
  assert.deepEqual(readdirSync(folder), ['data'])
})

test('password sets a new password and ends every session and API token while the server runs', async (t) => {
  const folder = temporaryFolder(t)
  const { origin } = await startServer(t, folder)
  const [person] = await registerPeople(origin, 1)
  const email = 'person-0@example.com'
  const alone = { name: 'A script', scopes: ['tasks:read'] }
  const { body } = await createClient(origin, person?.accessToken).send('POST', '/me/tokens', alone)
  const script = createClient(origin, String(body['token']))
  assert.equal((await script.send('GET', '/tasks')).status, 200)

  const { code, stdout } = await runCommand(folder, ['password', ` ${email.toUpperCase()}`], {
    input: `${newPassword}\n`,
  })

  assert.equal(code, 0)
  assert.equal(stdout, `Set the password of ${email} and ended all their sessions and API tokens.\n`)
  assert.equal((await script.send('GET', '/tasks')).status, 401)
  assert.equal((await createClient(origin, person?.accessToken).send('GET', '/me')).status, 401)
  assert.equal(await logIn(origin, email, oldPassword), 401)
  assert.equal(await logIn(origin, email, newPassword), 200)
})

// As over SSH, where only the service itself has the variables of its unit.
test('password without the environment of the service ends the pauses, and no command makes a secret', async (t) => {
  const folder = temporaryFolder(t)
  const { origin } = await startServer(t, folder, { env: { DOCKET_SECRET: 's'.repeat(32) } })
  await registerPeople(origin, 1)
  const email = 'person-0@example.com'
  for (let i = 0; i < 6; i++) assert.equal(await logIn(origin, email, 'not this one'), 401)
  assert.equal(await logIn(origin, email, oldPassword), 429)

  const reset = await runCommand(folder, ['password', email], { input: newPassword })
  assert.equal(reset.code, 0, reset.stderr)
  assert.equal(await logIn(origin, email, newPassword), 200)

  await runCommand(folder, ['backup', 'copy.db'])
  const restored = await runCommand(folder, ['restored'], { env: { DATABASE_URL: 'sqlite:copy.db' } })
  const copied = await runCommand(folder, ['copy', '--from', 'sqlite:copy.db', '--to', 'sqlite:other.db'])
  assert.deepEqual([restored.code, copied.code], [0, 0], restored.stderr + copied.stderr)
  const files = readdirSync(folder, { recursive: true }).map(String)
  assert.deepEqual(
    files.filter((file) => /secret/.test(file)),
    [],
  )
})

test('password refuses an unknown address, a weak password and a missing database with a sentence each', async (t) => {
  const folder = temporaryFolder(t)
  const email = 'person-0@example.com'
  const missing = await runCommand(folder, ['password', email], { input: newPassword })
  const isThere = existsSync(join(folder, 'data'))
  const server = await startServer(t, folder)
  await registerPeople(server.origin, 1)

  const stranger = await runCommand(folder, ['password', 'nobody@example.com'], { input: newPassword })
  const refusals = await Promise.all(
    ['password123', '', 'x9!kQ2\0#z'].map((input) => runCommand(folder, ['password', email], { input })),
  )

  assert.match(missing.stderr, /^There is no database at \S+docket\.db\.\n$/)
  assert.ok(!isThere, 'no database was created')
  assert.equal(stranger.stderr, 'No user has the e-mail address nobody@example.com.\n')
  for (const { code, stderr } of [missing, stranger, ...refusals]) {
    assert.equal(code, 1)
    assert.match(stderr, /^[^\n]+\.\n$/)
  }
  assert.equal(await logIn(server.origin, email, oldPassword), 200)
})

const logIn = async (origin: string, email: string, password: string) =>
  (await createClient(origin).send('POST', '/auth/login', { email, password })).status

/** Creates enough tasks that a backup takes more than one step. */
async function fill(origin: string, person: Person | undefined): Promise<void> {
  const client = createClient(origin, person?.accessToken)
  for (let i = 0; i < 100; i++) {
    await client.send('POST', '/tasks', { title: `Task ${i}`, description: 'x'.repeat(10_000) })
  }
  client.close()
}

test('user commands work beside a running server, for people and for scripts', async (t) => {
  const folder = temporaryFolder(t)
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  const { origin, logs } = await startServer(t, folder, { env: { REGISTRATION: 'invite' } })
  const client = createClient(origin)
  const ready = logs.find(({ msg }) => msg === 'ready')
  assert.deepEqual(
    [ready?.['version'], (await client.send('GET', '/livez')).body],
    [version, { status: 'ok', version }],
  )

  const created = await runCommand(folder, ['user', 'create', 'Ada@example.com', '--name', 'Ada'], {
    input: `${newPassword}\n`,
  })
  const invited = await runCommand(folder, ['user', 'create', 'bob@example.com', '--invite', '--days', '1'])
  const listed = await runCommand(folder, ['user', 'list', '--json'])

  assert.equal(created.stdout, 'Created the user ada@example.com.\n', created.stderr)
  assert.equal(await logIn(origin, 'ada@example.com', newPassword), 200)
  assert.match(invited.stdout, /^[\w-]{32}\n$/, invited.stderr)
  const bob = { email: 'bob@example.com', password: newPassword, invite: invited.stdout.trim() }
  assert.equal((await client.send('POST', '/auth/register', bob)).status, 201)
  const [ada, ...others] = JSON.parse(listed.stdout)
  assert.deepEqual([ada.email, ada.name, ada.disabledAt, others], ['ada@example.com', 'Ada', null, []])

  // What a stranger's browser calls itself says nothing to a terminal.
  const body = JSON.stringify({ email: 'ada@example.com', password: newPassword })
  const headers = { 'content-type': 'application/json', 'user-agent': 'Browser\u009b2J' }
  assert.equal((await fetch(`${origin}/auth/login`, { method: 'POST', body, headers })).status, 200)
  for (const more of [[], ['--json']]) {
    const sessions = await runCommand(folder, ['user', 'sessions', 'ada@example.com', ...more])
    assert.match(sessions.stdout, /Browser.*2J/)
    assert.doesNotMatch(sessions.stdout.replaceAll('\n', ''), /\p{Cc}/u)
  }

  const strays = [
    ['create', 'eve@example.com', '--days', '1'],
    ['create', 'no address'],
    ['show', 'nobody@example.com'],
  ]
  for (const args of strays) {
    const { code, stderr } = await runCommand(folder, ['user', ...args], { input: newPassword })
    assert.deepEqual([code, /^[^\n]+\.\n$/.test(stderr)], [1, true], stderr)
  }
})
