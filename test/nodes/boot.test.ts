import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDatabase, postgresOnly } from '../databases.ts'
import { password } from '../harness.ts'
import { startNode } from './pair.ts'

test(
  'nodes that start at the same time on an empty database create its schema once',
  postgresOnly,
  async (t) => {
    const database = await createDatabase()
    t.after(database.drop)

    const nodes = await Promise.all(Array.from({ length: 3 }, () => startNode(t, database.env)))

    for (const node of nodes) assert.equal((await node.request('GET', '/readyz')).status, 200)
    const body = { email: 'alice@example.com', password }
    const answers = await Promise.all(nodes.map((node) => node.request('POST', '/auth/register', { body })))
    assert.deepEqual(
      answers.map(({ status }) => status).toSorted((a, b) => a - b),
      [201, 409, 409],
    )
  },
)
