import * as Type from '../core/json-schema.ts'
import { closed, named } from '../core/wire.ts'
import type { Project } from './fields.ts'
import { extended } from '../things/things.ts'
import { model } from './model.ts'

export const ProjectsQuery = Type.Object(
  {
    deleted: Type.Optional(Type.Boolean({ description: 'Whether to list the trash instead.' })),
    count: Type.Optional(
      Type.Boolean({
        description:
          'Whether to add `incomplete`, the number of tasks that are neither complete nor cancelled.',
      }),
    ),
  },
  closed,
)

/** A project in the list, with its number of open tasks where the query counts. */
export type ListedProject = Project & { incomplete?: number }

export type ProjectList = { items: ListedProject[]; nextCursor: null; inbox?: number }

const incomplete = (description: string) => Type.Optional(Type.Integer({ minimum: 0, description }))

const counted = extended(model.schemas.thing, named('ListedProject', 'A project of the list.'), {
  incomplete: incomplete('How many of its tasks are neither complete nor cancelled, where `count=true`.'),
})

export const ProjectList = Type.Unsafe<ProjectList>(
  Type.Object(
    {
      items: Type.Array(Type.Unsafe<ListedProject>(counted)),
      nextCursor: Type.Unsafe<null>({ type: 'null', description: 'Always null: all of them are here.' }),
      inbox: incomplete(
        'How many tasks of no project are neither complete nor cancelled, where `count=true`.',
      ),
    },
    named('ProjectList', 'Every project, in the order of their owner.'),
  ),
)
