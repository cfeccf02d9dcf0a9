import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readFileSync } from 'node:fs'
import { writeMeasures } from '../../src/core/measures.ts'
import { version } from '../../src/core/version.ts'
import { createSweeper } from '../../src/database/sweep.ts'
import { postgresUrl } from '../databases.ts'
import { openEvents } from '../event-stream.ts'
import { sendRaw } from '../hostile/raw-socket.ts'
import { assertProblem, docket } from '../harness.ts'

test('health checks', async (t) => {
  const server = await docket(t, { env: { RATE_LIMIT: '1' }, withAlice: false })

  await t.test('both answer anybody, without a rate limit', async () => {
    for (const path of ['/livez', '/readyz', '/livez', '/readyz']) {
      const answer = await server.request('GET', path)
      assert.equal(answer.status, 200)
      assert.deepEqual(answer.body, { status: 'ok', ...(path === '/livez' && { version }) })
      assert.equal(answer.headers.get('ratelimit'), null)
    }
  })

  await t.test('without its database the server lives, but is not ready', async () => {
    await server.database.close()

    const ready = await server.request('GET', '/readyz')
    assertProblem(ready, 503, 'unavailable')
    assert.ok(Number(ready.headers.get('retry-after')) >= 1)
    assert.equal((await server.request('GET', '/livez')).status, 200)
  })
})

test('reads and writes without a database are 503, not 500', async (t) => {
  const server = await docket(t)
  await server.database.close()

  assertProblem(await server.alice.get('/tasks'), 503, 'unavailable')
  assertProblem(await server.alice.post('/tasks', { title: 'a' }), 503, 'unavailable')
  const login = await server.request('POST', '/auth/login', {
    body: { email: 'a@b.example', password: 'wrong' },
  })
  assertProblem(login, 503, 'unavailable')
})

