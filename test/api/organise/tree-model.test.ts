import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { docket, type Answer, type User } from '../../harness.ts'
import { walk } from '../../list-model.ts'
import { apply, faultsOf, nodeOf, type Forest, type Step } from '../../tree-model.ts'

/** Choose among what fits, or seldom among all that ever was; null is none. */
const which = fc.oneof(fc.nat(3), fc.nat(12))
const wherever = fc.oneof({ weight: 3, arbitrary: which }, { weight: 1, arbitrary: fc.constant(null) })
const isAny = fc.integer({ min: 0, max: 9 }).map((one) => one === 0)
const said = { requiredKeys: ['what', 'which', 'isAny'] } as const

const anyMove = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ what: fc.constant('create' as const), parent: wherever, isAny }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('create' as const), project: wherever, isAny }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('createProject' as const), isAny }) },
  {
    weight: 5,
    arbitrary: fc.record(
      {
        what: fc.constantFrom('change' as const, 'move' as const),
        which,
        isAny,
        parent: wherever,
        project: wherever,
      },
      { requiredKeys: [...said.requiredKeys] },
    ),
  },
  {
    weight: 7,
    arbitrary: fc.record({
      what: fc.constantFrom(
        'delete' as const,
        'delete' as const,
        'restore' as const,
        'restore' as const,
        'erase' as const,
      ),
      which,
      isAny,
      isProject: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('deleteAndKeep' as const),
      which,
      isProject: fc.constant(true),
      isAny,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('undo' as const),
      which: fc.oneof(fc.nat(2), fc.nat(40)),
      force: fc.boolean(),
      stays: fc.boolean(),
    }),
  },
)
type Move = typeof anyMove extends fc.Arbitrary<infer T> ? T : never

test('trees of tasks and projects are what a model of them is', async (t) => {
  const server = await docket(t, { withAlice: false })
  let users = 0
  await fc.assert(
    fc.asyncProperty(fc.array(anyMove, { minLength: 1, maxLength: 45, size: 'max' }), async (moves) => {
      const gardener = new Gardener(await server.register(`user-${(users += 1)}`))
      for (const move of moves) await gardener.make(move)
    }),
    { numRuns: 8, endOnFailure: true, seed: 20_261_126 },
  )
})

test('a task that comes back before the thing that it went with brings what is below it', async (t) => {
  const { alice } = await docket(t)
  const project = (await alice.post('/projects', { name: 'Moving house' })).body
  const pack = await alice.createTask({ title: 'Pack', projectId: project.id })
  const books = await alice.createTask({ title: 'Books', parentId: pack.id })
  const maps = await alice.createTask({ title: 'Maps', parentId: books.id })
  await alice.delete(`/projects/${project.id}`)

  await alice.post(`/tasks/${pack.id}/restore`)
  await alice.delete(`/tasks/${pack.id}`)
  await alice.post(`/tasks/${books.id}/restore`)
  await alice.post(`/projects/${project.id}/restore`)

  const places = (await walk(alice, { sort: 'title' })).map((one) => [one.id, one.parentId, one.projectId])
  assert.deepEqual(places, [
    [books.id, null, null],
    [maps.id, books.id, null],
  ])
})

test('a forced undo of a move leaves a tree of six levels at most', async (t) => {
  const { alice } = await docket(t)
  const line = [await alice.createTask({ title: 'x' })]
  while (line.length < 6) line.push(await alice.createTask({ title: 'x', parentId: line.at(-1)?.id }))
  const lowest = `/tasks/${line.at(-1)?.id}`
  const { revision } = (await alice.patch(lowest, { parentId: null })).body
  await alice.createTask({ title: 'x', parentId: line.at(-1)?.id })

  const undone = await alice.post(`/changes/${revision}/undo?force=true`)

  assert.deepEqual([undone.status, undone.body.parentId], [200, null])
})

/** Makes moves on both sides and compares them. */
class Gardener {
  readonly user: User
  /** Ids that ever were, the newest last. */
  tasks: string[] = []
  projects: string[] = []
  erased = new Set<string>()
  /** What a thing in the trash went there with; what undo put there is not known. */
  wentWith = new Map<string, string>()
  isKnown = true
  revision = 0
  log: string[] = []

  constructor(user: User) {
    this.user = user
  }

  async make(move: Move): Promise<void> {
    if (move.what === 'undo') return this.undo(move)
    const before = await this.read()
    const step = this.stepOf(move, before)
    this.log.push(JSON.stringify(step))
    const answer = await this.send(step)
    const expected = apply(before, this.wentWith, step)
    const told = this.log.join('\n')
    assert.equal(answer.status < 300 ? 200 : answer.status, expected.status, `${answer.text}\n${told}`)
    const after = await this.read()
    if (expected.status !== 200) assert.deepEqual(after, before, told)
    else {
      if (step.what === 'create') this.tasks.push(step.id)
      if (step.what === 'createProject') this.projects.push(step.id)
      if (step.what === 'erase') for (const id of before.keys()) if (!after.has(id)) this.erased.add(id)
      // What came along with a restored thing is only known where no undo put things into the trash.
      if (step.what !== 'restore' || this.isKnown) assert.deepEqual(after, expected.forest, told)
      this.note(before, after, step)
    }
    this.assertSound(after)
  }

