import type * as Box from 'typebox'

// JSON Schemas that carry the TypeScript type of what they describe. The types are TypeBox's, and so are the
// names; of its library, whose loading is a sixth of the start and 20 MB, a server needs these few lines.

const optional = new WeakSet<object>()

/** Text. */
export function String(options?: Box.TStringOptions): Box.TString
export function String(options: Box.TStringOptions = {}) {
  return { type: 'string', ...options }
}

/** A whole number. */
export function Integer(options?: Box.TNumberOptions): Box.TInteger
export function Integer(options: Box.TNumberOptions = {}) {
  return { type: 'integer', ...options }
}

/** `true` or `false`. */
export function Boolean(options?: Box.TSchemaOptions): Box.TBoolean
export function Boolean(options: Box.TSchemaOptions = {}) {
  return { type: 'boolean', ...options }
}

/** This one text. */
export function Literal<Value extends string>(value: Value, options?: Box.TSchemaOptions): Box.TLiteral<Value>
export function Literal(value: string, options: Box.TSchemaOptions = {}): Box.TSchema {
  return { type: 'string', const: value, ...options }
}

/** Anything. */
export function Unknown(options?: Box.TSchemaOptions): Box.TUnknown
export function Unknown(options: Box.TSchemaOptions = {}): Box.TSchema {
  return { ...options }
}

/** Items of one kind. */
export function Array<Items extends Box.TSchema>(items: Items, options?: Box.TArrayOptions): Box.TArray<Items>
export function Array(items: Box.TSchema, options: Box.TArrayOptions = {}) {
  return { type: 'array', items, ...options }
}

/** Members by name, all of them required but for those that are optional. */
export function Object<Members extends Box.TProperties>(
  properties: Members,
  options?: Box.TObjectOptions,
): Box.TObject<Members>
export function Object(properties: Box.TProperties, options: Box.TObjectOptions = {}): Box.TSchema {
  const required = globalThis.Object.keys(properties).filter((name) => !optional.has(properties[name] ?? {}))
  return { type: 'object', ...(required.length > 0 && { required }), properties, ...options }
}

/** A member that may be left out. */
export function Optional<Member extends Box.TSchema>(member: Member): Box.TAddOptional<Member>
export function Optional(member: Box.TSchema) {
  const own = { ...member }
  optional.add(own)
  return own
}

/** A schema as it stands, for what it can not tell of itself. */
export function Unsafe<Type>(schema: Box.TSchema): Box.TUnsafe<Type>
export function Unsafe(schema: Box.TSchema) {
  return { ...schema }
}

/** Members of one kind, by any name. */
export function Record<Values extends Box.TSchema>(
  values: Values,
  options?: Box.TObjectOptions,
): Box.TRecord<'^.*$', Values>
export function Record(values: Box.TSchema, options: Box.TObjectOptions = {}) {
  return { type: 'object', patternProperties: { '^.*$': values }, ...options }
}
