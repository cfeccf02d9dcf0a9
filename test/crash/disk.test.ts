import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { startServer, temporaryFolder } from '../process.ts'
import { createClient, registerPeople } from './client.ts'
import { createLedger } from './ledger.ts'

// Gives the process a file system of its own, which disappears with it: mounted as root, or in a user namespace.
const namespace = ['unshare', '--mount', ...(process.getuid?.() === 0 ? [] : ['--map-root-user'])]
const onSmallDisk = (script: string) => [
  ...namespace,
  'sh',
  '-c',
  `mount -t tmpfs -o size=8m none data && ${script}`,
]

test('on a full disk writes get 507, reads continue, no acknowledged write is lost, and freeing space is enough to recover', async (t) => {
  const folder = temporaryFolder(t)
  mkdirSync(join(folder, 'data'))
  if (!canMount(folder)) return t.skip('a tmpfs can not be mounted here')

  const server = await startServer(t, folder, { within: onSmallDisk('exec "$0" "$@"') })
  const disk = join(`/proc/${server.pid}/root`, folder, 'data')
  const users = await registerPeople(server.origin, 1)
  const [person] = users
  assert.ok(person)
  const ledger = createLedger(users)
  const client = createClient(server.origin, person.accessToken)
  const write = async (title: string) => {
    const state = { title, description: 'x'.repeat(9000) }
    const pending = ledger.sending(person, undefined, state)
    const reply = await client.send('POST', '/tasks', state)
    if (reply.status === 201) ledger.answered(person, pending, reply.body.id, reply.body)
    else ledger.refused(person, pending)
    return reply
  }

  assert.equal((await write('while there is space')).status, 201)
  writeFileSync(join(disk, 'ballast'), Buffer.alloc(roomOn(disk) - 1024 * 1024))
  let reply = await write('first')
  for (let i = 0; reply.status === 201 && i < 1000; i++) reply = await write(`until it is full, ${i}`)
  assert.equal(reply.status, 507)
  assert.equal(reply.body['type'], '/problems/storage-full')
  for (let i = 0; i < 20; i++) {
    const { status } = await write(`while it is full, ${i}`)
    assert.ok(status === 507 || status === 201, `answered ${status}`) // a checkpoint may have freed some space
    assert.equal((await client.send('GET', '/tasks?limit=100')).status, 200)
  }
  assert.equal((await client.send('GET', '/readyz')).status, 200)

  rmSync(join(disk, 'ballast'))
  assert.equal((await write('once there is space again')).status, 201)
  for (const file of ['docket.db', 'docket.db-wal']) copyFileSync(join(disk, file), join(folder, file))
  await ledger.verify(server.origin, join(folder, 'docket.db')) // a copy, since SQLite can't open the file through /proc
  t.diagnostic(`${ledger.acknowledged} acknowledged writes, none lost`)
})

test('a first start on a full disk fails with a clear message, and the next start with free space succeeds', async (t) => {
  const folder = temporaryFolder(t)
  mkdirSync(join(folder, 'data'))
  if (!canMount(folder)) return t.skip('a tmpfs can not be mounted here')
  const fill = 'dd if=/dev/zero of=data/ballast bs=4k 2>/dev/null'
  const twice = `{ ${fill}; "$0" "$@"; echo "exit $?" >&2; rm data/ballast; exec "$0" "$@"; }`

  const server = await startServer(t, folder, { within: onSmallDisk(twice) })

  assert.match(server.stderr(), /^The data cannot be kept in \S+: .*(full|disk).*\nexit 1\nDocket is at /)
  assert.equal((await registerPeople(server.origin, 1)).length, 1)
})

function canMount(folder: string): boolean {
  const [program, ...args] = [...onSmallDisk('true')]
  return program !== undefined && spawnSync(program, args, { cwd: folder }).status === 0
}

function roomOn(disk: string): number {
  const { bavail, bsize } = statfsSync(disk)
  return bavail * bsize
}
