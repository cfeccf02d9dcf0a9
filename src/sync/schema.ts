import type { Static } from 'typebox'
import * as Type from '../core/json-schema.ts'
import { closed, Id, Instant, named } from '../core/wire.ts'
import { isResource, type Kind, type Thing } from '../things/things.ts'

const position = { minimum: 0, maximum: Number.MAX_SAFE_INTEGER }

export const ChangesQuery = Type.Object(
  {
    since: Type.Defaulted(
      Type.Integer({
        ...position,
        description:
          'The `revision` of the page before; at first the `Docket-Revision` of the list that the copy began with.',
      }),
      0,
    ),
    limit: Type.Defaulted(Type.Integer({ minimum: 1, maximum: 500, description: 'How many at most.' }), 100),
  },
  closed,
)

/** The header by which a client asks to wait for news (RFC 7240 §4.3). */
export const WaitHeader = Type.Object({
  prefer: Type.Optional(
    Type.String({ description: '`wait=30` holds the request up to that many seconds for news.' }),
  ),
})

/** What changed; `[kind]` is the thing as it is now, null where it is deleted or of another kind. */
export type ChangeItem = {
  revision: number
  at: string
  kind: string
  id: string
  action: 'create' | 'update' | 'delete' | 'restore'
  [kind: string]: Thing | null | string | number
}

/** A page of what changed. */
export type Changes = { items: ChangeItem[]; revision: number; more: boolean }

/** The schemas of the feed's items and pages, which name every kind. */
export function feedSchemasOf(kinds: readonly Kind[]) {
  const names = kinds.map(({ name }) => name)
  const things = kinds.filter(isResource).map(({ name, schemas }) => {
    const description = `The ${name} as it is now; null for one that is deleted, and for every other kind.`
    return [name, Type.Unsafe({ anyOf: [schemas.thing, { type: 'null' }], description })] as const
  })
  const item = Type.Unsafe<ChangeItem>(
    Type.Object(
      {
        revision: Type.Integer({ minimum: 1 }),
        at: Instant,
        kind: Type.Unsafe<string>({ type: 'string', enum: names }),
        id: Id,
        action: Type.Unsafe<string>({ type: 'string', enum: ['create', 'update', 'delete', 'restore'] }),
        ...Object.fromEntries(things),
      },
      named('Change'),
    ),
  )
  const page = Type.Unsafe<Changes>(
    Type.Object(
      {
        items: Type.Array(item),
        revision: Type.Integer({ minimum: 0, description: 'The `since` of the next page.' }),
        more: Type.Boolean({ description: 'Whether there is more to read already.' }),
      },
      named('Changes'),
    ),
  )
  return { item, page }
}

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
