import assert from 'node:assert/strict'
import { appendFile, mkdtempDisposable, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { IDBFactory } from 'fake-indexeddb'
import { fileStorage } from '../../client/src/node/file.ts'
import {
  indexedDbStorage,
  memoryStorage,
  openReplica,
  type Storage,
} from '../../client/src/replica/replica.ts'
import { docket } from '../harness.ts'
import { hastyClock, synced } from './devices.ts'
import { clientOf } from './helpers.ts'

const kept = async (storage: Storage) => Object.fromEntries(await storage.load())
const changes = (...all: [name: string, text: string | undefined][]) => new Map(all)

test('each storage keeps what it is told, all or none of it', async (t) => {
  const server = await docket(t)
  await using folder = await mkdtempDisposable(join(tmpdir(), 'docket-replica-'))
  const databases = new IDBFactory()
  const memory = memoryStorage()
  const storages: [name: string, open: (name: string) => Storage][] = [
    ['memory', () => memory],
    ['IndexedDB', (name) => indexedDbStorage(name, databases)],
    ['files', (name) => fileStorage(join(folder.path, name, 'below'))],
  ]
  for (const [name, open] of storages) {
    await t.test(name, async () => {
      const first = open('a')
      assert.deepEqual(await kept(first), {})
      await first.save(changes(['x', '1'], ['y', '"ü\n"'], ['z', undefined]))
      await first.save(changes(['x', undefined], ['z', '3']))
      await first.close()

      const second = open('a')
      assert.deepEqual(await kept(second), { y: '"ü\n"', z: '3' })
      await second.save(changes(['z', '4']))
      await second.close()
      const third = open('a')
      assert.deepEqual(await kept(third), { y: '"ü\n"', z: '4' })
      await third.clear()
      await third.close()
      assert.deepEqual(await kept(open('a')), {})
    })

    await t.test(`${name}, as the storage of a replica`, async () => {
      const { alice } = server
      const storage = open('replica')
      const mine = clientOf(server, alice, { clock: hastyClock() })
      const replica = await openReplica({ docket: mine, storage, clock: hastyClock() })
      const { thing } = replica.tasks.create({ title: `Kept in ${name}` })
      await replica.sent()
      await synced(replica, alice)
      await replica.close()

      const away = clientOf(server, alice, { fetch: () => Promise.reject(new TypeError('no connection')) })
      const again = await openReplica({ docket: away, storage: open('replica'), clock: hastyClock() })
      assert.equal(again.tasks.get(thing)?.title, `Kept in ${name}`)
      const { thing: waiting } = again.tasks.create({ title: 'Offline' })
      await again.saved()
      await again.close()
      const back = await openReplica({ docket: mine, storage: open('replica'), clock: hastyClock() })
      await back.sent()
      assert.equal((await alice.read({ id: waiting })).title, 'Offline')
      await back.wipe()
    })
  }
})

test('an IndexedDB that fails says so, and keeps nothing of that save', async () => {
  const databases = new IDBFactory()
  const storage = indexedDbStorage('a', databases)
  await storage.load()
  await storage.save(changes(['x', '1']))
  const unclonable = new Map<string, string | undefined>([['x', '2']])
  unclonable.set('y', (() => 'not a text') as unknown as string)
  await assert.rejects(storage.save(unclonable))
  assert.deepEqual(await kept(indexedDbStorage('a', databases)), { x: '1' })
})

test('a file keeps what was saved, wherever the program or the machine stops', async (t) => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'docket-replica-'))
  const log = join(folder.path, 'replica.log')

  await t.test('at any byte of the last save', async () => {
    const storage = fileStorage(folder.path)
    await storage.load()
    await storage.save(changes(['copy', '1'], ['write', '"waiting"']))
    const before = await readFile(log)
    await storage.save(changes(['copy', '2'], ['write', undefined]))
    await storage.close()
    const after = await readFile(log)
    for (let bytes = before.length; bytes <= after.length; bytes += 1) {
      await writeFile(log, after.subarray(0, bytes))
      const again = fileStorage(folder.path)
      const isWhole = bytes === after.length
      assert.deepEqual(await kept(again), isWhole ? { copy: '2' } : { copy: '1', write: '"waiting"' })
      // What was cut off does not spoil what comes next.
      await again.save(changes(['next', '3']))
      await again.close()
      assert.equal((await kept(fileStorage(folder.path)))['next'], '3')
    }
  })

  await t.test('between the writing of a new log and its taking the place of the old one', async () => {
    await writeFile(`${log}.new`, '[["copy","half of i')
    assert.equal((await kept(fileStorage(folder.path)))['next'], '3')
  })

  await t.test('with zeros at its end, as some file systems leave them', async () => {
    await appendFile(log, '\0'.repeat(100))
    assert.equal((await kept(fileStorage(folder.path)))['next'], '3')
  })

  await t.test('and goes on after a save that failed', async () => {
    const storage = fileStorage(join(folder.path, 'file'))
    await writeFile(join(folder.path, 'file'), '')
    await assert.rejects(storage.save(changes(['x', '1'])))
    await truncate(log, 0)
    const mended = fileStorage(folder.path)
    await mended.load()
    await mended.save(changes(['x', '1']))
    assert.deepEqual(await kept(fileStorage(folder.path)), { x: '1' })
    await mended.close()
  })

  await t.test('is for its owner alone, and does not grow without end', async () => {
    const storage = fileStorage(join(folder.path, 'own'))
    await storage.load()
    const text = 'x'.repeat(1000)
    for (let i = 0; i < 150; i += 1) await storage.save(changes(['same', `${text}${i}`]))
    await storage.close()
    const { size, mode } = await stat(join(folder.path, 'own', 'replica.log'))
    assert.ok(size < 100_000, `${size} bytes for one value of 1000`)
    assert.equal(mode & 0o777, 0o600)
    assert.equal((await kept(fileStorage(join(folder.path, 'own'))))['same'], `${text}149`)
  })
})
