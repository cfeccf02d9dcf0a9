import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { startServer, temporaryFolder } from '../process.ts'
import { createClient, registerPeople, type Client } from './client.ts'

const calls = 'read,recvfrom,recvmsg,pwrite64,write,writev,sendto,sendmsg,fdatasync,fsync'
const strace = ['strace', '-f', '-y', '-s', '20000', '-e', `trace=${calls}`, '-o']
const connections = 8
const writesEach = 5

test('no write is acknowledged before its fsync, whether writes come one by one or together', async (t) => {
  if (spawnSync('strace', ['-o', '/dev/null', 'true']).status !== 0) {
    return t.skip('strace is not installed or not permitted')
  }
  const folder = temporaryFolder(t)
  const trace = join(folder, 'trace')
  const server = await startServer(t, folder, { within: [...strace, trace] })
  const [person] = await registerPeople(server.origin, 1)
  const clients = Array.from({ length: connections }, () => createClient(server.origin, person?.accessToken))
  const titles: string[] = []

  const write = async (client: Client, title: string) => {
    titles.push(title)
    assert.equal((await client.send('POST', '/tasks', { title })).status, 201)
  }
  for (let i = 0; i < 2 * writesEach; i++) await write(clients[0] ?? assert.fail(), `alone-${i}.`)
  await Promise.all(
    clients.map(async (client, c) => {
      for (let i = 0; i < writesEach; i++) await write(client, `together-${c}-${i}.`)
    }),
  )
  process.kill(server.pid, 'SIGTERM') // directly, since strace passes a signal on only when it ends
  await server.exited

  const lines = readTrace(trace)
  for (const title of titles) assertOrder(lines, title)
  const syncs = lines.filter((line) => isSync(line)).length
  t.diagnostic(
    `${titles.length} writes, ${syncs} syncs of the write-ahead log, each before the responses that depend on it`,
  )
})

/** Returns the system calls in the order in which they finished. */
function readTrace(file: string): string[] {
  const unfinished = new Map<string, string>()
  return readFileSync(file, 'latin1')
    .split('\n')
    .flatMap((line) => {
      const [, thread = '', call = ''] = /^(\d+) +(.*)$/.exec(line) ?? []
      const interrupted = / <unfinished \.\.\.>$/.exec(call)
      if (interrupted) unfinished.set(thread, call.slice(0, interrupted.index))
      if (interrupted) return []
      return [call.replace(/^<\.\.\. \w+ resumed>/, () => unfinished.get(thread) ?? '')]
    })
}

/** Asserts the order: the task is written to the log file, the log file is synced, then the client gets its response. */
function assertOrder(lines: string[], title: string): void {
  const asked = lines.findIndex((line) => line.includes('POST /tasks ') && line.includes(title))
  const logged = lines.findIndex((line) => /^pwrite64\(\d+<[^>]*-wal>/.test(line) && line.includes(title))
  const synced = lines.findIndex((line, i) => i > logged && isSync(line))
  const answered = lines.findIndex((line) => line.includes('HTTP/1.1 201') && line.includes(title))
  const order = [asked, logged, synced, answered]
  assert.ok(!order.includes(-1), `${title}: not all steps are in the trace: ${order.join()}`)
  assert.deepEqual(
    order,
    order.toSorted((a, b) => a - b),
    `${title}: asked, logged, synced, answered`,
  )
}

const isSync = (line: string) => /^f(data)?sync\(\d+<[^>]*-wal>\) += 0$/.test(line)
