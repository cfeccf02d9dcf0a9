import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import * as people from '../../../src/accounts/accounts.ts'
import { readCommandConfig } from '../../../src/config.ts'
import type { Database } from '../../../src/database/database.ts'
import { openBeside } from '../../../src/storage.ts'
import { openEvents } from '../../event-stream.ts'
import { assertProblem, docket, password, type Docket } from '../../harness.ts'
import { everything, logIn, minute, refresh, tryLogin } from './accounts.ts'

const heardWithinMs = 1000

/** The database as a command of the operator has it: on connections of its own, beside the server. */
async function besideOf(t: TestContext, { variables }: Docket): Promise<Database> {
  const storage = await openBeside(readCommandConfig(variables), () => undefined)
  t.after(() => storage.close())
  return storage.database
}

test('a disabled user is refused at the next request, told so after the right password alone, and can be enabled', async (t) => {
  const server = await docket(t)
  const { alice } = server
  const database = await besideOf(t, server)
  const bob = await server.register('bob')
  const { body } = await alice.post('/me/tokens', { name: 'Backup', scopes: ['tasks:read'] })
  const withToken = () =>
    server.request('GET', '/tasks', { headers: { authorization: `Bearer ${body.token}` } })
  assert.equal((await withToken()).status, 200)

  await people.disableAccount(database, alice.email, server.now())

  assertProblem(await alice.get('/me'), 401, 'invalid-token')
  assertProblem(await withToken(), 401, 'invalid-token')
  assertProblem(await refresh(server, alice.refreshToken), 401, 'invalid-token')
  assertProblem(await tryLogin(server, alice.email), 403, 'account-disabled')
  assertProblem(await tryLogin(server, alice.email, 'not the password'), 401, 'invalid-credentials')
  assert.equal((await bob.get('/me')).status, 200)
  assert.notEqual((await people.readAccount(database, alice.email, server.now())).disabledAt, null)

  await people.enableAccount(database, alice.email)

  assertProblem(await alice.get('/me'), 401, 'invalid-token')
  assert.equal((await withToken()).status, 200)
  assert.equal((await (await logIn(server, alice)).get('/me')).status, 200)
})

test('streams close within a second of what another process does to their user, and stay open for others', async (t) => {
  const server = await docket(t)
  const database = await besideOf(t, server)
  const ends: [string, (email: string) => Promise<void>][] = [
    ['disable', (email) => people.disableAccount(database, email, server.now())],
    ['sessions', (email) => people.endSessions(database, email)],
    ['password', (email) => people.setPassword(database, email, 'another horse, another battery')],
    ['delete', (email) => people.removeAccount(database, email, server.now())],
  ]
  const mine = await openEvents(server.url, server.alice)
  await mine.next()

  for (const [name, end] of ends) {
    const user = await server.register(name)
    const stream = await openEvents(server.url, user)
    await stream.next()
    await end(user.email)
    const endedAt = performance.now()
    await stream.ended()
    assert.ok(performance.now() - endedAt < heardWithinMs, name)
    assertProblem(await user.get('/me'), 401, 'invalid-token')
  }

  const user = await server.register('script')
  const { body } = await user.post('/me/tokens', { name: 'A script', scopes: ['tasks:read'] })
  const stream = await openEvents(server.url, { accessToken: body.token })
  await stream.next()
  await people.disableAccount(database, user.email, server.now())
  await stream.ended()

  await server.alice.createTask({ title: 'Still here' })
  assert.equal((await mine.next())?.event, 'change')
  mine.close()
})

