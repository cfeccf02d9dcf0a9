import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { sql } from '../../src/database/database.ts'
import { docket, send, userOf, type Docket, type DocketOptions, type User } from '../harness.ts'
import { startServer, temporaryFolder } from '../process.ts'

/** Two nodes on one database; alice is registered on the first. */
export async function pair(t: TestContext, options: DocketOptions = {}): Promise<[Docket, Docket]> {
  const first = await docket(t, options)
  return [first, await docket(t, { ...options, withAlice: false, beside: first })]
}

/** Returns the same user with the same tokens, whose requests go to another node. */
export const userAt = (node: Pick<Docket, 'request'>, { id, email, accessToken, refreshToken }: User): User =>
  userOf({ user: { id, email }, accessToken, refreshToken }, node.request)

/** Asserts that the owner's revisions run from 1 to their counter without a gap, and that each created task exists. */
export async function assertUnbroken({ database }: Docket, { id }: User): Promise<void> {
  const changes = await database.query<{ revision: number; thing: string }>(
    sql`select revision, thing_id as thing from changes where owner_id = ${id} order by revision`,
  )
  const owner = await database.first<{ revision: number }>(
    sql`select revision from owners where owner_id = ${id}`,
  )
  const tasks = await database.query<{ id: string }>(sql`select id from tasks where owner_id = ${id}`)

  assert.deepEqual(
    changes.map(({ revision }) => revision),
    changes.map((_, i) => i + 1),
  )
  assert.equal(owner?.revision, changes.length)
  assert.deepEqual(new Set(tasks.map((task) => task.id)), new Set(changes.map(({ thing }) => thing)))
}

/** A node in a process of its own. */
export interface NodeProcess extends Pick<Docket, 'request'> {
  /** Ends it with SIGKILL, as a crash would. */
  kill(): Promise<void>
  /** Ends it with SIGTERM, as an operator would, and returns its exit code. */
  stop(): Promise<number | null>
}

/** Starts a node with these variables; it is killed when the test ends. */
export async function startNode(t: TestContext, env: Record<string, string>): Promise<NodeProcess> {
  const server = await startServer(t, temporaryFolder(t), { env })
  const end = (signal: NodeJS.Signals) => {
    server.kill(signal)
    return server.exited
  }
  return {
    request: (method, path, call) => send(server.origin, method, path, call),
    kill: async () => void (await end('SIGKILL')),
    stop: async () => (await end('SIGTERM')).code,
  }
}
