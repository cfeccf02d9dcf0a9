import type { FastifyReply, FastifyRequest } from 'fastify'
import * as Type from '../../core/json-schema.ts'
import { AppError } from '../../core/errors.ts'
import type { Match } from '../../core/match.ts'

/** The conditional headers of a write, for a route's schema. */
export const WriteConditions = Type.Object({
  'if-match': Type.Optional(
    Type.String({
      format: 'entity-tags',
      description: 'Write only while the task still has this entity tag.',
    }),
  ),
  'if-none-match': Type.Optional(
    Type.String({ format: 'entity-tags', description: '`*`: write only where there is nothing yet.' }),
  ),
})

/** The conditional header of a read, for a route's schema. */
export const ReadConditions = Type.Object({
  'if-none-match': Type.Optional(
    Type.String({
      format: 'entity-tags',
      description: 'Answer 304 while the entity tag is still one of these.',
    }),
  ),
})

/** The entity tag of a thing: its revision, quoted (RFC 9110 §8.8.3). */
export const entityTag = (revision: number): string => `"${revision}"`

/** The conditions of a write. If-Match compares strongly: a weak tag never matches (RFC 9110 §13.1). */
export function matchOf({ headers }: FastifyRequest): Match {
  return matchFrom(headers['if-match'], headers['if-none-match'])
}

/** The conditions that these header fields set; undefined means that the field was not sent. */
export function matchFrom(ifMatch: string | undefined, ifNoneMatch?: string): Match {
  return {
    mayCreate: ifNoneMatch?.trim() === '*',
    assertHolds(revision) {
      const tag = revision === undefined ? undefined : entityTag(revision)
      if (ifMatch !== undefined && !holds(ifMatch, tag, isSame))
        throw preconditionFailed('If-Match', revision)
      if (ifNoneMatch !== undefined && holds(ifNoneMatch, tag, isAlike))
        throw preconditionFailed('If-None-Match', revision)
    },
  }
}

/** Sets the entity tag of a read. Returns whether the client has it already: then send 304 (RFC 9110 §13.1.2). */
export function isFresh(request: FastifyRequest, reply: FastifyReply, tag: string): boolean {
  reply.header('etag', tag)
  const known = request.headers['if-none-match']
  return known !== undefined && holds(known, tag, isAlike)
}

/** Answers a read with 304, without content. */
export const notModified = (reply: FastifyReply): void => void reply.code(304)

type Compare = (a: string, b: string) => boolean

/** RFC 9110 §8.8.3.2: in the strong comparison a weak tag equals none; the weak one ignores `W/`. */
const isSame: Compare = (a, b) => a === b && !a.startsWith('W/')
const isAlike: Compare = (a, b) => a.replace(/^W\//, '') === b.replace(/^W\//, '')

/** Whether the header names the current tag. `*` names any tag; where there is no thing, nothing does. */
function holds(header: string, tag: string | undefined, compare: Compare): boolean {
  if (tag === undefined) return false
  if (header === tag) return compare(header, tag)
  return header.trim() === '*' || header.matchAll(/(?:W\/)?"[^"]*"/g).some(([known]) => compare(known, tag))
}

function preconditionFailed(header: string, revision: number | undefined): AppError {
  if (revision === undefined)
    return new AppError('precondition-failed', `${header} does not hold: there is nothing now.`)
  const etag = entityTag(revision)
  const detail = `${header} does not hold: the entity tag is ${etag} now.`
  return new AppError('precondition-failed', detail, { headers: { etag } })
}
