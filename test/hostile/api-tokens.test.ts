import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32 } from 'node:zlib'
import { sql } from '../../src/database/database.ts'
import { withToken } from '../api-tokens.ts'
import { assertProblem, docket, password, type Answer } from '../harness.ts'

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** A token that this server never made, with the right checksum. */
function forged(random: string): string {
  let [checksum, rest] = ['', crc32(random)]
  for (; checksum.length < 6; rest = Math.floor(rest / 62)) checksum = digits.charAt(rest % 62) + checksum
  return `dkt_${random}${checksum}`
}

/** The text with the character at this place changed for the next digit. */
const altered = (text: string, at: number): string =>
  text.slice(0, at) + digits.charAt((digits.indexOf(text.charAt(at)) + 1) % 62) + text.slice(at + 1)

test('only a whole API token of this server is taken, and only where it belongs', async (t) => {
  const server = await docket(t)
  const { alice } = server
  const { token, tokenId } = await withToken(server, alice, ['tasks:write'])
  const bearing = (value: string) => ({ headers: { authorization: `Bearer ${value}` } })
  const refuse = (answer: Answer) => {
    assertProblem(answer, 401, 'invalid-token')
    assert.equal(answer.headers.get('www-authenticate'), 'Bearer realm="docket", error="invalid_token"')
  }
  let lookups = 0
  const { database } = server
  const first = database.first.bind(database)
  database.first = (statement) => {
    lookups += 1
    return first(statement)
  }

  const random = token.slice(4, -6)
  const damaged: Record<string, string> = {
    'cut by a character': token.slice(0, -1),
    'longer by a character': `${token}0`,
    'without its prefix': token.slice(4),
    'with its prefix in upper case': token.toUpperCase(),
    'with another prefix': token.replace('dkt_', 'ghp_'),
    'that is only the prefix': 'dkt_',
    'with the checksum of another': forged(altered(random, 0)).slice(0, -6) + token.slice(-6),
    'with SQL in it': `dkt_${"' or ''='".padEnd(38, '0')}`,
    'with a percent-encoded letter': token.replace('_', '%5f'),
    'of 4,000 characters': `dkt_${'0'.repeat(4000)}`,
    'as a JWT’s first part': `${token}.e30.x`,
    'with an access token after it': `${token}.${alice.accessToken}`,
  }
  for (let at = 4; at < token.length; at += 1) damaged[`altered at ${at}`] = altered(token, at)
  for (const [what, value] of Object.entries(damaged)) {
    await t.test(`a token ${what} is refused without a look at the database`, async () => {
      refuse(await server.request('GET', '/tasks', bearing(value)))
      assert.equal(lookups, 0)
    })
  }

  await t.test('a token with a right checksum that nobody created is refused', async () => {
    refuse(await server.request('GET', '/tasks', bearing(forged('x'.repeat(32)))))
    assert.ok(lookups > 0)
  })

  await t.test('a token is taken nowhere else, nor is anything taken in its place', async () => {
    const elsewhere = {
      'in the query': server.request('GET', `/tasks?access_token=${token}`),
      'as a ticket': server.request('GET', `/events?ticket=${token}`),
      'as a cookie': server.request('GET', '/tasks', { headers: { cookie: `docket_refresh=${token}` } }),
      'with Basic': server.request('GET', '/tasks', {
        headers: { authorization: `Basic ${Buffer.from(`${alice.email}:${token}`).toString('base64')}` },
      }),
      'as a refresh token': server.request('POST', '/auth/refresh', { body: { refreshToken: token } }),
      'its id': server.request('GET', '/tasks', bearing(tokenId)),
      'a refresh token': server.request('GET', '/tasks', bearing(alice.refreshToken)),
      'an access token with the prefix': server.request('GET', '/tasks', bearing(`dkt_${alice.accessToken}`)),
    }
    for (const [where, asked] of Object.entries(elsewhere)) {
      const answer = await asked
      assert.equal(answer.status, 401, `${where}: ${answer.text}`)
      assertProblem(answer, 401, 'invalid-token')
    }
    const login = { body: { email: alice.email, password: token } }
    assertProblem(await server.request('POST', '/auth/login', login), 401, 'invalid-credentials')
  })

  await t.test('two tokens at once are refused', async () => {
    const both = `${token}, Bearer ${alice.accessToken}`
    refuse(await server.request('GET', '/tasks', bearing(both)))
  })

  await t.test('the token itself is taken', async () => {
    assert.equal((await server.request('GET', '/tasks', bearing(token))).status, 200)
  })
})

