import { Server as ListeningSocket, type Socket } from 'node:net'
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'

/** How long nobody may have come before the door is shut, and how long it may stay open for that. */
const quietMs = 20
const longestOpenMs = 250
const briefTurnMs = 1
/** How long a kept connection may still bring a request, which may be under way already when the stop begins. */
const lastRequestsMs = 500

/**
 * Has `close()` lose no request: whoever is connected, or waits to be let in, is answered, each for the last
 * time, before the connections go. Node would cut idle ones at once, with what it has not read from them yet.
 * Call it last: it waits until every connection is gone, those too that other hooks of preClose must end.
 */
export function closeGently(app: FastifyInstance): void {
  const connections = new Set<Socket>()
  let shut: Promise<void> | undefined

  app.server.on('connection', (socket: Socket) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
  })
  app.addHook('onSend', (_request, reply, payload, send) => {
    if (!shut) return send(null, payload)
    reply.header('connection', 'close')
    // Since who is answered may come in again, and there would be no end to letting in.
    void shut.then(() => send(null, payload))
  })
  app.addHook('preClose', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    shut = promise
    await letIn(app)
    const gone = stopListening(app)
    resolve()
    await Promise.race([gone, pause(lastRequestsMs, undefined, { ref: false })])
    await nextTurn() // reads what came while the event loop was busy
    app.server.closeIdleConnections()
    for (const socket of connections) if (socket.bytesRead === 0) socket.destroy() // not idle in Node's eyes
    await gone
  })
}

/**
 * Goes on accepting until nobody has come for a while and the last look at the door was a moment ago: whoever
 * has connected and is not accepted when listening ends is reset, and each commit holds up the event loop.
 */
async function letIn(app: FastifyInstance): Promise<void> {
  const begunAt = performance.now()
  let cameAt = begunAt
  app.server.on('connection', () => (cameAt = performance.now()))
  for (let now = begunAt; now - begunAt < longestOpenMs;) {
    const before = now
    await nextTurn()
    now = performance.now()
    if (now - cameAt > quietMs && now - before < briefTurnMs) return
  }
}

/** Resolves when the last connection is gone. The HTTP server's own `close` would cut idle ones first. */
function stopListening(app: FastifyInstance): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  ListeningSocket.prototype.close.call(app.server, () => resolve())
  return promise
}
