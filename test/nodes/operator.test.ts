import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Client } from 'pg'
import { createDatabase, postgresOnly } from '../databases.ts'
import { docket, password } from '../harness.ts'
import { runCommand, temporaryFolder } from '../process.ts'

test('the command line on PostgreSQL', postgresOnly, async (t) => {
  const { env, drop } = await createDatabase()
  t.after(drop)
  const folder = temporaryFolder(t)
  const run = (args: string[], input = '') => runCommand(folder, args, { env, input })
  const urlOf = (change: (url: URL) => void) => {
    const url = new URL(env['DATABASE_URL'] ?? '')
    change(url)
    return { ...env, DATABASE_URL: url.href }
  }

  await t.test('a command that needs the schema asks for migrate', async () => {
    const { code, stderr } = await run(['password', 'alice@example.com'], 'a fine new password')
    assert.equal(code, 1)
    assert.match(stderr, /older than this program: run `docket migrate` first/)
  })

  await t.test('migrate creates the schema once', async () => {
    assert.match((await run(['migrate'])).stdout, /^Migrated: 0001-/)
    assert.match((await run(['migrate'])).stdout, /already the newest/)
  })

  await t.test('password sets a password while servers run', async () => {
    const server = await docket(t, { env })
    const newPassword = 'a fine new password'
    const unset = { env: { ...env, DOCKET_SECRET: '' }, input: newPassword } // only the servers need it
    assert.equal((await runCommand(folder, ['password', server.alice.email], unset)).code, 0)

    assert.equal((await server.alice.get('/me')).status, 401)
    const login = (word: string) =>
      server.request('POST', '/auth/login', { body: { email: server.alice.email, password: word } })
    assert.equal((await login(password)).status, 401)
    assert.equal((await login(newPassword)).status, 200)
  })

  await t.test('backup refers to pg_dump', async () => {
    const { code, stderr } = await run(['backup', 'copy.db'])
    assert.equal(code, 1)
    assert.match(stderr, /pg_dump/)
  })

  await t.test('a schema newer than the program is refused', async () => {
    const client = new Client({ connectionString: env['DATABASE_URL'] })
    await client.connect()
    await client.query(`insert into schema_versions (version, name) values (999, 'from the future')`)
    await client.end()

    const { code, stderr } = await run(['serve'])
    assert.equal(code, 1)
    assert.match(stderr, /has schema version 999, this program knows versions up to/)
  })

  await t.test('the message about an unreachable server contains no password', async () => {
    const elsewhere = urlOf((url) => {
      url.searchParams.set('host', '/nowhere')
      url.password = 'hush'
    })
    const { code, stderr } = await runCommand(folder, ['migrate'], { env: elsewhere })
    assert.equal(code, 1)
    assert.match(stderr, /^The data cannot be kept in postgres:\/\/\/nowhere\/\w+: .*ENOENT/)
    assert.doesNotMatch(stderr, /hush/)
  })

  await t.test('serve does not start without DOCKET_SECRET', async () => {
    const { code, stderr } = await runCommand(folder, ['serve'], { env: { ...env, DOCKET_SECRET: '' } })
    assert.equal(code, 1)
    assert.match(stderr, /^DOCKET_SECRET must be set with a PostgreSQL database/)
  })
})
