import { eraseAlone, defineModel, resourceOf, type Resource, type Model } from '../things/things.ts'
import type { Contents } from '../projects/projects.ts'
import { examples } from './examples.ts'
import { membersOf, moveFamily, removeFamily, restoreFamily } from './families.ts'
import { fields, serverSet, type Task } from './fields.ts'
import { order, rulesOf, searchText } from './rules.ts'
import { countIncomplete } from './tree-store.ts'

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
  rules: rulesOf((writing, id) => eraseAlone(model, writing, id)),
  examples,
})

export const taskResource: Resource<Task> = resourceOf(model)

/** The tasks of a project, as projects see them. */
export const tasksOfProjects: Contents = {
  remove: (writing, projectId) => removeFamily(writing, { inProject: projectId }, projectId),
  keep: (writing, projectId) => moveFamily(writing, { inProject: projectId }, projectId, null),
  restore: (writing, projectId) =>
    restoreFamily(writing, { inProject: projectId }, projectId, projectId, projectId),
  async erase(writing, projectId) {
    const members = await membersOf(writing, { inProject: projectId }, { are: 'kept' })
    for (const { id } of members) await eraseAlone(model, writing, id)
  },
  countIncomplete,
}
