import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Task } from '../../src/tasks/schema.ts'
import { model as tasks } from '../../src/tasks/tasks.ts'
import { docket, type Answer, type User } from '../harness.ts'
import { walk } from '../list-model.ts'
import { Model, type Outcome } from '../undo-model.ts'
import { anyWrite, perform, targetOf, type Known, type Write } from '../write-model.ts'

const histories = fc.array(
  anyWrite.filter(({ what }) => what !== 'rename'),
  { minLength: 20, maxLength: 45 },
)

test('undo does what a model does, and an undo of it brings back what was', async (t) => {
  const server = await docket(t, { withAlice: false })
  let runs = 0

  await fc.assert(
    fc.asyncProperty(histories, async (writes) => {
      const user = await server.register(`user-${(runs += 1)}`)
      const known: Known = { ids: [], revisions: [] }
      const model = new Model()
      for (const write of writes) {
        if (write.what === 'undo') {
          known.revisions = model.journal.map(({ revision }) => revision) // any of a batch's, too
          await undo(user, known, model, write)
        } else note(model, known, write, await perform(user, known, write))
        await assertSame(user, model)
      }
    }),
    { numRuns: 6, endOnFailure: true },
  )
})

/** Undoes on both sides, then undoes the undo on both, and leaves it undone or not by what was asked. */
async function undo(user: User, known: Known, model: Model, write: Extract<Write, { what: 'undo' }>) {
  const before = stateOf(model)
  const outcome = model.undo(Number(targetOf(known, write)), write.force)
  assertOutcome(await perform(user, known, write), outcome)
  if (!('revision' in outcome) || outcome.revision === null) return outcome

  await assertSame(user, model)
  const again = model.undo(outcome.revision, false)
  const answer = await user.post(`/changes/${outcome.revision}/undo`)
  assertOutcome(answer, again)
  assert.ok(answer.status < 300, 'what was just done can be undone')
  assert.deepEqual(stateOf(model), before)
  return outcome
}

function assertOutcome(answer: Answer, outcome: Outcome): void {
  assert.equal(answer.status, outcome.status, answer.text)
  if ('revision' in outcome)
    assert.equal(answer.headers.get('docket-revision'), outcome.revision && String(outcome.revision))
  if ('conflicts' in outcome) {
    const told = (answer.body.errors ?? []).map(
      ({ thing, pointer }: { thing: string; pointer: string }) => thing.replace('/tasks/', '') + pointer,
    )
    assert.deepEqual(new Set(told), new Set(outcome.conflicts))
  }
}

/** Has the model do what the server did. */
function note(model: Model, known: Known, write: Write, answer: Answer): void {
  if (answer.status >= 300) return
  if (write.what === 'batch') {
    const partOf = model.revision + 1
    const { results }: { results: { status: number; body?: Task }[] } = answer.body
    const before: Known = {
      ids: known.ids.slice(0, known.ids.length - results.filter(isNew).length),
      revisions: [],
    }
    for (const [i, one] of write.writes.entries()) {
      const result = results[i]
      if (!result || result.status >= 300) continue
      const id = result.body?.id ?? targetOf(before, one)
      model.write(String(id), one, write.atomic ? partOf : undefined)
    }
  } else if (write.what !== 'undo' && write.what !== 'rename') {
    model.write(String(answer.body.id ?? targetOf(known, write)), write)
  }
}

const isNew = ({ status }: { status: number }) => status === 201

async function assertSame(user: User, model: Model): Promise<void> {
  const fieldsOf = async (query: Record<string, string>) =>
    new Map((await walk(user, { limit: '100', ...query })).map((task) => [task.id, givenOf(task)]))
  assert.deepEqual({ there: await fieldsOf({}), trash: await fieldsOf({ deleted: 'true' }) }, stateOf(model))
  assert.equal((await user.get('/tasks?limit=1')).headers.get('docket-revision'), String(model.revision))
}

/** What a client decides about a task. */
const givenOf = (task: Task) =>
  Object.fromEntries(Object.entries(task).filter(([name]) => tasks.fieldNames.includes(name)))

const stateOf = (model: Model) =>
  structuredClone({ there: model.all('there'), trash: model.all('in the trash') })
