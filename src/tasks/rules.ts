import { invalidField } from '../core/errors.ts'
import { fold } from '../core/text.ts'
import type { Writing } from '../revisions/revisions.ts'
import { isLiveProject } from '../projects/projects.ts'
import type { Wanted, Order, Rules } from '../things/things.ts'
import { membersOf, moveFamily, removeFamily, restoreFamily } from './families.ts'
import type { Task } from './fields.ts'
import { assertRoom, type Quota } from './quota.ts'
import { settleRecurrence, type Keep } from './recurring.ts'
import { dropLabels, eraseLabels, keepLabels } from './labels-store.ts'
import { findDepthBelow, findLine, findRemoval, renameRemoval, type Member } from './tree-store.ts'

const mostLevels = 6

/** Siblings are the tasks of one parent, or those of one project that have none. */
export const order: Order = {
  fields: ['projectId', 'parentId'],
  siblingsOf({ projectId, parentId }) {
    return typeof parentId === 'string'
      ? { parent_id: parentId }
      : { project_id: typeof projectId === 'string' ? projectId : null, parent_id: null }
  },
}

/** The text that a search looks through. No word of a search holds the line breaks between its parts. */
export const searchText = ({ title, description, labels }: Task): string =>
  fold([title, description, ...labels].join('\n'))

/** What the rules do to other tasks. */
interface Verbs {
  /** Erases tasks without those below them. */
  erase(writing: Writing, tasks: Member[]): Promise<void>
  keep: Keep
}

/** What the writes of a task mean for the tasks around it, where a user may have so many of them. */
export const rulesOf = ({ erase, keep }: Verbs, quota: Quota): Rules<Task> => ({
  async settle(writing, wanted) {
    const values = await settlePlace(writing, wanted)
    const settled = values.recurrence ? await settleRecurrence(writing, wanted, values, keep) : { values }
    // After an occurrence that is kept, which is a task more.
    if (wanted.comesToLife) await assertRoom(quota, writing, 1)
    return settled
  },
  async changing(writing, before, values) {
    const { id, projectId } = before
    const { projectId: next = null } = values
    if (next !== projectId) await moveFamily(writing, { below: id }, projectId, next)
  },
  removing: (writing, { id }) => removeFamily(writing, { below: id }),
  async restoring(writing, { id, projectId }, values) {
    const { projectId: next = null } = values
    const removal = await findRemoval(writing.tx, writing.actor.userId, id)
    await restoreFamily(writing, { below: id }, removal, projectId, next)
    await assertRoom(quota, writing, 1)
  },
  erasing: async (writing, { id }) => erase(writing, await membersOf(writing, { below: id }, 'kept')),
  removedAgain: ({ tx, actor }, from, to) => renameRemoval(tx, actor.userId, from, to),
  saved: ({ tx, actor }, before, after) => keepLabels(tx, actor.userId, before, after),
  erased: ({ tx, actor }, ids) => eraseLabels(tx, actor.userId, ids),
  swept: dropLabels,
})

/** A task is in a project that is live, and a subtask in the project of its parent. */
async function settlePlace(writing: Writing, wanted: Wanted<Task>): Promise<Partial<Task>> {
  const { before, values, givesWay } = wanted
  const { parentId = null, projectId = null } = values
  const isSettled = before && !givesWay && parentId === before.parentId && projectId === before.projectId
  if (isSettled) return values
  if (parentId !== null) return { ...values, ...(await settleBelow(writing, wanted, parentId)) }
  if (projectId === null || (await isLiveProject(writing, projectId))) return values
  if (givesWay) return { ...values, projectId: null }
  throw invalidField('/projectId', 'must be null, or the id of a project of yours that is not in the trash')
}

async function settleBelow(writing: Writing, wanted: Wanted<Task>, parentId: string): Promise<Partial<Task>> {
  const { id, values, named, givesWay } = wanted
  const line = await findLine(writing.tx, writing.actor.userId, parentId, mostLevels)
  const [parent] = line
  const refusal =
    (!parent && 'must be null, or the id of a task of yours that is not in the trash') ||
    (line.some((above) => above.id === id) && 'must not be the task itself or one below it') ||
    (line.length + (await levelsOf(writing, wanted)) > mostLevels &&
      `must leave the tree at most ${mostLevels} levels deep`)
  if (parent && !refusal) {
    const { projectId } = parent
    const isOther = named.includes('projectId') && values.projectId !== projectId
    if (!isOther || givesWay || writing.origin === 'undo') return { parentId, projectId }
    throw invalidField(
      '/projectId',
      'must be left out or be the project of the parent: a subtask is where its parent is',
    )
  }
  if (givesWay) return { parentId: null, projectId: null }
  throw invalidField('/parentId', String(refusal))
}

/** How many levels a task and those below it take, live or with it in the trash: a forced undo meets either. */
async function levelsOf({ tx, actor }: Writing, { id, before, givesWay }: Wanted<Task>): Promise<number> {
  if (!before) return 1
  const live = await findDepthBelow(tx, actor.userId, id, 'live')
  if (!givesWay) return 1 + live
  const wentBy = await findRemoval(tx, actor.userId, id)
  return 1 + Math.max(live, await findDepthBelow(tx, actor.userId, id, { wentBy }))
}
