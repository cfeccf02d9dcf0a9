import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql, type Sql } from '../../src/database/database.ts'
import type { HistoryItem } from '../../src/journal/schema.ts'
import type { ChangeItem } from '../feed.ts'
import { postgresUrl } from '../databases.ts'
import { docket, type Docket } from '../harness.ts'

/** The schema as it was before changes named the one before them, with what it holds. */
const backToThree: Sql[] = [
  sql`drop index owners_closed`,
  sql`alter table owners drop column closed_at`,
  sql`alter table changes drop column replaced`,
  sql`alter table changes rename column origin to means`,
  sql`alter table changes drop column previous`,
  sql`create index changes_by_thing on changes (owner_id, thing_id, revision)`,
  sql`create index tasks_by_revision on tasks (owner_id, revision)`,
  postgresUrl === undefined
    ? sql`pragma user_version = 3`
    : sql`delete from schema_versions where version > 3`,
]

test('what a database of schema 3 holds of changes is told by a newer server', async (t) => {
  const server = await docket(t)
  const { alice } = server
  const bob = await server.register('bob')
  await bob.createTask({ title: 'Buy milk' })
  const { id } = await alice.createTask({ title: 'Buy milk' })
  const bread = await alice.createTask({ title: 'Buy bread' })
  await alice.patch(`/tasks/${id}`, { title: 'Buy oat milk' })
  await alice.patch('/me', { name: 'Alice' })
  await alice.delete(`/tasks/${id}`)
  await alice.post(`/tasks/${id}/restore`)
  const before = [await tell(server, id), (await alice.get('/changes')).body]
  assert.deepEqual(before[0], [6, 5, 3, 1])

  await toSchemaThree(server)
  await server.restart()

  assert.deepEqual([await tell(server, id), (await alice.get('/changes')).body], before)
  await alice.patch(`/tasks/${id}`, { title: 'Buy soy milk' })
  assert.deepEqual(await tell(server, id), [7, 6, 5, 3, 1])

  // Bob's change was swept, and of Alice's all but the last two.
  await toSchemaThree(server, sql`delete from changes where owner_id = ${bob.id} or revision < 6`)
  await server.restart()

  assert.deepEqual(await tell(server, id), [7, 6])
  assert.equal((await alice.get('/changes?since=4')).status, 410)
  const { body } = await alice.get('/changes?since=5')
  assert.deepEqual(
    body.items.map((item: ChangeItem) => item.id),
    [id],
  )
  assert.equal((await alice.get(`/tasks/${bread.id}`)).status, 200)
  assert.equal((await bob.get('/changes')).status, 410)
  assert.equal((await bob.get('/changes?since=1')).status, 200)
})

async function toSchemaThree({ database }: Docket, ...more: Sql[]): Promise<void> {
  await database.transaction(async (tx) => {
    for (const statement of [...more, ...backToThree]) await tx.query(statement)
  })
}

async function tell({ alice }: Docket, id: string): Promise<number[]> {
  const { body } = await alice.get(`/tasks/${id}/history`)
  return body.items.map(({ revision }: HistoryItem) => revision)
}
