import fc, { type Arbitrary } from 'fast-check'

/** The part of a JSON schema from which values are generated. */
export interface Schema {
  $ref?: string
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  examples?: unknown[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  minimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
  minLength?: number
  maxLength?: number
}

/** Texts that have broken servers before. */
const evil = [
  '', ' ', '\t', '0', '-0', '-1', '1e400', 'NaN', 'null', 'true', '[]', '{}', '__proto__', 'constructor',
  '\0', 'a\0b', '\ud800', '\udc00a', '\ufeff', '\u2028', '\u202e', '\x7f', '\x1b[2J', '\r\nX: y', 'İ', 'ß', 'e\u0301', '👩‍👩‍👧', '😀'.repeat(200),
  "' or 1=1 --", '%', '%00', '%s%n', '${7*7}', '$1', '../../etc/passwd', '<script>', '{"$ref":"#"}', 'a'.repeat(201), 'a'.repeat(10_001),
  '1970-01-01', '1969-12-31', '9999-12-31', '10000-01-01', '2026-02-30', '2024-02-29', '2026-12-01T24:00:00Z', '9999-12-31T23:59:59.999-23:59',
  '1970-01-01T00:00:00+14:00', '2026-12-01t09:30:00.123456789z', '2026-03-29T02:30:00+01:00', 'Europe/Berlin', 'Pacific/Apia', 'Etc/GMT+12', 'UTC',
  '"1"', 'W/"1"', '*', '"1", "2"', '""', '"', '9007199254740993', '-createdAt,title', 'dueDate', 'overdue', 'today', 'COMPLETE', 'in_progress,complete',
] // prettier-ignore

/** Any text, well-formed or not. */
export const anyText = (): Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom(...evil),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    fc.uuid(),
  )

/** Any JSON value. */
export const anyValue = (): Arbitrary<unknown> =>
  fc.oneof(
    anyText(),
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom<unknown>(null, true, 0, -0, 1e308, 2 ** 53, [], {}, [[]]),
  )

/** Generates values for schemas; `resolve` follows their references. */
export function valuesOf(resolve: (schema: Schema) => Schema) {
  return { valid, nearly }

  /** Values that match the schema, but often not what only its description says (a date, a time zone). */
  function valid(given: Schema): Arbitrary<unknown> {
    const schema = resolve(given)
    if (schema.examples) {
      return fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom(...schema.examples) },
        { weight: 1, arbitrary: drawn(schema) },
      )
    }
    return drawn(schema)
  }

  function drawn(schema: Schema): Arbitrary<unknown> {
    if (schema.const !== undefined) return fc.constant(schema.const)
    if (schema.enum) return fc.constantFrom(...schema.enum)
    if (schema.anyOf) return fc.oneof(...schema.anyOf.map(valid))
    if (Array.isArray(schema.type)) return fc.oneof(...schema.type.map((type) => valid({ ...schema, type })))
    switch (schema.type) {
      case 'string':
        return fc.oneof(
          anyText(),
          fc.string({
            unit: 'grapheme',
            minLength: schema.minLength ?? 0,
            maxLength: Math.min(schema.maxLength ?? 30, 300),
          }),
        )
      case 'integer':
        return fc.integer({ min: schema.minimum ?? -5, max: schema.maximum ?? 2 ** 40 })
      case 'boolean':
        return fc.boolean()
      case 'null':
        return fc.constant(null)
      case 'array':
        return fc.array(valid(schema.items ?? {}), {
          minLength: schema.minItems ?? 0,
          maxLength: Math.min(schema.maxItems ?? 4, 8),
        })
      case 'object':
        return fc.record(
          Object.fromEntries(
            Object.entries(schema.properties ?? {}).map(([name, inner]) => [name, valid(inner)]),
          ),
          { requiredKeys: schema.required ?? [] },
        )
      default:
        return anyValue()
    }
  }

  /** Values that miss the schema: a field is wrong, missing or unknown, or the whole value is random. */
  function nearly(schema: Schema): Arbitrary<unknown> {
    const names = Object.keys(resolve(schema).properties ?? {})
    const name = fc.oneof(fc.constantFrom(...names, 'id', '__proto__'), anyText())
    const spoilt = fc.tuple(valid(schema), name, anyValue()).map(([value, field, wrong]) => {
      const entries: [string, unknown][] = Object.entries(Object(value))
      return Object.fromEntries([...entries, [field, wrong]])
    })
    const bare = fc.tuple(valid(schema), name).map(([value, field]) => {
      return Object.fromEntries(Object.entries(Object(value)).filter(([known]) => known !== field))
    })
    return fc.oneof(
      { weight: 4, arbitrary: spoilt },
      { weight: 2, arbitrary: bare },
      { weight: 1, arbitrary: anyValue() },
    )
  }
}
