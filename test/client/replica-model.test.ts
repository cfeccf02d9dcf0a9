import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import { test } from 'node:test'
import type { HistoryItem, Task } from '../../client/src/index.ts'
import type { Replica, Write } from '../../client/src/replica/replica.ts'
import { docket, type User } from '../harness.ts'
import { projectsOf } from '../tree-writes.ts'
import { tasksOf } from '../write-model.ts'
import { deviceOf, randomOf, synced, type Device } from './devices.ts'

const seed = Number(process.env['REPLICA_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const rounds = Number(process.env['REPLICA_ROUNDS'] ?? 9)

test('three replicas end as the server is, and no write is lost', async (t) => {
  t.diagnostic(`REPLICA_SEED=${seed}`)
  const server = await docket(t)
  const { alice } = server
  const random = randomOf(seed)
  const some = <One>(list: readonly One[]): One | undefined => list[Math.floor(random() * list.length)]
  const devices: Device[] = []
  for (let i = 0; i < 3; i += 1) devices.push(await deviceOf(server, alice, randomOf(seed + i + 1)))
  /** The writes that were told to be safe, and what became of each. */
  const ledger = new Map<string, Write>()
  let count = 0

  /** One thing that a user may do. */
  function write(replica: Replica, mine: Write[]): Write | undefined {
    const { tasks, projects } = replica
    const [task, other, project] = [some(tasks.all()), some(tasks.all()), some(projects.all())]
    const title = `${(count += 1)}`
    const dice = Math.floor(random() * 22)
    const weekly = random() < 0.3 && { dueDate: '2027-01-04', recurrence: { rule: 'FREQ=WEEKLY' } }
    if (!task || dice < 4)
      return tasks.create({
        title,
        labels: random() < 0.5 ? ['a', `b${dice}`] : [],
        ...weekly,
        ...(project && { projectId: project.id }),
      })
    if (dice < 7) return tasks.update(task, { title })
    if (dice === 7) return tasks.update(task.id, { title, description: `${title}!` })
    if (dice === 8)
      return tasks.update(task, { priority: some(['high', 'medium', 'low', 'none'] as const) ?? 'none' })
    if (dice === 9)
      return tasks.update(task, {
        labels: random() < 0.5 ? [...task.labels, `l${count}`].slice(-5) : task.labels.slice(1),
      })
    if (dice === 10) return tasks.complete(task)
    if (dice === 20) return tasks.skip(task)
    if (dice === 21) return tasks.remove(task, { permanent: random() < 0.5 })
    if (dice === 11)
      return tasks.update(task, {
        dueDate: `2027-01-${10 + Math.floor(random() * 20)}`,
        status: 'in_progress',
      })
    if (dice === 12) return tasks.remove(task)
    if (dice === 13) {
      const gone = mine.findLast(({ verb, kind }) => verb === 'remove' && kind === 'task')
      return gone && tasks.restore(gone.thing)
    }
    if (dice === 14)
      return tasks.move(task, { after: null, ...(project && random() < 0.5 && { projectId: project.id }) })
    if (dice === 15 && other && other.id !== task.id && !isBelow(replica, other, task))
      return tasks.move(task, { parentId: other.id, before: null })
    if (dice === 16) return projects.create({ name: title })
    if (dice === 17 && project)
      return random() < 0.5
        ? projects.update(project, { name: title })
        : projects.remove(project, { tasks: 'keep' })
    if (dice === 18) {
      const last = some(mine)
      return last && replica.undo(last)
    }
    const [label] = replica.labels.list()
    return label && replica.labels.rename(label.name, `l${count}`)[0]
  }

  async function writeSome(device: Device): Promise<void> {
    const mine: Write[] = []
    for (let i = 0; i < 6; i += 1) {
      const made = write(device.replica, mine)
      if (made) mine.push(made)
      if (random() < 0.5) await turn()
    }
    if (random() < 0.7) {
      await device.replica.saved()
      for (const one of device.replica.writes) ledger.set(one.id, one)
      for (const one of mine) if (one.state !== 'saving') ledger.set(one.id, one)
    }
  }

  async function killAndOpen(device: Device): Promise<void> {
    const known = device.replica.writes.filter(({ id, state }) => state !== 'saving' && ledger.has(id))
    device.kill()
    await device.open()
    const again = new Map(device.replica.writes.map((one) => [one.id, one]))
    for (const { id } of known) assert.ok(again.has(id), `the write ${id} is gone`)
    for (const one of again.values()) ledger.set(one.id, one)
  }

  for (let round = 0; round < rounds; round += 1) {
    for (const device of devices) {
      device.line.loss = random() < 0.5 ? 0.15 : 0
      if (random() < 0.3) device.cut(!device.line.isCut)
      await writeSome(device)
      if (random() < 0.15) await killAndOpen(device)
    }
    if (random() < 0.15) await server.restart()
    if (random() < 0.4) await meet(some(devices))
  }

  /** Lets a device send what it can. */
  async function meet(device: Device | undefined): Promise<void> {
    if (!device || device.line.isCut) return
    await device.replica.sent()
  }

  /** Lets a user choose about what can't go on by itself. */
  function choose({ replica }: Device): void {
    for (const conflict of replica.conflicts) {
      const { write: one, fields } = conflict
      assert.ok(fields.length > 0)
      const theirs = (one.kind === 'task' ? replica.tasks : replica.projects).get(one.thing)
      for (const { name, mine } of fields)
        assert.ok(one.verb !== 'update' || mine !== undefined || name === 'dueDate')
      const title = one.verb === 'update' && fields.some(({ name }) => name === 'title') && theirs
      const choice =
        some(['mine', 'theirs', ...(title ? [{ title: `${(count += 1)}` }] : [])] as const) ?? 'mine'
      choices.push(choice)
      replica.resolve(conflict, choice)
    }
    for (const one of replica.refused) {
      refusals.push(one.refusal?.slug ?? '')
      if (random() < 0.3) replica.retry(one)
      else replica.drop(one)
    }
  }
  const choices: unknown[] = []
  const refusals: string[] = []

  for (const device of devices) {
    device.line.loss = 0
    device.cut(false)
  }
  for (let i = 0; devices.some(({ replica }) => replica.writes.length > 0); i += 1) {
    assert.ok(i < 50, 'it does not come to an end')
    for (const device of devices) {
      await device.replica.sent()
      await synced(device.replica, alice)
      choose(device)
    }
  }
  const [tasks, projects] = [await tasksOf(alice), await projectsOf(alice)]
  for (const { replica } of devices) {
    await synced(replica, alice)
    assertSame(replica.tasks.all(), tasks)
    assertSame(replica.projects.all(), projects)
    await replica.close()
  }
  const history = await historyOf(alice, [...ledger.values()])
  const ends: Record<string, number> = {}
  for (const one of ledger.values()) {
    ends[one.state] = (ends[one.state] ?? 0) + 1
    assert.ok(['done', 'dropped', 'joined'].includes(one.state), `${one.id} ends as ${one.state}`)
    const told = history.get(one.thing)
    if (one.state === 'done' && told) assertDone(one, told)
  }
  t.diagnostic(`${JSON.stringify(ends)}, ${choices.length} conflicts, ${refusals.length} refusals`)
})

function isBelow({ tasks }: Replica, task: Task, above: Task): boolean {
  if (task.id === above.id) return true
  const parent = task.parentId === null ? undefined : tasks.get(task.parentId)
  return parent !== undefined && isBelow({ tasks } as Replica, parent, above)
}

function assertSame(shown: readonly { id: string }[], present: ReadonlyMap<string, object>): void {
  for (const thing of shown) assert.deepEqual(thing, present.get(thing.id))
  assert.equal(shown.length, present.size)
}

/** The history of each thing, but of those that were erased. */
async function historyOf(user: User, writes: readonly Write[]): Promise<Map<string, HistoryItem[]>> {
  const histories = new Map<string, HistoryItem[]>()
  for (const { kind, thing } of writes) {
    if (histories.has(thing)) continue
    const { body, status } = await user.get(`/${kind}s/${thing}/history?limit=100`)
    if (status === 200) histories.set(thing, body.items)
  }
  return histories
}

/** A write that is done is in the history, with its values, and once. */
function assertDone(write: Write, history: readonly HistoryItem[]): void {
  const { verb, fields, revision } = write
  // An undo takes back all that was changed with it, and its revision is the last of them: maybe another thing's.
  const isOf = (item: HistoryItem, last: number) =>
    verb === 'undo' ? item.origin === 'undo' && item.revision <= last : item.revision === last
  if (revision !== undefined)
    assert.ok(
      history.some((item) => isOf(item, revision)),
      `${verb} ${revision} is not in the history`,
    )
  for (const name of ['title', 'name'].filter((field) => verb !== 'undo' && field in fields)) {
    const set = history.filter(
      ({ origin, fields: changed }) => origin === 'request' && changed[name]?.to === fields[name],
    )
    assert.equal(set.length, 1, `${verb} ${name} ${String(fields[name])} was done ${set.length} times`)
  }
}
