import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { fastify } from 'fastify'
import { AppError } from '../../src/core/errors.ts'
import { shedLoad } from '../../src/http/protection/load-shedding.ts'

const longestTurnMs = 40
const requestMs = 15

/** A server that works for a while on each request, with nothing else to do meanwhile. */
function slowServer() {
  const app = fastify()
  shedLoad(app, longestTurnMs)
  app.setErrorHandler((error, _request, reply) => {
    assert.ok(error instanceof AppError && error.slug === 'overloaded')
    assert.ok(error.hints.retryAfterSeconds)
    reply.code(503).send()
  })
  const work = async () => {
    const until = performance.now() + requestMs
    while (performance.now() < until);
    return 'done'
  }
  app.get('/', work)
  app.get('/livez', { config: { unlimited: true } }, work)
  const statusOf = async (path: string) => (await app.inject(path)).statusCode
  return { statuses: (paths: string[]) => Promise.all(paths.map(statusOf)) }
}

test('of what comes at once, so much is taken as can be done soon; the rest is told to come later', async () => {
  const { statuses } = slowServer()

  const atOnce = await statuses(Array<string>(20).fill('/'))
  await nextTurn()
  const later = await statuses(['/', '/'])

  const taken = atOnce.filter((status) => status === 200).length
  assert.ok(taken > 0 && taken <= 1 + longestTurnMs / requestMs, `${taken} were taken`)
  assert.equal(atOnce.filter((status) => status === 503).length, 20 - taken)
  assert.deepEqual(later, [200, 200])
})

test('health is told however much is asked', async () => {
  const { statuses } = slowServer()

  const atOnce = await statuses([...Array<string>(10).fill('/'), '/livez'])

  assert.equal(atOnce.at(-2), 503)
  assert.equal(atOnce.at(-1), 200)
})
