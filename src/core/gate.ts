import { AppError } from './errors.ts'

/** Limits how many jobs run at once. `run` throws `overloaded` if too many are waiting already. */
export interface Gate {
  run<T>(work: () => Promise<T>): Promise<T>
  /** How many jobs wait. */
  waiting(): number
}

const retryAfterSeconds = 1

/** Runs at most `running` jobs at a time and queues at most `waiting` more, first come, first served. */
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
    waiting: () => queue.length,
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