test('the operator creates, lists, shows and deletes users', async (t) => {
  const server = await docket(t, { withAlice: false, env: { REGISTRATION: 'closed' } })
  const database = await besideOf(t, server)
  const email = 'ada@example.com'
  const wanted = { email, password, name: 'Ada' }
  assert.deepEqual(await people.listAccounts(database, server.now()), [])

  const created = await people.createAccount(database, wanted, server.now())
  await assert.rejects(people.createAccount(database, wanted, server.now()), /There is an account/)
  await assert.rejects(people.createAccount(database, { ...wanted, password: 'short' }, 0), /8 to 256/)
  for (const name of ['x'.repeat(101), 'Ada\u001b[2J', 'Ada\nBob'])
    await assert.rejects(people.createAccount(database, { ...wanted, name }, 0), /name/)
  await assert.rejects(people.createInvite(database, email, 7, 0), /There is an account/)
  const ada = await logIn(server, { ...created, email } as never)
  server.advance(minute)

  assert.deepEqual((await ada.get('/me')).body, created)
  const [listed, ...others] = await people.listAccounts(database, server.now())
  assert.deepEqual(others, [])
  assert.deepEqual(listed, await people.readAccount(database, email, server.now()))
  const { lastUsedAt, ...rest } = listed ?? assert.fail()
  assert.deepEqual(rest, { ...created, disabledAt: null, sessions: 1, apiTokens: 0 })
  const [session] = await people.listOpenSessions(database, email, server.now())
  assert.equal(session?.lastUsedAt, lastUsedAt)

  await people.removeAccount(database, email, server.now())
  assert.deepEqual(await people.listAccounts(database, server.now()), [])
  for (const gone of [
    () => people.readAccount(database, email, 0),
    () => people.disableAccount(database, email, 0),
    () => people.enableAccount(database, email),
    () => people.removeAccount(database, email, 0),
    () => people.endSessions(database, email),
    () => people.listOpenSessions(database, email, 0),
    () => people.setPassword(database, email, 'a fine new password'),
  ])
    await assert.rejects(gone, { message: `No user has the e-mail address ${email}.` })
})

test('a login that is compared while its user is disabled opens no session', async (t) => {
  const server = await docket(t, { hasRealHashes: true })
  const { alice } = server
  const login = tryLogin(server, alice.email)
  await people.disableAccount(server.database, alice.email, server.now())

  assertProblem(await login, 403, 'account-disabled')
  const account = await people.readAccount(server.database, alice.email, server.now())
  assert.equal(account.sessions, 0)
})

test('where registration is by invitation, each invitation is good once, in time and for its address', async (t) => {
  const server = await docket(t, { withAlice: false, env: { REGISTRATION: 'invite' } })
  const database = await besideOf(t, server)
  const invited = async (email: string | null = null, days = 7) =>
    (await people.createInvite(database, email, days, server.now())).invite
  const register = (name: string, invite?: string) =>
    server.request('POST', '/auth/register', {
      body: { email: `${name}@example.com`, password, ...(invite !== undefined && { invite }) },
    })
  const assertRefused = async (name: string, invite: string | undefined, words: RegExp) => {
    assert.match(assertProblem(await register(name, invite), 403, 'registration-closed').detail, words)
  }

  const open = await invited()
  await assertRefused('ada', undefined, /by invitation: send `invite`/)
  await assertRefused('ada', 'nonsense', /no such invitation/)
  assert.equal((await register('ada', open)).status, 201)
  await assertRefused('bob', open, /was used already/)

  const bound = await invited('bob@example.com', 1)
  await assertRefused('carol', bound, /for another e-mail address/)
  assert.equal((await register('ada', await invited())).status, 409)
  server.advance(24 * 60 * minute)
  await assertRefused('bob', bound, /expired at \d{4}-/)

  const raced = await invited()
  const answers = await Promise.all(['x', 'y', 'z'].map((name) => register(name, raced)))
  assert.equal(answers.filter(({ status }) => status === 201).length, 1)
  assert.equal(answers.filter(({ status }) => status === 403).length, 2)
  const kept = [...(await everything(server)).values()].join()
  for (const token of [open, bound, raced]) assert.ok(!kept.includes(token), 'only hashes are stored')

  await server.restart({ REGISTRATION: 'closed' })
  await assertRefused('late', await invited(), /is closed/)
})

test('where registration is open, an invitation is neither needed nor used up', async (t) => {
  const server = await docket(t, { withAlice: false })
  const { invite } = await people.createInvite(server.database, null, 7, server.now())
  await server.register('ada', { invite })
  await server.register('bob', { invite: 'nonsense' })
  await server.restart({ REGISTRATION: 'invite' })
  await server.register('carol', { invite })
})
