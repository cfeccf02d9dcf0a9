import { Server as ListeningSocket, type Socket } from 'node:net'
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'

/** Listening ends when nobody has connected for `quietMs`, and after `longestOpenMs` in any case. */
const quietMs = 20
const longestOpenMs = 250
/** How long a turn of the event loop sleeps while listening ends, and by how much it may be late to count as brief. */
const turnMs = 2
const lateMs = 1
/** How long open connections may still send a request, which may be under way when the stop begins. */
const lastRequestsMs = 500

/**
 * Makes `close()` lose no request. Whoever is connected, or waits to be accepted, gets an answer that closes the
 * connection. Node alone would cut idle connections at once, even with a request in them that it has not read yet.
 * Call it last: it waits for every connection to end, also for those that other preClose hooks must end.
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
    // Answers wait until listening ends: who got one could connect again, and accepting would never end.
    void shut.then(() => send(null, payload))
  })
  app.addHook('preClose', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    shut = promise
    await acceptUntilQuiet(app)
    const gone = stopListening(app)
    resolve()
    await Promise.race([gone, pause(lastRequestsMs, undefined, { ref: false })])
    await nextTurn() // reads what came while the event loop was busy
    app.server.closeIdleConnections()
    for (const socket of connections) if (socket.bytesRead === 0) socket.destroy() // Node does not count them as idle
    await gone
  })
}

/**
 * Accepts connections until none has come for a while. A connection that the kernel holds but Node has not accepted is
 * reset when listening ends. They pile up while a commit blocks the event loop, so this ends only after a short turn.
 */
async function acceptUntilQuiet(app: FastifyInstance): Promise<void> {
  const begunAt = performance.now()
  let cameAt = begunAt
  app.server.on('connection', () => (cameAt = performance.now()))
  for (let now = begunAt; now - begunAt < longestOpenMs;) {
    const before = now
    await pause(turnMs)
    now = performance.now()
    if (now - cameAt > quietMs && now - before < turnMs + lateMs) return
  }
}

/** Resolves when the last connection is gone. The HTTP server's own `close` would cut idle ones first. */
function stopListening(app: FastifyInstance): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  ListeningSocket.prototype.close.call(app.server, () => resolve())
  return promise
}
