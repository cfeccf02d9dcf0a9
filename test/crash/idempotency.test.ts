import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startServer, temporaryFolder } from '../process.ts'
import { createClient, registerPeople, type Person } from './client.ts'

test('one Idempotency-Key sent a hundred times at once, and again after a crash, creates one task and gives one response', async (t) => {
  const folder = temporaryFolder(t)
  const server = await startServer(t, folder)
  const [person] = await registerPeople(server.origin, 1)
  assert.ok(person)

  const first = await createHundredfold(server.origin, person)
  server.kill('SIGKILL')
  await server.exited
  const restarted = await startServer(t, folder)
  const second = await createHundredfold(restarted.origin, person)

  assert.equal(first.filter(({ isReplay }) => !isReplay).length, 1)
  assert.ok(second.every(({ isReplay }) => isReplay))
  assert.deepEqual(new Set([...first, ...second].map(({ answer }) => answer)).size, 1)
  const list = await createClient(restarted.origin, person.accessToken).send('GET', '/tasks')
  assert.equal(list.body.items.length, 1)
})

/** Sends the same POST over a hundred connections at once, and returns what a client can compare of each response. */
function createHundredfold(origin: string, { accessToken }: Person) {
  return Promise.all(
    Array.from({ length: 100 }, async () => {
      const client = createClient(origin, accessToken)
      const key = { 'idempotency-key': 'one-and-the-same' }
      const { status, headers, body } = await client.send('POST', '/tasks', { title: 'Pay the rent' }, key)
      client.close()
      const answer = JSON.stringify([status, headers['location'], headers['etag'], body])
      return { answer, isReplay: headers['idempotent-replayed'] === 'true' }
    }),
  )
}
