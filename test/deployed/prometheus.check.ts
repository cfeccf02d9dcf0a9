import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { docket, send } from '../harness.ts'
import { find, needs } from './programs.ts'

const promtool = find('promtool')
const run = (args: string[], input = '') => spawnSync(promtool ?? '', args, { input, encoding: 'utf8' })

test('promtool takes the rules and the metrics', needs(['promtool', promtool]), async (t) => {
  const rules = run(['check', 'rules', fileURLToPath(new URL('../../deploy/alerts.yml', import.meta.url))])
  assert.equal(rules.status, 0, rules.stderr)
  const server = await docket(t, { env: { METRICS_TOKEN: 'token' } })
  await server.alice.createTask({ title: 'Measured' })
  const { text } = await send(server.url, 'GET', '/metrics', { headers: { authorization: 'Bearer token' } })
  const metrics = run(['check', 'metrics'], text)
  const ours = `${metrics.stdout}${metrics.stderr}`.split('\n').filter((line) => /docket_|parsing/.test(line))
  assert.deepEqual(ours, [])
})
