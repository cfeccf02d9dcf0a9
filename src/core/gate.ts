import { AppError } from './errors.ts'

/** Lets so many works run at once and so many wait their turn; throws `overloaded` at the next. */
export interface Gate {
  run<T>(work: () => Promise<T>): Promise<T>
}

const retryAfterSeconds = 1

/** Makes a gate for expensive work: first come, first served. */
export function createGate(running: number, waiting: number): Gate {
  const queue: (() => void)[] = []
  let free = running

  const enter = () => {
    if (free > 0) return void (free -= 1)
    if (queue.length >= waiting) {
      throw new AppError('overloaded', 'Too many passwords are being checked at once.', { retryAfterSeconds })
    }
    return new Promise<void>((resolve) => queue.push(resolve))
  }
  const leave = () => {
    const next = queue.shift()
    if (next) next()
    else free += 1
  }

  return {
    async run(work) {
      await enter()
      try {
        return await work()
      } finally {
        leave()
      }
    },
  }
}
