import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { assertProblem, docket, etagOf, type User } from '../../harness.ts'
import {
  assertFaults,
  bodyOf,
  changesSince,
  createProject,
  createTasks,
  takenBy,
  titlesOf,
  usersOf,
} from './organise.ts'

/** What moves alike: the projects, the tasks of the inbox, those of a project, those below a task. */
interface Siblings {
  path: string
  make(title: string, more?: object): Promise<{ id: string; revision: number; position: string }>
  titles(): Promise<string[]>
}

const kinds: Record<string, (user: User) => Promise<Siblings>> = {
  projects: async (user) => ({
    path: '/projects',
    make: (name, more) => createProject(user, name, more),
    titles: async () => titlesOf(await user.get('/projects')),
  }),
  'tasks of the inbox': async (user) => ({
    path: '/tasks',
    make: (title, more) => user.createTask({ title, ...more }),
    titles: async () => titlesOf(await user.get('/tasks?project=none&parent=none&sort=position')),
  }),
  'tasks of a project': async (user) => {
    const { id: projectId } = await createProject(user)
    return {
      path: '/tasks',
      make: (title, more) => user.createTask({ title, projectId, ...more }),
      titles: async () => titlesOf(await user.get(`/tasks?project=${projectId}&sort=position`)),
    }
  },
  subtasks: async (user) => {
    const { id: parentId } = await user.createTask({ title: 'parent' })
    return {
      path: '/tasks',
      make: (title, more) => user.createTask({ title, parentId, ...more }),
      titles: async () => titlesOf(await user.get(`/tasks?parent=${parentId}&sort=position`)),
    }
  },
}

/** A move of one of a, b, c, d, and the order after it. */
const moves: [moved: string, place: { before?: string | null; after?: string | null }, order: string][] = [
  ['d', { before: 'b' }, 'adbc'],
  ['a', { before: 'd' }, 'bcad'],
  ['a', { after: 'b' }, 'bacd'],
  ['d', { after: 'a' }, 'adbc'],
  ['a', { before: null }, 'bcda'],
  ['d', { after: null }, 'dabc'],
  ['b', { before: 'a' }, 'bacd'],
  ['b', { after: 'd' }, 'acdb'],
  ['b', { before: 'c' }, 'abcd'],
  ['b', { after: 'a' }, 'abcd'],
  ['a', { after: null }, 'abcd'],
  ['d', { before: null }, 'abcd'],
]

