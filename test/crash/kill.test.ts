import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { startServer, temporaryFolder } from '../process.ts'
import { createClient, registerPeople } from './client.ts'
import { createLedger } from './ledger.ts'
import { startLoad } from './load.ts'

const rounds = Number(process.env['KILL_ROUNDS'] ?? 3)
/** Docket promises two seconds, but that can't be measured while a whole test run keeps every core busy. */
const longestStartMs = Number(process.env['LONGEST_START_MS'] ?? 20_000)
const start = { env: { NODE_DISABLE_COMPILE_CACHE: '1' } }
const people = 3
const writersEach = 4
const longestLoadMs = 800

test(`no acknowledged write is lost in ${rounds} kills at random moments under write load`, async (t) => {
  const folder = temporaryFolder(t)
  let server = await startServer(t, folder, start)
  const users = await registerPeople(server.origin, people)
  const ledger = createLedger(users)
  const startsMs: number[] = []
  let inFlight = 0

  for (let round = 0; round < rounds; round++) {
    const load = startLoad(server.origin, users, ledger, writersEach)
    await load.begun
    await pause(Math.random() * longestLoadMs)
    server.kill('SIGKILL')
    inFlight += (await load.ended).length
    await server.exited
    assert.ok(load.answers > 0, 'the load wrote nothing')
    assert.deepEqual(failures(server.logs), [])

    const killedAt = performance.now()
    server = await startServer(t, folder, start)
    const client = createClient(server.origin, users[0]?.accessToken)
    assert.equal((await client.send('GET', '/tasks')).status, 200, 'tokens stay valid after the crash')
    client.close()
    const startMs = performance.now() - killedAt
    startsMs.push(startMs)
    assert.ok(startMs < longestStartMs, `the first response came only after ${Math.round(startMs)} ms`)

    await ledger.verify(server.origin, server.data)
  }

  const starts = startsMs.map(Math.round).toSorted((a, b) => a - b)
  t.diagnostic(
    `${rounds} kills, ${ledger.acknowledged} acknowledged writes, ${inFlight} in flight when a kill came`,
  )
  t.diagnostic(
    `first response after ${starts[starts.length >> 1]} ms (median), ${starts.at(-1)} ms (slowest)`,
  )
})

/** The log lines about failures of the server itself. */
const failures = (logs: Record<string, unknown>[]) => logs.filter(({ level }) => Number(level) >= 50)
