import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Task } from '../../client/src/index.ts'
import type { Replica, ReplicaOptions, Write } from '../../client/src/replica/replica.ts'
import { password, type Docket, type User } from '../harness.ts'
import { deviceOf, synced, until, type Device } from './devices.ts'
import { lost, type Fate } from './helpers.ts'

const day = 86_400_000

let users = 0

/** A user of their own, with two devices that have everything, and a task that both know. */
export async function scene(
  t: TestContext,
  server: Docket,
  fields: object = {},
  more: Partial<ReplicaOptions> = {},
) {
  const user = await server.register(`user${(users += 1)}`)
  const task: Task = await user.createTask({ title: 'Pack', dueDate: '2027-03-01', ...fields })
  const [a, b] = [await deviceOf(server, user, Math.random, more), await deviceOf(server, user)]
  t.after(async () => {
    for (const { replica } of [a, b]) await replica.close()
  })
  for (const { replica } of [a, b]) await synced(replica, user)
  return { user, task, a, b, replica: a.replica }
}

/** The answer to the next write of a device is lost, and then the connection. */
export const loseAnswer =
  (device: Device): Fate =>
  async (exchange, pass) => {
    try {
      return await lost(exchange, pass)
    } finally {
      device.cut(true)
    }
  }

/** A write whose answer is lost; it is back online after the server has forgotten its key. */
export async function inDoubt(
  server: Docket,
  device: Device,
  make: (replica: Replica) => Write | undefined,
): Promise<Write> {
  device.line.fates.push(loseAnswer(device))
  const write = make(device.replica)
  assert.ok(write)
  await until(() => device.line.isCut)
  server.advance(day + 1000)
  return write
}

export const refreshed = async (server: Docket, user: User): Promise<void> => {
  const { body } = await server.request('POST', '/auth/login', {
    body: { email: user.email, password: password },
  })
  user.accessToken = body.accessToken
}