for (const [what, siblingsOf] of Object.entries(kinds)) {
  test(`move: ${what}`, async (t) => {
    const server = await docket(t)
    const newUser = usersOf(server)

    for (const [moved, { before, after }, order] of moves) {
      await t.test(
        `${moved} ${before === undefined ? 'after' : 'before'} ${before ?? after ?? null}`,
        async () => {
          const user = await newUser()
          const { path, make, titles } = await siblingsOf(user)
          const ids: Record<string, string> = {}
          for (const title of 'abcd') ids[title] = (await make(title)).id
          const place =
            before === undefined ? { after: after && ids[after] } : { before: before && ids[before] }
          const answer = await user.post(`${path}/${ids[moved]}/move`, place)
          assert.equal(answer.headers.get('etag'), etagOf(bodyOf(answer)))
          assert.deepEqual((await user.get(`${path}/${ids[moved]}`)).body, answer.body)
          assert.equal((await titles()).join(''), order)
          // Where it stood there already, nothing is written.
          assert.equal(answer.headers.get('docket-revision') === null, order === 'abcd')
          if (order === 'abcd') return
          assert.equal((await changesSince(user, takenBy(answer) - 1)).length, 1, 'no other is touched')
          bodyOf(await user.post(`/changes/${takenBy(answer)}/undo`))
          assert.equal((await titles()).join(''), 'abcd')
        },
      )
    }

    await t.test('a bad place is refused', async () => {
      const user = await newUser()
      const { path, make, titles } = await siblingsOf(user)
      const [a, b, gone] = [await make('a'), await make('b'), await make('gone')]
      await user.delete(`${path}/${gone.id}`)
      const at = `${path}/${a.id}/move`
      for (const [place, ...pointers] of [
        [{}, ''],
        [{ before: b.id, after: null }, ''],
        [{ before: null, after: null }, ''],
        [{ before: a.id }, '/before'],
        [{ after: a.id }, '/after'],
        [{ before: gone.id }, '/before'],
        [{ after: gone.id }, '/after'],
        [{ before: randomUUID() }, '/before'],
        [{ before: 'first' }, '/before'],
        [{ after: '' }, '/after'],
        [{ after: 5 }, '/after'],
        [{ after: b.id.toUpperCase() }, '/after'],
        [{ before: null, position: 'a0' }, '/position'],
        [{ before: null, title: 'x' }, '/title'],
      ] as [object, ...string[]][])
        assertFaults(await user.post(at, place), ...pointers)
      for (const body of [[], 'x', null, 5])
        assert.equal((await user.post(at, body)).status, body === 'x' ? 415 : 422)
      assertProblem(await user.post(`${path}/${gone.id}/move`, { before: null }), 404, 'not-found')
      assertProblem(await user.post(`${path}/${randomUUID()}/move`, { before: null }), 404, 'not-found')
      assert.deepEqual(await titles(), ['a', 'b'])
    })

    await t.test('a key is for one move', async () => {
      const user = await newUser()
      const { path, make, titles } = await siblingsOf(user)
      const [a, b] = [await make('a'), await make('b')]
      const headers = { 'idempotency-key': 'one', 'if-match': etagOf(a) }
      const first = await user.post(`${path}/${a.id}/move`, { after: b.id }, headers)
      await user.post(`${path}/${a.id}/move`, { before: b.id })
      const second = await user.post(`${path}/${a.id}/move`, { after: b.id }, headers)
      assert.deepEqual([second.status, second.text], [200, first.text])
      assert.equal(second.headers.get('idempotent-replayed'), 'true')
      assert.deepEqual(await titles(), ['a', 'b'])
      assertProblem(
        await user.post(`${path}/${a.id}/move`, { after: b.id }, { 'if-match': '"1"' }),
        412,
        'precondition-failed',
      )
    })

    await t.test('finds a place among equal positions, and where no key is left', async () => {
      const long = `a0${'0'.repeat(97)}1`
      for (const positions of [
        ['a0', 'a0', 'a0', 'a0'],
        ['a0', long, `${long.slice(0, -1)}2`, 'a1'],
      ]) {
        const user = await newUser()
        const { path, make, titles } = await siblingsOf(user)
        const ids: string[] = []
        for (const [i, title] of ['a', 'b', 'c', 'd'].entries())
          ids.push((await make(title, { position: positions[i] })).id)
        assert.equal((await titles()).join(''), 'abcd')
        const [, b, c, d] = ids
        const before = takenBy(await user.get('/labels'))
        bodyOf(await user.post(`${path}/${d}/move`, { before: c }))
        assert.equal((await titles()).join(''), 'abdc')
        bodyOf(await user.post(`${path}/${d}/move`, { before: b }))
        assert.equal((await titles()).join(''), 'adbc')
        assert.ok((await changesSince(user, before)).every(({ action }) => action === 'update'))
        bodyOf(await user.post(`${path}/${d}/move`, { after: null }))
        bodyOf(await user.post(`/changes/${before + 1}/undo?force=true`))
      }
    })

    await t.test('a hundred moves into one gap keep the order', async () => {
      const user = await newUser()
      const { path, make, titles } = await siblingsOf(user)
      const [a, b, c] = [await make('a'), await make('b'), await make('c')]
      for (let i = 0; i < 100; i += 1) {
        const { id } = i % 2 === 0 ? b : c
        const moved = bodyOf(await user.post(`${path}/${id}/move`, { after: a.id }))
        assert.ok(moved.position.length <= 100)
      }
      assert.deepEqual(await titles(), ['a', 'c', 'b'])
    })
  })
}

test('a move takes projectId and parentId', async (t) => {
  const server = await docket(t)
  const { alice } = server
  const [p, q] = [await createProject(alice, 'P'), await createProject(alice, 'Q')]
  const [inP, inQ, other] = await createTasks(alice, [
    { title: 'in P', projectId: p.id },
    { title: 'in Q', projectId: q.id },
    { title: 'other', projectId: q.id },
  ])
  assert.ok(inP && inQ && other)
  const at = `/tasks/${inP.id}/move`
  assertFaults(await alice.post(at, { before: inQ.id }), '/before') // stands elsewhere
  const moved = bodyOf(await alice.post(at, { after: inQ.id, projectId: q.id }))
  assert.equal(moved.projectId, q.id)
  assert.deepEqual(titlesOf(await alice.get(`/tasks?project=${q.id}&sort=position`)), [
    'in Q',
    'in P',
    'other',
  ])
  const below = bodyOf(await alice.post(at, { before: null, parentId: other.id }))
  assert.deepEqual([below.parentId, below.projectId], [other.id, q.id])
  assertFaults(await alice.post(at, { before: null, projectId: p.id }), '/projectId')
  assertFaults(await alice.post(at, { after: other.id }), '/after') // its parent, no sibling
  const top = bodyOf(await alice.post(at, { before: null, parentId: null, projectId: null }))
  assert.deepEqual([top.parentId, top.projectId], [null, null])
  assert.equal((await alice.patch(at, { before: null })).status, 405)
  const stays = bodyOf(await alice.post(at, { before: null, projectId: null, parentId: null }))
  assert.deepEqual(stays, top)
})
