import type { User } from '../api.ts'
import { systemClock, type Clock } from '../clock.ts'
import type { Docket } from '../docket.ts'
import { createQueue } from './queue.ts'
import { createSaver } from './saving.ts'
import { createSender } from './sender.ts'
import { createState, type Changed } from './state.ts'
import { createBell, type Status } from './status.ts'
import { memoryStorage, type Storage } from './storage.ts'
import { createSync } from './sync.ts'
import { createTabs, type Peers } from './tabs.ts'
import { createWork } from './work.ts'
import { labelsIn, type Labels } from './labels.ts'
import { projectsOf, tasksOf, verbsOf, type Projects, type Tasks } from './verbs.ts'
import type { Choice, Conflict, Write } from './write.ts'

export { indexedDbStorage } from './indexed-db.ts'
export { memoryStorage } from './storage.ts'
export type { Labels } from './labels.ts'
export type { Changed } from './state.ts'
export type { Status } from './status.ts'
export type { Storage } from './storage.ts'
export type { Place } from './order.ts'
export type { Peers } from './tabs.ts'
export type { Projects, Replicated, Tasks } from './verbs.ts'
export type { Choice, Conflict, Kind, Refusal, Verb, Write, WriteState } from './write.ts'

/** What a replica is made of. */
export interface ReplicaOptions {
  /** The client whose data it is. */
  docket: Docket
  /** Where it is kept; in memory alone if it is left out. */
  storage?: Storage
  /** In place of the system's clock and timers. */
  clock?: Clock
  /** In place of the system's random numbers, from 0 to below 1: for ids, positions and pauses. */
  random?: () => number
  /** Closes the replica. */
  signal?: AbortSignal
  /**
   * Runs the work that speaks with the server, at the right time: of several replicas of one storage only one may, such
   * as the one that holds a lock. It runs at once if this is left out.
   */
  lead?: (work: () => Promise<void>, signal: AbortSignal) => Promise<void>
  /** Other replicas of the same storage. The one that leads works for all of them; what one shows, all show. */
  peers?: Peers
}

/** A copy of a user's tasks and projects, which takes writes at once and sends them when it can. */
export interface Replica {
  readonly tasks: Tasks
  readonly projects: Projects
  readonly labels: Labels
  /** The account; undefined before it was read, and for an API token, which may not. */
  readonly profile: User | undefined
  readonly status: Status
  /** The revision up to which everything is here; undefined before the first read. */
  readonly revision: number | undefined
  /** The writes that the server does not have, in their order. */
  readonly writes: readonly Write[]
  readonly conflicts: readonly Conflict[]
  readonly refused: readonly Write[]
  /** Hears of each change, right after it. Returns what ends that. */
  subscribe(listener: (changed: Changed) => void): () => void
  /** Decides a conflict: for the value from here (`mine`), the one from there (`theirs`), or others. */
  resolve(conflict: Conflict, choice: Choice): void
  /** Sends a refused write once more. */
  retry(write: Write): void
  /** Lets go of a write. False if it was sent already: undo it then. */
  drop(write: Write): boolean
  /** Takes back a write: by the server's undo if it was sent. Returns what undoes it, which can be undone too. */
  undo(write: Write, options?: { force?: boolean }): Write | undefined
  /** Resolves once all writes are safe from a crash. */
  saved(): Promise<void>
  /** Resolves once no write is on its way that can be sent. */
  sent(): Promise<void>
  /** Goes on after a pause, with another client if one is given; or tries at once instead of later. */
  resume(docket?: Docket): void
  /** Ends it; what is waiting stays in the storage. */
  close(): Promise<void>
  /** Ends it and erases what is kept, such as at sign-out. */
  wipe(): Promise<void>
}

/** Opens a replica: with what was kept at once, and with what the server has as soon as that answers. */
export async function openReplica({
  docket: first,
  storage = memoryStorage(),
  clock = systemClock,
  random = () => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32,
  signal: outer,
  lead = (work) => work(),
  peers,
}: ReplicaOptions): Promise<Replica> {
  const closing = new AbortController()
  const { signal } = closing
  const context = { clock, random }
  const bell = createBell()
  const listeners = new Set<(changed: Changed) => void>()
  let docket = first
  let status: Status = { state: 'offline' }

  const tabs = createTabs(peers)
  const kept = await storage.load()
  const saver = createSaver(
    tabs.share(storage),
    context,
    (storageError) => setStatus({ ...status, storageError }),
    signal,
  )
  const state = createState(saver, listeners)
  state.update(() => state.load(kept))
  const queue = createQueue(state, saver, context, bell.ring)
  const work = createWork({
    sync: createSync(state, queue, () => docket, clock),
    sender: createSender(state, queue, saver, () => docket),
    queue,
    ...context,
    bell,
    tell: (now, error) => setStatus({ ...status, state: signal.aborted ? 'closed' : now, error }),
    state: () => status.state,
    signal,
  })
  tabs.join({
    state,
    queue,
    resume: work.resume,
    status: () => status.state,
    follow: (now) => setStatus({ ...status, state: now }),
    wake: bell.ring,
  })
  const run = () => {
    tabs.lead()
    return work.run()
  }
  const working = lead(run, signal).catch((error: unknown) => setStatus({ ...status, error }))

  function setStatus(next: Status): void {
    status = next
    tabs.tellStatus(next.state)
    state.tellStatus()
    bell.ring()
  }

  /** Lets go of the server. */
  async function stop(): Promise<void> {
    closing.abort()
    setStatus({ state: 'closed' })
    await working
  }

  async function close(): Promise<void> {
    await stop()
    try {
      await saver.saved()
    } finally {
      saver.stop()
      await storage.close()
    }
  }
  const closeSoon = () => void close().catch(() => undefined)
  if (outer?.aborted) closeSoon()
  else outer?.addEventListener('abort', closeSoon)

  const tasks = verbsOf('task', state, queue, context)
  const isSending = () =>
    [...state.entries.values()].some((entry) => entry.state === 'saving') || queue.next()

  return {
    tasks: tasksOf(tasks),
    projects: projectsOf(verbsOf('project', state, queue, context)),
    labels: labelsIn(state, tasks),
    get profile() {
      return state.head.profile
    },
    get status() {
      return status
    },
    get revision() {
      return state.head.position
    },
    get writes() {
      return [...state.entries.values()]
    },
    get conflicts() {
      return queue.conflicts()
    },
    get refused() {
      return [...state.entries.values()].filter((entry) => entry.state === 'refused')
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    resolve: (conflict, choice) => tabs.ask({ verb: 'resolve', conflict, choice }),
    retry: (write) => tabs.ask({ verb: 'retry', write }),
    drop(write) {
      if (tabs.isLeading()) return queue.drop(write)
      tabs.ask({ verb: 'drop', write })
      return state.entries.has(write.id)
    },
    undo: (write, options) => queue.undo(write, { ...options, isShared: !tabs.isLeading() }),
    saved: saver.saved,
    async sent() {
      while (isSending() && !signal.aborted) await bell.next(signal)
    },
    resume(next = docket) {
      docket = next
      tabs.ask({ verb: 'resume' })
    },
    close,
    async wipe() {
      await stop()
      await saver.saved().catch(() => undefined)
      saver.stop()
      state.update(() => state.clear())
      await storage.clear()
      await storage.close()
    },
  }
}
