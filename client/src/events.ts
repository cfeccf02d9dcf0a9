import type { Change } from './api.ts'
import { patience, type Patience } from './clock.ts'
import { Problem } from './problem.ts'
import { backoff, isPassing, renewing, type Credentials } from './sending.ts'
import { open, type Connection } from './transport.ts'
import type { CallOptions } from './writes.ts'

/** The server says something every 20 seconds; a connection that is silent for longer is dead. */
const silenceMs = 45_000

/** `ready` says at which revision a stream begins, each time one is open; `change` what changed. */
export type DocketEvent =
  | { type: 'ready'; revision: number }
  | { type: 'change'; revision: number; change: Change }

export interface EventsOptions extends CallOptions {
  /** The revision to begin after, so that changes made meanwhile come first; the present if it is left out. */
  since?: number | undefined
  /** Whether to end with the connection, or throw what ended it, instead of opening it again. */
  once?: boolean
}

/**
 * Follows the changes until the signal is aborted or the loop is left. A connection that ends is opened again where it
 * was: no change is lost or told twice. Throws the `Problem` if the server will not go on, such as `sync-too-old`.
 */
export async function* follow(
  connection: Connection,
  credentials: Credentials,
  { since, once = false, signal }: EventsOptions = {},
): AsyncGenerator<DocketEvent, void> {
  if (once) {
    yield* stream(connection, credentials, since, signal)
    return
  }
  let position = since
  for (let failures = 0; ; failures += 1) {
    let pause = 0
    try {
      for await (const event of stream(connection, credentials, position, signal)) {
        failures = 0
        position = event.revision
        yield event
      }
    } catch (error) {
      signal?.throwIfAborted()
      if (!isPassing(error)) throw error
      if (error instanceof Problem) pause = error.retryAfterMs ?? 0
    }
    await connection.clock.sleep(pause + backoff(failures, connection.random), signal)
  }
}

/** The events of one connection. */
async function* stream(
  connection: Connection,
  credentials: Credentials,
  position: number | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<DocketEvent> {
  const limit = patience(connection.clock, silenceMs, signal)
  try {
    const asked = { method: 'GET', path: '/events', query: { since: position }, isRepeatable: true }
    const response = await renewing(credentials, limit.signal, (token) =>
      open(connection, asked, token, limit.signal),
    )
    if (response.body) yield* read(response.body, limit)
  } finally {
    limit.end()
  }
}

async function* read(body: ReadableStream<Uint8Array>, limit: Patience): AsyncGenerator<DocketEvent> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      limit.renew()
      const blocks = (rest + decoder.decode(value, { stream: true })).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) yield* eventOf(block)
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

/** Comments, and events of a kind that this version does not know, are passed over. */
function* eventOf(block: string): Generator<DocketEvent> {
  const [, type, data = ''] = /^event: (ready|change)\ndata: (.*)$/m.exec(block) ?? []
  if (type === undefined) return
  const change: Change = JSON.parse(data)
  const { revision } = change
  yield type === 'ready' ? { type, revision } : { type: 'change', revision, change }
}
