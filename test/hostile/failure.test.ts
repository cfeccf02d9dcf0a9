import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../../src/database/database.ts'
import { assertProblem, docket } from '../harness.ts'

test('an unexpected failure gives a 500 that reveals nothing, and its cause is logged', async (t) => {
  const server = await docket(t)
  const task = await server.alice.createTask({ title: 'Kept' })
  await server.database.transaction((tx) => tx.query(sql`alter table tasks rename to renamed`))

  for (const answer of [
    await server.alice.get('/tasks'),
    await server.alice.get(`/tasks/${task.id}`),
    await server.alice.post('/tasks', { title: 'Not kept' }),
    await server.alice.delete(`/tasks/${task.id}`),
  ]) {
    const problem = assertProblem(answer, 500, 'internal-error')
    assert.deepEqual(Object.keys(problem).toSorted(), ['detail', 'instance', 'status', 'title', 'type'])
    assert.doesNotMatch(answer.text, /tasks|table|sql|select|insert|\.ts|node_modules/i)
    const line = server.logs.find(
      ({ level, requestId }) => level === 50 && problem.instance.endsWith(String(requestId)),
    )
    assert.match(JSON.stringify(line?.['err']), /tasks/)
  }

  await server.database.transaction((tx) => tx.query(sql`alter table renamed rename to tasks`))
  assert.equal((await server.alice.read(task)).title, 'Kept')
})
