import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { fastify } from 'fastify'
import { AppError } from '../../src/core/errors.ts'
import { shedLoad } from '../../src/http/protection/load-shedding.ts'

const longestTurnMs = 40
const requestMs = 15

/** A server that blocks the event loop for `requestMs` with each request. */
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

test('of requests that arrive together, as many as fit in one turn are handled, and the rest get 503', async () => {
  const { statuses } = slowServer()

  const atOnce = await statuses(Array<string>(20).fill('/'))
  await nextTurn()
  const later = await statuses(['/', '/'])

  const handled = atOnce.filter((status) => status === 200).length
  assert.ok(handled > 0 && handled <= 1 + longestTurnMs / requestMs, `${handled} were handled`)
  assert.equal(atOnce.filter((status) => status === 503).length, 20 - handled)
  assert.deepEqual(later, [200, 200])
})

test('health checks are answered under any load', async () => {
  const { statuses } = slowServer()

  const atOnce = await statuses([...Array<string>(10).fill('/'), '/livez'])

  assert.equal(atOnce.at(-2), 503)
  assert.equal(atOnce.at(-1), 200)
})
