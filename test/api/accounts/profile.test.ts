import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eraseClosed } from '../../../src/database/erasure.ts'
import { sweepAll } from '../../../src/database/sweep.ts'
import { assertProblem, docket, password } from '../../harness.ts'
import { assertFields, everything, logIn, refresh, tokenFields, tryLogin, userFields } from './accounts.ts'

const newPassword = 'a quite different one'

test('the profile', async (t) => {
  const { alice, request } = await docket(t)

  await t.test('has exactly the fields of the account', async () => {
    const answer = await alice.get('/me')
    assert.equal(answer.status, 200)
    assertFields(answer.body, userFields)
    assert.equal(answer.body.email, 'alice@example.com')
  })

  await t.test('accepts a new name, a new time zone or both, and keeps the rest', async () => {
    const before = (await alice.get('/me')).body
    const changes = [
      { name: 'Alice 🦊' },
      { timeZone: 'America/St_Johns' },
      { name: '', timeZone: 'UTC' },
      {},
    ]
    const expected = { ...before }
    for (const change of changes) {
      const answer = await alice.patch('/me', change)
      Object.assign(expected, change)
      assert.equal(answer.status, 200)
      assert.deepEqual(answer.body, expected)
      assert.deepEqual((await alice.get('/me')).body, expected)
    }
  })

  await t.test('accepts the media type of merge patches', async () => {
    const headers = { 'content-type': 'application/merge-patch+json' }
    const answer = await alice.request('PATCH', '/me', { body: '{"name":"Merged"}', headers })
    assert.equal(answer.status, 200)
    assert.equal(answer.body.name, 'Merged')
  })

  const faults: [body: unknown, pointer: string][] = [
    [{ name: null }, '/name'],
    [{ timeZone: null }, '/timeZone'],
    [{ name: 5 }, '/name'],
    [{ name: 'n'.repeat(101) }, '/name'],
    [{ name: 'Ada\u2028\u0007' }, '/name'],
    [{ name: 'Ada\0' }, '/name'],
    [{ timeZone: '' }, '/timeZone'],
    [{ timeZone: 'Mars/Olympus' }, '/timeZone'],
    [{ timeZone: '+02:00' }, '/timeZone'],
    [{ email: 'new@example.com' }, '/email'],
    [{ id: '00000000-0000-7000-8000-000000000000' }, '/id'],
    [{ createdAt: '2026-11-22T09:30:00.000Z' }, '/createdAt'],
    [{ password: 'a quite different one' }, '/password'],
    [['name'], ''],
    [null, ''],
  ]
  for (const [body, pointer] of faults) {
    await t.test(`refuses ${JSON.stringify(body).slice(0, 60)}`, async () => {
      const before = (await alice.get('/me')).body
      const { errors } = assertProblem(await alice.patch('/me', body), 422, 'validation-failed')
      assert.deepEqual(
        errors?.map((fault) => 'pointer' in fault && fault.pointer),
        [pointer],
      )
      assert.deepEqual((await alice.get('/me')).body, before)
    })
  }

  await t.test('needs a token', async () => {
    assertProblem(await request('GET', '/me'), 401, 'invalid-token')
  })
})

test('a new password ends every other session and gives this one new tokens', async (t) => {
  const server = await docket(t)
  const phone = await logIn(server, server.alice)
  const bob = await server.register('bob')

  const answer = await server.alice.put('/me/password', { currentPassword: password, newPassword })

  assert.equal(answer.status, 200)
  assertFields(answer.body, tokenFields)
  assert.notEqual(answer.body.refreshToken, server.alice.refreshToken)
  assertProblem(await phone.get('/me'), 401, 'invalid-token')
  assertProblem(await refresh(server, phone.refreshToken), 401, 'invalid-token')
  assert.equal((await bob.get('/me')).status, 200)
  const headers = { authorization: `Bearer ${answer.body.accessToken}` }
  assert.equal((await server.request('GET', '/me', { headers })).status, 200)
  assert.equal((await server.alice.get('/me')).status, 200) // the same session
  assert.equal((await refresh(server, answer.body.refreshToken)).status, 200)
  assertProblem(await tryLogin(server, server.alice.email), 401, 'invalid-credentials')
  assert.equal((await tryLogin(server, server.alice.email, newPassword)).status, 200)
})

test('a refresh token from before a password change is not taken for a retry but ends the session', async (t) => {
  const server = await docket(t)
  await server.alice.put('/me/password', { currentPassword: password, newPassword })

  assertProblem(await refresh(server, server.alice.refreshToken), 401, 'invalid-token')
  assertProblem(await server.alice.get('/me'), 401, 'invalid-token')
})

test('a wrong current password changes nothing', async (t) => {
  const server = await docket(t)
  const phone = await logIn(server, server.alice)

  const answer = await server.alice.put('/me/password', { currentPassword: 'not the password', newPassword })

  assertProblem(answer, 403, 'wrong-password')
  assert.equal((await phone.get('/me')).status, 200)
  assert.equal((await tryLogin(server, server.alice.email)).status, 200)
})

test('deleting an account removes everything it owned', async (t) => {
  const server = await docket(t)
  const { alice } = server
  const bob = await server.register('bob')
  const phone = await logIn(server, alice)
  const task = await alice.createTask({ title: 'Leave no trace' })
  await alice.patch(`/tasks/${task.id}`, { status: 'complete' })
  await alice.post('/tasks', { title: 'Once' }, { 'idempotency-key': 'once' })
  await alice.patch('/me', { name: 'Alice' })
  const kept = await bob.createTask({ title: 'Stay' })

  const answer = await alice.post('/me/deletion', { password })

  assert.equal(answer.status, 204)
  assert.equal(answer.text, '')
  for (const user of [alice, phone]) {
    assertProblem(await user.get('/me'), 401, 'invalid-token')
    assertProblem(await user.post('/tasks', { title: 'x' }), 401, 'invalid-token')
    assertProblem(await refresh(server, user.refreshToken), 401, 'invalid-token')
  }
  assertProblem(await tryLogin(server, alice.email), 401, 'invalid-credentials')
  assert.equal((await bob.read(kept)).title, 'Stay')
  await t.test('leaves no row behind, once it has been erased', async () => {
    await sweepAll(server.database, [eraseClosed], server.now)
    for (const [table, text] of await everything(server)) {
      for (const trace of [alice.id, alice.email, task.id])
        assert.ok(!text.includes(trace), `${table} has ${trace}`)
    }
  })
  await t.test('frees its address', async () => {
    const again = await server.register('alice')
    assert.notEqual(again.id, alice.id)
    assert.deepEqual((await again.get('/tasks')).body.items, [])
  })
})

test('deleting an account requires its password', async (t) => {
  const { alice } = await docket(t)

  assertProblem(await alice.post('/me/deletion', { password: 'not the password' }), 403, 'wrong-password')
  assertProblem(await alice.post('/me/deletion', {}), 422, 'validation-failed')
  assertProblem(await alice.post('/me/deletion'), 415, 'unsupported-media-type')
  assert.equal((await alice.get('/me')).status, 200)
})
