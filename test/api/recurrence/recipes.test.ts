import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { docket, password, userOf } from '../../harness.ts'

const text = readFileSync(new URL('../../../docs/recurrence.md', import.meta.url), 'utf8')
const recipe =
  /^\| (?<what>[^|]+) \| `(?<rule>[^`]+)` \| (?<from>due|completion) \| (?<due>[\d-]+) \| (?<on>[\d-]+) \| (?<next>[\d-]+) \|$/gm

test('the recipes of the documentation', async (t) => {
  const recipes = [...text.matchAll(recipe)].map(({ groups }) => groups ?? {})
  assert.ok(recipes.length >= 10)
  const server = await docket(t, { isStill: true })
  for (const [i, { what = '', rule, from, due, on, next }] of recipes.entries()) {
    await t.test(what, async () => {
      const { email, createTask } = await server.register(`user-${i}`)
      const task = await createTask({ title: what, dueDate: due, recurrence: { rule, from } })
      server.advance(Date.parse(`${on}T12:00:00Z`) - server.now())
      const login = await server.request('POST', '/auth/login', { body: { email, password } })
      const { patch } = userOf(login.body, server.request)
      const answer = await patch(`/tasks/${task.id}`, { status: 'complete' })
      assert.equal(answer.body.dueDate, next, answer.text)
    })
  }
})
