// Written by `npm run openapi` from the schemas that the server validates with. Do not edit.

/** The name of a problem type: the last part of its `type`. */
export type Slug =
  | 'malformed-request'
  | 'invalid-parameter'
  | 'invalid-cursor'
  | 'invalid-credentials'
  | 'invalid-token'
  | 'registration-closed'
  | 'account-disabled'
  | 'wrong-password'
  | 'cross-site'
  | 'insufficient-scope'
  | 'not-found'
  | 'method-not-allowed'
  | 'request-timeout'
  | 'email-taken'
  | 'limit-reached'
  | 'undo-conflict'
  | 'sync-too-old'
  | 'not-recurring'
  | 'precondition-failed'
  | 'payload-too-large'
  | 'unsupported-media-type'
  | 'validation-failed'
  | 'idempotency-key-reused'
  | 'too-many-requests'
  | 'headers-too-large'
  | 'internal-error'
  | 'overloaded'
  | 'unavailable'
  | 'storage-full'

/** An account, as its owner reads it. */
export interface User {
  /** A UUID in lower case. */
  id: string
  email: string
  name: string
  timeZone: string
  /** In UTC, with milliseconds. */
  createdAt: string
}

/** The account with the tokens of a new session. */
export interface SignedIn {
  user: User
  /** A JWT for `Authorization: Bearer`. */
  accessToken: string
  tokenType: 'Bearer'
  /** Seconds until the access token expires. */
  expiresIn: number
  /** For `POST /auth/refresh`, once; absent if a cookie has it. */
  refreshToken?: string
}

/** One part of the request that is at fault. */
export interface Fault {
  /** Of an undo: the address of the thing that stands against it. */
  thing?: string
  /** The field of the body, or of the thing, as a JSON pointer (RFC 6901). */
  pointer?: string
  /** The query parameter. */
  parameter?: string
  /** The header. */
  header?: string
  /** What is allowed. */
  detail: string
}

/** Why a request failed (RFC 9457). */
export interface ProblemBody {
  /** Leads to the explanation of this type of problem. */
  type: string
  title: string
  status: number
  /** What happened this time, and how to mend it. */
  detail: string
  /** The id of the request, also in `Request-Id` and in the log. */
  instance: string
  errors?: readonly Fault[]
}

/** A new account. */
export interface Registration {
  /** Trimmed and lower-cased. */
  email: string
  /** 8 to 256 characters, none of the common passwords, without the part of the e-mail address before the @. */
  password: string
  /** What to call the user, on one line. */
  name?: string
  /** An IANA time zone; the days of `due` and of the date filters are its days. */
  timeZone?: string
  /** Puts the refresh token into a cookie that no script reads, and not into the answer. */
  refreshToken?: 'cookie'
  /** Needed where registration is by invitation: what the operator sent. It is good once. */
  invite?: string
}

/** What a login asks for. */
export interface Credentials {
  /** Trimmed and lower-cased. */
  email: string
  password: string
  /** Puts the refresh token into a cookie that no script reads, and not into the answer. */
  refreshToken?: 'cookie'
}

/** An access token, and a refresh token for the next one. */
export interface TokenPair {
  /** A JWT for `Authorization: Bearer`. */
  accessToken: string
  tokenType: 'Bearer'
  /** Seconds until the access token expires. */
  expiresIn: number
  /** For `POST /auth/refresh`, once; absent if a cookie has it. */
  refreshToken?: string
}

/** The refresh token to trade for new tokens. */
export interface RefreshRequest {
  /** The refresh token, or `cookie` if a cookie has it, which then gets the next one too. */
  refreshToken: string
}

/** The fields to change (RFC 7396). */
export interface ProfilePatch {
  /** What to call the user, on one line. */
  name?: string
  /** An IANA time zone; the days of `due` and of the date filters are its days. */
  timeZone?: string
}

/** The password until now, and the new one. */
export interface PasswordChange {
  currentPassword: string
  /** 8 to 256 characters, none of the common passwords, without the part of the e-mail address before the @. */
  newPassword: string
  /** Whether to delete every API token too. */
  revokeTokens?: boolean
  /** Puts the refresh token into a cookie that no script reads, and not into the answer. */
  refreshToken?: 'cookie'
}

/** The password, so that nobody else deletes the account. */
export interface Deletion {
  password: string
}

