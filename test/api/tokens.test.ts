import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32 } from 'node:zlib'
import { sql } from '../../src/database/database.ts'
import { openEvents } from '../event-stream.ts'
import type { Problem } from '../../src/http/problems/problem.ts'
import { assertProblem, docket, password } from '../harness.ts'
import { withToken } from '../api-tokens.ts'
import { assertFields, everything, logIn, minute, second } from './accounts/accounts.ts'

const noon = Date.UTC(2026, 10, 22, 12)
const fields = ['id', 'name', 'scopes', 'createdAt', 'expiresAt', 'lastUsedAt']
const reading = { name: 'It reads', scopes: ['tasks:read'] }
const pointers = ({ errors = [] }: Problem) => errors.map((fault) => 'pointer' in fault && fault.pointer)

test('API tokens', async (t) => {
  const server = await docket(t, { isStill: true, now: noon })
  const { alice } = server

  await t.test('a token is shown once, with a checksum that scanners can verify', async () => {
    const { status, body } = await alice.post('/me/tokens', reading)
    assert.equal(status, 201)
    assertFields(body, [...fields, 'token'])
    const { token, ...rest } = body
    assert.deepEqual(rest, {
      ...reading,
      id: rest.id,
      createdAt: '2026-11-22T12:00:00.000Z',
      expiresAt: null,
      lastUsedAt: null,
    })
    const [, random = '', checksum = ''] = /^dkt_([0-9A-Za-z]{32})([0-9A-Za-z]{6})$/.exec(token) ?? []
    const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
    const value = checksum.split('').reduce((sum, digit) => sum * 62 + letters.indexOf(digit), 0)
    assert.equal(value, crc32(random))
    assert.deepEqual((await alice.get('/me/tokens')).body, { items: [rest] })
    for (const [table, text] of await everything(server)) assert.ok(!text.includes(random), table)
  })

  await t.test('the list has the newest first, and only the user’s own', async () => {
    const bob = await server.register('bob')
    for (const name of ['one', 'two']) await bob.post('/me/tokens', { ...reading, name })
    const { items } = (await bob.get('/me/tokens')).body
    assert.deepEqual(
      items.map(({ name }: { name: string }) => name),
      ['two', 'one'],
    )
    assertProblem(await alice.delete(`/me/tokens/${items[0].id}`), 404, 'not-found')
  })

  const wrong: [what: string, body: object, pointer: string][] = [
    ['no name', { scopes: ['tasks:read'] }, '/name'],
    ['an empty name', { ...reading, name: '' }, '/name'],
    ['a name of two lines', { ...reading, name: 'a\nb' }, '/name'],
    ['a name of 101 characters', { ...reading, name: 'x'.repeat(101) }, '/name'],
    ['no scopes', { name: 'x' }, '/scopes'],
    ['an empty list of scopes', { ...reading, scopes: [] }, '/scopes'],
    ['a scope twice', { ...reading, scopes: ['tasks:read', 'tasks:read'] }, '/scopes'],
    ['scopes as text', { ...reading, scopes: 'tasks:read' }, '/scopes'],
    ['an unknown scope', { ...reading, scopes: ['tasks:admin'] }, '/scopes/0'],
    ['the scope of accounts', { ...reading, scopes: ['tasks:read', 'account'] }, '/scopes/1'],
    ['the scope that is reserved', { ...reading, scopes: ['webhooks'] }, '/scopes/0'],
    ['an expiry in the past', { ...reading, expiresAt: '2026-11-22T12:00:00Z' }, '/expiresAt'],
    ['an expiry that is a date', { ...reading, expiresAt: '2026-12-01' }, '/expiresAt'],
    ['an expiry without offset', { ...reading, expiresAt: '2026-12-01T12:00:00' }, '/expiresAt'],
    ['an expiry that is a number', { ...reading, expiresAt: noon + 1 }, '/expiresAt'],
    ['a token of one’s own', { ...reading, token: 'dkt_x' }, '/token'],
  ]
  for (const [what, body, pointer] of wrong) {
    await t.test(`${what} is refused`, async () => {
      const answer = await alice.post('/me/tokens', body)
      assert.deepEqual(pointers(assertProblem(answer, 422, 'validation-failed')), [pointer])
    })
  }

  await t.test('an expiry is kept as that instant, and the token ends with it', async () => {
    const erin = await server.register('erin')
    const expiresAt = '2026-11-22T13:00:01+01:00'
    const token = await withToken(server, erin, ['tasks:read'], { expiresAt })
    assert.equal((await erin.get('/me/tokens')).body.items[0].expiresAt, '2026-11-22T12:00:01.000Z')
    server.advance(second - 1)
    assert.equal((await token.get('/tasks')).status, 200)
    server.advance(1)
    assertProblem(await token.get('/tasks'), 401, 'invalid-token')
    assert.equal((await erin.get('/me/tokens')).body.items.length, 1)
    assert.equal((await erin.delete(`/me/tokens/${token.tokenId}`)).status, 204)
  })

  await t.test('a deleted token is refused from the next request on', async () => {
    const token = await withToken(server, alice, ['tasks:read'])
    assert.equal((await token.get('/tasks')).status, 200)
    assert.equal((await alice.delete(`/me/tokens/${token.tokenId}`)).status, 204)
    const refused = await token.get('/tasks')
    assertProblem(refused, 401, 'invalid-token')
    assert.equal(refused.headers.get('www-authenticate'), 'Bearer realm="docket", error="invalid_token"')
    assertProblem(await alice.delete(`/me/tokens/${token.tokenId}`), 404, 'not-found')
  })

  await t.test('an account has at most 50, however many are asked for at once', async () => {
    const dave = await server.register('dave')
    const answers = await Promise.all(Array.from({ length: 55 }, () => dave.post('/me/tokens', reading)))
    assert.equal(answers.filter(({ status }) => status === 201).length, 50)
    const refused = answers.find(({ status }) => status !== 201)
    assert.ok(refused)
    assert.match(assertProblem(refused, 409, 'limit-reached').detail, /50/)
    const [{ id }] = (await dave.get('/me/tokens')).body.items
    await dave.delete(`/me/tokens/${id}`)
    assert.equal((await dave.post('/me/tokens', reading)).status, 201)
  })

  await t.test('a repeated creation answers without the token, and makes no second one', async () => {
    const frank = await server.register('frank')
    const key = { 'idempotency-key': 'once' }
    const first = await frank.post('/me/tokens', reading, key)
    const again = await frank.post('/me/tokens', reading, key)
    assert.equal(again.status, 201)
    assert.equal(again.headers.get('idempotent-replayed'), 'true')
    const { token, ...rest } = first.body
    assert.deepEqual(again.body, rest)
    assert.equal((await frank.get('/me/tokens')).body.items.length, 1)
    for (const [table, text] of await everything(server)) assert.ok(!text.includes(token), table)
    assertProblem(
      await frank.post('/me/tokens', { ...reading, name: 'Another' }, key),
      422,
      'idempotency-key-reused',
    )
    for (const isReplay of [null, 'true']) {
      const deleted = await frank.delete(`/me/tokens/${rest.id}`, key)
      assert.deepEqual([deleted.status, deleted.headers.get('idempotent-replayed')], [204, isReplay])
    }
  })

  await t.test('a token that writes reads too, and its changes are told by its id', async () => {
    const grace = await server.register('grace')
    const token = await withToken(server, grace, ['tasks:write'])
    const task = await token.createTask({ title: 'By a script' })
    assert.equal((await token.read(task)).title, 'By a script')
    await grace.patch(`/tasks/${task.id}`, { title: 'By hand' })
    await token.post('/changes/2/undo')
    await token.post('/batch', {
      operations: [{ method: 'PATCH', path: `/tasks/${task.id}`, body: { title: 'x' } }],
    })

    const { items } = (await token.get(`/tasks/${task.id}/history`)).body
    const [session] = (await grace.get('/me/sessions')).body.items
    assert.deepEqual(
      items.map(({ revision, origin, tokenId, sessionId }: Record<string, unknown>) => [
        revision,
        origin,
        tokenId ?? null,
        sessionId ?? null,
      ]),
      [
        [4, 'batch', token.tokenId, null],
        [3, 'undo', token.tokenId, null],
        [2, 'request', null, session.id],
        [1, 'request', token.tokenId, null],
      ],
    )
    for (const item of items) assert.notEqual('tokenId' in item, 'sessionId' in item)
  })

  await t.test('a token does not change the profile by undoing a change of it', async () => {
    const token = await withToken(server, alice, ['tasks:write'])
    const { headers } = await alice.patch('/me', { name: 'Alice' })
    const path = `/changes/${headers.get('docket-revision')}/undo`
    for (const query of ['', '?force=true']) {
      const refused = await token.post(path + query)
      assertProblem(refused, 403, 'insufficient-scope')
      assert.match(refused.headers.get('www-authenticate') ?? '', /scope="account"/)
    }
    assert.equal((await alice.get('/me')).body.name, 'Alice')
    assert.equal((await alice.post(path)).status, 204)
  })

  await t.test('a new password keeps tokens unless it says otherwise', async () => {
    const heidi = await server.register('heidi')
    const token = await withToken(server, heidi, ['tasks:read'])
    const change = { currentPassword: password, newPassword: 'another good long one' }
    assertProblem(
      await heidi.put('/me/password', { ...change, revokeTokens: 'yes' }),
      422,
      'validation-failed',
    )
    Object.assign(heidi, (await heidi.put('/me/password', change)).body)
    assert.equal((await token.get('/tasks')).status, 200)
    const back = { currentPassword: change.newPassword, newPassword: password, revokeTokens: true }
    Object.assign(heidi, (await heidi.put('/me/password', back)).body)
    assertProblem(await token.get('/tasks'), 401, 'invalid-token')
    assert.deepEqual((await heidi.get('/me/tokens')).body.items, [])
  })
})

