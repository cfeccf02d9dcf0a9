import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '../../src/core/errors.ts'
import { createGate } from '../../src/core/gate.ts'

/** Works that begin when the gate lets them and end when the test says so. */
function workshop() {
  const begun: string[] = []
  const ends = new Map<string, { resolve(value: string): void; reject(error: Error): void }>()
  return {
    begun,
    work: (name: string) => () => {
      begun.push(name)
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

/** Lets every promise that can go on do so. */
const settled = () => new Promise((resolve) => void setImmediate(resolve))

const isOverloaded = (error: unknown) => {
  assert.ok(error instanceof AppError)
  assert.equal(error.slug, 'overloaded')
  assert.ok(Number(error.hints.retryAfterSeconds) >= 1)
  return true
}

test('so many run, so many wait their turn, and the next is refused at once', async () => {
  const { begun, work, finish } = workshop()
  const gate = createGate(2, 2)
  const running = ['a', 'b', 'c', 'd'].map((name) => gate.run(work(name)))
  await settled()
  assert.deepEqual(begun, ['a', 'b'])
  await assert.rejects(gate.run(work('e')), isOverloaded)

  await finish('b')
  assert.deepEqual(begun, ['a', 'b', 'c']) // first come, first served
  const late = gate.run(work('f')) // a place to wait is free again
  await assert.rejects(gate.run(work('g')), isOverloaded)

  for (const name of ['a', 'c', 'd', 'f']) await finish(name)
  assert.deepEqual(await Promise.all([...running, late]), ['a', 'b', 'c', 'd', 'f'])
  assert.deepEqual(begun, ['a', 'b', 'c', 'd', 'f'])
})

test('a work that fails leaves its place to the next', async () => {
  const { begun, work, finish, fail } = workshop()
  const gate = createGate(1, 1)
  const failing = assert.rejects(gate.run(work('a')), /a/)
  const next = gate.run(work('b'))
  await settled()
  await fail('a')
  await failing
  assert.deepEqual(begun, ['a', 'b'])
  await finish('b')
  assert.equal(await next, 'b')
})

test('a work that throws before it has a promise leaves its place too', async () => {
  const gate = createGate(1, 0)
  const broken = () => {
    throw new Error('at once')
  }
  await assert.rejects(gate.run(broken), /at once/)
  assert.equal(await gate.run(async () => 'next'), 'next')
})

test('places are neither lost nor gained in long use', async () => {
  const gate = createGate(3, 100)
  let [running, most] = [0, 0]
  const works = Array.from({ length: 100 }, (_, i) =>
    gate.run(async () => {
      most = Math.max(most, (running += 1))
      if (i % 2 === 0) await settled()
      running -= 1
    }),
  )
  await Promise.all(works)
  assert.equal(most, 3)
  assert.equal(running, 0)
})
