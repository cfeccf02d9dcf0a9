import { AppError } from '../core/errors.ts'

/** How many things one change may touch. */
export const mostAtOnce = 2000

/** Throws `limit-reached` where one change would touch more things than it may. */
export function assertFew(count: number): void {
  if (count <= mostAtOnce) return
  throw new AppError(
    'limit-reached',
    `One change touches at most ${mostAtOnce} things, and this one would touch more; nothing was changed.`,
  )
}
