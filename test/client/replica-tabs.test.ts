import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import {
  memoryStorage,
  openReplica,
  type Peers,
  type Replica,
  type Write,
} from '../../client/src/replica/replica.ts'
import { docket, type Docket } from '../harness.ts'
import { clientOf } from './helpers.ts'

/** A browser with several tabs: one storage, one channel, one lock. */
function browserFor(t: TestContext, server: Docket) {
  const storage = memoryStorage()
  const tabs = new Set<(message: string) => void>()
  let locked = Promise.resolve()

  function peers(): Peers {
    let own: ((message: string) => void) | undefined
    return {
      tell: (message) => {
        for (const hear of tabs) if (hear !== own) queueMicrotask(() => hear(message))
      },
      hear: (listener) => void tabs.add((own = listener)),
    }
  }

  return async function open(): Promise<Replica> {
    const replica = await openReplica({
      docket: clientOf(server, server.alice),
      storage: { ...storage, close: async () => undefined },
      peers: peers(),
      lead: (work) => {
        const leading = locked.then(work)
        locked = leading.catch(() => undefined)
        return leading
      },
    })
    t.after(() => replica.close())
    return replica
  }
}

/** Waits until something holds that a replica says. */
async function until(replica: Replica, holds: () => boolean): Promise<void> {
  if (holds()) return
  await new Promise<void>((resolve) => {
    const end = replica.subscribe(() => {
      if (!holds()) return
      end()
      resolve()
    })
  })
}

const titles = (replica: Replica) => replica.tasks.inOrder().map(({ title }) => title)

test('several tabs show the same, and one of them sends what is written in any', async (t) => {
  const server = await docket(t)
  const { alice } = server
  const open = browserFor(t, server)
  const first = await open()
  await until(first, () => first.status.state === 'live')
  const second = await open()
  await until(second, () => second.status.state === 'live')
  let write: Write | undefined

  await t.test('a write in the second is sent by the first, and both have it', async () => {
    write = second.tasks.create({ title: 'From the second' })
    await until(second, () => write?.state === 'done')
    await until(first, () => titles(first).length === 1)
    assert.deepEqual([titles(first), titles(second)], [['From the second'], ['From the second']])
    assert.equal(write.revision, (await alice.get(`/tasks/${write.thing}`)).body.revision)
    assert.deepEqual([first.writes, second.writes], [[], []])
  })

  await t.test('what the server tells is seen in both', async () => {
    await alice.createTask({ title: 'From elsewhere' })
    await until(second, () => titles(second).length === 2)
    assert.deepEqual(titles(first), titles(second))
  })

  await t.test('the second undoes what it did, and what it did just now', async () => {
    assert.ok(write)
    const undone = second.undo(write)
    await until(second, () => undone?.state === 'done')
    assert.equal((await alice.get(`/tasks/${write.thing}`)).status, 404)
    const rash = second.tasks.create({ title: 'Rash' })
    const back = second.undo(rash)
    await until(second, () => back?.state === 'done' || back?.state === 'dropped')
    await until(first, () => titles(first).length === 1)
    assert.deepEqual([titles(first), titles(second)], [['From elsewhere'], ['From elsewhere']])
  })

  await t.test('a write that is refused is let go of from the second', async () => {
    const refused = second.tasks.create({ title: 'x'.repeat(201) })
    await until(second, () => second.refused.length === 1)
    assert.equal(second.drop(refused), true)
    await until(second, () => second.writes.length === 0)
    assert.deepEqual(first.writes, [])
  })

  await t.test('a conflict is decided in the second', async () => {
    const [task] = second.tasks.all()
    assert.ok(task)
    await alice.patch(`/tasks/${task.id}`, { title: 'Theirs' })
    await until(second, () => titles(second)[0] === 'Theirs')
    second.tasks.update(task, { title: 'Mine' })
    await until(second, () => second.conflicts.length === 1)
    const [conflict] = second.conflicts
    assert.ok(conflict)
    second.resolve(conflict, 'mine')
    await until(first, () => titles(first)[0] === 'Mine' && first.writes.length === 0)
  })

  await t.test('the second goes on where the first is closed', async () => {
    await first.close()
    const later = second.tasks.create({ title: 'Alone' })
    await until(second, () => later.state === 'done')
    await alice.createTask({ title: 'Followed' })
    await until(second, () => titles(second).includes('Followed'))
  })
})
