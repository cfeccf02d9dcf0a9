import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createInvite } from '../../src/accounts/accounts.ts'
import { raw, sql } from '../../src/database/database.ts'
import { docket, userOf, type Answer, type Docket } from '../harness.ts'
import { requestText, sendRaw } from './raw-socket.ts'

const fields = new Set([
  'level',
  'time',
  'pid',
  'hostname',
  'msg',
  'requestId',
  'method',
  'route',
  'status',
  'problem',
  'instance',
  'ms',
  'user',
  'address',
])

test('a log line is one JSON object with known fields, whatever the request contains', async (t) => {
  const server = await docket(t)
  const { alice, url } = server
  const before = server.logs.length
  const evil = 'x%0a{"level":60,"msg":"forged"}%1b[2J%22%5c'
  const bearer = `Authorization: Bearer ${alice.accessToken}`

  await alice.get(`/tasks/${evil}`)
  await alice.get(`/${evil}`)
  await alice.get(`/tasks?${evil}`)
  await alice.post('/tasks', { title: '{"level":60}', description: '\n{"level":60,"msg":"forged"}\n' })
  await alice.patch('/me', { name: '\u2028"}\u001b' })
  await sendRaw(
    url,
    requestText('GET /me', [bearer, 'User-Agent: "}\xff\x80{"level":60', 'Connection: close']),
  )
  await sendRaw(
    url,
    requestText('GET /me', [bearer, 'X-Forwarded-For: "}, {"level":60', 'Connection: close']),
  )
  await server.request('POST', '/auth/login', {
    body: { email: '"}{"level":60}@example.com', password: '"}{"level":60}' },
    headers: { 'user-agent': '"}\t{"level":60' },
  })

  await new Promise(setImmediate) // a line is written after its response is sent
  const lines = server.logs.slice(before) // the harness has parsed each line as JSON
  assert.equal(lines.filter(({ msg }) => msg === 'request').length, 8)
  for (const line of lines) {
    assert.ok(Number(line['level']) < 50)
    for (const name of Object.keys(line)) assert.ok(fields.has(name), name)
    assert.equal(line['problem'] !== undefined, Number(line['status']) >= 400)
    if (line['problem']) assert.equal(line['instance'], `urn:uuid:${String(line['requestId'])}`)
    assert.doesNotMatch(JSON.stringify(line), /forged|\\"level|2J/)
  }
})

test('no password, token or hash leaks into the log, an error, the metrics or another table', async (t) => {
  const env = { METRICS_TOKEN: 'canary-metrics-token', REGISTRATION: 'invite' }
  const server = await docket(t, { withAlice: false, env })
  const { invite } = await createInvite(server.database, null, 7, server.now())
  const passwords = ['canary-first-password', 'canary-second-password', 'canary-wrong-password']
  const [first = '', second = '', wrong = ''] = passwords
  const registered = await server.request('POST', '/auth/register', {
    body: { email: 'miner@example.com', password: first, invite },
  })
  const canary = userOf(registered.body, server.request)
  const renewed = await server.request('POST', '/auth/refresh', {
    body: { refreshToken: canary.refreshToken },
  })
  const hash = await hashOf(server)
  const once = { 'idempotency-key': 'once' }
  const created = await canary.post('/me/tokens', { name: 'x', scopes: ['tasks:read'] }, once)
  const { token } = created.body

  assert.equal(registered.status, 201)
  const errors = [
    ...(await provoke(server, canary.accessToken, renewed.body.refreshToken, wrong)),
    ...(await provoke(server, token, invite, wrong)),
  ]
  server.advance(20 * 60_000) // past the pause after the wrong passwords
  const changed = await canary.put('/me/password', { currentPassword: first, newPassword: second })
  assert.equal(changed.status, 200)
  const newHash = await hashOf(server)
  assert.notEqual(newHash, hash)

  const tokens = [registered, renewed, changed].flatMap(({ body }) => [body.accessToken, body.refreshToken])
  const secrets = [
    ...passwords,
    ...tokens.flatMap(partsOf),
    token,
    token.slice(4),
    invite,
    ...[hash, newHash].flatMap((text) => [text, ...text.split('$').slice(-2)]),
  ]
  assert.ok(secrets.every((secret) => secret.length > 10))
  const metrics = await server.request('GET', '/metrics', {
    headers: { authorization: 'Bearer canary-metrics-token' },
  })
  const tables = await tablesOf(server)
  const users = tables.get('users') ?? ''
  assert.ok(users.includes(newHash))
  tables.set('users', users.replaceAll(newHash, ''))

  const places: [place: string, text: string][] = [
    ['the log', JSON.stringify(server.logs)],
    ['the metrics', metrics.text],
    ...errors.map(({ text }): [string, string] => ['an error', text]),
    ...tables,
  ]
  for (const [place, text] of places) {
    for (const secret of [...secrets, 'canary-metrics-token'])
      assert.ok(!text.includes(secret), `${secret} is in ${place}`)
  }
})

/** Sends requests with secrets wherever a client might put one by mistake, and returns the error responses. */
async function provoke(
  server: Docket,
  accessToken: string,
  refreshToken: string,
  wrong: string,
): Promise<Answer[]> {
  const as = (authorization: string) => ({ headers: { authorization } })
  const json = { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` }
  const asked: Promise<Answer>[] = []
  for (const secret of [accessToken, refreshToken, wrong]) {
    asked.push(
      server.request('GET', `/tasks?access_token=${secret}`),
      server.request('GET', `/tasks?cursor=${secret}`, { headers: json }),
      server.request('GET', `/tasks?limit=${secret}`, { headers: json }),
      server.request('GET', `/${secret}`),
      server.request('GET', `/tasks/${secret}`, { headers: json }),
      server.request('GET', `/problems/${secret}`),
      server.request('GET', `/metrics`, as(`Bearer ${secret}x`)),
      server.request('GET', '/me', as(secret)),
      server.request('GET', '/me', as(`Bearer ${secret}x`)),
      server.request('GET', '/me', as(`Bearer ${secret} ${secret}`)),
      server.request('GET', '/tasks', { headers: { ...json, 'if-none-match': secret } }),
      server.request('POST', '/tasks', { headers: { ...json, 'content-type': secret }, body: '{}' }),
      server.request('POST', '/tasks', { headers: { ...json, 'content-encoding': secret }, body: '{}' }),
      server.request('POST', '/tasks', {
        headers: { ...json, 'idempotency-key': `${secret} ${secret}` },
        body: '{}',
      }),
      server.request('POST', '/tasks', { headers: json, body: `{"title":"${secret}` }),
      server.request('POST', '/tasks', { headers: json, body: secret }),
      server.request('POST', '/tasks', {
        headers: json,
        body: { title: [secret], dueDate: secret, status: secret },
      }),
      server.request('POST', '/auth/login', { body: { email: 'miner@example.com', password: secret } }),
      server.request('POST', '/auth/login', { body: { email: secret, password: secret } }),
      server.request('POST', '/auth/register', {
        body: { email: 'miner@example.com', password: secret, timeZone: secret, invite: secret },
      }),
      server.request('POST', '/auth/refresh', { body: { refreshToken: `${secret}x` } }),
      server.request('POST', '/me/deletion', { headers: json, body: { password: secret } }),
      server.request('PUT', '/me/password', {
        headers: json,
        body: { currentPassword: wrong, newPassword: secret },
      }),
    )
  }
  const answers = await Promise.all(asked)
  const [unread] = (
    await sendRaw(server.url, `GET /${wrong} HTTP/1.1\r\nHost: ${wrong}\r\n ${accessToken}\r\n\r\n`)
  ).answers
  assert.ok(unread)
  const refused = [...answers, unread]
  assert.ok(
    refused.every(({ status }) => status >= 400 && status < 500),
    JSON.stringify(refused.map(({ status }) => status)),
  )
  return refused
}

/** Returns the parts of a token that are useful to a thief: the whole token and its signature. */
const partsOf = (token: string) => [token, token.split('.').at(-1) ?? '']

async function hashOf({ database }: Docket): Promise<string> {
  const row = await database.first<{ hash: string }>(
    sql`select password_hash as hash from users where email = 'miner@example.com'`,
  )
  assert.match(row?.hash ?? '', /^\$argon2id\$/)
  return row?.hash ?? ''
}

/** Returns the content of every table as text, by the table's name. */
async function tablesOf({ database }: Docket): Promise<Map<string, string>> {
  const onSqlite = sql`select name from sqlite_schema where type = 'table'`
  const onPostgres = sql`select table_name as name from information_schema.tables where table_schema = current_schema()`
  const tables = await database
    .query<{ name: string }>(onSqlite)
    .catch(() => database.query<{ name: string }>(onPostgres))
  const contents = await Promise.all(
    tables.map(async ({ name }): Promise<[string, string]> => [
      name,
      JSON.stringify(await database.query(sql`select * from ${raw(name)}`)),
    ]),
  )
  return new Map(contents)
}

test('health checks and metrics are not logged unless they are refused', async (t) => {
  const server = await docket(t, { env: { METRICS_TOKEN: 'token' } })
  const before = server.logs.length
  for (const path of ['/livez', '/readyz', '/metrics']) {
    const headers = { authorization: 'Bearer token' }
    assert.equal((await server.request('GET', path, { headers })).status, 200)
  }
  assert.equal((await server.request('GET', '/metrics')).status, 401)

  await new Promise(setImmediate)
  const lines = server.logs.slice(before)
  assert.deepEqual(
    lines.map(({ route, problem }) => [route, problem]),
    [['/metrics', 'invalid-token']],
  )
})
