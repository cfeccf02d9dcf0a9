import type { Static } from 'typebox'
import { longestEmail } from '../core/email.ts'
import * as Type from '../core/json-schema.ts'
import { Id, Instant, named, nullable } from '../core/wire.ts'
import { passwordLength } from './passwords.ts'

const Email = Type.String({
  format: 'email',
  trimmed: true,
  lowerCased: true,
  maxLength: longestEmail,
  description: 'Trimmed and lower-cased.',
  examples: ['ada@example.com'],
})

const NewPassword = Type.String({
  format: 'new-password',
  normalized: true,
  minLength: passwordLength.least,
  maxLength: passwordLength.most,
  description:
    '8 to 256 characters, none of the common passwords, without the part of the e-mail address before the @.',
})

/** A password that is compared, not chosen, so any text is valid. */
const Password = Type.String({ format: 'plain' })

/** The most characters of a user's name. */
export const longestName = 100

const Name = Type.String({
  format: 'line',
  maxLength: longestName,
  description: 'What to call the user, on one line.',
})

const TimeZone = Type.String({
  format: 'time-zone',
  description: 'An IANA time zone; the days of `due` and of the date filters are its days.',
  examples: ['Europe/Berlin'],
})

const InCookie = Type.Optional(
  Type.String({
    enum: ['cookie'],
    'x-detail': 'must be cookie, or be left out',
    description: 'Puts the refresh token into a cookie that no script reads, and not into the answer.',
  }),
)

export const Registration = Type.Object(
  {
    email: Email,
    password: NewPassword,
    name: Type.Optional(Type.String({ ...Name, default: '' })),
    timeZone: Type.Optional(Type.String({ ...TimeZone, default: 'UTC' })),
    refreshToken: InCookie,
    invite: Type.Optional(
      Type.String({
        format: 'plain',
        description: 'Needed where registration is by invitation: what the operator sent. It is good once.',
      }),
    ),
  },
  named('Registration', 'A new account.'),
)
export type Registration = Static<typeof Registration>

export const Credentials = Type.Object(
  { email: Email, password: Password, refreshToken: InCookie },
  named('Credentials', 'What a login asks for.'),
)
export type Credentials = Static<typeof Credentials>

export const RefreshRequest = Type.Object(
  {
    refreshToken: Type.String({
      format: 'plain',
      description: 'The refresh token, or `cookie` if a cookie has it, which then gets the next one too.',
    }),
  },
  named('RefreshRequest', 'The refresh token to trade for new tokens.'),
)

export const PasswordChange = Type.Object(
  {
    currentPassword: Password,
    newPassword: NewPassword,
    revokeTokens: Type.Optional(
      Type.Boolean({ default: false, description: 'Whether to delete every API token too.' }),
    ),
    refreshToken: InCookie,
  },
  named('PasswordChange', 'The password until now, and the new one.'),
)
export type PasswordChange = Static<typeof PasswordChange>

export const Deletion = Type.Object(
  { password: Password },
  named('Deletion', 'The password, so that nobody else deletes the account.'),
)

export const ProfilePatch = Type.Object(
  { name: Type.Optional(Name), timeZone: Type.Optional(TimeZone) },
  {
    ...named('ProfilePatch', 'The fields to change (RFC 7396).'),
    'x-server-set': ['id', 'email', 'createdAt'],
  },
)
export type ProfilePatch = Static<typeof ProfilePatch>

export const User = Type.Object(
  {
    id: Id,
    email: Type.String({ format: 'email' }),
    name: Type.String(),
    timeZone: Type.String(),
    createdAt: Instant,
  },
  named('User', 'An account, as its owner reads it.'),
)
export type User = Static<typeof User>

const tokenFields = {
  accessToken: Type.String({ description: 'A JWT for `Authorization: Bearer`.' }),
  tokenType: Type.Literal('Bearer'),
  expiresIn: Type.Integer({ description: 'Seconds until the access token expires.' }),
  refreshToken: Type.Optional(
    Type.String({ description: 'For `POST /auth/refresh`, once; absent if a cookie has it.' }),
  ),
}

export const TokenPair = Type.Object(
  tokenFields,
  named('TokenPair', 'An access token, and a refresh token for the next one.'),
)
export type TokenPair = Required<Static<typeof TokenPair>>

export const SignedIn = Type.Object(
  { user: User, ...tokenFields },
  named('SignedIn', 'The account with the tokens of a new session.'),
)
export type SignedIn = Required<Static<typeof SignedIn>>

export const Session = Type.Object(
  {
    id: Id,
    createdAt: Instant,
    lastUsedAt: Instant,
    userAgent: nullable({}),
    ipAddress: Type.String(),
    current: Type.Boolean({ description: 'Whether this request uses the session.' }),
  },
  named('Session', 'A session: one login, until it ends.'),
)
export type Session = Static<typeof Session>

export const SessionList = Type.Object(
  { items: Type.Array(Session) },
  named('SessionList', 'The active sessions, the last used first.'),
)
export const SessionId = Type.Object({ id: Id })
