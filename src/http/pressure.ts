import underPressure from '@fastify/under-pressure'
import type { FastifyInstance } from 'fastify'
import { AppError } from '../core/errors.ts'

const longestDelayMs = 1000
// A sample in which the loop did not turn at all counts as endless: a shorter one would refuse after less.
const sampleMs = longestDelayMs
const retryAfterSeconds = 2

/** Refuses requests while the event loop lags too far behind, so that those it takes are answered in time. */
export async function shedLoad(app: FastifyInstance): Promise<void> {
  // The start blocks the loop itself, which the first samples show: it is no reason to refuse the first client.
  let countsFrom = Infinity
  app.addHook('onListen', async () => {
    countsFrom = performance.now() + 2 * sampleMs
  })
  await app.register(underPressure, {
    maxEventLoopDelay: longestDelayMs,
    sampleInterval: sampleMs,
    pressureHandler: (request) => {
      if (request.routeOptions.config.unlimited || performance.now() < countsFrom) return
      throw new AppError('overloaded', 'Too much is asked of the server at once.', { retryAfterSeconds })
    },
  })
}
