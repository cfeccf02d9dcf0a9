import { newId } from '../core/id.ts'
import { add, eraseAll, defineModel, resourceOf, type Resource, type Model } from '../things/things.ts'
import type { Contents } from '../projects/projects.ts'
import { examples, skipped } from './examples.ts'
import { membersOf, moveFamily, removeFamily, restoreFamily } from './families.ts'
import { fields, serverSet, type Task } from './fields.ts'
import { assertRoom, type Quota } from './quota.ts'
import { skip } from './recurring.ts'
import { order, rulesOf, searchText } from './rules.ts'
import { countIncomplete, renameRemoval } from './tree-store.ts'

/** What a client decides, and of an occurrence that is kept the task that it is of. */
type Values = Pick<Task, 'status'> & { occurrenceOf?: string | null }

/** Tasks, of which a user may have so many. */
function modelWith(quota: Quota): Model<Task> {
  const model: Model<Task> = defineModel({
    name: 'task',
    path: '/tasks',
    table: 'tasks',
    fields,
    serverSet,
    derive: ({ status, occurrenceOf }: Values, before, at) => ({
      completedAt: status === 'complete' ? (before?.completedAt ?? at) : null,
      occurrenceOf: status === 'complete' ? (occurrenceOf ?? before?.occurrenceOf ?? null) : null,
    }),
    unread: {
      search_text: { from: ['title', 'description', 'labels'], holds: searchText },
      deleted_with: { from: [], holds: () => null },
    },
    order,
    rules: rulesOf(
      {
        erase: async (writing, tasks) => void (await eraseAll(model, writing, tasks)),
        async keep(writing, values) {
          await assertRoom(quota, writing, 1)
          return (await add(model, writing, newId(), values)).id
        },
      },
      quota,
    ),
    examples,
  })
  return model
}

/** Tasks without a quota. */
export const model = modelWith('off')

/** Tasks, as every mechanism sees them. */
export function tasksWith(quota: Quota): Resource<Task> {
  const limited = modelWith(quota)
  return resourceOf(limited, {
    skip: {
      summary: 'Skip the present occurrence of a task that recurs',
      description:
        'Its due date becomes that of the next occurrence, as if it were completed, and nothing is kept of this one. After the last one the task is complete.',
      problems: ['not-recurring', 'limit-reached'],
      answer: skipped,
      perform: (writing, id, match) => skip(limited, writing, id, match),
    },
  })
}

export const taskResource = tasksWith('off')

/** The tasks of a project, as projects see them. */
export const contentsWith = (quota: Quota): Contents => ({
  remove: (writing, projectId) => removeFamily(writing, { inProject: projectId }),
  keep: (writing, projectId) => moveFamily(writing, { inProject: projectId }, projectId, null),
  async restore(writing, projectId, wentBy) {
    const { reached } = writing.owner
    await restoreFamily(writing, { inProject: projectId }, wentBy, projectId, projectId)
    if (writing.owner.reached > reached) await assertRoom(quota, writing, 0)
  },
  removedAgain: ({ tx, actor }, from, to) => renameRemoval(tx, actor.userId, from, to),
  async erase(writing, projectId) {
    await eraseAll(model, writing, await membersOf(writing, { inProject: projectId }, 'kept'))
  },
  countIncomplete,
})

export const tasksOfProjects = contentsWith('off')
