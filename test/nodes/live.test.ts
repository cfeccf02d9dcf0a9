import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../../src/database/database.ts'
import { postgresOnly } from '../databases.ts'
import { openEvents } from '../event-stream.ts'
import { assertProblem, docket } from '../harness.ts'
import { userAt } from './pair.ts'

const range = (length: number) => Array.from({ length }, (_, i) => i)

/** Far less than the minute after which a stream would query the database anyway. */
const promptMs = 10_000

test('a change at one node reaches clients of the other node', postgresOnly, async (t) => {
  const application = `docket-live-${process.pid}`
  const here = await docket(t)
  await here.restart({ DATABASE_URL: `${here.variables['DATABASE_URL']}&application_name=${application}` })
  const there = await docket(t, { withAlice: false, beside: here })
  const { alice } = here
  const aliceThere = userAt(there, alice)

  await t.test('a stream gets it', async () => {
    const stream = await openEvents(there.url, alice)
    await stream.next()
    const before = performance.now()
    const task = await alice.createTask({ title: 'Buy milk' })
    assert.deepEqual((await stream.next())?.data.task, task)
    assert.ok(performance.now() - before < promptMs)
    stream.close()
  })

  await t.test('a waiting request gets it', async () => {
    const since = (await alice.get('/tasks')).headers.get('docket-revision')
    const before = performance.now()
    const waiting = aliceThere.get(`/changes?since=${since}`, { prefer: 'wait=30' })
    await new Promise((resolve) => setTimeout(resolve, 50))
    const task = await alice.createTask({ title: 'Buy bread' })
    assert.deepEqual((await waiting).body.items[0].task, task)
    assert.ok(performance.now() - before < promptMs)
  })

  await t.test('streams of both nodes get it in the same order while both nodes write', async () => {
    const streams = await Promise.all([here, there].map(({ url }) => openEvents(url, alice)))
    for (const stream of streams) await stream.next()
    const from = Number((await alice.get('/tasks')).headers.get('docket-revision'))
    const tasks = await Promise.all(
      range(30).map((i) => (i % 2 ? alice : aliceThere).createTask({ title: `${i}` })),
    )
    for (const stream of streams) {
      for (const i of range(tasks.length)) assert.equal((await stream.next())?.id, `${from + 1 + i}`)
      stream.close()
    }
  })

  await t.test('a ticket from one node opens one stream at either node', async () => {
    const { ticket } = (await alice.post('/events/tickets')).body
    const streams = await Promise.all(
      [here, there].map(({ url }) =>
        fetch(`${url}/events?ticket=${ticket}`).then(async (answer) => {
          await answer.body?.cancel()
          return answer.status
        }),
      ),
    )
    assert.deepEqual(
      streams.toSorted((a, b) => a - b),
      [200, 401],
    )
  })

  await t.test('a stream misses nothing when the listening connection is killed', async () => {
    const stream = await openEvents(there.url, alice)
    await stream.next()
    const killed = await here.database.query<{ killed: boolean }>(sql`
      select pg_terminate_backend(pid) as killed from pg_stat_activity
      where application_name = ${application} and query like 'listen %'`)
    assert.equal(killed.length, 2, 'each node listens')
    const tasks = []
    for (const i of range(20)) tasks.push(await alice.createTask({ title: `While disconnected ${i}` }))
    for (const task of tasks) assert.deepEqual((await stream.next())?.data.task, task)

    const again = await alice.createTask({ title: 'After reconnecting' })
    const before = performance.now()
    assert.deepEqual((await stream.next())?.data.task, again)
    assert.ok(performance.now() - before < promptMs)
    stream.close()
  })

  await t.test('a logout at one node ends streams and waiting requests at the other', async () => {
    const bob = await here.register('bob')
    const stream = await openEvents(there.url, bob)
    await stream.next()
    const waiting = userAt(there, bob).get('/changes', { prefer: 'wait=30' })
    await new Promise((resolve) => setTimeout(resolve, 50))
    const before = performance.now()
    await bob.post('/auth/logout')
    await stream.ended()
    assertProblem(await waiting, 401, 'invalid-token')
    assert.ok(performance.now() - before < promptMs)
  })
})
