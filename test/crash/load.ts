import { randomUUID } from 'node:crypto'
import { createClient, wasRefused, type Client, type Person, type Reply } from './client.ts'
import type { Ledger, State } from './ledger.ts'

/** Running writers. */
export interface Load {
  /** The number of writes acknowledged so far. */
  readonly answers: number
  /** Resolves with the first of them. */
  begun: Promise<void>
  /** Resolves when every writer has stopped, with the errors that stopped them, except refused connections. */
  ended: Promise<unknown[]>
}

interface Writer {
  person: Person
  client: Client
  ledger: Ledger
  /** The ids of tasks that only this writer changes. */
  own: string[]
  answered(): void
  wasUnread: IsUnread
}

/** Whether the error means that the server never read the request, which must then have changed nothing. */
type IsUnread = (error: unknown) => boolean

const statuses = ['incomplete', 'in_progress', 'complete', 'cancelled']

/**
 * Starts `writersEach` writers for each person. Each writer creates, changes, replaces and deletes tasks until its
 * connection fails. Every second writer opens a new connection for each request.
 */
export function startLoad(
  origin: string,
  people: Person[],
  ledger: Ledger,
  writersEach: number,
  wasUnread: IsUnread = wasRefused,
): Load {
  let answers = 0
  const begun = Promise.withResolvers<void>()
  const writers = people.flatMap((person) =>
    Array.from({ length: writersEach }, (_, i) =>
      write({
        person,
        client: createClient(origin, person.accessToken, i % 2 === 0),
        ledger,
        own: [],
        answered() {
          answers += 1
          begun.resolve()
        },
        wasUnread,
      }),
    ),
  )
  const ended = Promise.all(writers).then((errors) => errors.filter((error) => !wasRefused(error)))
  return {
    get answers() {
      return answers
    },
    begun: begun.promise,
    ended,
  }
}

/** Sends one write after another, and returns the error that stopped it. */
async function write(writer: Writer): Promise<unknown> {
  try {
    for (;;) await pick()(writer)
  } catch (error) {
    return error
  } finally {
    writer.client.close()
  }
}

function pick(): (writer: Writer) => Promise<void> {
  const draw = Math.random()
  if (draw < 0.3) return create
  if (draw < 0.45) return createUnderOwnId
  if (draw < 0.7) return change
  return draw < 0.85 ? replace : remove
}

const someTitle = () => `Task ${randomUUID()}`
const one = <T>(list: readonly T[]): T | undefined => list[Math.floor(Math.random() * list.length)]

async function create(writer: Writer): Promise<void> {
  const fields = { title: someTitle(), description: 'x'.repeat(Math.random() * 2000) }
  const headers = { 'idempotency-key': randomUUID() }
  await attempt(writer, undefined, fields, 201, () => writer.client.send('POST', '/tasks', fields, headers))
}

async function createUnderOwnId(writer: Writer): Promise<void> {
  const id = randomUUID()
  const fields = { title: someTitle(), status: one(statuses) }
  const headers = { 'if-none-match': '*' }
  await attempt(writer, id, fields, 201, () => writer.client.send('PUT', `/tasks/${id}`, fields, headers))
}

async function change(writer: Writer): Promise<void> {
  const id = one(writer.own)
  if (!id) return
  const fields = { title: someTitle(), status: one(statuses) }
  await attempt(writer, id, fields, 200, () => writer.client.send('PATCH', `/tasks/${id}`, fields))
}

async function replace(writer: Writer): Promise<void> {
  const id = one(writer.own)
  if (!id) return
  const fields = { title: someTitle(), description: 'replaced', dueDate: '2026-12-01', status: one(statuses) }
  await attempt(writer, id, fields, 200, () => writer.client.send('PUT', `/tasks/${id}`, fields))
}

async function remove(writer: Writer): Promise<void> {
  const id = one(writer.own)
  if (!id) return
  writer.own.splice(writer.own.indexOf(id), 1)
  await attempt(writer, id, undefined, 204, () => writer.client.send('DELETE', `/tasks/${id}`))
}

/** Sends a write and records it in the ledger. */
async function attempt(
  { person, ledger, own, answered, wasUnread }: Writer,
  id: string | undefined,
  state: State,
  wanted: number,
  send: () => Promise<Reply>,
): Promise<void> {
  const pending = ledger.sending(person, id, state)
  try {
    const { status, body } = await send()
    if (status !== wanted) throw new Error(`answered ${status}: ${JSON.stringify(body)}`)
    const written = id ?? body.id
    ledger.answered(person, pending, written, state && body)
    answered()
    if (wanted === 201) own.push(written)
  } catch (error) {
    if (wasUnread(error)) ledger.refused(person, pending)
    throw error
  }
}