/** A session: one login, until it ends. */
export interface Session {
  /** A UUID in lower case. */
  id: string
  /** In UTC, with milliseconds. */
  createdAt: string
  /** In UTC, with milliseconds. */
  lastUsedAt: string
  userAgent: string | null
  ipAddress: string
  /** Whether this request uses the session. */
  current: boolean
}

/** The active sessions, the last used first. */
export interface SessionList {
  items: readonly Session[]
}

/** A new API token. */
export interface CreatedApiToken {
  /** A UUID in lower case. */
  id: string
  name: string
  /** What the token is allowed; `tasks:write` includes `tasks:read`. */
  scopes: readonly ('tasks:read' | 'tasks:write')[]
  /** In UTC, with milliseconds. */
  createdAt: string
  /** When the token stops working; null for never. */
  expiresAt: string | null
  /** To the minute; null if it never was. */
  lastUsedAt: string | null
  /** For `Authorization: Bearer`. Shown only here; absent where an Idempotency-Key repeats the request. */
  token?: string
}

/** An API token to create. */
export interface NewApiToken {
  /** What the token is for, on one line. */
  name: string
  /** What the token is allowed; `tasks:write` includes `tasks:read`. */
  scopes: readonly ('tasks:read' | 'tasks:write')[]
  /** When the token stops working; null for never. */
  expiresAt?: string | null
}

/** An API token, without the token itself. */
export interface ApiToken {
  /** A UUID in lower case. */
  id: string
  name: string
  /** What the token is allowed; `tasks:write` includes `tasks:read`. */
  scopes: readonly ('tasks:read' | 'tasks:write')[]
  /** In UTC, with milliseconds. */
  createdAt: string
  /** When the token stops working; null for never. */
  expiresAt: string | null
  /** To the minute; null if it never was. */
  lastUsedAt: string | null
}

/** Your API tokens, the newest first; those that have expired too. */
export interface ApiTokenList {
  items: readonly ApiToken[]
}

/** A task. */
export interface Task {
  /** A UUID in lower case. */
  id: string
  title: string
  description: string
  /** A date, or an instant in UTC with milliseconds. */
  dueDate: string | null
  recurrence: {
    rule: string
    from: 'due' | 'completion'
    /** A date, or an instant in UTC. */
    start: string
    /** How many occurrences are completed. */
    done: number
  } | null
  status: 'incomplete' | 'in_progress' | 'complete' | 'cancelled'
  priority: 'high' | 'medium' | 'low' | 'none'
  labels: readonly string[]
  projectId: string | null
  parentId: string | null
  position: string
  /** When the status became `complete`. */
  completedAt: string | null
  /** Of a completed occurrence that was kept: the task that recurs; null for all others. */
  occurrenceOf: string | null
  /** In UTC, with milliseconds. */
  createdAt: string
  /** In UTC, with milliseconds. */
  updatedAt: string
  /** The owner's counter at the last change; also the entity tag. */
  revision: number
}

/** A task to create; what is omitted takes its default. */
export interface NewTask {
  /** One line, trimmed. */
  title: string
  /** Any text, kept as it is. */
  description?: string
  /** A date, due all that day, or an instant with its offset, answered in UTC; null for none. */
  dueDate?: string | null
  /** How the task recurs; null for once. A task that recurs needs a `dueDate`. */
  recurrence?: {
    /** A recurrence rule (RFC 5545 §3.3.10) without `RRULE:`; SKIP of RFC 7529 is taken. */
    rule: string
    /** `due` (default): on the days of the rule; `completion`: counted from the day it was done. */
    from?: 'due' | 'completion'
    /** Where the rule begins (DTSTART); the `dueDate` with which it was set, if not said. */
    start?: string
  } | null
  /** Any letter case is taken, lower case is answered. */
  status?: 'incomplete' | 'in_progress' | 'complete' | 'cancelled'
  /** Any letter case is taken, lower case is answered. */
  priority?: 'high' | 'medium' | 'low' | 'none'
  /** Names without commas, kept as written and in this order; none twice, whatever its letter case. */
  labels?: readonly string[]
  /** The project that the task is in; null is the inbox. A subtask is in the project of its parent. */
  projectId?: string | null
  /** The task that this one is a subtask of, at most six levels deep; null for none. */
  parentId?: string | null
  /** Where it stands among its siblings, by code points: a key of the fractional-indexing library. Left out at creation it comes after the last, left out of a PUT it stays; `move` finds one. */
  position?: string
}

