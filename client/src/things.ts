import type { History, HistoryItem } from './api.ts'
import { listOf, type List, type Page } from './pages.ts'
import type { Send } from './sending.ts'
import type { Asked } from './transport.ts'
import {
  addressOf,
  revisionOf,
  unchanged,
  writeOf,
  type CallOptions,
  type Held,
  type WriteOptions,
} from './writes.ts'

/** The types of one kind of thing. */
export interface Shapes {
  thing: object
  creation: object
  patch: object
  replacement: object
  move: object
  query: object
  page: Page<object>
  removal: object
}

/** The things of one kind. */
export interface Things<Of extends Shapes> {
  /** Creates a thing, with an id of your own (a UUID in lower case) if you give one. */
  create(fields: Of['creation'], options?: WriteOptions & { id?: string }): Promise<Of['thing']>
  get(thing: Held, options?: CallOptions): Promise<Of['thing']>
  list(query?: Of['query'], options?: CallOptions): List<Of['page']['items'][number], Of['page']>
  /** Changes the fields that are given. */
  update(thing: Held, patch: Of['patch'], options?: WriteOptions): Promise<Of['thing']>
  /** Replaces all fields: those that are left out take their defaults. */
  replace(thing: Held, fields: Of['replacement'], options?: WriteOptions): Promise<Of['thing']>
  /** Moves it before or after another one. */
  move(thing: Held, place: Of['move'], options?: WriteOptions): Promise<Of['thing']>
  /** Puts it into the trash with what is in it. Resolves to the revision of this change, for `undo`. */
  remove(thing: Held, options?: WriteOptions & Of['removal']): Promise<number>
  /** Takes it out of the trash, whatever revision you hold. */
  restore(thing: Held, options?: WriteOptions): Promise<Of['thing']>
  /** Who changed what and when, the newest first. */
  history(thing: Held, options?: CallOptions): List<HistoryItem, History>
}

const next = (cursor: string | undefined) => (cursor === undefined ? {} : { cursor })

/** The things at this path. */
export function thingsAt<Of extends Shapes>(path: string, send: Send): Things<Of> {
  const at = (thing: Held, more?: string) => addressOf(path, thing, more)
  const read = async <Body>(asked: Pick<Asked, 'path' | 'query' | 'signal'>) =>
    (await send<Body>({ method: 'GET', isRepeatable: true, ...asked })).body
  const write = async (...asked: Parameters<typeof writeOf>) =>
    (await send<Of['thing']>(writeOf(...asked))).body

  return {
    create: (fields, { id, ...options } = {}) =>
      id === undefined
        ? write('POST', path, fields, options)
        : write('PUT', at(id), fields, options, { 'if-none-match': '*' }),
    get: (thing, options) => read({ path: at(thing), ...options }),
    list: (query, options) =>
      listOf((cursor) => read<Of['page']>({ path, query: { ...query, ...next(cursor) }, ...options })),
    update: (thing, patch, options) => write('PATCH', at(thing), patch, options, unchanged(thing)),
    replace: (thing, fields, options) => write('PUT', at(thing), fields, options, unchanged(thing)),
    move: (thing, place, options) => write('POST', at(thing, '/move'), place, options, unchanged(thing)),
    async remove(thing, options = {}) {
      const { signal, idempotencyKey, ...query } = options
      const { headers } = await send({
        ...writeOf('DELETE', at(thing), undefined, options, unchanged(thing)),
        query,
      })
      return revisionOf(headers) ?? 0
    },
    restore: (thing, options) => write('POST', at(thing, '/restore'), undefined, options),
    history: (thing, options) =>
      listOf((cursor) =>
        read<History>({ path: at(thing, '/history'), query: { limit: 100, ...next(cursor) }, ...options }),
      ),
  }
}
