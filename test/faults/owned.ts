import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { assertProblem, type Answer, type Docket } from '../harness.ts'
import { findPostgres, startPostgres, type PostgresServer } from '../postgres-server.ts'

const binaries = findPostgres()

/** A test with a PostgreSQL that it may treat as it likes; skipped where the machine has none. */
export function faultTest(
  name: string,
  body: (t: TestContext, server: PostgresServer) => Promise<void>,
): void {
  test(name, { skip: !binaries && 'there is no PostgreSQL' }, async (t) => {
    if (!binaries) return
    const server = await startPostgres(binaries)
    t.after(server.remove)
    await body(t, server)
  })
}

/** The variables that lead a server to that database. */
export const envOf = (url: string): Record<string, string> => ({
  DATABASE_URL: url,
  DOCKET_SECRET: 'a secret of thirty-two bytes or more for tests',
})

/** Asserts that the server says that it can not serve now, and when to come again. */
export function assertUnavailable(answer: Answer): void {
  assertProblem(answer, 503, 'unavailable')
  assert.equal(answer.headers.get('retry-after'), '1')
}

/** The answer and how long it took. */
export async function timed(answer: Promise<Answer>): Promise<{ answer: Answer; ms: number }> {
  const from = performance.now()
  return { answer: await answer, ms: performance.now() - from }
}

/** Resolves once the server serves again; rejects if it does not within ten seconds. */
export async function recovered({ request }: Pick<Docket, 'request'>): Promise<void> {
  const giveUpAt = performance.now() + 10_000
  for (;;) {
    const { status } = await request('GET', '/readyz')
    if (status === 200) return
    assert.ok(performance.now() < giveUpAt, 'the server did not recover')
    await delay(50)
  }
}
