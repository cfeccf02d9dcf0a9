import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withToken } from '../api-tokens.ts'
import { postgresOnly } from '../databases.ts'
import { openEvents } from '../event-stream.ts'
import { assertProblem, password, type Docket } from '../harness.ts'
import { pair, userAt } from './pair.ts'

test('sessions, refresh tokens and the throttle hold on every node', postgresOnly, async (t) => {
  const [here, there] = await pair(t)
  const { alice } = here

  await t.test('a token from one node is accepted at the other', async () => {
    assert.equal((await userAt(there, alice).get('/me')).body.email, alice.email)
  })

  await t.test('a hundred refreshes at once over both nodes get the same new token', async () => {
    const tries = Array.from({ length: 100 }, (_, i) =>
      (i % 2 ? here : there).request('POST', '/auth/refresh', { body: { refreshToken: alice.refreshToken } }),
    )
    const answers = await Promise.all(tries)

    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200])
    assert.equal(new Set(answers.map(({ body }) => body.refreshToken)).size, 1)
  })

  await t.test('late reuse of a refresh token ends the session at both nodes', async () => {
    const bob = await here.register('bob')
    const body = { refreshToken: bob.refreshToken }
    assert.equal((await here.request('POST', '/auth/refresh', { body })).status, 200)
    for (const node of [here, there]) node.advance(11_000)

    assertProblem(await there.request('POST', '/auth/refresh', { body }), 401, 'invalid-token')
    assertProblem(await bob.get('/tasks'), 401, 'invalid-token')
  })

  await t.test('a logout at one node makes the next request at the other fail', async () => {
    const carol = await here.register('carol')
    assert.equal((await userAt(there, carol).get('/tasks')).status, 200)

    assert.equal((await carol.post('/auth/logout')).status, 204)

    assertProblem(await userAt(there, carol).get('/tasks'), 401, 'invalid-token')
  })

  await t.test('a password change at one node ends sessions opened at the other', async () => {
    const dave = await here.register('dave')
    const login = await there.request('POST', '/auth/login', { body: { email: dave.email, password } })
    const newPassword = 'another good long one'

    assert.equal((await dave.put('/me/password', { currentPassword: password, newPassword })).status, 200)

    const authorization = `Bearer ${login.body.accessToken}`
    assertProblem(await there.request('GET', '/me', { headers: { authorization } }), 401, 'invalid-token')
  })

  await t.test('failed logins at both nodes count together', async () => {
    const erin = await here.register('erin')
    const wrong = { body: { email: erin.email, password: 'not the password' } }
    for (let i = 0; i < 6; i++) {
      assertProblem(
        await (i % 2 ? here : there).request('POST', '/auth/login', wrong),
        401,
        'invalid-credentials',
      )
    }

    const right = { body: { email: erin.email, password } }
    for (const node of [here, there]) {
      const refused = await node.request('POST', '/auth/login', right)
      assertProblem(refused, 429, 'too-many-requests')
      assert.ok(Number(refused.headers.get('retry-after')) >= 1)
    }
  })
})

test('API tokens hold on every node', postgresOnly, async (t) => {
  const [here, there] = await pair(t)
  const { alice } = here
  const token = await withToken(here, alice, ['tasks:write'])
  const away = userAt(there, token)

  await t.test('a token from one node is taken at the other, and is told as used at both', async () => {
    await away.createTask({ title: 'By a script' })
    const told = async (node: Docket) =>
      (await userAt(node, alice).get('/me/tokens')).body.items[0].lastUsedAt !== null
    assert.ok(await told(there))
    await there.restart() // a server that stops writes what it knows
    assert.ok(await told(here))
  })

  await t.test('a token deleted at one node is refused at the other, and its streams end', async () => {
    const stream = await openEvents(there.url, token)
    assert.equal((await stream.next())?.event, 'ready')
    assert.equal((await alice.delete(`/me/tokens/${token.tokenId}`)).status, 204)
    assertProblem(await away.get('/tasks'), 401, 'invalid-token')
    await stream.ended()
  })

  await t.test('fifty-five creations at both nodes at once make fifty', async () => {
    const body = { name: 'x', scopes: ['tasks:read'] }
    const tries = Array.from({ length: 55 }, (_, i) =>
      userAt(i % 2 ? here : there, alice).post('/me/tokens', body),
    )
    const created = (await Promise.all(tries)).filter(({ status }) => status === 201)
    assert.equal(created.length, 50)
  })
})
