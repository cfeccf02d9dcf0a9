import type { Database } from '../database/database.ts'

/** Waits for an owner's things to move; it misses nothing from its beginning on. */
export interface Watch {
  /** Resolves when they moved since the last time, when the time is over, or at the end. */
  next(ms: number): Promise<void>
  isOver(): boolean
  end(): void
}

/** Everyone on this node who waits for news of some owner. */
export interface Followers {
  /** Begins to watch; it ends with the signal, with `end`, or when the server stops. */
  watch(ownerId: string, signal: AbortSignal): Watch
  stop(): void
}

/** Shares one ear on the database among all that follow. */
export function createFollowers(database: Pick<Database, 'listen'>): Followers {
  const wakers = new Map<string, Set<() => void>>()
  const stopping = new AbortController()
  const wake = (ownerId: string) => wakers.get(ownerId)?.forEach((waker) => waker())
  const stopListening = database.listen((ownerId) => {
    for (const id of ownerId === undefined ? wakers.keys() : [ownerId]) wake(id)
  })

  const follow = (ownerId: string, waker: () => void) => {
    const own = wakers.get(ownerId) ?? new Set()
    wakers.set(ownerId, own.add(waker))
    return () => {
      own.delete(waker)
      if (own.size === 0) wakers.delete(ownerId)
    }
  }

  return {
    watch: (ownerId, signal) =>
      startWatch((waker) => follow(ownerId, waker), AbortSignal.any([signal, stopping.signal])),
    stop() {
      stopListening()
      stopping.abort()
    },
  }
}

function startWatch(follow: (waker: () => void) => () => void, signal: AbortSignal): Watch {
  let hasMoved = false
  let isEnded = false
  let resume: () => void = () => undefined
  const end = () => {
    if (isEnded) return // who watches the same owner by now is not to be unfollowed
    isEnded = true
    unfollow()
    resume()
  }
  const unfollow = follow(() => {
    hasMoved = true
    resume()
  })
  signal.addEventListener('abort', end, { once: true })

  return {
    async next(ms) {
      if (!hasMoved && !isEnded && !signal.aborted) {
        const { promise, resolve } = Promise.withResolvers<void>()
        const timer = setTimeout(resolve, ms)
        resume = resolve
        await promise
        clearTimeout(timer)
      }
      hasMoved = false
    },
    isOver: () => isEnded || signal.aborted,
    end() {
      signal.removeEventListener('abort', end)
      end()
    },
  }
}
