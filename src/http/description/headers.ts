import { component } from './components.ts'

/** The header fields of answers, as the document shows them. */
const fields = {
  'Request-Id': {
    description: "The id of the request, made by the server; also in its log and in a problem's `instance`.",
    example: '019aa8b2-6f3e-7c41-9d3a-5b1f0c2d7e12',
  },
  RateLimit: {
    description: 'How many requests are left, and for how many seconds; absent where there is no limit.',
    example: '"default";r=2999;t=60',
  },
  'RateLimit-Policy': {
    description: 'How many requests are allowed in how many seconds; absent where there is no limit.',
    example: '"default";q=3000;w=60',
  },
  'Retry-After': { description: 'The seconds to wait before the next try.', type: 'integer', example: 60 },
  ETag: {
    description:
      'The entity tag of what is there now, for `If-Match` and `If-None-Match`; absent where nothing is.',
    example: '"17"',
  },
  Location: {
    description: 'Where the new thing is.',
    example: '/tasks/019aa8b2-6f3e-7c41-9d3a-5b1f0c2d7e11',
  },
  Link: {
    description:
      'Of a list: the first page and, if there is one, the next (RFC 8288). Of a task that recurs, once an occurrence is completed: that one, with `rel="prev"`. Relative references.',
    example: '</tasks?limit=50&cursor=eyJ2Ijox>; rel="next", </tasks?limit=50>; rel="first"',
  },
  'Docket-Revision': {
    description:
      'Of a write: the revision that it took, for an undo; absent where nothing changed. Of a list: the newest before it was read, for `since`.',
    type: 'integer',
    example: 17,
  },
  'Preference-Applied': {
    description: 'The wait that was granted; absent where none was asked for.',
    example: 'wait=30',
  },
  'Idempotent-Replayed': {
    description: '`true` where the answer is the one that this Idempotency-Key got before; else absent.',
    example: 'true',
  },
  'Set-Cookie': {
    description: 'The cookie with the refresh token, where the request asks for it; empty after a logout.',
    example: 'docket_refresh=019aa8b1…; Max-Age=1209600; Path=/auth; HttpOnly; SameSite=Strict',
  },
  'WWW-Authenticate': {
    description:
      'The scheme that is asked for (RFC 6750), and the scope that an API token lacks; absent of other refusals.',
    example: 'Bearer realm="docket", error="invalid_token"',
  },
  Accept: { description: 'To a PUT: the media types that it takes.', example: 'application/json' },
  'Accept-Post': { description: 'To a POST: the media types that it takes.', example: 'application/json' },
  'Accept-Patch': {
    description: 'To a PATCH: the media types that it takes.',
    example: 'application/merge-patch+json, application/json',
  },
  'Accept-Encoding': {
    description: '`identity` where the body was compressed; else absent.',
    example: 'identity',
  },
}

/** The name of a header field in the document. */
export type HeaderName = keyof typeof fields

/** These header fields, for a response of the document. */
export const headersOf = (names: HeaderName[]): Record<string, object> =>
  Object.fromEntries(names.map((name) => [name, headerOf(name)]))

function headerOf(name: HeaderName): object {
  const { description, example, type } = { type: 'string', ...fields[name] }
  return { ...component('headers', name), description, schema: { type }, example }
}
