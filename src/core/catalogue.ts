/** The title of a problem type, what it means, and what the client can do about it. */
export interface Explanation {
  title: string
  explanation: string
  mend: string
}

/** Every problem type of the API, by slug. `/problems/<slug>` shows these texts. */
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
      'This server did not issue the cursor to this user for this query. A cursor is valid only with the filters and the sort that it came with; `limit` may change.',
    mend: 'Start again without `cursor`, then follow `nextCursor` and leave the other parameters alone.',
  },
  'invalid-credentials': {
    title: 'Invalid credentials',
    explanation: 'The e-mail address or the password is wrong. The server does not say which.',
    mend: 'Check both. An operator can set a new password with `docket password EMAIL`.',
  },
  'invalid-token': {
    title: 'Invalid token',
    explanation:
      'There is no valid token: it is missing, malformed, expired or from another server, or its session has ended.',
    mend: 'Send `Authorization: Bearer <accessToken>`. Refresh an expired token with `POST /auth/refresh`, or log in again.',
  },
  'registration-closed': {
    title: 'Registration closed',
    explanation:
      'The operator of this server has closed registration, or takes new users only with an invitation, which must be unused, in time and for this e-mail address.',
    mend: 'Ask the operator for an invitation or an account.',
  },
  'account-disabled': {
    title: 'Account disabled',
    explanation: 'The password is right, but the operator of this server has disabled the account.',
    mend: 'Ask the operator to enable it again.',
  },
  'wrong-password': {
    title: 'Wrong password',
    explanation: 'This operation asks for the password again, and it was wrong.',
    mend: 'Send the current password of the account.',
  },
  'cross-site': {
    title: 'Cross-site request',
    explanation:
      'The request would be let in by the cookie with the refresh token, but another site may have caused it: its `Origin` or `Sec-Fetch-Site` is not that of this server, or its body is not declared as JSON.',
    mend: 'Use the cookie from a page of this server, with `Content-Type: application/json`. Other clients keep the refresh token themselves. Behind a proxy, the operator sets TRUST_PROXY.',
  },
  'insufficient-scope': {
    title: 'Insufficient scope',
    explanation:
      'The API token is valid, but lacks the scope that this operation asks for. No token reaches accounts, sessions, passwords and tokens.',
    mend: '`WWW-Authenticate` names the scope, `/docs` that of each operation. Create a token that has it, or for `account` log in and send the access token.',
  },
  'not-found': {
    title: 'Not found',
    explanation: 'It does not exist, or it belongs to another user; the response is the same for both.',
    mend: 'Check the address and the id. All operations are listed at `/docs`.',
  },
  'method-not-allowed': {
    title: 'Method not allowed',
    explanation: 'The address exists but does not support this method.',
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
  'limit-reached': {
    title: 'Limit reached',
    explanation:
      'An account would have more of something than it may, or one change would touch more things than it may. Nothing was changed.',
    mend: 'The detail says the limit: delete what is no longer needed, or do it in smaller parts.',
  },
  'undo-conflict': {
    title: 'Undo conflict',
    explanation: 'The fields that this undo would set back have changed since.',
    mend: 'Look at the fields in `errors`; repeat with `?force=true` to set them back anyway.',
  },
  'sync-too-old': {
    title: 'Sync position too old',
    explanation: 'The position is older than the changes that are kept, or ahead of the server.',
    mend: 'Drop the local copy, read `GET /tasks` from its first page, and continue from the `Docket-Revision` of that page.',
  },
  'not-recurring': {
    title: 'Not recurring',
    explanation: 'There is no occurrence to skip: the task does not recur, or its series has ended.',
    mend: 'Give it a `recurrence`, or set its status back to `incomplete`, and try again.',
  },
  'precondition-failed': {
    title: 'Precondition failed',
    explanation:
      'The condition in If-Match or If-None-Match does not hold: it has changed since you read it.',
    mend: 'Read it again, apply your change to the current version, and send its `ETag` in If-Match.',
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
    explanation: 'The body is valid JSON but breaks its schema or a rule.',
    mend: 'See `errors`: each entry points at a field and says what is allowed.',
  },
  'idempotency-key-reused': {
    title: 'Idempotency key reused',
    explanation: 'This Idempotency-Key was used with another request within the last 24 hours.',
    mend: 'Make a new key for each new request; repeat a key only with the identical request.',
  },
  'too-many-requests': {
    title: 'Too many requests',
    explanation: 'The rate limit is used up, or the pause after failed logins has not ended.',
    mend: 'Wait as many seconds as `Retry-After` says.',
  },
  'headers-too-large': {
    title: 'Headers too large',
    explanation: 'The request line and the headers together are larger than 16 KiB.',
    mend: 'Send fewer or shorter headers, or a shorter address.',
  },
  'internal-error': {
    title: 'Internal error',
    explanation: 'The server failed. Its log has the failure under the id in `instance`.',
    mend: 'Give the operator that id. A retry may succeed.',
  },
  overloaded: {
    title: 'Overloaded',
    explanation: 'The server has too many requests at once, so it refused this one before doing any of it.',
    mend: 'Wait as many seconds as `Retry-After` says.',
  },
  unavailable: {
    title: 'Unavailable',
    explanation: 'The database is out of reach, or the server is stopping.',
    mend: 'Wait as many seconds as `Retry-After` says.',
  },
  'storage-full': {
    title: 'Storage full',
    explanation: 'The disk is full: this request wrote nothing. Reads still work.',
    mend: 'Ask the operator to make room, then send the request again.',
  },
} as const satisfies Record<string, Explanation>

/** The name of a problem type: the last part of its `type`. */
export type Slug = keyof typeof catalogue

/** Whether the text names a problem type. */
export const isSlug = (text: string): text is Slug => Object.hasOwn(catalogue, text)
