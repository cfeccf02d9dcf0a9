import type { Slug } from '../core/catalogue.ts'
import type { Match } from '../core/match.ts'
import type { Queryable } from '../database/database.ts'
import type { Replaced, Writing } from '../revisions/revisions.ts'
import type { Examples, Thing } from './model.ts'
import type { TProperties } from 'typebox'
import type { Place } from './move.ts'
import type { Removal } from './rules.ts'
import type { Schemas } from './schemas.ts'

/**
 * What the mechanisms (feed, events, undo) need to know of one kind of thing. They are given the kinds by app.ts
 * and name none themselves.
 */
export interface Kind {
  /** As the journal and the feed have it: `task`. */
  readonly name: string
  /** The address of one of the owner's things: `/tasks/<id>`. */
  addressOf(id: string): string
  /** The fields that a client decides, which an undo sets back. */
  readonly fieldNames: readonly string[]
  /** One of the owner's things, live; undefined where it is deleted or was never there. */
  findLive(db: Queryable, ownerId: string, id: string): Promise<object | undefined>
  /** The owner's things whose last change lies within `since < revision ≤ until`, in that order, at most `limit`. */
  listChanged(db: Queryable, ownerId: string, since: number, until: number, limit: number): Promise<Changed[]>
  /** Changes some fields (RFC 7396); throws `not-found`, `precondition-failed`. */
  change(writing: Writing, id: string, patch: object, match: Match): Promise<Written<object>>
}

/** A thing with its last change; the instant is RFC 3339 text. */
export interface Changed {
  revision: number
  at: string
  id: string
  action: string
  /** Null where the thing is deleted, or is told by its kind and id alone. */
  thing: Thing | null
}

/**
 * A kind of thing with an address of its own: what creates, replaces, deletes, restores and erases it. Batch, trash
 * and history need it besides; so do the routes, which are the same for every such kind.
 */
export interface Resource<T extends Thing = Thing> extends Kind {
  /** The address of all of them: `/tasks`. */
  readonly path: string
  readonly schemas: Schemas
  readonly examples: Examples<T>
  /** The names of the fields that null clears. */
  readonly clearable: readonly string[]
  findLive(db: Queryable, ownerId: string, id: string): Promise<T | undefined>
  /** A thing as it is answered, in JSON. */
  json(thing: Thing): string
  /** The same as findLive, as JSON. */
  findJson(db: Queryable, ownerId: string, id: string): Promise<Json | undefined>
  /** The same, whether live or in the trash. */
  findKept(db: Queryable, ownerId: string, id: string): Promise<Kept<T> | undefined>
  create(writing: Writing, id: string, given: object): Promise<Written<T>>
  /** Throws `not-found`, `precondition-failed`, `validation-failed` where the body names another id. */
  replace(writing: Writing, id: string, body: object, match: Match): Promise<Written<T>>
  change(writing: Writing, id: string, patch: object, match: Match): Promise<Written<T>>
  /** The query parameters of a deletion, beside `permanent`. */
  readonly removal: TProperties
  /** Puts a thing into the trash. Returns the revision; throws `not-found`, `precondition-failed`. */
  remove(writing: Writing, id: string, match: Match, removal?: Removal): Promise<number>
  /** Takes a thing out of the trash; a live one stays as it is. Throws `not-found`, `precondition-failed`. */
  restore(writing: Writing, id: string, match: Match): Promise<Written<T>>
  /** Puts a thing back in the place of the one that replaced it. Returns the revision. */
  putBack(writing: Writing, replaced: Replaced): Promise<number>
  /** Where the owner gives these things an order: what moves them. */
  readonly order: Moving<T> | undefined
  /** The verbs without a body, by name: `restore`, and those that this kind has besides. */
  readonly actions: Readonly<Record<string, Action<T>>>
  /** Erases a thing, live or in the trash, for good. Returns the revision; throws `not-found`, `precondition-failed`. */
  erase(writing: Writing, id: string, match: Match, removal?: Removal): Promise<number>
  /** Empties the trash of at most `limit` things deleted before an instant, tombstones included. Returns how many. */
  sweep(tx: Queryable, at: number, limit: number): Promise<number>
}

/** A verb without a body: `POST` to its name below a thing. */
export interface Action<T extends Thing = Thing> {
  summary: string
  description: string
  problems: readonly Slug[]
  /** What it answers in the API's description. */
  answer: T
  /** Throws `not-found`, `precondition-failed` and its own problems. */
  perform(writing: Writing, id: string, match: Match): Promise<Written<T>>
}

/** A thing as it is answered. */
export interface Json {
  json: string
  revision: number
}

/** A thing that was not erased, live or in the trash. */
export interface Kept<T> {
  thing: T
  isLive: boolean
}

/** What moves the things of a kind in the order that their owner gives them. */
export interface Moving<T extends Thing = Thing> {
  /** Puts a live thing before or after a sibling; throws as `change` does, and `limit-reached`. */
  move(
    writing: Writing,
    id: string,
    place: Place & Record<string, unknown>,
    match: Match,
  ): Promise<Written<T>>
}

/** A thing as a write left it. */
export interface Written<T> {
  thing: T
  isNew: boolean
  /** The revision that the write took; undefined if nothing changed. */
  revision: number | undefined
  /** The id of another thing that keeps what this one was, if the write made one. */
  kept?: string | undefined
}

export const isResource = (kind: Kind): kind is Resource => 'path' in kind

/** The kind of this name; throws where app.ts registered none. */
export function kindOf(kinds: readonly Kind[], name: string): Kind {
  const kind = kinds.find((one) => one.name === name)
  if (!kind) throw new Error(`no kind of thing is called ${name}`)
  return kind
}
