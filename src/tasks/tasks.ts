import { defineModel, resourceOf, type Resource, type Model } from '../things/things.ts'
import { examples } from './examples.ts'
import { fields, serverSet, type Task } from './fields.ts'

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
  examples,
})

export const taskResource: Resource<Task> = resourceOf(model)
