/** What a problem type is called, what it means and how a client mends it. */
export interface Explanation {
  title: string
  explanation: string
  mend: string
}

/** Every problem that Docket answers with, by slug; `/problems/<slug>` shows these words. */
export const catalogue = {
  'malformed-request': {
    title: 'Malformed request',
    explanation:
      'The request could not be read: its JSON does not parse, repeats a key, is nested deeper than 32 or is not UTF-8, a percent-encoding is wrong, or the HTTP itself breaks the rules.',
    mend: 'Let a JSON library write the body and a URL library the address, then send it again.',
  },
  'invalid-parameter': {
    title: 'Invalid parameter',
    explanation: 'A query parameter or a header is unknown, repeated or outside its range.',
    mend: 'See `errors`: each entry names the parameter or header and says what is allowed.',
  },
  'invalid-cursor': {
    title: 'Invalid cursor',
    explanation:
      'The cursor was not issued by this server, to this user, for this very query. A cursor keeps its meaning only with the filters and the sort that it came with; `limit` may change.',
    mend: 'Start again without `cursor`, then follow `nextCursor` and leave the other parameters alone.',
  },
  'invalid-credentials': {
    title: 'Invalid credentials',
    explanation: 'The e-mail address or the password is wrong; which of them is not told.',
    mend: 'Check both. An operator can set a new password with `docket password EMAIL`.',
  },
  'invalid-token': {
    title: 'Invalid token',
    explanation:
      'There is no usable token: it is missing, malformed, expired, foreign, or its session has ended.',
    mend: 'Send `Authorization: Bearer <accessToken>`. Trade an expired one at `POST /auth/refresh`, or log in again.',
  },
  'registration-closed': {
    title: 'Registration closed',
    explanation: 'The operator of this server has closed registration.',
    mend: 'Ask the operator for an account.',
  },
  'wrong-password': {
    title: 'Wrong password',
    explanation: 'This operation asks a logged-in user for the password again, and it was not right.',
    mend: 'Send the current password of the account.',
  },
  'not-found': {
    title: 'Not found',
    explanation: 'There is no such thing, or it belongs to somebody else; the answer is the same for both.',
    mend: 'Check the address and the id. All operations are listed at `/docs`.',
  },
  'method-not-allowed': {
    title: 'Method not allowed',
    explanation: 'The address exists and does not take this method.',
    mend: 'Use one of the methods in the `Allow` header.',
  },
  'request-timeout': {
    title: 'Request time-out',
    explanation: 'The head of the request was not complete within 10 seconds, or all of it within 15.',
    mend: 'Send the request again, faster, on a new connection.',
  },
  'email-taken': {
    title: 'E-mail address taken',
    explanation: 'There is an account with this e-mail address.',
    mend: 'Log in instead, or register with another address.',
  },
  'undo-conflict': {
    title: 'Undo conflict',
    explanation: 'The fields that this undo would set back were changed since.',
    mend: 'Look at the fields in `errors`; repeat with `?force=true` to set them back all the same.',
  },
  'sync-too-old': {
    title: 'Sync position too old',
    explanation: 'The position is older than the changes that are kept, or ahead of the server.',
    mend: 'Drop the local copy, walk `GET /tasks` from its first page, and go on from the `Docket-Revision` of that page.',
  },
  'precondition-failed': {
    title: 'Precondition failed',
    explanation:
      'The condition in If-Match or If-None-Match does not hold: the thing changed since it was read.',
    mend: 'Read it again, apply the change to what is there now, and send its `ETag` in If-Match.',
  },
  'payload-too-large': {
    title: 'Payload too large',
    explanation: 'The body is larger than 256 KiB.',
    mend: 'Send less at once.',
  },
  'unsupported-media-type': {
    title: 'Unsupported media type',
    explanation: 'The body is not declared as JSON in UTF-8, or it is compressed.',
    mend: 'Send `Content-Type: application/json` and no Content-Encoding; `curl --json` does both.',
  },
  'validation-failed': {
    title: 'Validation failed',
    explanation: 'The body is JSON and breaks its schema or a rule.',
    mend: 'See `errors`: each entry points at a field and says what is allowed.',
  },
  'idempotency-key-reused': {
    title: 'Idempotency key reused',
    explanation: 'This Idempotency-Key was used with another request within the last 24 hours.',
    mend: 'Make a new key for each new request; repeat a key only with the identical request.',
  },
  'too-many-requests': {
    title: 'Too many requests',
    explanation: 'The rate limit is used up, or a pause after failed logins has not passed yet.',
    mend: 'Wait as many seconds as `Retry-After` says.',
  },
  'headers-too-large': {
    title: 'Headers too large',
    explanation: 'The request line and the headers together are larger than 16 KiB.',
    mend: 'Send fewer or shorter headers, or a shorter address.',
  },
  'internal-error': {
    title: 'Internal error',
    explanation: 'The server failed. The failure is in its log under the id in `instance`.',
    mend: 'Tell the operator that id. A retry may succeed.',
  },
  overloaded: {
    title: 'Overloaded',
    explanation: 'Too much is asked of the server at once, so it refused this request at the door.',
    mend: 'Wait as many seconds as `Retry-After` says.',
  },
  unavailable: {
    title: 'Unavailable',
    explanation: 'The database is out of reach, or the server is stopping.',
    mend: 'Wait as many seconds as `Retry-After` says.',
  },
  'storage-full': {
    title: 'Storage full',
    explanation: 'The disk is full: nothing of this request was written. Reads go on.',
    mend: 'Ask the operator to make room, then send the request again.',
  },
} as const satisfies Record<string, Explanation>

/** The name of a problem type: the last part of its `type`. */
export type Slug = keyof typeof catalogue

/** Whether the text names a problem type. */
export const isSlug = (text: string): text is Slug => Object.hasOwn(catalogue, text)
