import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { fastifySSE } from '@fastify/sse'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Server } from '../fastify.ts'

const heartbeatMs = 20_000
const heartbeat = Buffer.from(': heartbeat\n\n')
/** How long a stream may go on sending after the server has begun to stop. */
const farewellMs = 250
const longestWaitSeconds = 30

declare module 'fastify' {
  interface FastifyInstance {
    /** The open streams, each with the bytes that its client had taken at the last heartbeat. */
    openStreams: Map<ServerResponse, number>
  }
}

/**
 * Lets routes answer with server-sent events (HTML standard §9.2). Every 20 seconds, one timer sends each stream a
 * comment that keeps it open, and cuts the streams whose clients have taken nothing since the last time.
 */
export async function allowStreams(app: Server): Promise<void> {
  await app.register(fastifySSE, { heartbeatInterval: 0 })
  const streams = new Map<ServerResponse, number>()
  app.decorate('openStreams', streams)
  const timer = setInterval(
    () => streams.forEach((taken, raw) => streams.set(raw, sendHeartbeat(raw, taken))),
    heartbeatMs,
  )
  timer.unref()
  app.addHook('preClose', async () => {
    clearInterval(timer)
    setTimeout(() => streams.forEach((_taken, raw) => raw.destroy()), farewellMs).unref()
  })
}

/** Returns how many bytes the client has taken. A client with unread bytes is sent no heartbeat. */
function sendHeartbeat(raw: ServerResponse, takenBefore: number): number {
  const taken = raw.socket ? raw.socket.bytesWritten - raw.socket.writableLength : 0
  if (!raw.writableNeedDrain) raw.write(heartbeat)
  else if (taken === takenBefore) raw.destroy()
  return taken
}

/** An event to send. A client that lost the stream resumes after the id of its last event. */
interface Outgoing {
  id: string
  event: string
  data: unknown
}

/**
 * Sends events until there are no more or the client is gone. The next event is read when the one before has been
 * written. A client that takes nothing for 20 to 40 seconds is cut, and can resume.
 */
export async function sendEvents(reply: FastifyReply, events: AsyncIterable<Outgoing>): Promise<void> {
  const { raw, server } = reply
  reply.header('cache-control', 'no-store')
  if (!raw.destroyed) server.openStreams.set(raw, 0)
  raw.once('close', () => {
    server.openStreams.delete(raw)
    raw.emit('drain') // or a waiting write would wait for ever
  })
  try {
    for await (const event of events) {
      if (raw.destroyed) break
      reply.sse.sendHeaders()
      if (!raw.write(bytesOf(event))) await once(raw, 'drain')
    }
  } catch (error) {
    if (!raw.headersSent) throw error
    reply.log.warn({ err: error, requestId: reply.request.id }, 'a stream was broken off; its client resumes')
  }
}

/** As bytes: given text, Node 26 counts characters instead, and may never emit `drain`. */
const bytesOf = ({ id, event, data }: Outgoing): Buffer =>
  Buffer.from(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`)

/** Answers HEAD with the headers of a stream. */
export function endStream(reply: FastifyReply): Promise<void> {
  reply.header('cache-control', 'no-store').sse.sendHeaders()
  return Promise.resolve()
}

/** A signal that is aborted when the connection closes, or at once if it has closed already. */
export function closedBy({ raw }: FastifyReply): AbortSignal {
  const closed = new AbortController()
  if (raw.destroyed) closed.abort()
  else raw.once('close', () => closed.abort())
  return closed.signal
}

/** How many seconds the client wants to wait (RFC 7240 §4.3), at most 30; 0 without `Prefer: wait`. */
export function waitOf({ headers: { prefer } }: FastifyRequest): number {
  const [, seconds = '0'] =
    /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:$|[,;])/i.exec(String(prefer ?? '')) ?? []
  return Math.min(Number(seconds), longestWaitSeconds)
}
