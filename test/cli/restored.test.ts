import assert from 'node:assert/strict'
import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readConfig } from '../../src/config.ts'
import { sql } from '../../src/database/database.ts'
import { openAlone } from '../../src/storage.ts'
import { createDatabase, postgresUrl } from '../databases.ts'
import { assertProblem, etagOf, password, send, userOf, type User } from '../harness.ts'
import { runCommand, startServer, temporaryFolder, type ServerProcess } from '../process.ts'

// A restored database has given out revisions that it does not know. None of them may be given out again.

const secret = 'a secret of thirty-two bytes or more for tests'
const onSqlite = { DATABASE_URL: 'sqlite:docket.db', DOCKET_SECRET: secret }
const fileOnly = { skip: postgresUrl !== undefined && 'backup is for SQLite' }
/** The multiple of 2^32 after every revision of these tests. */
const raised = 2 ** 32

test('a restored backup gives out no revision, entity tag or position a second time', fileOnly, async (t) => {
  const folder = temporaryFolder(t)
  const first = await startServer(t, folder, { env: onSqlite })
  const writer = await register(first)
  const reader = await logIn(first)
  const task = await writer.createTask({ title: 'One' })
  assert.equal((await runCommand(folder, ['backup', 'backup.db'], { env: onSqlite })).code, 0)
  await writer.patch(`/tasks/${task.id}`, { title: 'Two' })
  await writer.patch(`/tasks/${task.id}`, { title: 'Three' })
  const lost = await held(reader, task.id)
  assert.equal(lost.revision, 3)
  await stop(first)

  restore(folder, 'backup.db')
  assert.equal((await runCommand(folder, ['migrate'], { env: onSqlite })).code, 0)
  const second = await startServer(t, folder, { env: onSqlite })
  const writerNow = at(second, writer)
  const readerNow = at(second, reader)
  for (const title of ['Two, but another', 'Three, but another']) {
    assert.equal((await writerNow.patch(`/tasks/${task.id}`, { title })).status, 200)
  }

  await assertForgotten(readerNow, task.id, lost, raised + 2)
  assertProblem(await readerNow.post('/changes/3/undo'), 404, 'not-found')
  assert.match(JSON.stringify(second.logs), /the database is a restored backup/)

  await t.test('a client that starts over follows again', async () => {
    const { revision } = await held(readerNow, task.id)
    await writerNow.patch(`/tasks/${task.id}`, { title: 'Four' })
    const { body } = await readerNow.get(`/changes?since=${revision}`)
    assert.deepEqual([body.items.length, body.items[0]?.task.title, body.revision], [1, 'Four', raised + 3])
  })

  await t.test('history and undo reach back before the restore', async () => {
    const { body } = await readerNow.get(`/tasks/${task.id}/history`)
    const revisions = body.items.map(({ revision }: { revision: number }) => revision)
    assert.deepEqual(revisions, [raised + 3, raised + 2, raised + 1, 1])
    assert.equal((await readerNow.post('/changes/1/undo?force=true')).status, 204)
  })

  await t.test('only the first start raises the revisions', async () => {
    await stop(second)
    const third = await startServer(t, folder, { env: onSqlite })
    const next = await at(third, writer).createTask({ title: 'Five' })
    assert.equal(next.revision, raised + 5)
    assert.doesNotMatch(JSON.stringify(third.logs), /restored/)
    await stop(third)
  })

  await t.test('docket restored raises them once more, as after a second restore', async () => {
    const { code, stderr } = await runCommand(folder, ['restored'], { env: onSqlite })
    assert.equal(code, 0, stderr)
    const fourth = await startServer(t, folder, { env: onSqlite })
    assert.equal((await at(fourth, writer).createTask({ title: 'Six' })).revision, 2 * raised + 1)
  })
})

test('an entity tag from before the backup still holds while its task is unchanged', fileOnly, async (t) => {
  const folder = temporaryFolder(t)
  const first = await startServer(t, folder, { env: onSqlite })
  const alice = await register(first)
  const task = await alice.createTask({ title: 'One' })
  await runCommand(folder, ['backup', 'backup.db'], { env: onSqlite })
  await stop(first)

  restore(folder, 'backup.db')
  const second = at(await startServer(t, folder, { env: onSqlite }), alice)

  const answer = await second.patch(`/tasks/${task.id}`, { title: 'Two' }, { 'if-match': etagOf(task) })
  assert.deepEqual([answer.status, answer.headers.get('etag')], [200, `"${raised + 1}"`])
})

test('a copy from a backup gives out no revision a second time', async (t) => {
  const folder = temporaryFolder(t)
  const { env, drop } = await createDatabase()
  t.after(drop)
  const first = await startServer(t, folder, { env: onSqlite })
  const alice = await register(first)
  await alice.createTask({ title: 'One' })
  await runCommand(folder, ['backup', 'backup.db'], { env: onSqlite })
  await stop(first)

  const target = env['DATABASE_URL'] ?? ''
  const copied = await runCommand(folder, ['copy', '--from', 'sqlite:backup.db', '--to', target])
  assert.equal(copied.code, 0, copied.stderr)
  const moved = at(await startServer(t, folder, { env: { ...env, DOCKET_SECRET: secret } }), alice)

  assertProblem(await moved.get('/changes?since=1'), 410, 'sync-too-old')
  assert.equal((await moved.createTask({ title: 'Two' })).revision, raised + 1)
})

