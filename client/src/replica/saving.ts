import type { Clock } from '../clock.ts'
import { backoff } from '../sending.ts'
import type { Storage } from './storage.ts'

/** Keeps what is told, soon and in order. What is told in one turn of the event loop is kept together. */
export interface Saver {
  /** Keeps a value as JSON; drops it if it is undefined. */
  keep(name: string, value: unknown): void
  /** Resolves once all that was told is safe; rejects if it is closed before. The same for what is kept together. */
  saved(): Promise<void>
  /** Takes nothing any more: it throws. */
  stop(): void
}

/** Saves into a storage, again and again where that fails; `tell` hears of each failure, and of its end. */
export function createSaver(
  storage: Storage,
  { clock, random }: { clock: Clock; random: () => number },
  tell: (error: unknown) => void,
  signal: AbortSignal,
): Saver {
  /** What is told until the save before has ended. */
  let pending: Map<string, string | undefined> | undefined
  let last = Promise.resolve()
  let isStopped = false

  async function save(changes: ReadonlyMap<string, string | undefined>): Promise<void> {
    for (let failures = 0; ; failures += 1) {
      try {
        await storage.save(changes)
        if (failures > 0) tell(undefined)
        return
      } catch (error) {
        tell(error)
        if (signal.aborted) throw error
        await clock.sleep(backoff(failures, random), signal).catch(() => undefined)
      }
    }
  }

  function begin(): Map<string, string | undefined> {
    const changes = new Map<string, string | undefined>()
    last = last.then(() => {
      pending = undefined
      return save(changes)
    })
    last.catch(() => undefined)
    return changes
  }

  return {
    keep(name, value) {
      if (isStopped) throw new Error('The replica is closed.')
      pending ??= begin()
      pending.set(name, value === undefined ? undefined : JSON.stringify(value))
    },
    saved: () => last,
    stop: () => void (isStopped = true),
  }
}
