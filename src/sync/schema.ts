import type { Static } from 'typebox'
import * as Type from '../core/json-schema.ts'
import { closed, Id, Instant, named } from '../core/wire.ts'
import { Task } from '../tasks/schema.ts'

const position = { minimum: 0, maximum: Number.MAX_SAFE_INTEGER }

export const ChangesQuery = Type.Object(
  {
    since: Type.Integer({
      ...position,
      default: 0,
      description:
        'The `revision` of the page before; at first the `Docket-Revision` of the list that the copy began with.',
    }),
    limit: Type.Integer({ minimum: 1, maximum: 500, default: 100, description: 'How many at most.' }),
  },
  closed,
)

/** The header by which a client asks to wait for news (RFC 7240 §4.3). */
export const WaitHeader = Type.Object({
  prefer: Type.Optional(
    Type.String({ description: '`wait=30` holds the request up to that many seconds for news.' }),
  ),
})

export const ChangeItem = Type.Object(
  {
    revision: Type.Integer({ minimum: 1 }),
    at: Instant,
    kind: Type.Unsafe<'task' | 'profile'>({ type: 'string', enum: ['task', 'profile'] }),
    id: Id,
    action: Type.Unsafe<'create' | 'update' | 'delete' | 'restore'>({
      type: 'string',
      enum: ['create', 'update', 'delete', 'restore'],
    }),
    task: Type.Unsafe<Task | null>({
      anyOf: [Task, { type: 'null' }],
      description: 'The task as it is now; null for one that is gone, and for the profile.',
    }),
  },
  named('Change'),
)
export type ChangeItem = Static<typeof ChangeItem>

export const Changes = Type.Object(
  {
    items: Type.Array(ChangeItem),
    revision: Type.Integer({ minimum: 0, description: 'The `since` of the next page.' }),
    more: Type.Boolean({ description: 'Whether there is more to read already.' }),
  },
  named('Changes'),
)
export type Changes = Static<typeof Changes>

export const EventsQuery = Type.Object(
  {
    since: Type.Optional(
      Type.Integer({ ...position, description: 'Where to begin; the present, if it is not said.' }),
    ),
    ticket: Type.Optional(
      Type.String({ format: 'plain', description: 'A ticket in place of the Authorization header.' }),
    ),
  },
  closed,
)

/** The header by which a reconnecting client says where it was. */
export const ResumeHeader = Type.Object({
  'last-event-id': Type.Optional(
    Type.String({
      pattern: '^(?:0|[1-9][0-9]{0,15})$',
      'x-detail': 'must be the id of an event, which is a revision',
      description: 'The id of the last event that was received: go on after it.',
    }),
  ),
})

export const Ticket = Type.Object(
  {
    ticket: Type.String({ description: 'For `GET /events?ticket=`, once.' }),
    expiresIn: Type.Integer({ description: 'Seconds until it expires.' }),
  },
  named('Ticket'),
)
export type Ticket = Static<typeof Ticket>
