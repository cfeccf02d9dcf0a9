import { Problem } from '../problem.ts'
import { addressOf as addressAt, revisionOf } from '../writes.ts'
import type { Docket } from '../docket.ts'
import { conflictsOf, doneOf, rebased } from './merge.ts'
import type { Queue } from './queue.ts'
import type { Saver } from './saving.ts'
import type { State } from './state.ts'
import { isShutOut, isSlug, isTemporary } from './status.ts'
import { agrees, isDoneBy, pick, type Entry, type Fields, type Outcome, type Thing } from './write.ts'

/** What sends a write, and takes over what comes of it. */
export interface Sender {
  /** Sends an entry once. Throws what is not the write's fault: no connection, no way in, a server that is busy. */
  send(entry: Entry, signal: AbortSignal): Promise<void>
}

/** One attempt to send an entry: with one client from its beginning to its end, whoever signs in meanwhile. */
interface Attempt {
  entry: Entry
  docket: Docket
  signal: AbortSignal
}

export function createSender(state: State, queue: Queue, saver: Saver, present: () => Docket): Sender {
  /** Compares an entry with the thing as it is now. Returns whether there is something to send. */
  function judge(entry: Entry, theirs: Thing | undefined): boolean {
    const { verb, occurrence, query } = entry
    if (verb === 'remove' && !theirs && !query?.permanent) return settled(entry)
    if (!theirs || !['update', 'remove', 'skip'].includes(verb)) return true
    if (occurrence !== undefined && (doneOf(theirs) ?? occurrence) > occurrence) return settled(entry)
    const conflicts = conflictsOf(entry, theirs)
    if (conflicts.length > 0) {
      queue.contest(entry, conflicts)
      return false
    }
    const asked = Object.entries(rebased(entry, theirs))
    const isThere = asked.every(([name, value]) => agrees(theirs[name], value))
    return verb === 'update' && isThere ? settled(entry) : true
  }

  function settled(entry: Entry): false {
    queue.settle(entry, {})
    return false
  }

  async function exchange({ entry, docket, signal }: Attempt, theirs: Thing | undefined): Promise<Outcome> {
    const asked = { ...requestOf(entry, theirs), signal, isRepeatable: false }
    const { headers, body } = await docket.request<Thing | undefined>(asked)
    return { thing: body ?? null, revision: revisionOf(headers) }
  }

  /** The server says no: what it is about may be gone, or be another one by now. */
  async function answerTo(problem: Problem, attempt: Attempt, theirs: Thing | undefined): Promise<void> {
    const { entry } = attempt
    if (problem.status === 412 && (await isKnownNow(attempt, theirs))) return
    if (problem.status === 404 && entry.verb === 'remove') return queue.settle(entry, {})
    if (problem.slug === 'idempotency-key-reused') {
      const done = await wasDone(attempt, entry.sent ?? 0)
      if (done) return queue.settle(entry, done)
    }
    const { status, slug, detail, faults } = problem
    queue.refuse(entry, { status, slug, detail, faults })
  }

  /** Reads the thing as it is now, so that the next attempt is based on that. False if there is none to read. */
  async function isKnownNow(attempt: Attempt, theirs: Thing | undefined): Promise<boolean> {
    const { entry } = attempt
    const thing = await read(attempt)
    // What somebody else put into the trash meanwhile is erased if the user says so once more.
    Object.assign(entry, { sent: undefined, held: undefined })
    if (!thing) return false
    state.update(() => state.put(entry.kind, thing))
    if (entry.verb === 'create') queue.settle(entry, { thing })
    else if (thing.revision < (theirs?.revision ?? 0)) throw new Error('The server is behind this replica.')
    return true
  }

  return {
    async send(entry, signal) {
      const attempt = { entry, docket: present(), signal }
      if (entry.sent !== undefined) {
        const done = await wasDone(attempt, entry.sent)
        if (done) return queue.settle(entry, done)
      }
      const theirs = state.copy(entry.kind).get(entry.thing)
      if (entry.state !== 'waiting' || !judge(entry, theirs)) return
      entry.sent ??= Math.max(state.head.position ?? 0, theirs?.revision ?? 0)
      state.update(() => state.set(entry))
      await saver.saved()
      try {
        queue.settle(entry, await exchange(attempt, theirs))
      } catch (error) {
        if (!(error instanceof Problem) || isTemporary(error) || isShutOut(error)) throw error
        await answerTo(error, attempt, theirs)
      }
    },
  }
}

/** What became of an entry that was sent, and whose answer never came; undefined if nothing did. */
async function wasDone(attempt: Attempt, sent: number): Promise<Outcome | undefined> {
  try {
    return await findDone(attempt, sent)
  } catch (error) {
    const { verb, isSeen } = attempt.entry
    // It may have been erased since.
    if (isSlug(error, 'not-found')) return verb === 'remove' || isSeen ? {} : undefined
    throw error
  }
}

async function findDone({ entry, docket, signal }: Attempt, sent: number): Promise<Outcome | undefined> {
  const since = entry.verb === 'create' ? 0 : sent
  const things = entry.kind === 'task' ? docket.tasks : docket.projects
  for await (const item of things.history(entry.thing, { signal })) {
    if (item.revision <= since) return undefined
    if (isDoneBy(entry, item))
      return { revision: item.revision, ...(entry.verb === 'remove' && { thing: null }) }
  }
  return undefined
}

async function read({ entry, docket, signal }: Attempt): Promise<Thing | undefined> {
  try {
    const asked = { method: 'GET', path: addressOf(entry), signal, isRepeatable: true }
    return (await docket.request<Thing>(asked)).body
  } catch (error) {
    if (isSlug(error, 'not-found')) return undefined
    throw error
  }
}

const addressOf = ({ kind, thing }: Entry): string => addressAt(`/${kind}s`, thing)

/** The request of an entry, under the condition that the thing is still the one that it is based on. */
function requestOf(entry: Entry, theirs: Thing | undefined) {
  const { verb, id, query = {}, held, undoes } = entry
  const path = addressOf(entry)
  const key = { 'idempotency-key': id }
  const revision = theirs?.revision ?? held
  const headers = { ...key, ...(revision !== undefined && { 'if-match': `"${revision}"` }) }
  switch (verb) {
    case 'create':
      return { method: 'PUT', path, body: bodyOf(entry.fields), headers: { ...key, 'if-none-match': '*' } }
    case 'update':
      return { method: 'PATCH', path, body: bodyOf(rebased(entry, theirs)), headers }
    case 'remove':
      return { method: 'DELETE', path, query, headers }
    case 'skip':
      return { method: 'POST', path: `${path}/skip`, headers }
    case 'restore':
      return { method: 'POST', path: `${path}/restore`, headers: key }
    case 'undo':
      return { method: 'POST', path: `/changes/${undoes}/undo`, query }
  }
}

/** A subtask is where its parent is: the server wants to be told only of one of them. */
const bodyOf = (fields: Fields): Fields =>
  typeof fields['parentId'] === 'string' ? pick(fields, (name) => name !== 'projectId') : fields
