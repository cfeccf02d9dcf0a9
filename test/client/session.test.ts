import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connect, Problem, resume, signIn, signUp, type Fetch } from '../../client/src/index.ts'
import { docket, password, type Docket } from '../harness.ts'
import { answered, lost, testClock, unsent, wire } from './helpers.ts'

const email = 'alice@example.com'
const hour = 3_600_000

const ended = (error: unknown) => error instanceof Problem && error.slug === 'invalid-token'

/** A session of alice, whose requests are kept. */
async function signedIn(server: Docket) {
  const [clock, refreshTokens] = [testClock(), [] as string[]]
  const line = wire()
  const options = { url: server.url, clock, random: () => 0.5, fetch: line.fetch }
  const onRefresh = (token: string) => void refreshTokens.push(token)
  const mine = await signIn({ ...options, email, password, onRefresh })
  line.exchanges.length = 0
  const refreshes = () => line.exchanges.filter(({ path }) => path === '/auth/refresh').length
  return { mine, clock, refreshTokens, line, options, refreshes }
}

test('a session is kept alive', async (t) => {
  const server = await docket(t)

  await t.test('by one refresh for any number of calls, before the token expires', async () => {
    const { mine, clock, refreshTokens, refreshes } = await signedIn(server)
    clock.advance(hour - 31_000)
    await mine.me.get()
    assert.equal(refreshes(), 0)

    clock.advance(2000)
    await Promise.all(Array.from({ length: 20 }, (_, n) => mine.tasks.create({ title: `Task ${n}` })))
    assert.equal(refreshes(), 1)
    assert.equal(refreshTokens.length, 2)
  })

  await t.test('by one refresh for any number of calls that were refused', async () => {
    const { mine, line, refreshes } = await signedIn(server)
    server.advance(hour + 61_000)
    await Promise.all(Array.from({ length: 20 }, () => mine.tasks.list({ limit: 1 }).toArray()))
    assert.equal(refreshes(), 1)
    assert.ok(line.exchanges.filter(({ status }) => status === 401).length <= 20)
  })

  await t.test('although the answer to the refresh is lost', async () => {
    const { mine, clock, line, refreshes } = await signedIn(server)
    clock.advance(hour)
    line.fates.push(lost, unsent, answered(503))
    await mine.me.get()
    assert.equal(refreshes(), 4)
  })

  await t.test('for as long as one of those who wait for it still wants it', async () => {
    const { mine, clock, refreshes } = await signedIn(server)
    clock.advance(hour)
    const leaving = new AbortController()
    const calls = [mine.me.get({ signal: leaving.signal }), mine.me.get()]
    leaving.abort(new Error('left'))
    const [left, stayed] = await Promise.allSettled(calls)
    assert.equal(left?.status, 'rejected')
    assert.equal(stayed?.status, 'fulfilled')
    assert.equal(refreshes(), 1)
  })

  await t.test('over a restart of the program', async () => {
    const { refreshTokens, options } = await signedIn(server)
    const again = await resume({ ...options, refreshToken: refreshTokens.at(-1) ?? '' })
    assert.equal((await again.me.get()).email, email)
  })

  await t.test('over a change of the password, which ends the others', async () => {
    const { mine, clock, options } = await signedIn(server)
    const other = await signIn({ ...options, email, password })
    const newPassword = 'a much longer battery staple'
    await mine.changePassword({ currentPassword: password, newPassword })
    await assert.rejects(other.me.get(), ended)
    clock.advance(hour)
    await mine.me.get()
    await mine.changePassword({ currentPassword: newPassword, newPassword: password })
  })

  await t.test('until it is signed out', async () => {
    const { mine, line } = await signedIn(server)
    await mine.signOut()
    line.exchanges.length = 0
    await assert.rejects(mine.me.get(), ended)
    assert.deepEqual(
      line.exchanges.map(({ path, status }) => [path, status]),
      [
        ['/me', 401],
        ['/auth/refresh', 401],
      ],
    )
  })
})

test('a page keeps its refresh token in the cookie', async (t) => {
  const server = await docket(t)
  let cookie = ''
  const clock = testClock()
  const { fetch, exchanges } = wire()
  // A browser does this by itself.
  const browser: Fetch = async (input, init) => {
    const headers = { ...Object.fromEntries(new Headers(init.headers)), cookie }
    const response = await fetch(input, { ...init, headers })
    cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? cookie
    return response
  }
  const page = { url: server.url, clock, fetch: browser }

  const mine = await signIn({ ...page, email, password, refreshToken: 'cookie' })
  clock.advance(hour)
  await Promise.all([mine.me.get(), mine.me.get()])
  const newPassword = 'a much longer battery staple'
  await mine.changePassword({ currentPassword: password, newPassword })
  const reloaded = await resume({ ...page, refreshToken: 'cookie' })
  assert.equal((await reloaded.me.get()).email, email)

  assert.deepEqual(
    exchanges.filter(({ path }) => path === '/auth/refresh').map(({ body }) => body),
    [{ refreshToken: 'cookie' }, { refreshToken: 'cookie' }],
  )
  await reloaded.signOut()
  await assert.rejects(resume({ ...page, refreshToken: 'cookie' }), ended)
})

test('an account, from its first to its last day', async (t) => {
  const server = await docket(t, { withAlice: false })
  const options = { url: `${server.url}/`, clock: testClock() }
  const mine = await signUp({ ...options, email, password, name: 'Alice' })
  assert.equal(mine.user.name, 'Alice')
  assert.equal((await mine.me.update({ timeZone: 'Asia/Tokyo' })).timeZone, 'Asia/Tokyo')

  const { token, ...listed } = await mine.tokens.create({ name: 'Script', scopes: ['tasks:read'] })
  assert.deepEqual(await mine.tokens.list(), [listed])
  const script = connect({ ...options, token })
  assert.deepEqual(await script.tasks.list().toArray(), [])
  await assert.rejects(script.tasks.create({ title: 'No' }), /insufficient|scope/)
  await mine.tokens.remove(listed.id)
  await assert.rejects(script.tasks.list().toArray(), ended)

  await signIn({ ...options, email, password })
  const [last, current] = await mine.sessions.list()
  assert.deepEqual([last?.current, current?.current], [false, true])
  await mine.sessions.remove(last?.id ?? '')
  assert.equal((await mine.sessions.list()).length, 1)

  await mine.me.remove({ password })
  await assert.rejects(
    signIn({ ...options, email, password }),
    (error) => error instanceof Problem && error.slug === 'invalid-credentials',
  )
})
