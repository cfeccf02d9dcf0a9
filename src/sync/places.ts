import { AppError } from '../core/errors.ts'

const retryAfterSeconds = 30

/** The places that each user has on this node. */
export interface Places {
  /** Takes a place and returns the function that frees it, to be called once. Throws `too-many-requests` if none is left. */
  take(userId: string): () => void
  /** How many are taken by all users. */
  taken(): number
}

/** Gives each user so many places. `refusal` is what a client is told if all are taken. */
export function createPlaces(most: number, refusal: string): Places {
  const taken = new Map<string, number>()
  let total = 0
  return {
    taken: () => total,
    take(userId) {
      const count = taken.get(userId) ?? 0
      if (count >= most) throw new AppError('too-many-requests', refusal, { retryAfterSeconds })
      taken.set(userId, count + 1)
      total += 1
      return () => {
        total -= 1
        const left = (taken.get(userId) ?? 1) - 1
        if (left > 0) taken.set(userId, left)
        else taken.delete(userId)
      }
    },
  }
}
