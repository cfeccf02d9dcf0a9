import type { Clock } from '../clock.ts'
import { Problem } from '../problem.ts'
import { backoff } from '../sending.ts'
import type { Queue } from './queue.ts'
import type { Sender } from './sender.ts'
import { createBell, isShutOut, linked, type Bell, type Status } from './status.ts'
import type { Sync } from './sync.ts'

interface Parts {
  sync: Sync
  sender: Sender
  queue: Pick<Queue, 'next'>
  clock: Clock
  random: () => number
  /** Rings when there may be something to do. */
  bell: Bell
  /** Takes over how the replica stands to the server. */
  tell(state: Status['state'], error?: unknown): void
  state(): Status['state']
  signal: AbortSignal
}

/** Speaks with the server: follows what changes there, and sends what was written here. */
export function createWork({ sync, sender, queue, clock, random, bell, tell, state, signal }: Parts) {
  const resumed = createBell()
  /** Whether reading, or only writing, has to wait for other credentials. */
  let isPaused = false

  const tellUnlessPaused: Parts['tell'] = (now, error) => {
    if (!isPaused) tell(now, error)
  }

  /** Does a piece of work again and again; after a failure later each time. */
  async function repeat(
    work: (succeed: () => void) => Promise<void>,
    fail: (error: unknown) => void,
  ): Promise<void> {
    let failures = 0
    while (!signal.aborted) {
      try {
        await work(() => (failures = 0))
      } catch (error) {
        if (signal.aborted) return
        if (isShutOut(error)) await pause(error)
        else {
          fail(error)
          await rest(error, failures)
        }
        failures += 1
      }
    }
  }

  async function pause(error: unknown): Promise<void> {
    isPaused = true
    tell('paused', error)
    await resumed.next(signal)
  }

  async function rest(cause: unknown, failures: number): Promise<void> {
    const { controller, end } = linked(signal)
    const asked = cause instanceof Problem ? (cause.retryAfterMs ?? 0) : 0
    void resumed.next(controller.signal).then(() => controller.abort())
    try {
      await clock.sleep(asked + backoff(failures, random), controller.signal)
    } catch {
      // It need not wait any longer.
    } finally {
      controller.abort()
      end()
    }
  }

  async function follow(succeed: () => void): Promise<void> {
    const { controller, end } = linked(signal)
    void resumed.next(controller.signal).then(() => controller.abort())
    try {
      tellUnlessPaused('syncing')
      await sync.catchUp(controller.signal)
      tellUnlessPaused('live')
      await sync.follow(controller.signal, succeed)
      throw new Error('The stream of changes ended.')
    } finally {
      controller.abort()
      end()
    }
  }

  async function send(succeed: () => void): Promise<void> {
    const entry = state() === 'live' ? queue.next() : undefined
    if (entry) await sender.send(entry, signal)
    else await bell.next(signal)
    succeed()
  }

  return {
    async run(): Promise<void> {
      const goOffline = (error: unknown) => tellUnlessPaused('offline', error)
      await Promise.all([repeat(follow, goOffline), repeat(send, () => undefined)])
    },
    resume(): void {
      // Nothing is sent before it is known that these credentials are for this.
      tell('offline')
      isPaused = false
      resumed.ring()
    },
  }
}
