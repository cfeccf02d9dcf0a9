import type { Change, Changes, Project, Task, User } from '../api.ts'
import type { Clock } from '../clock.ts'
import type { Docket } from '../docket.ts'
import { revisionOf } from '../writes.ts'
import type { Queue } from './queue.ts'
import type { State } from './state.ts'
import { isSlug, linked, OtherAccount } from './status.ts'
import type { Kind, Thing } from './write.ts'

/** A stream that has not begun after so long is held up on its way; the feed comes through. */
const patienceMs = 10_000
/** How long the server shall hold a request for news; less than the time-out of one. */
const waitSeconds = 20

/** Keeps the copy equal to what the server has. */
export interface Sync {
  /** Reads everything, or what changed since. */
  catchUp(signal: AbortSignal): Promise<void>
  /** Follows what changes, until the connection ends or fails; tells when it is there. */
  follow(signal: AbortSignal, tell: () => void): Promise<void>
}

export function createSync(state: State, queue: Queue, docket: () => Docket, clock: Clock): Sync {
  let isProfileStale = true
  /** Whose account is known to be that of the copy. */
  let known: Docket | undefined
  let isStreamHeldUp = false

  const get = <Body>(path: string, query: object, signal: AbortSignal, headers = {}) =>
    docket().request<Body>({ method: 'GET', path, query, headers, signal, isRepeatable: false })

  /** Reads both lists. Whatever changes meanwhile has a revision after that of the first answer. */
  async function readAll(signal: AbortSignal): Promise<void> {
    const first = await get<{ items: readonly Thing[] }>('/projects', {}, signal)
    const tasks = new Map<string, Thing>()
    for (let cursor: string | null | undefined; cursor !== null;) {
      const query = { sort: 'createdAt', limit: 100, cursor }
      const { body } = await get<{ items: readonly Thing[]; nextCursor: string | null }>(
        '/tasks',
        query,
        signal,
      )
      for (const task of body.items) tasks.set(task.id, task)
      cursor = body.nextCursor
    }
    state.update(() => {
      state.replace('project', new Map(first.body.items.map((project) => [project.id, project])))
      state.replace('task', tasks)
      state.advance(revisionOf(first.headers) ?? 0)
      queue.recheck()
    })
  }

  /** Reads a page of the feed. Returns whether there is more. */
  async function readPage(signal: AbortSignal, headers = {}): Promise<boolean> {
    const query = { since: state.head.position, limit: 500 }
    const { items, revision, more } = (await get<Changes>('/changes', query, signal, headers)).body
    if (revision !== state.head.position) apply(items, revision)
    return more
  }

  function apply(items: readonly Change[], revision: number): void {
    state.update(() => {
      for (const { kind, id, task, project, revision: at } of items) {
        if (kind === 'profile') isProfileStale = true
        else if (kind === 'task') take(kind, id, task, at)
        else if (kind === 'project') take(kind, id, project, at)
      }
      state.advance(revision)
      queue.hear(new Set(items.map(({ id }) => id)))
      queue.recheck()
    })
  }

  function take(kind: Kind, id: string, thing: Task | Project | null, revision: number): void {
    if (thing) state.put(kind, { ...thing })
    else state.remove(kind, id, revision)
  }

  /** An API token may not read it. */
  async function readProfile(signal: AbortSignal): Promise<void> {
    const present = docket()
    if (!isProfileStale && known === present) return
    const profile = await get<User>('/me', {}, signal).then(
      ({ body }) => body,
      (error: unknown) => {
        if (isSlug(error, 'insufficient-scope')) return undefined
        throw error
      },
    )
    const { id = profile?.id } = state.head.profile ?? {}
    if (profile && profile.id !== id) throw new OtherAccount()
    known = present
    isProfileStale = false
    if (profile) state.update(() => state.setProfile(profile))
  }

  async function stream(signal: AbortSignal, tell: () => void): Promise<void> {
    const { controller, end } = linked(signal)
    const waiting = new AbortController()
    const giveUp = () => {
      isStreamHeldUp = true
      controller.abort()
    }
    clock.sleep(patienceMs, waiting.signal).then(giveUp, () => undefined)
    try {
      const options = { since: state.head.position, once: true, signal: controller.signal }
      for await (const event of docket().events(options)) {
        waiting.abort()
        if (event.type === 'change') apply([event.change], event.revision)
        else tell()
        await readProfile(signal)
      }
    } finally {
      waiting.abort()
      end()
    }
  }

  async function readOn(signal: AbortSignal): Promise<void> {
    if (state.head.position === undefined) await readAll(signal)
    while (await readPage(signal));
  }

  return {
    async catchUp(signal) {
      await readProfile(signal)
      try {
        await readOn(signal)
      } catch (error) {
        if (!isSlug(error, 'sync-too-old')) throw error
        state.startOver()
        await readOn(signal)
      }
    },
    async follow(signal, tell) {
      if (!isStreamHeldUp) return stream(signal, tell)
      for (; !signal.aborted; tell()) {
        await readPage(signal, { prefer: `wait=${waitSeconds}` })
        await readProfile(signal)
      }
    },
  }
}
