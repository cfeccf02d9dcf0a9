import type { Static } from 'typebox'
import * as Type from '../core/json-schema.ts'
import { closed, Id, Instant, named, nullable } from '../core/wire.ts'

export const HistoryQuery = Type.Object(
  {
    limit: Type.Defaulted(Type.Integer({ minimum: 1, maximum: 100, description: 'How many at most.' }), 50),
    cursor: Type.Optional(
      Type.String({ format: 'plain', description: 'The `nextCursor` of the page before.' }),
    ),
  },
  closed,
)
export type HistoryQuery = Static<typeof HistoryQuery>

const FieldChange = Type.Object(
  {
    from: Type.Unknown({ description: 'The value before.' }),
    to: Type.Unknown({ description: 'The value after.' }),
  },
  named('FieldChange'),
)

export const HistoryItem = Type.Object(
  {
    revision: Type.Integer({ minimum: 1 }),
    at: Instant,
    action: Type.String({ enum: ['create', 'update', 'delete', 'restore'] }),
    sessionId: Type.Optional(Type.String({ ...Id, description: 'The session that wrote it, if one did.' })),
    tokenId: Type.Optional(Type.String({ ...Id, description: 'The API token that wrote it, if one did.' })),
    origin: Type.String({
      enum: ['request', 'batch', 'undo'],
      description: 'By a request of its own, in a batch, or by an undo.',
    }),
    fields: Type.Record(FieldChange, {
      description: 'The fields that changed, each from what to what.',
    }),
  },
  named('HistoryItem'),
)
export type HistoryItem = Static<typeof HistoryItem>

export const History = Type.Object(
  {
    items: Type.Array(HistoryItem),
    nextCursor: nullable({ description: 'For the next page; null on the last.' }),
  },
  named('History'),
)
export type History = Static<typeof History>

export const Revision = Type.Object({
  revision: Type.String({
    pattern: '^[1-9][0-9]{0,15}$',
    description: 'The `Docket-Revision` of the write.',
  }),
})

export const UndoQuery = Type.Object(
  {
    force: Type.Optional(
      Type.Boolean({ default: false, description: 'Whether to set fields back that were changed since.' }),
    ),
  },
  closed,
)