test('the last use of a token is written after the request, once a minute', async (t) => {
  const server = await docket(t, { isStill: true, now: noon })
  const token = await withToken(server, server.alice, ['tasks:read'])
  const told = async () => (await server.alice.get('/me/tokens')).body.items[0].lastUsedAt
  const stored = async () => {
    const row = await server.database.first<{ at: number | null }>(
      sql`select last_used_at as at from api_tokens where id = ${token.tokenId}`,
    )
    return row?.at
  }
  assert.equal(await told(), null)

  server.advance(minute)
  await token.get('/tasks')
  assert.equal(await told(), '2026-11-22T12:01:00.000Z')
  await server.restart() // a server that stops writes what it knows
  assert.equal(await stored(), noon + minute)

  server.advance(minute - 1)
  await token.get('/tasks')
  await server.restart()
  assert.equal(await stored(), noon + minute)

  server.advance(1)
  await token.get('/tasks')
  await server.restart()
  assert.equal(await stored(), noon + 2 * minute)
  assert.equal(await told(), '2026-11-22T12:02:00.000Z')
})

test('what is open by a token ends with it', async (t) => {
  const server = await docket(t)
  const { alice } = server
  const bySession = await openEvents(server.url, alice)

  const token = await withToken(server, alice, ['tasks:read'])
  const stream = await openEvents(server.url, token)
  const { ticket } = (await token.post('/events/tickets')).body
  const ticketed = await openEvents(server.url, { accessToken: 'none' }, `/events?ticket=${ticket}`, {
    authorization: '',
  })
  assert.deepEqual([stream.status, ticketed.status], [200, 200])
  const since = (await alice.createTask({ title: 'x' })).revision
  const waiting = token.get(`/changes?since=${since}`, { prefer: 'wait=30' })
  for (const one of [stream, ticketed]) while ((await one.next())?.event !== 'change');
  await alice.delete(`/me/tokens/${token.tokenId}`)
  // At once, and not when the server looks after its sessions: that is once a minute.
  const late = new Promise((resolve) => setTimeout(resolve, 10_000, 'late').unref())
  assert.notEqual(await Promise.race([Promise.all([stream.ended(), ticketed.ended()]), late]), 'late')
  assertProblem(await waiting, 401, 'invalid-token')

  const expiresAt = new Date(Date.now() + second).toISOString()
  const brief = await withToken(server, alice, ['tasks:read'], { expiresAt })
  const short = await openEvents(server.url, brief)
  assert.equal(short.status, 200)
  assertProblem(await brief.get(`/changes?since=${since}`, { prefer: 'wait=30' }), 401, 'invalid-token')
  await short.ended()

  const task = await alice.createTask({ title: 'The session’s own stream goes on' })
  let event = await bySession.next()
  while (event && event.id !== String(task.revision)) event = await bySession.next()
  assert.equal(event?.data.id, task.id)
  bySession.close()
})

test('tokens count by user, and have the same limit on every one', async (t) => {
  const server = await docket(t, { isStill: true, env: { RATE_LIMIT: '5' } })
  const tokens = [
    await withToken(server, server.alice, ['tasks:read']),
    await withToken(server, server.alice, ['tasks:read']),
  ]
  const phone = await logIn(server, server.alice)
  for (const who of [...tokens, phone]) assert.equal((await who.get('/tasks')).status, 200)
  for (const who of [...tokens, phone]) assertProblem(await who.get('/tasks'), 429, 'too-many-requests')
})
