import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { keepCopy, type Copy, type Get } from '../../docs/sync-client.ts'
import { taskResource } from '../../src/tasks/tasks.ts'
import { docket, type Docket, type User } from '../harness.ts'
import { anyWriteOfAll, nothingKnown, performAny, projectsOf } from '../tree-writes.ts'
import { tasksOf } from '../write-model.ts'

test('the client of docs/sync.md keeps its copy equal to the server', async (t) => {
  const server = await docket(t)
  const { alice } = server
  const known = nothingKnown()
  const [writes = []] = fc.sample(fc.array(anyWriteOfAll, { minLength: 180, maxLength: 180 }), 1)
  const writeSome = async () => {
    for (const write of writes.splice(0, 45)) await performAny(alice, known, write)
  }
  const copy: Copy = { projects: new Map(), tasks: new Map() }
  const asked: string[] = []

  await writeSome()
  const first = start(t, server, copy, asked)
  await writeSome() // while the client reads the list for the first time, and after that
  await same(alice, copy)
  for (const stream of server.app.openStreams.keys()) stream.destroy()
  await writeSome() // while the stream is down
  await same(alice, copy)
  await first.stop()

  asked.length = 0
  const bound = copy.revision
  for (let i = 0; i < 120; i++) await alice.createTask({ title: `${i}` }) // more than a page
  const [task] = (await alice.get('/tasks?limit=1')).body.items
  await alice.delete(`/tasks/${task.id}`)
  await server.database.transaction((tx) => taskResource.sweep(tx, server.now() + 1, 100))
  const second = start(t, server, copy, asked)
  await same(alice, copy)
  assert.equal(asked[0], `/events?since=${bound}`)
  assert.ok(asked.filter((path) => path.startsWith('/tasks?')).length >= 2, 'it started over, page by page')
  assert.deepEqual(
    asked.filter((path) => path.startsWith('/projects')),
    ['/projects'],
  )
  await writeSome()
  await same(alice, copy)
  await second.stop()
})

test('the client of docs/sync.md has at most 60 lines', async () => {
  const text = await readFile(new URL('../../docs/sync-client.ts', import.meta.url), 'utf8')
  assert.ok(text.split('\n').filter((line) => line.trim() !== '').length <= 60)
})

function start(t: TestContext, { url, alice }: Docket, copy: Copy, asked: string[]) {
  const ending = new AbortController()
  const get: Get = (path, signal) => {
    asked.push(path)
    return fetch(url + path, { headers: { authorization: `Bearer ${alice.accessToken}` }, signal })
  }
  const ended = keepCopy(copy, get, ending.signal)
  const stop = () => {
    ending.abort()
    return ended
  }
  t.after(stop)
  return { stop }
}

/** Waits until the copy has reached the server's newest revision, and compares them. */
async function same(user: User, copy: Copy): Promise<void> {
  const newest = Number((await user.get('/tasks')).headers.get('docket-revision'))
  const startedAt = performance.now()
  while (copy.revision !== newest) {
    assert.ok(performance.now() - startedAt < 10_000, `it stays at ${copy.revision}, not ${newest}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
  assert.deepEqual(copy.projects, await projectsOf(user))
  assert.deepEqual(copy.tasks, await tasksOf(user))
}
