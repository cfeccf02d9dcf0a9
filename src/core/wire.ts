import * as Type from './json-schema.ts'

/** The options of an object that takes no field but its own. */
export const closed = { additionalProperties: false }

/** The same, under a name of its own in the API's description, and with words for it. */
export const named = (name: string, description?: string) => ({
  ...closed,
  'x-name': name,
  ...(description !== undefined && { description }),
})

export const Id = Type.String({ format: 'uuid', description: 'A UUID in lower case.' })
export const Instant = Type.String({ format: 'date-time', description: 'In UTC, with milliseconds.' })

/** Text or null, as one JSON type rather than a union of schemas. */
export const nullable = (options: object) =>
  Type.Unsafe<string | null>({ ...options, type: ['string', 'null'] })
