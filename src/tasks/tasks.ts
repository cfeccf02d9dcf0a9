import { eraseAll, defineModel, resourceOf, type Resource, type Model } from '../things/things.ts'
import type { Contents } from '../projects/projects.ts'
import { examples } from './examples.ts'
import { membersOf, moveFamily, removeFamily, restoreFamily } from './families.ts'
import { fields, serverSet, type Task } from './fields.ts'
import { order, rulesOf, searchText } from './rules.ts'
import { countIncomplete, renameRemoval } from './tree-store.ts'

/** Tasks, as every mechanism sees them. */
export const model: Model<Task> = defineModel({
  name: 'task',
  path: '/tasks',
  table: 'tasks',
  fields,
  serverSet,
  derive: ({ status }, before, at) => ({
    completedAt: status === 'complete' ? (before?.completedAt ?? at) : null,
  }),
  unread: {
    search_text: { from: ['title', 'description', 'labels'], holds: searchText },
    deleted_with: { from: [], holds: () => null },
  },
  order,
  rules: rulesOf(async (writing, tasks) => void (await eraseAll(model, writing, tasks))),
  examples,
})

export const taskResource: Resource<Task> = resourceOf(model)

/** The tasks of a project, as projects see them. */
export const tasksOfProjects: Contents = {
  remove: (writing, projectId) => removeFamily(writing, { inProject: projectId }),
  keep: (writing, projectId) => moveFamily(writing, { inProject: projectId }, projectId, null),
  restore: (writing, projectId, wentBy) =>
    restoreFamily(writing, { inProject: projectId }, wentBy, projectId, projectId),
  removedAgain: ({ tx, actor }, from, to) => renameRemoval(tx, actor.userId, from, to),
  async erase(writing, projectId) {
    await eraseAll(model, writing, await membersOf(writing, { inProject: projectId }, 'kept'))
  },
  countIncomplete,
}
