import type { Queue } from './queue.ts'
import type { State } from './state.ts'
import type { Status } from './status.ts'
import type { Storage } from './storage.ts'
import type { Choice, Conflict, Entry, Write } from './write.ts'

/** How replicas of one storage reach each other, such as those of several tabs through a `BroadcastChannel`. */
export interface Peers {
  /** Tells all others, which hear it in the order in which it is told. */
  tell(message: string): void
  hear(listener: (message: string) => void): void
}

/** Something that was kept, or dropped if it has no text; of a write that came to its end, with what became of it. */
export interface Kept {
  name: string
  text?: string | undefined
  end?: Pick<Entry, 'state' | 'revision'> | undefined
}

/** What only the one that leads can do, since it may be sending just then. */
type Asked =
  | { verb: 'resolve'; conflict: Conflict; choice: Choice }
  | { verb: 'retry' | 'drop'; write: Write }
  | { verb: 'resume' | 'hello' }

type Message = { kept: readonly Kept[] } | { status: Status['state'] } | { asked: Asked }

interface Parts {
  state: State
  queue: Queue
  resume(): void
  status(): Status['state']
  /** Takes over how the one that leads stands to the server. */
  follow(status: Status['state']): void
  wake(): void
}

/** One replica among others of the same storage: one of them leads, and the others do as it does. */
export type Tabs = ReturnType<typeof createTabs>

export function createTabs(peers: Peers | undefined) {
  let isLeading = peers === undefined
  let parts: Parts | undefined
  /** What was told before the storage was read. */
  let early: Message[] = []
  /** Writes that are kept, so that it can be told what became of them. */
  const written = new Map<string, Entry>()

  peers?.hear((text) => {
    const message: Message = JSON.parse(text)
    if (parts) take(message, parts)
    else early.push(message)
  })

  const tell = (message: Message) => peers?.tell(JSON.stringify(message))

  function take(message: Message, { state, wake, follow, status, ...rest }: Parts): void {
    if ('kept' in message) state.update(() => state.absorb(message.kept))
    else if ('status' in message) {
      if (!isLeading) follow(message.status)
    } else if (isLeading) {
      if (message.asked.verb === 'hello') tell({ status: status() })
      else obey(message.asked, rest)
    }
    wake()
  }

  function obey(asked: Asked, { queue, resume }: Pick<Parts, 'queue' | 'resume'>): void {
    if (asked.verb === 'resolve') queue.resolve(asked.conflict, asked.choice)
    else if (asked.verb === 'retry') queue.retry(asked.write)
    else if (asked.verb === 'drop') queue.drop(asked.write)
    else resume()
  }

  function keptOf(name: string, text: string | undefined): Kept {
    const entry = parts?.state.entries.get(name.replace('write/', ''))
    if (entry && text !== undefined) written.set(name, entry)
    const ended = text === undefined ? written.get(name) : undefined
    if (ended) written.delete(name)
    return { name, text, end: ended && { state: ended.state, revision: ended.revision } }
  }

  return {
    /** Whether it is this one that speaks with the server. */
    isLeading: () => isLeading,
    /** A storage that tells the others what is kept, once it is safe. */
    share: (storage: Storage): Storage =>
      peers === undefined
        ? storage
        : {
            ...storage,
            async save(changes) {
              const kept = [...changes].map(([name, text]) => keptOf(name, text))
              await storage.save(changes)
              tell({ kept })
            },
          },
    /** Begins to follow the others, with what they told meanwhile. */
    join(joined: Parts): void {
      parts = joined
      for (const entry of joined.state.entries.values()) written.set(`write/${entry.id}`, entry)
      for (const message of early) take(message, joined)
      early = []
      tell({ asked: { verb: 'hello' } })
    },
    lead(): void {
      isLeading = true
    },
    tellStatus(status: Status['state']): void {
      if (isLeading && status !== 'closed') tell({ status })
    },
    /** Has it done by the one that leads, if that is another. */
    ask(asked: Asked): void {
      if (!parts) return
      if (isLeading) obey(asked, parts)
      else tell({ asked })
    },
  }
}

/** Gives an entry the values of another, and no others. */
export function renew(entry: Entry, kept: Entry): Entry {
  for (const name of Object.keys(entry)) if (!(name in kept)) Reflect.deleteProperty(entry, name)
  return Object.assign(entry, kept)
}
