import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sql } from '../../src/database/database.ts'
import type { Changes } from '../feed.ts'
import { docket, type User } from '../harness.ts'
import { anyWriteOfAll, nothingKnown, performAny, projectsOf } from '../tree-writes.ts'
import { tasksOf } from '../write-model.ts'

const someLimits = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 })
const scene = fc.record({
  writers: fc.array(fc.array(anyWriteOfAll, { minLength: 20, maxLength: 40 }), {
    minLength: 1,
    maxLength: 3,
  }),
  limits: someLimits,
  quietLimits: someLimits,
})

test('a copy made from the feed equals the server’s state under concurrent writes, and each change names the one before', async (t) => {
  const server = await docket(t, { withAlice: false })
  let runs = 0
  let gone = 0

  await fc.assert(
    fc.asyncProperty(scene, async ({ writers, limits: live, quietLimits }) => {
      const user = await server.register(`user-${(runs += 1)}`)
      const known = nothingKnown()
      const copy = { task: new Map<string, unknown>(), project: new Map<string, unknown>() }
      let finished = 0
      const writing = Promise.all(
        writers.map(async (writes) => {
          for (const write of writes) await performAny(user, known, write)
          finished += 1
        }),
      )

      let page: Changes = { items: [], revision: 0, more: true }
      for (let i = 0; page.more || writers.length > finished; i++)
        page = await apply(user, copy, page.revision, live[i % live.length] ?? 1)
      await writing
      await apply(user, copy, page.revision, 500)

      const [tasks, projects] = [await tasksOf(user), await projectsOf(user)]
      assert.deepEqual(copy, { task: tasks, project: projects })
      for (const id of new Set(known.ids)) {
        const { status, body } = await user.get(`/tasks/${id}`)
        assert.deepEqual(copy.task.get(id), status === 404 ? undefined : body)
      }

      const seen = await walkQuiet(user, quietLimits)
      const ever = new Set([...known.ids, ...known.projects])
      assert.deepEqual(new Set(seen.keys()), ever, 'every task and project that ever existed')
      for (const [id, thing] of seen) assert.deepEqual(thing, tasks.get(id) ?? projects.get(id) ?? null)
      gone += seen.size - tasks.size - projects.size
    }),
    { numRuns: 8, endOnFailure: true },
  )
  assert.ok(gone > 15, `only ${gone} tombstones, too few to show anything`)
  const astray = await server.database.query(sql`
    select revision, kind, action, previous from changes where previous is distinct from (
      select max(earlier.revision) from changes earlier where earlier.owner_id = changes.owner_id
        and earlier.thing_id = changes.thing_id and earlier.revision < changes.revision)`)
  assert.deepEqual(astray, [], 'each change names the previous one of the same thing')
})

/** The things of each kind, by id. */
type Copy = Record<'task' | 'project', Map<string, unknown>>

/** Reads a page after `since` and applies it to the copy. */
async function apply(user: User, copy: Copy, since: number, limit: number): Promise<Changes> {
  const page = await pageOf(user, since, limit)
  for (const { kind, id, task, project } of page.items) {
    assert.ok(task === null || project === null, 'only of its own kind')
    if (kind === 'profile') continue
    const [things, thing] = kind === 'task' ? [copy.task, task] : [copy.project, project]
    if (thing) things.set(id, thing)
    else things.delete(id)
  }
  return page
}

/** Reads the whole feed while nobody writes. Returns each thing as in the feed, where each occurs once. */
async function walkQuiet(user: User, limits: number[]): Promise<Map<string, unknown>> {
  const seen = new Map<string, unknown>()
  let profiles = 0
  let page: Changes = { items: [], revision: 0, more: true }
  for (let i = 0; page.more; i++) {
    page = await pageOf(user, page.revision, limits[i % limits.length] ?? 1)
    for (const { kind, id, task, project, action } of page.items) {
      assert.ok(!seen.has(id), 'each thing once')
      const thing = task ?? project
      assert.equal(thing === null, kind === 'profile' || action === 'delete')
      if (kind !== 'profile') seen.set(id, thing)
      else assert.equal((profiles += 1), 1)
    }
  }
  assert.deepEqual(await pageOf(user, page.revision, 1), { items: [], revision: page.revision, more: false })
  return seen
}

async function pageOf(user: User, since: number, limit: number): Promise<Changes> {
  const { status, body, text } = await user.get(`/changes?since=${since}&limit=${limit}`)
  assert.equal(status, 200, text)
  const page: Changes = body
  assert.ok(page.items.length <= limit)
  let last = since
  for (const { revision, task, project } of page.items) {
    assert.ok(revision > last, 'in the order of the last change')
    const thing = task ?? project
    if (thing) assert.equal(thing.revision, revision)
    last = revision
  }
  if (page.more) assert.equal(page.revision, last)
  else assert.ok(page.revision >= last)
  return page
}
