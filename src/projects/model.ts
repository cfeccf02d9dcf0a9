import * as Type from '../core/json-schema.ts'
import { defineModel, type Model } from '../things/things.ts'
import { examples } from './examples.ts'
import { fields, serverSet, type Project } from './fields.ts'

/** Projects as they are stored and read; `projectsWith` adds what becomes of their tasks. */
export const model: Model<Project> = defineModel({
  name: 'project',
  path: '/projects',
  table: 'projects',
  fields,
  serverSet,
  derive: () => ({}),
  order: { fields: [], siblingsOf: () => ({}) },
  removal: {
    tasks: Type.Optional(
      Type.Unsafe<'keep'>({
        type: 'string',
        enum: ['keep'],
        description: '`keep` moves its tasks to the inbox; otherwise they go to the trash with it.',
      }),
    ),
  },
  examples,
})
