import type * as Box from 'typebox'

// JSON Schemas that carry the TypeScript type of what they describe. Types and names are TypeBox's. The library
// itself is not loaded: it would take a sixth of the start-up time and 20 MB, for these few lines.

const optional = new WeakSet<object>()

export function String(options?: Box.TStringOptions): Box.TString
export function String(options: Box.TStringOptions = {}) {
  return { type: 'string', ...options }
}

export function Integer(options?: Box.TNumberOptions): Box.TInteger
export function Integer(options: Box.TNumberOptions = {}) {
  return { type: 'integer', ...options }
}

export function Boolean(options?: Box.TSchemaOptions): Box.TBoolean
export function Boolean(options: Box.TSchemaOptions = {}) {
  return { type: 'boolean', ...options }
}

export function Literal<Value extends string>(value: Value, options?: Box.TSchemaOptions): Box.TLiteral<Value>
export function Literal(value: string, options: Box.TSchemaOptions = {}): Box.TSchema {
  return { type: 'string', const: value, ...options }
}

export function Unknown(options?: Box.TSchemaOptions): Box.TUnknown
export function Unknown(options: Box.TSchemaOptions = {}): Box.TSchema {
  return { ...options }
}

export function Array<Items extends Box.TSchema>(items: Items, options?: Box.TArrayOptions): Box.TArray<Items>
export function Array(items: Box.TSchema, options: Box.TArrayOptions = {}) {
  return { type: 'array', items, ...options }
}

/** An object with these members; all are required except those made with `Optional`. */
export function Object<Members extends Box.TProperties>(
  properties: Members,
  options?: Box.TObjectOptions,
): Box.TObject<Members>
export function Object(properties: Box.TProperties, options: Box.TObjectOptions = {}): Box.TSchema {
  const required = globalThis.Object.keys(properties).filter((name) => !optional.has(properties[name] ?? {}))
  return { type: 'object', ...(required.length > 0 && { required }), properties, ...options }
}

/** A member of `Object` that may be missing. */
export function Optional<Member extends Box.TSchema>(member: Member): Box.TAddOptional<Member>
export function Optional(member: Box.TSchema) {
  const own = { ...member }
  optional.add(own)
  return own
}

/** A member of `Object` that a client may leave out. The validator fills the default in, so a handler always has it. */
export function Defaulted<Member extends Box.TSchema>(member: Member, value: Box.Static<Member>): Member {
  const own = { ...member, default: value }
  optional.add(own)
  return own
}

/** Any schema, with a type that TypeScript cannot derive from it. */
export function Unsafe<Type>(schema: Box.TSchema): Box.TUnsafe<Type>
export function Unsafe(schema: Box.TSchema) {
  return { ...schema }
}

/** An object whose members all have one schema and any name. */
export function Record<Values extends Box.TSchema>(
  values: Values,
  options?: Box.TObjectOptions,
): Box.TRecord<'^.*$', Values>
export function Record(values: Box.TSchema, options: Box.TObjectOptions = {}) {
  return { type: 'object', patternProperties: { '^.*$': values }, ...options }
}