test('a token never gets more than it was given', async (t) => {
  const server = await docket(t)
  const { alice } = server
  const reader = await withToken(server, alice, ['tasks:read'])
  const writer = await withToken(server, alice, ['tasks:write'])
  const task = await alice.createTask({ title: 'As it was' })
  const { revision } = task

  await t.test('the right password does not help it to the account', async () => {
    const tries = [
      writer.put('/me/password', { currentPassword: password, newPassword: 'stolen by a token' }),
      writer.post('/me/deletion', { password }),
      writer.post('/me/tokens', { name: 'A child', scopes: ['tasks:write'] }),
      writer.post('/me/tokens', { name: 'A child', scopes: ['tasks:write'] }, { 'idempotency-key': 'x' }),
      writer.delete(`/me/tokens/${writer.tokenId}`),
      writer.delete(`/me/tokens/${reader.tokenId}`),
      writer.post('/auth/logout'),
      writer.get('/me'),
    ]
    for (const answer of await Promise.all(tries)) assertProblem(answer, 403, 'insufficient-scope')
    assert.equal((await alice.get('/me/tokens')).body.items.length, 2)
  })

  await t.test('a scope is judged before the body, the path and the query', async () => {
    const tries = [
      reader.post('/tasks', '{'),
      reader.post('/tasks', { colour: 'red' }),
      reader.post('/tasks?colour=red'),
      reader.delete('/tasks/nonsense'),
    ]
    for (const answer of await Promise.all(tries)) assertProblem(answer, 403, 'insufficient-scope')
    assertProblem(await reader.get('/nowhere'), 404, 'not-found')
    assertProblem(await reader.patch('/tasks', {}), 405, 'method-not-allowed')
  })

  await t.test('a batch, an undo and a replayed write are writes', async () => {
    const operations = [{ method: 'DELETE', path: `/tasks/${task.id}` }]
    assertProblem(await reader.post('/batch', { operations }), 403, 'insufficient-scope')
    assertProblem(await reader.post(`/changes/${revision}/undo`), 403, 'insufficient-scope')
    const key = { 'idempotency-key': 'shared' }
    assert.equal((await alice.post('/tasks', { title: 'Once' }, key)).status, 201)
    assertProblem(await reader.post('/tasks', { title: 'Once' }, key), 403, 'insufficient-scope')
    assert.equal((await writer.post('/tasks', { title: 'Once' }, key)).status, 201)
  })

  await t.test(
    'a scope that shrank counts from the next request on, and one that nobody knows is none',
    async () => {
      const setScopes = (scopes: string) =>
        server.database.transaction((tx) =>
          tx.query(sql`update api_tokens set scopes = ${scopes} where id = ${writer.tokenId}`),
        )
      assert.equal((await writer.patch(`/tasks/${task.id}`, { title: 'x' })).status, 200)
      await setScopes('tasks:read')
      assertProblem(await writer.patch(`/tasks/${task.id}`, { title: 'y' }), 403, 'insufficient-scope')
      for (const scopes of ['account', 'tasks:write:more', 'constructor', '__proto__', '']) {
        await setScopes(scopes)
        assertProblem(await writer.get('/me'), 403, 'insufficient-scope')
        assertProblem(await writer.get('/tasks'), 403, 'insufficient-scope')
      }
    },
  )
})
