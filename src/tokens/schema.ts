import type { Static } from 'typebox'
import * as Type from '../core/json-schema.ts'
import { grantedScopes, type GrantedScope } from '../core/scopes.ts'
import { Id, Instant, named, nullable } from '../core/wire.ts'

const Scopes = Type.Unsafe<GrantedScope[]>(
  Type.Array(Type.String({ enum: [...grantedScopes] }), {
    minItems: 1,
    uniqueItems: true,
    description: 'What the token is allowed; `tasks:write` includes `tasks:read`.',
  }),
)

const expiry = { description: 'When the token stops working; null for never.' }

export const NewApiToken = Type.Object(
  {
    name: Type.String({
      format: 'line',
      minLength: 1,
      maxLength: 100,
      description: 'What the token is for, on one line.',
    }),
    scopes: Scopes,
    expiresAt: Type.Optional(nullable({ ...expiry, format: 'instant', default: null })),
  },
  {
    ...named('NewApiToken', 'An API token to create.'),
    'x-server-set': ['id', 'createdAt', 'lastUsedAt', 'token'],
  },
)
export type NewApiToken = Static<typeof NewApiToken>

const tokenFields = {
  id: Id,
  name: Type.String(),
  scopes: Scopes,
  createdAt: Instant,
  expiresAt: nullable({ ...expiry, format: 'date-time' }),
  lastUsedAt: nullable({ format: 'date-time', description: 'To the minute; null if it never was.' }),
}

export const ApiToken = Type.Object(tokenFields, named('ApiToken', 'An API token, without the token itself.'))
export type ApiToken = Static<typeof ApiToken>

export const CreatedApiToken = Type.Object(
  {
    ...tokenFields,
    token: Type.Optional(
      Type.String({
        description:
          'For `Authorization: Bearer`. Shown only here; absent where an Idempotency-Key repeats the request.',
      }),
    ),
  },
  named('CreatedApiToken', 'A new API token.'),
)
export type CreatedApiToken = Static<typeof CreatedApiToken>

export const ApiTokenList = Type.Object(
  { items: Type.Array(ApiToken) },
  named('ApiTokenList', 'Your API tokens, the newest first; those that have expired too.'),
)
export const ApiTokenId = Type.Object({ id: Id })
