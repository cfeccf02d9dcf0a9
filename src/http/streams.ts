import { fastifySSE } from '@fastify/sse'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Server } from './server.ts'

const heartbeatMs = 20_000
const slowestDrainMs = 30_000
const longestWaitSeconds = 30

/** Lets routes answer with server-sent events (HTML standard §9.2); a comment every 20 seconds keeps them open. */
export async function allowStreams(app: Server): Promise<void> {
  await app.register(fastifySSE, { heartbeatInterval: heartbeatMs })
}

/**
 * Sends events as long as there are any and the client takes them. One that is not read is written no
 * further; a client that takes nothing for half a minute is cut, and can resume.
 */
export async function sendEvents(
  reply: FastifyReply,
  events: AsyncIterable<{ id: string; event: string; data: unknown }>,
): Promise<void> {
  reply.header('cache-control', 'no-store')
  reply.raw.once('close', () => reply.raw.emit('drain')) // a write waits for that, and for ever where nobody is left
  const stopCutting = cutWhenStuck(reply)
  try {
    for await (const event of events) {
      if (!reply.sse.isConnected) break
      await reply.sse.send(event)
    }
  } catch (error) {
    if (!reply.raw.headersSent) throw error
    reply.log.warn({ err: error, requestId: reply.request.id }, 'a stream was broken off; its client resumes')
  } finally {
    stopCutting()
  }
}

/** Answers a HEAD: what a stream would begin with, and no stream. */
export function endStream(reply: FastifyReply): Promise<void> {
  reply.header('cache-control', 'no-store').sse.sendHeaders()
  return Promise.resolve()
}

/** How many seconds the client would wait (RFC 7240 §4.3), as far as the server lets it; 0 without `Prefer: wait`. */
export function waitOf({ headers: { prefer } }: FastifyRequest): number {
  const [, seconds = '0'] =
    /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:$|[,;])/i.exec(String(prefer ?? '')) ?? []
  return Math.min(Number(seconds), longestWaitSeconds)
}

function cutWhenStuck({ raw }: FastifyReply): () => void {
  let stuckChecks = 0
  const timer = setInterval(() => {
    stuckChecks = raw.writableNeedDrain ? stuckChecks + 1 : 0
    if (stuckChecks > 1) raw.destroy()
  }, slowestDrainMs / 2)
  timer.unref()
  return () => clearInterval(timer)
}
