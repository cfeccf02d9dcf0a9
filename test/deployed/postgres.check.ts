import assert from 'node:assert/strict'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Client } from 'pg'
import { envOf, recovered } from '../faults/owned.ts'
import { docket } from '../harness.ts'
import { findPostgres, startPostgres } from '../postgres-server.ts'
import { runCommand, temporaryFolder } from '../process.ts'
import { find, freePort, launch, needs } from './programs.ts'
import { startRelay } from './relay.ts'

const binaries = findPostgres()
const pgbouncer = find('pgbouncer')
const socketOf = (folder: string) => join(folder, '.s.PGSQL.5432')

test(
  'a failover: writes move to the new primary, though the old one lives',
  needs(['PostgreSQL', binaries]),
  async (t) => {
    assert.ok(binaries)
    const old = await startPostgres(binaries)
    t.after(old.remove)
    const replica = await startPostgres(binaries, {}, old)
    t.after(replica.remove)
    const relay = await startRelay(t, socketOf(old.folder))
    const server = await docket(t, { env: envOf(`postgres://docket@127.0.0.1:${relay.port}/postgres`) })
    const before = await server.alice.createTask({ title: 'Before' })
    const [admin, standby] = [old, replica].map((one) => new Client({ connectionString: one.url() }))
    assert.ok(admin && standby)
    await Promise.all([admin.connect(), standby.connect()])
    while ((await standby.query(`select 1 from tasks where id = '${before.id}'`)).rows.length === 0);

    await admin.query('alter system set default_transaction_read_only = on')
    await admin.query('select pg_reload_conf()')
    await standby.query('select pg_promote()')
    relay.lead(socketOf(replica.folder))
    const refusals = []
    for (let answer; answer?.status !== 201;) {
      answer = await server.alice.post('/tasks', { title: 'After' })
      if (answer.status !== 201) refusals.push(answer.status)
    }

    assert.ok(
      refusals.every((status) => status === 503),
      String(refusals),
    )
    await recovered(server)
    const titles = async (client: Client) =>
      (await client.query<{ title: string }>('select title from tasks order by created_at')).rows.map(
        (row) => row.title,
      )
    assert.deepEqual(await titles(standby), ['Before', 'After'])
    assert.deepEqual(await titles(admin), ['Before'])
    assert.equal((await server.alice.read(before)).title, 'Before')
    await Promise.all([admin.end(), standby.end()])
  },
)

for (const mode of ['transaction', 'session']) {
  const options = needs(['PostgreSQL', binaries], ['pgbouncer', pgbouncer])
  test(
    `PgBouncer in ${mode} mode is refused at the start, in a sentence that says what is missing`,
    options,
    async (t) => {
      assert.ok(binaries && pgbouncer)
      const postgres = await startPostgres(binaries)
      t.after(postgres.remove)
      const folder = temporaryFolder(t)
      chmodSync(folder, 0o755)
      const port = await freePort()
      const configure = (ignored: string) => {
        const file = join(folder, `pgbouncer-${ignored.length}.ini`)
        writeFileSync(
          file,
          `[databases]
postgres = host=${postgres.folder} port=5432 user=docket
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = ${mode}
ignore_startup_parameters = ${ignored}
`,
        )
        chmodSync(file, 0o644)
        return file
      }
      const ignored =
        'options,statement_timeout,lock_timeout,idle_in_transaction_session_timeout,extra_float_digits'
      const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
      await postgresOpen(postgres.folder)
      await launch(t, pgbouncer, [...user, configure(ignored)], port)

      const env = envOf(`postgres://docket@127.0.0.1:${port}/postgres`)
      const started = await runCommand(folder, ['serve'], { env: { ...env, PORT: '0' } })

      assert.equal(started.code, 1)
      assert.match(
        started.stderr,
        /^The database cannot be used: the setting \w+ of a session is .*PgBouncer as docs\/scaling\.md says\.\n$/,
      )

      // Where the settings are those of the role, LISTEN still needs a session of its own.
      const admin = new Client({ connectionString: postgres.url() })
      await admin.connect()
      for (const [name, value] of Object.entries({
        statement_timeout: '3s',
        lock_timeout: '2s',
        idle_in_transaction_session_timeout: '5s',
        enable_seqscan: 'off',
        jit: 'off',
      }))
        await admin.query(`alter role docket set ${name} = '${value}'`)
      await admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
      )
      await admin.end()
      if (mode === 'session') {
        const server = await docket(t, { env })
        await server.alice.createTask({ title: 'Through a pooler' })
        return
      }
      const again = await runCommand(folder, ['serve'], { env: { ...env, PORT: '0' } })
      assert.equal(again.code, 1)
      assert.match(again.stderr, /a LISTEN does not last longer than its transaction/)
    },
  )
}

/** Lets the pooler's own user reach the socket of the tests' server. */
async function postgresOpen(folder: string): Promise<void> {
  chmodSync(folder, 0o711)
}