  /** Undoes, undoes that, and, where it shall stay, undoes that again: each gives back what was. */
  async undo({ which: back, force, stays }: Extract<Move, { what: 'undo' }>): Promise<void> {
    if (this.revision === 0) return
    const states = [await this.readAll()]
    let target = Math.max(1, this.revision - back)
    for (const isForced of [force, false, ...(stays ? [false] : [])]) {
      this.log.push(`undo ${target}${isForced ? ' by force' : ''}`)
      const answer = await this.user.post(`/changes/${target}/undo?force=${isForced}`)
      const told = `${answer.text}\n${this.log.join('\n')}`
      assert.ok(answer.status < 300 || (states.length === 1 && [404, 409].includes(answer.status)), told)
      this.assertSound(await this.read())
      const state = await this.readAll()
      if (answer.status >= 300) return assert.deepEqual(state, states.at(-1), told)
      const taken = answer.headers.get('docket-revision')
      if (taken === null) return assert.deepEqual(state, states.at(-1), told)
      if (states.length > 1) assert.deepEqual(state, states.at(-2), told)
      states.push(state)
      target = Number(taken)
      this.revision = target
      this.isKnown = false
    }
  }

  note(before: Forest, after: Forest, step: Step): void {
    for (const [id, { isLive }] of after) {
      if (isLive) this.wentWith.delete(id)
      else if (before.get(id)?.isLive && id !== step.id) this.wentWith.set(id, step.id)
    }
  }

  assertSound(forest: Forest): void {
    const told = this.log.join('\n')
    assert.deepEqual(faultsOf(forest), [], told)
    const all = [...this.tasks, ...this.projects].filter((id) => !this.erased.has(id))
    assert.deepEqual([...forest.keys()].toSorted(), all.toSorted(), `something was lost\n${told}`)
  }

  stepOf(move: Exclude<Move, { what: 'undo' }>, forest: Forest): Step {
    const isRestore = move.what === 'restore'
    const pick = (some: string[], index: number, wantsLive: boolean) => {
      const fitting = some.filter((id) => move.what === 'erase' || forest.get(id)?.isLive === wantsLive)
      const from = move.isAny || fitting.length === 0 ? some : fitting
      return from.at(-1 - (index % Math.max(from.length, 1))) ?? nowhere
    }
    const ids = (index: number | null | undefined, some: string[]) =>
      typeof index === 'number' ? pick(some, index, true) : index
    switch (move.what) {
      case 'createProject':
        return { what: move.what, id: crypto.randomUUID() }
      case 'create':
        return {
          what: move.what,
          id: crypto.randomUUID(),
          ...('parent' in move && { parentId: ids(move.parent, this.tasks) ?? null }),
          ...('project' in move && { projectId: ids(move.project, this.projects) ?? null }),
        }
      case 'change':
      case 'move':
        return {
          what: move.what,
          id: pick(this.tasks, move.which, true),
          ...(move.parent !== undefined && { parentId: ids(move.parent, this.tasks) ?? null }),
          ...(move.project !== undefined && { projectId: ids(move.project, this.projects) ?? null }),
        }
      default:
        return {
          what: move.what,
          id: pick(move.isProject ? this.projects : this.tasks, move.which, !isRestore),
        }
    }
  }

  async send(step: Step): Promise<Answer> {
    const { what, id } = step
    const path = `/${what === 'createProject' || what === 'deleteAndKeep' || this.projects.includes(id) ? 'projects' : 'tasks'}/${id}`
    const { what: _what, id: _id, ...place } = step
    const asNew = { 'if-none-match': '*' }
    const requests: Record<Step['what'], () => Promise<Answer>> = {
      create: () => this.user.put(path, { title: 'x', ...place }, asNew),
      createProject: () => this.user.put(path, { name: 'x' }, asNew),
      change: () => this.user.patch(path, { title: `x${this.log.length}`, ...place }),
      move: () => this.user.post(`${path}/move`, { before: null, ...place }),
      delete: () => this.user.delete(path),
      deleteAndKeep: () => this.user.delete(`${path}?tasks=keep`),
      restore: () => this.user.post(`${path}/restore`),
      erase: () => this.user.delete(`${path}?permanent=true`),
    }
    const answer = await requests[what]()
    const revision = answer.headers.get('docket-revision')
    if (revision) this.revision = Number(revision)
    return answer
  }

  /** What lists answer of every task and project, live and in the trash. */
  async readAll(): Promise<object> {
    const plain = (things: object[]) =>
      things
        .map((thing) => ({ ...thing, updatedAt: '', revision: 0 }))
        .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
    const projects = async (query: string) => plain((await this.user.get(`/projects${query}`)).body.items)
    return {
      tasks: plain(await walk(this.user, { limit: '100' })),
      trash: plain(await walk(this.user, { limit: '100', deleted: 'true' })),
      projects: await projects(''),
      trashedProjects: await projects('?deleted=true'),
    }
  }

  async read(): Promise<Forest> {
    const forest: Forest = new Map()
    for (const isLive of [true, false]) {
      const query = isLive ? '' : '?deleted=true'
      for (const { id } of (await this.user.get(`/projects${query}`)).body.items)
        forest.set(id, { kind: 'project', isLive, parentId: null, projectId: null })
      for (const task of await walk(this.user, { limit: '100', ...(!isLive && { deleted: 'true' }) }))
        forest.set(task.id, nodeOf(task, isLive))
    }
    return forest
  }
}

const nowhere = '00000000-0000-7000-8000-000000000000'
