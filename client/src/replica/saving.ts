import type { Clock } from '../clock.ts'
import { backoff } from '../sending.ts'
import type { Storage } from './storage.ts'

/** Keeps what is told, soon and in order. What is told in one turn of the event loop is kept together. */
export interface Saver {
  /** Keeps a value as JSON; drops it if it is undefined. */
  keep(name: string, value: unknown): void
  /** Resolves once all that was told is safe; rejects if the saver was stopped before. */
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
  let pending = new Map<string, string | undefined>()
  let running: Promise<void> | undefined
  let isStopped = false

  async function saveAll(): Promise<void> {
    await Promise.resolve()
    for (let failures = 0; pending.size > 0;) {
      const changes = pending
      pending = new Map()
      try {
        await storage.save(changes)
        if (failures > 0) tell(undefined)
        failures = 0
      } catch (error) {
        pending = new Map([...changes, ...pending])
        tell(error)
        if (signal.aborted) throw error
        await clock.sleep(backoff(failures, random), signal).catch(() => undefined)
        failures += 1
      }
    }
  }

  async function run(): Promise<void> {
    try {
      await saveAll()
    } finally {
      running = undefined
    }
  }

  return {
    stop: () => void (isStopped = true),
    keep(name, value) {
      if (isStopped) throw new Error('The replica is closed.')
      pending.set(name, value === undefined ? undefined : JSON.stringify(value))
      if (running) return
      running = run()
      running.catch(() => undefined)
    },
    saved: () => running ?? Promise.resolve(),
  }
}
