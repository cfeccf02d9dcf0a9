import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '../../src/core/errors.ts'
import { createGate } from '../../src/core/gate.ts'

/** Jobs that start when the gate admits them and end when the test says so. */
function createJobs() {
  const started: string[] = []
  const ends = new Map<string, { resolve(value: string): void; reject(error: Error): void }>()
  return {
    started,
    job: (name: string) => () => {
      started.push(name)
      return new Promise<string>((resolve, reject) => void ends.set(name, { resolve, reject }))
    },
    async finish(name: string) {
      ends.get(name)?.resolve(name)
      await settled()
    },
    async fail(name: string) {
      ends.get(name)?.reject(new Error(name))
      await settled()
    },
  }
}

/** Waits until every promise that can settle has settled. */
const settled = () => new Promise((resolve) => void setImmediate(resolve))

const isOverloaded = (error: unknown) => {
  assert.ok(error instanceof AppError)
  assert.equal(error.slug, 'overloaded')
  assert.ok(Number(error.hints.retryAfterSeconds) >= 1)
  return true
}

test('jobs beyond the limit wait in order, and jobs beyond the queue are refused at once', async () => {
  const { started, job, finish } = createJobs()
  const gate = createGate(2, 2)
  const running = ['a', 'b', 'c', 'd'].map((name) => gate.run(job(name)))
  await settled()
  assert.deepEqual(started, ['a', 'b'])
  await assert.rejects(gate.run(job('e')), isOverloaded)

  await finish('b')
  assert.deepEqual(started, ['a', 'b', 'c']) // first come, first served
  const late = gate.run(job('f')) // a place to wait is free again
  await assert.rejects(gate.run(job('g')), isOverloaded)

  for (const name of ['a', 'c', 'd', 'f']) await finish(name)
  assert.deepEqual(await Promise.all([...running, late]), ['a', 'b', 'c', 'd', 'f'])
  assert.deepEqual(started, ['a', 'b', 'c', 'd', 'f'])
})

test('a job that fails frees its place for the next', async () => {
  const { started, job, finish, fail } = createJobs()
  const gate = createGate(1, 1)
  const failing = assert.rejects(gate.run(job('a')), /a/)
  const next = gate.run(job('b'))
  await settled()
  await fail('a')
  await failing
  assert.deepEqual(started, ['a', 'b'])
  await finish('b')
  assert.equal(await next, 'b')
})

test('a job that throws synchronously frees its place too', async () => {
  const gate = createGate(1, 0)
  const broken = () => {
    throw new Error('at once')
  }
  await assert.rejects(gate.run(broken), /at once/)
  assert.equal(await gate.run(async () => 'next'), 'next')
})

test('a hundred jobs neither lose nor gain a place', async () => {
  const gate = createGate(3, 100)
  let [running, peak] = [0, 0]
  const jobs = Array.from({ length: 100 }, (_, i) =>
    gate.run(async () => {
      peak = Math.max(peak, (running += 1))
      if (i % 2 === 0) await settled()
      running -= 1
    }),
  )
  await Promise.all(jobs)
  assert.equal(peak, 3)
  assert.equal(running, 0)
})
