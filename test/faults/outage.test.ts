import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { assertUnbroken, startNode } from '../nodes/pair.ts'
import { docket, password, send, type User } from '../harness.ts'
import { startServer, temporaryFolder } from '../process.ts'
import { findPostgres, startPostgres } from '../postgres-server.ts'
import { assertUnavailable, envOf, faultTest, recovered, timed } from './owned.ts'

const atOnceMs = 500

faultTest('the database goes away and comes back', async (t, postgres) => {
  const server = await docket(t, { env: envOf(postgres.url()) })
  const { alice } = server
  const task = await alice.createTask({ title: 'Renew the passport' })

  const assertRefusesAtOnce = async () => {
    const asked = [
      alice.get('/tasks'),
      alice.post('/tasks', { title: 'Lost' }),
      alice.delete(`/tasks/${task.id}`),
      server.request('GET', '/readyz'),
    ]
    for (const { answer, ms } of await Promise.all(asked.map(timed))) {
      assertUnavailable(answer)
      assert.ok(ms < atOnceMs, `${ms} ms`)
    }
    assert.equal((await server.request('GET', '/livez')).status, 200)
  }

  const assertServesAgain = async (title: string) => {
    await recovered(server)
    await alice.createTask({ title })
    assert.equal((await alice.read(task)).title, 'Renew the passport')
  }

  await t.test('a stopped database gives 503 at once, and the server recovers with it', async () => {
    await postgres.stop()
    await assertRefusesAtOnce()

    await postgres.start()
    await assertServesAgain('After the stop')
  })

  await t.test('a database that turns read-only serves reads, says so, and takes writes again', async () => {
    const admin = new Client({ connectionString: postgres.url() })
    await admin.connect()
    const turn = async (to: 'on' | 'off') => {
      await admin.query(`alter system set default_transaction_read_only = ${to}`)
      await admin.query('select pg_reload_conf()')
    }
    await turn('on')
    const turned = async () => (await server.request('GET', '/readyz')).status === 503
    while (!(await turned()));

    const refused = await alice.post('/tasks', { title: 'Lost' })
    assertUnavailable(refused)
    assert.match(refused.body.detail, /read-only/)
    assert.equal((await alice.read(task)).title, 'Renew the passport')
    const writes = Array.from({ length: 200 }, () => alice.post('/tasks', { title: 'Lost' }))
    for (const answer of await Promise.all(writes)) assertUnavailable(answer)
    const told = server.logs.filter(({ msg }) => /looked for again/.test(String(msg)))
    assert.ok(
      told.length < 20,
      `it drops its connections once a second, not at each of ${told.length} writes`,
    )
    await assert.rejects(
      docket(t, { env: envOf(postgres.url()), longestWaitMs: 0 }),
      /takes no writes .*primary/,
    )

    await turn('off')
    await admin.end()
    await assertServesAgain('After it was read-only')
    assert.ok(
      server.logs.every((line) => JSON.stringify(line).length < 4000),
      'no line holds a whole client',
    )
  })

  await t.test('the server survives a restart of the database between two requests', async () => {
    await postgres.stop()
    await postgres.start()
    await assertServesAgain('After the restart')
  })

  await t.test(
    'a frozen database gives 503 within seconds, then at once, and the server recovers with it',
    async (part) => {
      postgres.signalAll('SIGSTOP')
      part.after(() => postgres.signalAll('SIGCONT'))
      const { answer, ms } = await timed(alice.get('/tasks'))
      assertUnavailable(answer)
      assert.ok(ms < 5000, `${ms} ms`)
      await assertRefusesAtOnce()

      postgres.signalAll('SIGCONT')
      await assertServesAgain('After the freeze')
    },
  )

  await t.test(
    'killing connections under load neither loses an acknowledged write nor creates one twice',
    async () => {
      const killer = new Client(postgres.url())
      await killer.connect()
      const acknowledged: string[] = []
      const refused: string[] = []
      const write = async (writer: number) => {
        for (let i = 0; i < 40; i++) {
          const title = `${writer}-${i}`
          const answer = await alice.post('/tasks', { title })
          if (answer.status !== 201) assertUnavailable(answer)
          if ((answer.status === 201 ? acknowledged : refused).push(title) % 20 === 0) {
            await killer.query(killOthers)
          }
        }
      }
      await Promise.all(Array.from({ length: 8 }, (_, writer) => write(writer)))
      await killer.end()

      assert.ok(refused.length > 0 && acknowledged.length > 100, `${acknowledged.length} of 320 created`)
      await recovered(server)
      const titles = await titlesOf(alice)
      assert.equal(new Set(titles).size, titles.length)
      assert.deepEqual(new Set(acknowledged).difference(new Set(titles)), new Set())
      await assertUnbroken(server, alice)
    },
  )
})

faultTest('a node stops in time even if its database is frozen', async (t, postgres) => {
  const node = await startNode(t, envOf(postgres.url()))
  const body = { email: 'alice@example.com', password }
  assert.equal((await node.request('POST', '/auth/register', { body })).status, 201)

  postgres.signalAll('SIGSTOP')
  const code = await node.stop().finally(() => postgres.signalAll('SIGCONT'))

  assert.equal(code, 0)
})

faultTest('a database that may lose committed writes is logged as a warning', async (t) => {
  const reckless = await startPostgres(findPostgres() ?? assert.fail(), {
    fsync: 'off',
    synchronous_commit: 'off',
  })
  t.after(reckless.remove)
  const { logs } = await docket(t, { env: envOf(reckless.url()), withAlice: false })

  for (const name of ['fsync', 'synchronous_commit']) {
    assert.ok(
      logs.some(({ level, msg }) => level === 40 && String(msg).startsWith(`${name} is off`)),
      name,
    )
  }
})

const killOthers = `
  select pg_terminate_backend(pid) from pg_stat_activity
  where backend_type = 'client backend' and pid <> pg_backend_pid()`

async function titlesOf(user: User): Promise<string[]> {
  const titles: string[] = []
  let path = '/tasks?limit=100'
  while (path) {
    const { body } = await user.get(path)
    titles.push(...body.items.map(({ title }: { title: string }) => title))
    path = body.nextCursor && `/tasks?limit=100&cursor=${body.nextCursor}`
  }
  return titles
}

faultTest('a start waits for a database that is not there yet, and says so', async (t, postgres) => {
  await postgres.stop()
  const starting = startServer(t, temporaryFolder(t), { env: envOf(postgres.url()) })
  await delay(1500)
  await postgres.start()
  const server = await starting
  assert.equal((await send(server.origin, 'GET', '/readyz')).status, 200)
  assert.ok(server.logs.some(({ msg }) => /^waiting for the database, up to 60 seconds$/.test(String(msg))))
})
