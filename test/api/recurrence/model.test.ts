import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Task } from '../../../src/tasks/schema.ts'
import { docket, type User } from '../../harness.ts'
import { bodyOf, revisionOf, takenBy, usersOf } from '../organise/organise.ts'

// Random writes of a series and the tasks around it. Whatever comes: no write fails in the server, a task that recurs has
// a due date of the kind of its start, and an undo of what came last gives everything back as it was.

const now = Date.parse('2026-08-03T12:00:00.000Z')
const dueDates = ['2026-08-01', '2026-08-20', '2026-08-02T09:00:00.000Z', null]
const recurrences = [
  { rule: 'FREQ=DAILY' },
  { rule: 'FREQ=WEEKLY;BYDAY=MO,TH', from: 'completion' },
  { rule: 'FREQ=DAILY;COUNT=2' },
  { rule: 'FREQ=DAILY;UNTIL=20260804' },
  null,
]

type Step =
  | { what: 'patch'; body: object }
  | { what: 'skip' | 'delete' | 'restore' | 'finishBelow' | 'reopenKept' | 'remake' }
  | { what: 'undo'; back: number; force: boolean }

const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .record(
          {
            status: fc.constantFrom('complete', 'complete', 'incomplete', 'in_progress', 'cancelled'),
            dueDate: fc.constantFrom(...dueDates),
            recurrence: fc.constantFrom(...recurrences),
            title: fc.constantFrom('a', 'b'),
          },
          { requiredKeys: [] },
        )
        .map((body): Step => ({ what: 'patch', body })),
    },
    fc.constantFrom<Step>(
      { what: 'skip' },
      { what: 'delete' },
      { what: 'restore' },
      { what: 'finishBelow' },
      { what: 'reopenKept' },
      { what: 'remake' },
    ),
    fc
      .record({ back: fc.integer({ min: 0, max: 6 }), force: fc.boolean() })
      .map((undo): Step => ({ what: 'undo', ...undo })),
  ),
  { minLength: 3, maxLength: 12 },
)

const stateOf = async (user: User) => {
  const [live, trashed] = [
    await user.get('/tasks?limit=100'),
    await user.get('/tasks?limit=100&deleted=true'),
  ]
  const plain = ({ revision: _, updatedAt: __, completedAt, ...rest }: Task) => ({
    ...rest,
    isCompleted: completedAt !== null,
  })
  const byId = (tasks: Task[]) => tasks.map(plain).toSorted((a, b) => (a.id < b.id ? -1 : 1))
  return { live: byId(bodyOf(live).items), trashed: byId(bodyOf(trashed).items) }
}

async function take(user: User, task: Task, below: Task, step: Step) {
  const path = `/tasks/${task.id}`
  switch (step.what) {
    case 'patch':
      return user.patch(path, step.body)
    case 'skip':
    case 'restore':
      return user.post(`${path}/${step.what}`)
    case 'delete':
      return user.delete(path)
    case 'finishBelow':
      return user.patch(`/tasks/${below.id}`, { status: 'complete' })
    case 'reopenKept': {
      const [kept] = bodyOf(await user.get(`/tasks?occurrenceOf=${task.id}`)).items
      return user.patch(`/tasks/${kept?.id ?? task.id}`, { status: 'incomplete' })
    }
    case 'remake':
      return user.put(path, { title: 'c' }, { 'if-none-match': '*' })
    case 'undo': {
      const revision = Math.max(1, (await revisionOf(user)) - step.back)
      return user.post(`/changes/${revision}/undo${step.force ? '?force=true' : ''}`)
    }
  }
}

function assertSound({ live, trashed }: Awaited<ReturnType<typeof stateOf>>): void {
  for (const { recurrence, dueDate, occurrenceOf } of [...live, ...trashed]) {
    if (!recurrence) continue
    assert.equal(occurrenceOf, null)
    assert.equal(dueDate?.includes('T'), recurrence.start.includes('T'), `${dueDate} ${recurrence.start}`)
  }
}

test('whatever is done to a series, it stays sound, and an undo gives back what was', async (t) => {
  const server = await docket(t, { now, isStill: true })
  const newUser = usersOf(server)
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      const user = await newUser()
      const task = await user.createTask({
        title: 'x',
        dueDate: '2026-08-01',
        recurrence: { rule: 'FREQ=DAILY' },
      })
      const below = await user.createTask({ title: 'y', parentId: task.id, status: 'complete' })
      for (const step of taken) {
        const before = await stateOf(user)
        const answer = await take(user, task, below, step)
        assert.ok(answer.status < 500, answer.text)
        const after = await stateOf(user)
        assertSound(after)
        if (answer.status >= 400) {
          assert.deepEqual(after, before)
          continue
        }
        const revision = takenBy(answer)
        if (revision === 0 || step.what === 'undo') continue
        const undone = await user.post(`/changes/${revision}/undo`)
        assert.ok(undone.status < 300, undone.text)
        const back = await stateOf(user)
        assert.deepEqual(back.live, before.live)
        bodyOf(await user.post(`/changes/${takenBy(undone)}/undo`), step.what === 'delete' ? 204 : undefined)
        assert.deepEqual((await stateOf(user)).live, after.live)
      }
    }),
    { numRuns: 40, seed: 16, endOnFailure: true },
  )
})