test('metrics', async (t) => {
  const server = await docket(t)
  const ask = (authorization?: string) =>
    server.request('GET', '/metrics', authorization ? { headers: { authorization } } : {})

  await t.test('are not found if METRICS_TOKEN is unset', async () => {
    assertProblem(await ask('Bearer '), 404, 'not-found')
    assertProblem(await ask('Bearer undefined'), 404, 'not-found')
    assertProblem(await ask(), 404, 'not-found')
  })

  await server.restart({ METRICS_TOKEN: 'kept from strangers', RATE_LIMIT: '1' })

  await t.test('are refused without the token, or with another', async () => {
    const none = await ask()
    assertProblem(none, 401, 'invalid-token')
    assert.equal(none.headers.get('www-authenticate'), 'Bearer realm="docket"')

    for (const wrong of [
      'Bearer no',
      'kept from strangers',
      'Basic kept from strangers',
      `Bearer ${server.alice.accessToken}`,
    ]) {
      const answer = await ask(wrong)
      assertProblem(answer, 401, 'invalid-token')
      assert.equal(
        answer.headers.get('www-authenticate'),
        'Bearer realm="docket", error="invalid_token"',
        wrong,
      )
    }
  })

  await t.test(
    'have the format of Prometheus, count by route instead of address, and have no rate limit',
    async () => {
      await server.alice.get('/tasks/019aa8b2-6f3e-7c41-9d3a-5b1f0c2d7e11')

      for (const scheme of ['Bearer', 'bearer']) {
        const answer = await ask(`${scheme} kept from strangers`)
        assert.equal(answer.status, 200)
        assert.match(answer.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/)
        assert.match(
          answer.text,
          /^http_request_duration_seconds_count\{.*route="\/tasks\/:id".*status="404".*\} 1$/m,
        )
        assert.match(answer.text, /^# TYPE process_cpu_seconds_total counter$/m)
        assert.doesNotMatch(answer.text, /019aa8b2/)
      }
    },
  )

  await t.test(
    'tell of the database, of what waits, and of all that the alerts and the dashboard ask for',
    async () => {
      const { alice } = server
      await server.restart({ RATE_LIMIT: 'off' })
      await alice.createTask({ title: 'Measured' })
      await sendRaw(server.url, 'nonsense\r\n\r\n')
      const stream = await openEvents(server.url, alice)
      await stream.next()
      const sweeper = createSweeper(server.database, [], server.now, () => undefined)
      const { text } = await ask('Bearer kept from strangers')
      stream.close()
      const told = `${text}${await writeMeasures(sweeper.measures)}`
      const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(told)?.[1])

      assert.match(told, /^docket_build_info\{version="[^"]+"\} 1$/m)
      assert.equal(value('docket_database_writable'), 1)
      assert.equal(value('docket_streams_open'), 1)
      assert.equal(value('docket_polls_waiting') + value('docket_hashes_waiting'), 0)
      assert.equal(value('docket_http_refusals_total\\{problem="malformed-request"\\}'), 1)
      assert.ok(value('docket_commit_duration_seconds_count') >= 1)
      assert.ok(value('docket_http_connections') >= 2)
      assert.ok(value('docket_database_size_bytes') > 10_000)
      const onSqlite = [
        'docket_commit_writes_count',
        'docket_writes_waiting',
        'docket_disk_free_bytes',
        'docket_database_log_size_bytes',
      ]
      const onPostgres = ['docket_pool_waiting', 'docket_pool_connections\\{state="idle"\\}']
      const [here, there] = postgresUrl === undefined ? [onSqlite, onPostgres] : [onPostgres, onSqlite]
      for (const name of here) assert.ok(value(name) >= 0, name)

      const elsewhere = there.map((name) => name.replace(/_count$|\\.*/, ''))
      for (const file of ['alerts.yml', 'dashboard.json']) {
        const asked = readFileSync(new URL(`../../deploy/${file}`, import.meta.url), 'utf8')
        for (const [name] of asked.matchAll(/\b(docket|http|process)_[a-z_]+/g)) {
          const isThere = told.includes(`\n${name} `) || told.includes(`\n${name}{`)
          assert.ok(isThere || elsewhere.some((other) => name.startsWith(other)), `${file} asks for ${name}`)
        }
      }
    },
  )
})

test('the documentation', async (t) => {
  const { request } = await docket(t, { withAlice: false })
  const page = await request('GET', '/docs')

  await t.test('is a page', () => {
    assert.equal(page.status, 200)
    assert.match(page.headers.get('content-type') ?? '', /^text\/html/)
  })

  await t.test('loads scripts and styles from this server alone, and has none inline', async () => {
    const sources = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source ?? '')
    assert.ok(sources.length > 3)
    for (const source of sources) {
      assert.match(source, /^\/docs\//)
      const file = await request('GET', source)
      assert.equal(file.status, 200, source)
      assert.equal(file.headers.get('x-content-type-options'), 'nosniff')
    }
    assert.doesNotMatch(page.text, /<script(?![^>]* src=)|<style| on\w+=/i)
  })

  await t.test('has a policy that allows only its own scripts', async () => {
    const policy = page.headers.get('content-security-policy') ?? ''
    const directives = new Map(
      policy
        .split(';')
        .map((part) => part.trim().split(/ +/))
        .map(([name = '', ...values]) => [name, values]),
    )
    const scripts = directives.get('script-src') ?? directives.get('default-src')
    assert.deepEqual(scripts, ["'self'"])
    for (const values of directives.values()) {
      assert.ok(
        values.every((value) => !/https?:|\*|\./.test(value)),
        policy,
      )
    }
    assert.ok(!directives.has('upgrade-insecure-requests'), 'it would break a server without TLS')
  })

  await t.test('answers 404 for a file that does not exist', async () => {
    assertProblem(await request('GET', '/docs/static/nothing.js'), 404, 'not-found')
    assertProblem(await request('GET', '/docs/static/..%2f..%2fpackage.json'), 404, 'not-found')
  })
})

test('the OpenAPI document has every path and method', async (t) => {
  const { request } = await docket(t, { withAlice: false })
  const { status, headers, body } = await request('GET', '/openapi.json')

  assert.equal(status, 200)
  assert.match(headers.get('content-type') ?? '', /^application\/json/)
  assert.match(body.openapi, /^3\.1\./)
  for (const path of Object.keys(body.paths)) {
    const allow = await request('OPTIONS', path.replace(/\{\w+\}/g, '019aa8b2-6f3e-7c41-9d3a-5b1f0c2d7e11'))
    assert.equal(allow.status, 204, path)
    const methods = new Set(allow.headers.get('allow')?.split(', '))
    for (const method of Object.keys(body.paths[path]))
      assert.ok(methods.has(method.toUpperCase()), `${method} ${path}`)
  }
})
