import type { FastifyRequest } from 'fastify'
import type { Answer } from '../core/attempt.ts'
import { entityTag } from '../http/answering/conditions.ts'
import { attemptOf } from '../http/answering/idempotency.ts'
import type { HeaderName } from '../http/description/headers.ts'
import { actorOf } from '../http/protection/authenticate.ts'
import type { Resource, Written } from './kind.ts'
import type { Thing } from './model.ts'
import type { Asked } from './things.ts'

// What the routes of things share.

/** A resource with the words of its routes: `task`, `Task`, `/tasks/:id`. */
export interface Route {
  resource: Resource
  name: string
  title: string
  tags: string[]
  one: string
}

/** The words of a resource's routes. */
export function routeOf(resource: Resource): Route {
  const { name, path } = resource
  const title = name.charAt(0).toUpperCase() + name.slice(1)
  return { resource, name, title, tags: [path.slice(1)], one: `${path}/:id` }
}

/** The header fields that the answer to a write may have. */
export const sentWith = (...names: HeaderName[]): HeaderName[] => [
  ...names,
  'Docket-Revision',
  'Idempotent-Replayed',
]

/** The write that a request asks for. */
export const askedBy = <W>(request: FastifyRequest, answer: Asked<W>['answer']): Asked<W> => ({
  actor: actorOf(request),
  attempt: attemptOf(request),
  answer,
})

/** Answers with a thing as a write left it, its entity tag, and the revision that the write took, if any. */
export const writtenAnswer =
  ({ path, json }: Resource) =>
  ({ thing, isNew, revision, kept }: Written<Thing>): Answer => {
    const status = isNew ? 201 : 200
    return {
      status,
      headers: {
        etag: entityTag(thing.revision),
        ...(isNew && { location: `${path}/${thing.id}` }),
        ...(kept !== undefined && { link: `<${path}/${kept}>; rel="prev"` }),
        ...(revision !== undefined && { 'docket-revision': String(revision) }),
      },
      body: json(thing),
      things: [thing.id],
    }
  }

/** Answers that a thing is gone, with the revision that this took. */
export const deletedAnswer = (revision: number): Answer => ({
  status: 204,
  headers: { 'docket-revision': String(revision) },
  body: null,
  things: [],
})
