import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { fastifySSE } from '@fastify/sse'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Server } from '../fastify.ts'

const heartbeatMs = 20_000
const heartbeat = Buffer.from(': heartbeat\n\n')
/** How long a stream may take to send its last words once the server stops. */
const farewellMs = 250
const longestWaitSeconds = 30

declare module 'fastify' {
  interface FastifyInstance {
    /** The streams that are open, each with what its client had taken at the last heartbeat, in bytes. */
    openStreams: Map<ServerResponse, number>
  }
}

/**
 * Lets routes answer with server-sent events (HTML standard §9.2). One timer serves all of them: every
 * 20 seconds a comment keeps each open, and cuts those whose clients took nothing since the last.
 */
export async function allowStreams(app: Server): Promise<void> {
  await app.register(fastifySSE, { heartbeatInterval: 0 })
  const streams = new Map<ServerResponse, number>()
  app.decorate('openStreams', streams)
  const timer = setInterval(
    () => streams.forEach((taken, raw) => streams.set(raw, beat(raw, taken))),
    heartbeatMs,
  )
  timer.unref()
  app.addHook('preClose', async () => {
    clearInterval(timer)
    setTimeout(() => streams.forEach((_taken, raw) => raw.destroy()), farewellMs).unref()
  })
}

/** Answers how many bytes the client has taken; one that owes us its reading gets no more to read. */
function beat(raw: ServerResponse, takenBefore: number): number {
  const taken = raw.socket ? raw.socket.bytesWritten - raw.socket.writableLength : 0
  if (!raw.writableNeedDrain) raw.write(heartbeat)
  else if (taken === takenBefore) raw.destroy()
  return taken
}

/** An event to send; its id tells where a client that lost the stream can go on. */
interface Outgoing {
  id: string
  event: string
  data: unknown
}

/**
 * Sends events as long as there are any and the client takes them: the next is asked for when the one
 * before is written. A client that takes nothing for 20 to 40 seconds is cut, and can resume.
 */
export async function sendEvents(reply: FastifyReply, events: AsyncIterable<Outgoing>): Promise<void> {
  const { raw, server } = reply
  reply.header('cache-control', 'no-store')
  if (!raw.destroyed) server.openStreams.set(raw, 0)
  raw.once('close', () => {
    server.openStreams.delete(raw)
    raw.emit('drain') // a write waits for that, and for ever where nobody is left
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

/** Bytes, since Node 26 counts text by its characters and never tells of the drain where it has more bytes. */
const bytesOf = ({ id, event, data }: Outgoing): Buffer =>
  Buffer.from(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`)

/** Answers a HEAD: what a stream would begin with, and no stream. */
export function endStream(reply: FastifyReply): Promise<void> {
  reply.header('cache-control', 'no-store').sse.sendHeaders()
  return Promise.resolve()
}

/** A signal that comes when the connection is gone, be it before the request was looked at. */
export function closedBy({ raw }: FastifyReply): AbortSignal {
  const closed = new AbortController()
  if (raw.destroyed) closed.abort()
  else raw.once('close', () => closed.abort())
  return closed.signal
}

/** How many seconds the client would wait (RFC 7240 §4.3), as far as the server lets it; 0 without `Prefer: wait`. */
export function waitOf({ headers: { prefer } }: FastifyRequest): number {
  const [, seconds = '0'] =
    /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:$|[,;])/i.exec(String(prefer ?? '')) ?? []
  return Math.min(Number(seconds), longestWaitSeconds)
}
