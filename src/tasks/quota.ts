import { AppError } from '../core/errors.ts'
import type { Writing } from '../revisions/revisions.ts'
import { countLive, setCount } from './quota-store.ts'

/** How many tasks outside the trash a user may have. */
export type Quota = number | 'off'

/**
 * Throws `limit-reached` if the owner has no room for so many tasks more, which the next revisions bring to life. Since
 * the last count there are at most as many more as revisions were taken. Only if that could be too many are they counted.
 */
export async function assertRoom(quota: Quota, { tx, owner, actor }: Writing, more: number): Promise<void> {
  const { reached, countedIn, countedTasks } = owner
  if (quota === 'off' || countedTasks + reached - countedIn + more <= quota) return
  const live = countedIn === reached ? countedTasks : await countLive(tx, actor.userId, quota)
  if (live + more > quota) {
    throw new AppError(
      'limit-reached',
      `An account can have ${quota} tasks outside the trash; delete some that are no longer needed.`,
    )
  }
  owner.countedTasks = live + more
  owner.countedIn = reached + more
  await setCount(tx, actor.userId, owner)
}
