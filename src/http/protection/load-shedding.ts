import type { FastifyInstance } from 'fastify'
import { AppError } from '../../core/errors.ts'

const longestTurnMs = 500
const retryAfterSeconds = 2

/**
 * Refuses requests that are read after a turn of the event loop has taken too long. The later in the turn a request is
 * read, the longer it has waited, and the longer those behind it will. A refusal costs little, so the turn ends soon.
 * The requests that are taken are answered in time, nearly as many a second as without the overload.
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
