import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { assertProblem, type Answer, type Docket } from '../harness.ts'
import { findPostgres, startPostgres, type PostgresServer } from '../postgres-server.ts'

const binaries = findPostgres()

/** A test with a PostgreSQL of its own, which it may stop, freeze or break. Skipped if none is installed. */
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

/** The variables of a server on that database. */
export const envOf = (url: string): Record<string, string> => ({
  DATABASE_URL: url,
  DOCKET_SECRET: 'a secret of thirty-two bytes or more for tests',
})

/** Asserts a 503 that says when to try again. */
export function assertUnavailable(answer: Answer): void {
  assertProblem(answer, 503, 'unavailable')
  assert.equal(answer.headers.get('retry-after'), '1')
}

/** Returns the response and how long it took. */
export async function timed(answer: Promise<Answer>): Promise<{ answer: Answer; ms: number }> {
  const from = performance.now()
  return { answer: await answer, ms: performance.now() - from }
}

/** Resolves once the server is ready again; rejects after ten seconds. */
export async function recovered({ request }: Pick<Docket, 'request'>): Promise<void> {
  const giveUpAt = performance.now() + 10_000
  for (;;) {
    const { status } = await request('GET', '/readyz')
    if (status === 200) return
    assert.ok(performance.now() < giveUpAt, 'the server did not recover')
    await delay(50)
  }
}