/** A page of tasks. */
export interface TaskList {
  items: readonly Task[]
  /** For the next page; null on the last. */
  nextCursor: string | null
  /** How many match, where `count=true`. */
  total?: number
}

/** All of a task; what is omitted takes its default. */
export interface TaskReplacement {
  /** One line, trimmed. */
  title: string
  /** Any text, kept as it is. */
  description?: string
  /** A date, due all that day, or an instant with its offset, answered in UTC; null for none. */
  dueDate?: string | null
  /** How the task recurs; null for once. A task that recurs needs a `dueDate`. */
  recurrence?: {
    /** A recurrence rule (RFC 5545 §3.3.10) without `RRULE:`; SKIP of RFC 7529 is taken. */
    rule: string
    /** `due` (default): on the days of the rule; `completion`: counted from the day it was done. */
    from?: 'due' | 'completion'
    /** Where the rule begins (DTSTART); the `dueDate` with which it was set, if not said. */
    start?: string
    /** Set by the server; ignored here. */
    done?: unknown
  } | null
  /** Any letter case is taken, lower case is answered. */
  status?: 'incomplete' | 'in_progress' | 'complete' | 'cancelled'
  /** Any letter case is taken, lower case is answered. */
  priority?: 'high' | 'medium' | 'low' | 'none'
  /** Names without commas, kept as written and in this order; none twice, whatever its letter case. */
  labels?: readonly string[]
  /** The project that the task is in; null is the inbox. A subtask is in the project of its parent. */
  projectId?: string | null
  /** The task that this one is a subtask of, at most six levels deep; null for none. */
  parentId?: string | null
  /** Where it stands among its siblings, by code points: a key of the fractional-indexing library. Left out at creation it comes after the last, left out of a PUT it stays; `move` finds one. */
  position?: string
  /** The id of the path, if it is given. */
  id?: unknown
  /** Set by the server; ignored here. */
  completedAt?: unknown
  /** Set by the server; ignored here. */
  occurrenceOf?: unknown
  /** Set by the server; ignored here. */
  createdAt?: unknown
  /** Set by the server; ignored here. */
  updatedAt?: unknown
  /** Set by the server; ignored here. */
  revision?: unknown
}

/** The fields to change (RFC 7396). */
export interface TaskPatch {
  /** One line, trimmed. */
  title?: string
  /** Any text, kept as it is. */
  description?: string
  /** A date, due all that day, or an instant with its offset, answered in UTC; null for none. */
  dueDate?: string | null
  /** How the task recurs; null for once. A task that recurs needs a `dueDate`. */
  recurrence?: {
    /** A recurrence rule (RFC 5545 §3.3.10) without `RRULE:`; SKIP of RFC 7529 is taken. */
    rule?: string
    /** `due` (default): on the days of the rule; `completion`: counted from the day it was done. */
    from?: 'due' | 'completion' | null
    /** Where the rule begins (DTSTART); the `dueDate` with which it was set, if not said. */
    start?: string | null
  } | null
  /** Any letter case is taken, lower case is answered. */
  status?: 'incomplete' | 'in_progress' | 'complete' | 'cancelled'
  /** Any letter case is taken, lower case is answered. */
  priority?: 'high' | 'medium' | 'low' | 'none'
  /** Names without commas, kept as written and in this order; none twice, whatever its letter case. */
  labels?: readonly string[]
  /** The project that the task is in; null is the inbox. A subtask is in the project of its parent. */
  projectId?: string | null
  /** The task that this one is a subtask of, at most six levels deep; null for none. */
  parentId?: string | null
  /** Where it stands among its siblings, by code points: a key of the fractional-indexing library. Left out at creation it comes after the last, left out of a PUT it stays; `move` finds one. */
  position?: string
}

/** Where to: either before or after a sibling. */
export interface TaskMove {
  /** The id of the sibling to stand before; null for the very end. */
  before?: string | null
  /** The id of the sibling to stand after; null for the very beginning. */
  after?: string | null
  /** The project that the task is in; null is the inbox. A subtask is in the project of its parent. */
  projectId?: string | null
  /** The task that this one is a subtask of, at most six levels deep; null for none. */
  parentId?: string | null
}

/** A project. */
export interface Project {
  /** A UUID in lower case. */
  id: string
  name: string
  color: string | null
  position: string
  /** In UTC, with milliseconds. */
  createdAt: string
  /** In UTC, with milliseconds. */
  updatedAt: string
  /** The owner's counter at the last change; also the entity tag. */
  revision: number
}

