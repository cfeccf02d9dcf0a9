import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '../../../src/core/id.ts'
import { sql } from '../../../src/database/database.ts'
import { docket, type Docket } from '../../harness.ts'
import { hashWith, tryLogin } from './accounts.ts'

// A few logins show even on a busy machine that an unknown address costs a hash too. `npm run timing` compares
// the medians of many on an idle machine, to show that no smaller difference gives a known address away.
const tries = Number(process.env['LOGIN_TRIES'] ?? 12)
const within = Number(process.env['LOGIN_WITHIN'] ?? 1)

test(`logins of known and unknown addresses, ${tries} each, have medians within ${within * 100} % of each other`, async (t) => {
  const server = await docket(t, { hasRealHashes: true, withAlice: false, env: { TRUST_PROXY: '127.0.0.1' } })
  await settle(server, tries)
  const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] }
  let addresses = 0

  for (let i = 0; i < tries; i++) {
    const order = i % 2 === 0 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const)
    for (const who of order) {
      const from = `10.${(addresses += 1) >> 8}.${addresses & 255}.1`
      const startedAt = performance.now()
      const { status } = await tryLogin(server, `${who}${i}@example.com`, 'not the password', from)
      times[who].push(performance.now() - startedAt)
      assert.equal(status, 401)
    }
  }

  const [known, unknown] = [median(times.known), median(times.unknown)]
  t.diagnostic(`medians: known ${known.toFixed(2)} ms, unknown ${unknown.toFixed(2)} ms`)
  assert.ok(Math.abs(known - unknown) < within * Math.min(known, unknown))
})

/** Creates `count` accounts with the same password, which is hashed only once. */
async function settle({ database, now }: Docket, count: number): Promise<void> {
  const hash = hashWith({ memory: 19 * 1024, passes: 2, parallelism: 1 })
  for (let i = 0; i < count; i++) {
    const id = newId()
    await database.transaction(async (tx) => {
      await tx.query(sql`insert into users (id, email, password_hash, created_at)
        values (${id}, ${`known${i}@example.com`}, ${hash}, ${now()})`)
      await tx.query(sql`insert into owners (owner_id, name, time_zone) values (${id}, '', 'UTC')`)
    })
  }
}

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
