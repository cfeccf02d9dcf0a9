import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { AppError } from '../../core/errors.ts'
import { answerOn } from '../answering/parser-errors.ts'

/** The connections that may be open. Requests on the last thousand are refused (503), except for health checks. */
const mostConnections = 10_000
/** How many connections are kept for such refusals. Beyond them all, a connection is dropped without an answer. */
export const spareConnections = 1_000
const retryAfterSeconds = 2

/** How long a client may leave bytes of one answer unread, and how often we look. */
const slowest = { lookEveryMs: 5_000, longestMs: 30_000 }

/** Limits the number of connections, and cuts those whose client does not read its answer. */
export function boundConnections(app: FastifyInstance, { lookEveryMs, longestMs } = slowest): void {
  const { server } = app
  const open = new Set<Socket>()
  const surplus = new WeakSet<Socket>()
  const waiting = new WeakMap<ServerResponse, number>()
  server.maxConnections = mostConnections
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    if (open.size > server.maxConnections - spareConnections) surplus.add(socket)
  })
  server.once('drop', () => app.log.warn(`connections are dropped: ${server.maxConnections} are open`))

  app.addHook('onRequest', (request, _reply, done) => {
    if (!surplus.has(request.raw.socket) || request.routeOptions.config.unlimited) return done()
    const detail = 'Too many connections are open at once.'
    done(new AppError('overloaded', detail, { retryAfterSeconds, close: true }))
  })

  const timer = setInterval(() => {
    for (const socket of open) if (isStuck(socket, waiting, longestMs)) socket.destroy()
  }, lookEveryMs)
  timer.unref()
  app.addHook('onClose', async () => clearInterval(timer))
}

/** Whether the same answer has had unread bytes at every look for too long. */
function isStuck(socket: Socket, waiting: WeakMap<ServerResponse, number>, longestMs: number): boolean {
  const answer = answerOn(socket)
  if (!answer) return false
  const now = performance.now()
  const since = socket.writableLength === 0 ? now : (waiting.get(answer) ?? now)
  waiting.set(answer, since)
  return now - since > longestMs
}
