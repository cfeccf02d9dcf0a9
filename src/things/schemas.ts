import type { TSchema, TUnsafe } from 'typebox'
import * as Type from '../core/json-schema.ts'
import { Id, Instant, named } from '../core/wire.ts'
import type { Field, Fields } from './field.ts'

/** The schemas of one kind of thing: as it is answered, and the bodies that create, replace and change it. */
export interface Schemas {
  thing: TUnsafe<object>
  creation: TUnsafe<object>
  replacement: TUnsafe<object>
  patch: TUnsafe<object>
  /** Where a thing shall stand among its siblings, and which siblings. */
  move: TUnsafe<object>
}

/** Makes the schemas from the declared fields. `name` is the kind's, such as `task`. */
export function schemasOf(
  name: string,
  fields: Fields,
  serverSet: Fields,
  siblings: readonly string[] = [],
): Schemas {
  const title = name.charAt(0).toUpperCase() + name.slice(1)
  const withServerSet = {
    'x-server-set': ['id', ...Object.keys(serverSet), 'createdAt', 'updatedAt', 'revision'],
  }
  const ignored = Object.fromEntries(withServerSet['x-server-set'].map((field) => [field, ReadOnly]))
  return {
    thing: object(named(title, `A ${name}.`), {
      id: Id,
      ...mapFields(fields, ({ answered }) => Type.Unsafe(answered)),
      ...mapFields(serverSet, ({ answered }) => Type.Unsafe(answered)),
      createdAt: Instant,
      updatedAt: Instant,
      revision: Revision,
    }),
    creation: object(
      {
        ...named(`New${title}`, `A ${name} to create; what is omitted takes its default.`),
        ...withServerSet,
      },
      mapFields(fields, givenSchema),
    ),
    replacement: object(
      named(`${title}Replacement`, `All of a ${name}; what is omitted takes its default.`),
      {
        ...mapFields(fields, replacementSchemaOf(name)),
        ...ignored,
        id: PathId,
      },
    ),
    patch: object(
      { ...named(`${title}Patch`, 'The fields to change (RFC 7396).'), ...withServerSet },
      mapFields(fields, patchSchemaOf(fields)),
    ),
    move: object(named(`${title}Move`, 'Where to: either before or after a sibling.'), {
      before: placeSchema('The id of the sibling to stand before; null for the very end.'),
      after: placeSchema('The id of the sibling to stand after; null for the very beginning.'),
      ...mapFields(
        Object.fromEntries(siblings.flatMap((one) => (fields[one] ? [[one, fields[one]]] : []))),
        patchSchemaOf(fields),
      ),
    }),
  }
}

const object = (options: Record<string, unknown>, members: Record<string, TSchema>) =>
  Type.Unsafe<object>(Type.Object(members, options))

const Revision = Type.Integer({
  minimum: 1,
  description: "The owner's counter at the last change; also the entity tag.",
})
const ReadOnly = Type.Optional(
  Type.Unknown({ readOnly: true, description: 'Set by the server; ignored here.' }),
)
const PathId = Type.Optional(
  Type.Unknown({ readOnly: true, description: 'The id of the path, if it is given.' }),
)

const placeSchema = (description: string): TSchema =>
  Type.Optional(Type.Unsafe({ type: ['string', 'null'], format: 'uuid', description }))

const mapFields = (fields: Fields, schemaOf: (field: Field) => TSchema): Record<string, TSchema> =>
  Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, schemaOf(field)]))

const givenSchema = (field: Field): TSchema =>
  field.isRequired
    ? Type.Unsafe(field.sent)
    : Type.Optional(Type.Unsafe({ ...field.sent, ...(!field.isSettled && { default: field.default }) }))

function replacementSchemaOf(name: string) {
  const missing = `is required: PUT replaces the whole ${name}; to change some fields, use PATCH`
  return (field: Field): TSchema =>
    field.isRequired
      ? Type.Unsafe({ ...field.sent, 'x-missing': missing })
      : givenSchema({ ...field, sent: field.replaced ?? field.sent })
}

function patchSchemaOf(fields: Fields) {
  const clearable = clearableOf(fields)
  const words = clearable.length === 0 ? '' : `; only ${listed(clearable)} can be cleared with null`
  const notNull = { 'x-null': `must not be null${words}` }
  return (field: Field): TSchema =>
    Type.Optional(
      Type.Unsafe(field.isClearable ? (field.patched ?? field.sent) : { ...notNull, ...field.sent }),
    )
}

/** The names of the fields that null clears. */
export const clearableOf = (fields: Fields): string[] =>
  Object.keys(fields).filter((name) => fields[name]?.isClearable)

/** `a`, `a and b`, `a, b and c`. */
export const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`

/** The schema of an object with more members, which it may have. */
export const extended = (schema: TSchema, options: object, members: Record<string, TSchema>): object => ({
  ...schema,
  ...options,
  properties: { ...('properties' in schema && isObject(schema.properties) && schema.properties), ...members },
})

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** Any of these things; a single one is its own schema. */
export function unionOf(resources: readonly { schemas: Schemas }[]): TUnsafe<object> {
  const [first, ...rest] = resources.map(({ schemas }) => schemas.thing)
  return first && rest.length === 0 ? first : Type.Unsafe<object>({ anyOf: [first, ...rest] })
}
