import type { FastifyInstance } from 'fastify'
import { AppError } from '../../core/errors.ts'

const longestTurnMs = 500
const retryAfterSeconds = 2

/**
 * Refuses what is read late in a long turn of the event loop: whoever is at its end has waited for all before
 * them, and those behind would wait longer still. A refusal costs little, so the turn is soon over, and those
 * it does take are answered in time, at nearly the rate of a server that is not asked too much.
 */
export function shedLoad(app: FastifyInstance, longestMs = longestTurnMs): void {
  let begunAt: number | undefined
  const endTurn = () => (begunAt = undefined)

  app.addHook('onRequest', (request, _reply, done) => {
    const now = performance.now()
    if (begunAt === undefined) setImmediate(endTurn)
    begunAt ??= now
    if (now - begunAt <= longestMs || request.routeOptions.config.unlimited) return done()
    done(new AppError('overloaded', 'Too much is asked of the server at once.', { retryAfterSeconds }))
  })
}