/** A project to create; what is omitted takes its default. */
export interface NewProject {
  /** One line, trimmed. */
  name: string
  /** Such as `#4073ff`, answered in lower case; null for none. */
  color?: string | null
  /** Where it stands among its siblings, by code points: a key of the fractional-indexing library. Left out at creation it comes after the last, left out of a PUT it stays; `move` finds one. */
  position?: string
}

/** A project of the list. */
export interface ListedProject {
  /** A UUID in lower case. */
  id: string
  name: string
  color: string | null
  position: string
  /** In UTC, with milliseconds. */
  createdAt: string
  /** In UTC, with milliseconds. */
  updatedAt: string
  /** The owner's counter at the last change; also the entity tag. */
  revision: number
  /** How many of its tasks are neither complete nor cancelled, where `count=true`. */
  incomplete?: number
}

/** Every project, in the order of their owner. */
export interface ProjectList {
  items: readonly ListedProject[]
  /** Always null: all of them are here. */
  nextCursor: null
  /** How many tasks of no project are neither complete nor cancelled, where `count=true`. */
  inbox?: number
}

/** All of a project; what is omitted takes its default. */
export interface ProjectReplacement {
  /** One line, trimmed. */
  name: string
  /** Such as `#4073ff`, answered in lower case; null for none. */
  color?: string | null
  /** Where it stands among its siblings, by code points: a key of the fractional-indexing library. Left out at creation it comes after the last, left out of a PUT it stays; `move` finds one. */
  position?: string
  /** The id of the path, if it is given. */
  id?: unknown
  /** Set by the server; ignored here. */
  createdAt?: unknown
  /** Set by the server; ignored here. */
  updatedAt?: unknown
  /** Set by the server; ignored here. */
  revision?: unknown
}

/** The fields to change (RFC 7396). */
export interface ProjectPatch {
  /** One line, trimmed. */
  name?: string
  /** Such as `#4073ff`, answered in lower case; null for none. */
  color?: string | null
  /** Where it stands among its siblings, by code points: a key of the fractional-indexing library. Left out at creation it comes after the last, left out of a PUT it stays; `move` finds one. */
  position?: string
}

/** Where to: either before or after a sibling. */
export interface ProjectMove {
  /** The id of the sibling to stand before; null for the very end. */
  before?: string | null
  /** The id of the sibling to stand after; null for the very beginning. */
  after?: string | null
}

export interface Label {
  name: string
  /** How many tasks have it. */
  tasks: number
}

/** The labels in use, by name. */
export interface LabelList {
  items: readonly Label[]
}

/** The due dates of a task that recurs, the present one first. */
export interface OccurrenceList {
  items: readonly string[]
}

export interface Result {
  /** The status that the request itself would have been answered with. */
  status: number
  /** The thing, or the problem. */
  body?: Readonly<Record<string, unknown>>
  etag?: string
}

export interface Results {
  results: readonly Result[]
}

export interface Operation {
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** As of the request itself: `/tasks` or `/tasks/{id}/move` for POST, `/tasks/{id}` for the others, DELETE with its query. */
  path: string
  /** What the request itself would carry. */
  body?: unknown
  /** The If-Match of the request. */
  ifMatch?: string
  /** The If-None-Match of the request: `*` lets PUT create. */
  ifNoneMatch?: string
}

export interface Batch {
  operations: readonly Operation[]
}

export interface FieldChange {
  /** The value before. */
  from: unknown
  /** The value after. */
  to: unknown
}

export interface HistoryItem {
  revision: number
  /** In UTC, with milliseconds. */
  at: string
  action: 'create' | 'update' | 'delete' | 'restore'
  /** The session that wrote it, if one did. */
  sessionId?: string
  /** The API token that wrote it, if one did. */
  tokenId?: string
  /** By a request of its own, in a batch, or by an undo. */
  origin: 'request' | 'batch' | 'undo'
  /** The fields that changed, each from what to what. */
  fields: Readonly<Record<string, FieldChange>>
}

export interface History {
  items: readonly HistoryItem[]
  /** For the next page; null on the last. */
  nextCursor: string | null
}

export interface Change {
  revision: number
  /** In UTC, with milliseconds. */
  at: string
  kind: 'task' | 'project' | 'profile'
  /** A UUID in lower case. */
  id: string
  action: 'create' | 'update' | 'delete' | 'restore'
  /** The task as it is now; null for one that is deleted, and for every other kind. */
  task: Task | null
  /** The project as it is now; null for one that is deleted, and for every other kind. */
  project: Project | null
}