test('docket restored gives out no revision a second time, on either engine', async (t) => {
  const folder = temporaryFolder(t)
  const database = await createDatabase()
  t.after(database.drop)
  const env = { ...database.env, DOCKET_SECRET: secret }
  const first = await startServer(t, folder, { env })
  const writer = await register(first)
  const task = await writer.createTask({ title: 'One' })
  await writer.patch(`/tasks/${task.id}`, { title: 'Two' })
  await writer.patch(`/tasks/${task.id}`, { title: 'Three' })
  const lost = await held(writer, task.id)
  await stop(first)
  await turnBack(env)

  const { code, stdout, stderr } = await runCommand(folder, ['restored'], { env: database.env })

  assert.equal(code, 0, stderr)
  assert.equal(stdout, 'Raised the revisions beyond all that were given out; clients that sync start over.\n')
  const second = await startServer(t, folder, { env })
  const again = at(second, writer)
  await again.patch(`/tasks/${task.id}`, { title: 'Two, but another' })
  await again.patch(`/tasks/${task.id}`, { title: 'Three, but another' })
  await assertForgotten(again, task.id, lost, raised + 2)
})

test('docket restored is refused while a server runs, and without a database', fileOnly, async (t) => {
  const folder = temporaryFolder(t)
  const none = await runCommand(folder, ['restored'], { env: onSqlite })
  await startServer(t, folder, { env: onSqlite })
  const running = await runCommand(folder, ['restored'], { env: onSqlite })

  assert.match(none.stderr, /^There is no database at \S+docket\.db\.\n$/)
  assert.match(running.stderr, /^Another Docket is using /)
  assert.deepEqual([none.code, running.code], [1, 1])
})

/** What a client holds of a server: entity tags, and its position in the feed. */
interface Held {
  task: string
  list: string
  revision: number
}

async function held(user: User, id: string): Promise<Held> {
  const [task, list] = [await user.get(`/tasks/${id}`), await user.get('/tasks')]
  return {
    task: task.headers.get('etag') ?? '',
    list: list.headers.get('etag') ?? '',
    revision: Number(list.headers.get('docket-revision')),
  }
}

/** Asserts that nothing holds any more of what a client held before the restore. */
async function assertForgotten(user: User, id: string, lost: Held, revision: number): Promise<void> {
  for (const since of [0, 1, lost.revision, lost.revision + 1]) {
    assertProblem(await user.get(`/changes?since=${since}`), 410, 'sync-too-old')
  }
  const resumed = await user.get('/events', { 'last-event-id': String(lost.revision) })
  assertProblem(resumed, 410, 'sync-too-old')
  const list = await user.get('/tasks', { 'if-none-match': lost.list })
  assert.deepEqual([list.status, list.headers.get('docket-revision')], [200, String(revision)])
  const overwriting = await user.patch(`/tasks/${id}`, { title: 'Overwritten' }, { 'if-match': lost.task })
  assertProblem(overwriting, 412, 'precondition-failed')
  assert.equal(overwriting.headers.get('etag'), `"${revision}"`)
}

/** Brings the database back to its first revision, as a snapshot would. */
async function turnBack(env: Record<string, string>): Promise<void> {
  const { database, close } = await openAlone(readConfig(env), () => undefined)
  await database.transaction(async (tx) => {
    await tx.query(sql`update tasks set title = 'One', title_key = 'one', revision = 1`)
    await tx.query(sql`delete from changes where revision > 1`)
    await tx.query(sql`update owners set revision = 1`)
  })
  await close()
}

function restore(folder: string, backup: string): void {
  for (const suffix of ['-wal', '-shm']) rmSync(join(folder, `docket.db${suffix}`), { force: true })
  copyFileSync(join(folder, backup), join(folder, 'docket.db'))
}

const register = (server: ServerProcess) => signIn(server, '/auth/register')
const logIn = (server: ServerProcess) => signIn(server, '/auth/login')

async function signIn({ origin }: ServerProcess, path: string): Promise<User> {
  const answer = await send(origin, 'POST', path, { body: { email: 'alice@example.com', password } })
  assert.ok(answer.status < 300, answer.text)
  return userOf(answer.body, (method, to, call) => send(origin, method, to, call))
}

/** The same user with the same tokens at another server. */
const at = ({ origin }: ServerProcess, user: User): User =>
  userOf({ user, ...user }, (method, path, call) => send(origin, method, path, call))

async function stop(server: ServerProcess): Promise<void> {
  server.kill('SIGTERM')
  await server.exited
}
