import * as Type from './json-schema.ts'

/** Options of an object schema that refuses unknown fields. */
export const closed = { additionalProperties: false }

/** The same for a schema that is a named component of the OpenAPI document. */
export const named = (name: string, description?: string) => ({
  ...closed,
  'x-name': name,
  ...(description !== undefined && { description }),
})

export const Id = Type.String({ format: 'uuid', description: 'A UUID in lower case.' })
export const Instant = Type.String({ format: 'date-time', description: 'In UTC, with milliseconds.' })

/** A string or null, written as one schema instead of a union of two. */
export const nullable = (options: object) =>
  Type.Unsafe<string | null>({ ...options, type: ['string', 'null'] })
