import assert from 'node:assert/strict'
import { test } from 'node:test'
import { postgresOnly } from '../databases.ts'
import { etagOf, type User } from '../harness.ts'
import { assertUnbroken, pair, startNode, userAt } from './pair.ts'

const range = (length: number) => Array.from({ length }, (_, i) => i)

test('writes at two nodes', postgresOnly, async (t) => {
  const [here, there] = await pair(t)
  const alice = [here.alice, userAt(there, here.alice)] as const
  const aliceAt = (i: number): User => alice[i % 2 ? 1 : 0]

  await t.test('exactly one of fifty writers with the same ETag succeeds', async () => {
    const task = await aliceAt(0).createTask({ title: 'Renew the passport' })

    const answers = await Promise.all(
      range(50).map((i) =>
        aliceAt(i).patch(`/tasks/${task.id}`, { title: `Writer ${i}` }, { 'if-match': etagOf(task) }),
      ),
    )

    const winners = answers.filter(({ status }) => status === 200)
    assert.equal(winners.length, 1)
    assert.equal(answers.filter(({ status }) => status === 412).length, 49)
    assert.equal((await aliceAt(1).read(task)).title, winners[0]?.body.title)
  })

  await t.test('unconditional writes get distinct revisions without a gap', async () => {
    const task = await aliceAt(0).createTask({ title: 'Water the plants' })

    const answers = await Promise.all(
      range(50).map((i) => aliceAt(i).patch(`/tasks/${task.id}`, { description: `Writer ${i}` })),
    )

    const revisions = answers.map(({ body }) => Number(body.revision)).toSorted((a, b) => a - b)
    assert.deepEqual(
      revisions,
      range(50).map((i) => task.revision + 1 + i),
    )
  })

  await t.test('one Idempotency-Key creates one task', async () => {
    const key = { 'idempotency-key': 'c4f3' }
    const answers = await Promise.all(
      range(20).map((i) => aliceAt(i).post('/tasks', { title: 'Just one' }, key)),
    )

    const made = answers.filter(({ status }) => status === 201)
    assert.ok(made.length > 0)
    assert.ok(answers.every(({ status }) => status === 201 || status === 409))
    assert.equal(new Set(made.map(({ body }) => body.id)).size, 1)
    const { items } = (await aliceAt(1).get('/tasks?limit=100')).body
    assert.equal(items.filter(({ title }: { title: string }) => title === 'Just one').length, 1)
  })

  await t.test('a cursor from one node continues the list at the other', async () => {
    for (const i of range(6)) await aliceAt(i).createTask({ title: `Page ${i}` })
    const seen: string[] = []
    let path = '/tasks?limit=2&sort=title'
    for (let i = 0; path; i++) {
      const { body } = await aliceAt(i).get(path)
      seen.push(...body.items.map(({ id }: { id: string }) => id))
      path = body.nextCursor && `/tasks?limit=2&sort=title&cursor=${body.nextCursor}`
    }

    const { body } = await aliceAt(0).get('/tasks?sort=title&limit=100')
    assert.deepEqual(
      seen,
      body.items.map(({ id }: { id: string }) => id),
    )
  })

  await t.test('when a node is killed, the other continues and no acknowledged write is lost', async () => {
    const victim = await startNode(t, here.variables)
    const acknowledged: string[] = []
    let killed: Promise<void> | undefined

    const write = async (user: User) => {
      while (acknowledged.length < 200) {
        const answer = await user.post('/tasks', { title: 'Kept' })
        assert.equal(answer.status, 201, answer.text)
        acknowledged.push(answer.body.id)
        if (acknowledged.length >= 100) killed ??= victim.kill()
      }
    }
    const onVictim = range(4).map(() =>
      assert.rejects(write(userAt(victim, here.alice)), { code: 'ECONNRESET' }),
    )
    const onSurvivor = range(4).map(() => write(here.alice))
    await Promise.all([...onVictim, ...onSurvivor])
    await killed

    for (const id of acknowledged) await here.alice.read({ id })
    await assertUnbroken(here, here.alice)
  })
})
