import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertProblem, docket, password, type Answer } from '../../harness.ts'
import { tryLogin } from './accounts.ts'

test('of sixty-four logins at once, those beyond the queue get 503, and the p99 of other users’ reads stays below 100 ms', async (t) => {
  const server = await docket(t, { hasRealHashes: true })
  const bob = await server.register('bob')
  const task = await bob.createTask({ title: 'Be served' })
  const isRight = (i: number) => i % 2 === 0

  let left = 64
  const logins = Array.from({ length: left }, async (_, i) => {
    const email = isRight(i) ? server.alice.email : `stranger${i}@example.com`
    const answer = await tryLogin(server, email, password)
    left -= 1
    return answer
  })
  const reads: Answer[] = []
  const times: number[] = []
  const readOn = async (): Promise<void> => {
    const startedAt = performance.now()
    reads.push(await bob.get(`/tasks/${task.id}`))
    times.push(performance.now() - startedAt)
    if (left > 0) await readOn()
  }
  await readOn()
  const answers = await Promise.all(logins)

  assert.ok(reads.length > 10, `only ${reads.length} reads meanwhile`)
  assert.deepEqual(new Set(reads.map(({ status }) => status)), new Set([200]))
  const p99 = times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Number.NaN
  assert.ok(p99 < 100, `p99 of ${times.length} reads: ${p99} ms`)
  const refused = answers.filter(({ status }) => status === 503)
  assert.ok(refused.length > 0) // half of the cores hash, and 32 logins wait
  for (const answer of refused) {
    assertProblem(answer, 503, 'overloaded')
    assert.match(answer.headers.get('retry-after') ?? '', /^[1-9]\d*$/)
  }
  for (const [i, { status, text }] of answers.entries()) {
    if (status !== 503) assert.equal(status, isRight(i) ? 200 : 401, text)
  }
  assert.ok(answers.some(({ status }) => status === 200) && answers.some(({ status }) => status === 401))

  const later = await tryLogin(server, server.alice.email)
  assert.equal(later.status, 200) // the gate has room again, and refused logins did not count as failures
})
