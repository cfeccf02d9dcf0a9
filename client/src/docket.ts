import type * as api from './api.ts'
import { batchOf, type Batch } from './batch.ts'
import { follow, type DocketEvent, type EventsOptions } from './events.ts'
import { senderOf, type Credentials } from './sending.ts'
import { tasksOf, type Tasks } from './tasks.ts'
import { thingsAt, type Things } from './things.ts'
import type { Answer, Asked, Connection } from './transport.ts'
import { revisionOf, writeOf, type CallOptions, type WriteOptions } from './writes.ts'

export type Projects = Things<{
  thing: api.Project
  creation: api.NewProject
  patch: api.ProjectPatch
  replacement: api.ProjectReplacement
  move: api.ProjectMove
  query: api.ListProjectsQuery
  page: api.ProjectList
  removal: api.DeleteProjectQuery
}>

/** What an undo leaves. */
export interface Undone {
  /** The thing as it is now; undefined if it is gone again. */
  thing: api.Task | api.Project | undefined
  /** The revision of the undo, which can be undone too; undefined if there was nothing to change. */
  revision: number | undefined
}

/** Docket, as one user. */
export interface Docket {
  tasks: Tasks
  projects: Projects
  labels: {
    /** The labels in use, by name. */
    list(options?: CallOptions): Promise<readonly api.Label[]>
  }
  /** Up to 100 writes in one request. */
  batch: Batch
  /** Takes back the change of a revision, or that which made a thing what you hold. It is not sent again by itself. */
  undo(change: number | { revision: number }, options?: CallOptions & api.UndoChangeQuery): Promise<Undone>
  /** Follows what changes, from the present or a revision, until the signal is aborted or the loop is left. */
  events(options?: EventsOptions): AsyncIterable<DocketEvent>
  /** API tokens, for those who are signed in. */
  tokens: {
    /** The token itself is in this answer and never again, so it is not sent again by itself. */
    create(token: api.NewApiToken, options?: CallOptions): Promise<Required<api.CreatedApiToken>>
    list(options?: CallOptions): Promise<readonly api.ApiToken[]>
    remove(id: string, options?: WriteOptions): Promise<void>
  }
  /** Where you are signed in, for those who are signed in. */
  sessions: {
    list(options?: CallOptions): Promise<readonly api.Session[]>
    /** Ends a session. */
    remove(id: string, options?: CallOptions): Promise<void>
  }
  /** The account, for those who are signed in. */
  me: {
    get(options?: CallOptions): Promise<api.User>
    update(patch: api.ProfilePatch, options?: CallOptions): Promise<api.User>
    /** Deletes the account and all that is in it. */
    remove(deletion: api.Deletion, options?: CallOptions): Promise<void>
  }
  /** Any other request, with the same credentials, retries and problems. You say of which form the body is. */
  request<Body>(asked: Asked): Promise<Answer<Body>>
}

/** Everything that one user can do with these credentials. */
export function docketOf(connection: Connection, credentials: Credentials): Docket {
  const send = senderOf(connection, credentials)
  const read = async <Body>(path: string, options?: CallOptions) =>
    (await send<Body>({ method: 'GET', path, isRepeatable: true, ...options })).body
  /** A request without a key, which nobody may repeat. */
  const once = async <Body>(method: string, path: string, body?: object, options?: CallOptions) =>
    (await send<Body>({ method, path, ...(body && { body }), isRepeatable: false, ...options })).body
  const readItems = async <Item>(path: string, options?: CallOptions) =>
    (await read<{ items: readonly Item[] }>(path, options)).items

  return {
    tasks: tasksOf(send),
    projects: thingsAt('/projects', send),
    labels: { list: (options) => readItems('/labels', options) },
    batch: batchOf(send),
    async undo(change, { force, signal } = {}) {
      const revision = typeof change === 'number' ? change : change.revision
      const { headers, body } = await send<Undone['thing']>({
        method: 'POST',
        path: `/changes/${revision}/undo`,
        query: { force },
        signal,
        isRepeatable: false,
      })
      return { thing: body, revision: revisionOf(headers) }
    },
    events: (options) => follow(connection, credentials, options),
    tokens: {
      create: (token, options) => once('POST', '/me/tokens', token, options),
      list: (options) => readItems('/me/tokens', options),
      remove: async (id, options) =>
        void (await send(writeOf('DELETE', `/me/tokens/${id}`, undefined, options))),
    },
    sessions: {
      list: (options) => readItems('/me/sessions', options),
      remove: (id, options) => once('DELETE', `/me/sessions/${id}`, undefined, options),
    },
    me: {
      get: (options) => read('/me', options),
      update: (patch, options) => once('PATCH', '/me', patch, options),
      remove: (deletion, options) => once('POST', '/me/deletion', deletion, options),
    },
    request: send,
  }
}
