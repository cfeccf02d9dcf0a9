import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { generateKeyBetween } from 'fractional-indexing'
import { docket, type User } from '../../harness.ts'
import { walk } from '../../list-model.ts'

interface Standing {
  id: string
  position: string
}

/** Where a list of siblings is, how one is made, and what it is told apart by. */
const lists = [
  {
    name: 'the inbox',
    make: (user: User, position?: string) => user.post('/tasks', { title: 'x', position }),
    read: (user: User): Promise<Standing[]> => walk(user, { sort: 'position', parent: 'none' }),
    path: '/tasks',
  },
  {
    name: 'the projects',
    make: (user: User, position?: string) => user.post('/projects', { name: 'x', position }),
    read: async (user: User): Promise<Standing[]> => (await user.get('/projects')).body.items,
    path: '/projects',
  },
] as const

const few = 9
const anyMove = fc.record({
  which: fc.nat(few - 1),
  side: fc.constantFrom('before' as const, 'after' as const),
  target: fc.oneof(fc.nat(few - 1), fc.constant(null)),
})
type Move = typeof anyMove extends fc.Arbitrary<infer T> ? T : never

/** Some positions are the same, so that the ids decide and no key is between. */
const position = fc.constantFrom(undefined, undefined, 'a0', 'a0', 'a0V', `a0${'z'.repeat(97)}V`)
const scene = fc.record({
  positions: fc.array(position, { minLength: few, maxLength: few }),
  moves: fc.array(anyMove, { minLength: 20, maxLength: 50 }),
})

for (const list of lists) {
  test(`moves in ${list.name}, one after another, give the order of a plain array`, async (t) => {
    const server = await docket(t, { withAlice: false })
    let users = 0
    await fc.assert(
      fc.asyncProperty(scene, async ({ positions, moves }) => {
        const user = await server.register(`user-${(users += 1)}`)
        for (const one of positions) assert.equal((await list.make(user, one)).status, 201)
        const order = (await list.read(user)).map(({ id }) => id)
        const known = [...order]
        for (const move of moves) {
          const { id, target } = named(known, move)
          const answer = await user.post(`${list.path}/${id}/move`, { [move.side]: target })
          if (id === target) {
            assert.equal(answer.status, 422, 'nothing stands beside itself')
            continue
          }
          assert.equal(answer.status, 200, answer.text)
          moveIn(order, id, move.side, target)
          const standing = await list.read(user)
          assert.deepEqual(
            standing.map((one) => one.id),
            order,
          )
          assert.equal(answer.body.position, standing.find((one) => one.id === id)?.position)
          assertOrdered(standing)
        }
      }),
      { numRuns: 6 },
    )
  })

  test(`many moves in ${list.name} at once lose nothing and leave a total order`, async (t) => {
    const { alice } = await docket(t)
    const ids: string[] = []
    for (let i = 0; i < few; i++) ids.push((await list.make(alice)).body.id)
    for (const moves of fc.sample(fc.array(anyMove, { minLength: 40, maxLength: 40 }), 5)) {
      const order = (await list.read(alice)).map(({ id }) => id)
      const moved = moves.map(async (move): Promise<Done | undefined> => {
        const { id, target } = named(ids, move)
        const { status, headers } = await alice.post(`${list.path}/${id}/move`, { [move.side]: target })
        assert.equal(status, id === target ? 422 : 200)
        const revision = headers.get('docket-revision')
        return revision === null || status === 422
          ? undefined
          : { ...move, id, target, revision: Number(revision) }
      })
      const made = Array.from({ length: 3 }, async (): Promise<Done> => {
        const { body } = await list.make(alice)
        return { id: body.id, side: 'before', target: null, revision: body.revision }
      })
      const done = (await Promise.all([...moved, ...made])).filter((one) => one !== undefined)
      for (const { id } of await Promise.all(made)) ids.push(id)

      // A move that changes nothing takes no revision. In the order of the others, each was right when it was done.
      for (const { id, side, target } of done.toSorted((a, b) => a.revision - b.revision))
        moveIn(order, id, side, target)
      const standing = await list.read(alice)
      assertOrdered(standing)
      assert.deepEqual(
        standing.map(({ id }) => id),
        order,
      )
    }
  })
}

/** A move, or a creation, which comes after the last; with the revision that it took. */
interface Done {
  id: string
  side: Move['side']
  target: string | null
  revision: number
}

const named = (ids: string[], { which, target }: Move) => ({
  id: ids[which % ids.length] ?? '',
  target: target === null ? null : (ids[target % ids.length] ?? ''),
})

/** Before null is the very end, after null the very beginning. */
function moveIn(order: string[], id: string, side: Move['side'], target: string | null): void {
  if (order.includes(id)) order.splice(order.indexOf(id), 1)
  const outermost = side === 'before' ? order.length : 0
  order.splice(target === null ? outermost : order.indexOf(target) + Number(side === 'after'), 0, id)
}

/** Asserts that positions are keys of the library, at most 100 characters long, and that with the ids they rise. */
function assertOrdered(standing: Standing[]): void {
  for (const [i, { id, position: at }] of standing.entries()) {
    assert.ok(at.length <= 100 && /^[0-9A-Za-z]+$/.test(at), at)
    assert.doesNotThrow(() => generateKeyBetween(at, null), at)
    const before = standing[i - 1]
    if (before)
      assert.ok(
        before.position < at || (before.position === at && before.id < id),
        `${before.position} ${at}`,
      )
  }
}