export interface Changes {
  items: readonly Change[]
  /** The `since` of the next page. */
  revision: number
  /** Whether there is more to read already. */
  more: boolean
}

export interface Ticket {
  /** For `GET /events?ticket=`, once. */
  ticket: string
  /** Seconds until it expires. */
  expiresIn: number
}

/** A type of problem, explained. */
export interface ProblemType {
  type: string
  title: string
  status: number
  explanation: string
  /** What a client can do about it. */
  mend: string
}

export interface ListTasksQuery {
  /** One or several of incomplete, in_progress, complete, cancelled, separated by commas. */
  status?: string
  /** One or several of high, medium, low, none, separated by commas. */
  priority?: string
  /** Created at or after this date (the start of that day for you) or instant. */
  createdFrom?: string
  /** Created before this date (the start of that day for you) or instant. */
  createdBefore?: string
  /** Updated at or after this date (the start of that day for you) or instant. */
  updatedFrom?: string
  /** Updated before this date (the start of that day for you) or instant. */
  updatedBefore?: string
  /** Due at or after this date (the start of that day for you) or instant. */
  dueFrom?: string
  /** Due before this date (the start of that day for you) or instant. */
  dueBefore?: string
  /** Completed at or after this date (the start of that day for you) or instant. */
  completedFrom?: string
  /** Completed before this date (the start of that day for you) or instant. */
  completedBefore?: string
  /** `overdue`: past, and neither complete nor cancelled; `today`; `upcoming`: after today; `none`: without a due date. */
  due?: 'overdue' | 'today' | 'upcoming' | 'none'
  /** The id of a project; `none` for the inbox. */
  project?: string
  /** The id of a task, for those directly below it; `none` for those that are below none. */
  parent?: string
  /** The id of a task that recurs, for its completed occurrences that were kept. */
  occurrenceOf?: string
  /** Whether the tasks recur. */
  recurring?: boolean
  /** One or several labels, separated by commas: tasks with any of them. */
  label?: string
  /** One or several labels, separated by commas: tasks with all of them. */
  labelAll?: string
  /** Words, separated by white space: tasks where each occurs anywhere in title, description or labels, whatever its letter case and accents. */
  q?: string
  /** One or two of createdAt, updatedAt, title, dueDate, status, priority, position, completedAt, each with `-` before it to descend. Empty values come last either way. */
  sort?: string
  /** Whether to list the trash instead of the tasks. */
  deleted?: boolean
  /** At most how many. */
  limit?: number
  /** The `nextCursor` of the page before, with the same filters and sort. */
  cursor?: string
  /** Whether to add `total`, the number that match. */
  count?: boolean
}

export interface DeleteTaskQuery {
  /** Whether to erase it for good. */
  permanent?: boolean
}

export interface ListProjectsQuery {
  /** Whether to list the trash instead. */
  deleted?: boolean
  /** Whether to add `incomplete`, the number of tasks that are neither complete nor cancelled. */
  count?: boolean
}

export interface DeleteProjectQuery {
  /** Whether to erase it for good. */
  permanent?: boolean
  /** `keep` moves its tasks to the inbox; otherwise they go to the trash with it. */
  tasks?: 'keep'
}

export interface ListOccurrencesQuery {
  /** Due at or after this date or instant. */
  from?: string
  /** Due before this date or instant. */
  before?: string
  /** At most how many. */
  limit?: number
}

export interface WriteBatchQuery {
  /** All or none; false lets each operation stand on its own. */
  atomic?: boolean
}

export interface ListTaskHistoryQuery {
  /** How many at most. */
  limit?: number
  /** The `nextCursor` of the page before. */
  cursor?: string
}

export interface ListProjectHistoryQuery {
  /** How many at most. */
  limit?: number
  /** The `nextCursor` of the page before. */
  cursor?: string
}

export interface UndoChangeQuery {
  /** Whether to set fields back that were changed since. */
  force?: boolean
}

export interface ListChangesQuery {
  /** The `revision` of the page before; at first the `Docket-Revision` of the list that the copy began with. */
  since?: number
  /** How many at most. */
  limit?: number
}

export interface FollowChangesQuery {
  /** Where to begin; the present, if it is not said. */
  since?: number
  /** A ticket in place of the Authorization header. */
  ticket?: string
}
