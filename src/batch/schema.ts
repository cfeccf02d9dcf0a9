import type { Static } from 'typebox'
import * as Type from '../core/json-schema.ts'
import { closed, named } from '../core/wire.ts'

const mostOperations = 100

export const Operation = Type.Object(
  {
    method: Type.Unsafe<'POST' | 'PUT' | 'PATCH' | 'DELETE'>({
      type: 'string',
      enum: ['POST', 'PUT', 'PATCH', 'DELETE'],
    }),
    path: Type.String({
      format: 'plain',
      description:
        'As of the request itself: `/tasks` or `/tasks/{id}/move` for POST, `/tasks/{id}` for the others, DELETE with its query.',
      examples: ['/tasks'],
    }),
    body: Type.Optional(Type.Unknown({ description: 'What the request itself would carry.' })),
    ifMatch: Type.Optional(
      Type.String({ format: 'entity-tags', description: 'The If-Match of the request.' }),
    ),
    ifNoneMatch: Type.Optional(
      Type.String({
        format: 'entity-tags',
        description: 'The If-None-Match of the request: `*` lets PUT create.',
      }),
    ),
  },
  named('Operation'),
)
export type Operation = Static<typeof Operation>

export const Batch = Type.Object(
  { operations: Type.Array(Operation, { minItems: 1, maxItems: mostOperations }) },
  named('Batch'),
)

export const BatchQuery = Type.Object(
  {
    atomic: Type.Optional(
      Type.Boolean({
        default: true,
        description: 'All or none; false lets each operation stand on its own.',
      }),
    ),
  },
  closed,
)

const Result = Type.Object(
  {
    status: Type.Integer({
      description: 'The status that the request itself would have been answered with.',
    }),
    body: Type.Optional(
      Type.Unsafe<object>({
        type: 'object',
        additionalProperties: true,
        description: 'The thing, or the problem.',
      }),
    ),
    etag: Type.Optional(Type.String()),
  },
  named('Result'),
)

export const Results = Type.Object({ results: Type.Array(Result) }, named('Results'))
