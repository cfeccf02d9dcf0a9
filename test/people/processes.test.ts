import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { withToken } from '../api-tokens.ts'
import { docket } from '../harness.ts'
import { runCommand, temporaryFolder } from '../process.ts'

const bin = fileURLToPath(new URL('../../bin/docket.js', import.meta.url))

test('the program itself lists both groups of commands, reads its environment and survives `head`', async (t) => {
  const server = await docket(t)
  const { token } = await withToken(server, server.alice, ['tasks:write'])
  const folder = temporaryFolder(t)
  const env = { HOME: folder, DOCKET_URL: server.url, DOCKET_TOKEN: token }
  const operations = Array.from({ length: 100 }, (_, i) => ({
    method: 'POST',
    path: '/tasks',
    body: { title: `Task ${i} ${'x'.repeat(150)}`, dueDate: '2020-01-01', description: 'x'.repeat(2000) },
  }))
  assert.equal((await server.alice.post('/batch', { operations })).status, 200)

  const [usage, added, missing, piped] = await Promise.all([
    runCommand(folder, []),
    runCommand(folder, ['add', 'Pay rent every 1st p1', '--json'], { env }),
    runCommand(folder, ['show', 'ffff'], { env }),
    promisify(execFile)(
      'bash',
      ['-c', `set -o pipefail; "$0" "$1" export | head -c 100`, process.execPath, bin],
      { env: { ...env, PATH: process.env['PATH'] } },
    ),
  ])

  assert.equal(usage.code, 0)
  for (const command of ['add WORDS…', 'list [WORDS…]', 'serve', 'backup FILE']) {
    assert.ok(usage.stdout.includes(`\n  ${command} `), command)
  }
  assert.ok(usage.stdout.split('\n').every((line) => line.length <= 80))
  assert.equal(added.code, 0, added.stderr)
  assert.equal(JSON.parse(added.stdout).items[0].recurrence.rule, 'FREQ=MONTHLY;BYMONTHDAY=1')
  const { id } = JSON.parse(added.stdout).items[0]
  const removed = await runCommand(folder, ['rm', id], { env }) // an answer without content
  assert.deepEqual([removed.code, removed.stdout], [0, 'Deleted: Pay rent\n'])
  assert.deepEqual([missing.code, missing.stderr], [3, 'No task has an id that begins with ffff.\n'])
  assert.deepEqual([piped.stdout.length, piped.stderr], [100, ''])
})
