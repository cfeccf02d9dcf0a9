import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertProblem, docket, userOf } from '../../harness.ts'
import { refresh } from './accounts.ts'

const [older, newer] = ['the older secret of more than 32 bytes', 'the newer secret of more than 32 bytes']
const kidOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid

test('tokens and cursors survive a rotation of the secret', async (t) => {
  const server = await docket(t, { env: { DOCKET_SECRET: older } })
  const { alice } = server
  for (const title of ['one', 'two', 'three']) await alice.createTask({ title })
  const { nextCursor } = (await alice.get('/tasks?limit=1')).body

  await server.restart({ DOCKET_SECRET: ` ${newer} , ${older}` })

  assert.equal((await alice.get('/me')).status, 200)
  assert.equal((await alice.get(`/tasks?limit=1&cursor=${nextCursor}`)).status, 200)
  const renewed = await refresh(server, alice.refreshToken)
  assert.equal(renewed.status, 200)
  assert.notEqual(kidOf(renewed.body.accessToken), kidOf(alice.accessToken))
  const retry = await refresh(server, alice.refreshToken)
  assert.equal(retry.body.refreshToken, renewed.body.refreshToken)

  await t.test('removing the old secret invalidates what it signed', async () => {
    const current = userOf({ user: alice, ...renewed.body }, server.request)
    await server.restart({ DOCKET_SECRET: newer })

    assertProblem(await alice.get('/me'), 401, 'invalid-token')
    assertProblem(await refresh(server, alice.refreshToken), 401, 'invalid-token')
    assertProblem(await current.get(`/tasks?limit=1&cursor=${nextCursor}`), 400, 'invalid-cursor')
    assert.equal((await current.get('/me')).status, 200)
    assert.equal((await refresh(server, current.refreshToken)).status, 200)
  })
})

test('a generated secret survives a restart', async (t) => {
  const server = await docket(t)
  await server.restart()
  assert.equal((await server.alice.get('/me')).status, 200)
  assert.equal((await refresh(server, server.alice.refreshToken)).status, 200)
})
