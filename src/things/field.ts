import type { Codec, Stored } from '../database/columns.ts'

/**
 * One field of a kind of thing, declared once: what clients may send, how it is stored, and how lists use it.
 * The schemas of requests and answers, the columns, history, undo and the list's parameters follow from it.
 */
export interface Field<Value = unknown> {
  /** The JSON Schema of a value that a client sends. */
  readonly sent: object
  /** The same for a PUT and for a merge patch, where they take something else. */
  readonly replaced?: object
  readonly patched?: object
  /** The JSON Schema of the value in answers. */
  readonly answered: object
  readonly codec: Codec<Value>
  readonly isRequired: boolean
  /** Whether a patch may clear it with null. */
  readonly isClearable: boolean
  /** The value where a client gives none, and what an erased thing keeps. */
  readonly default: Value
  /** Whether the kind's rules find another value where a client gives none, so that no schema names the default. */
  readonly isSettled: boolean
  /** The one form in which a value is kept. */
  normalize(value: Value): Value
  /** The value that a merge patch of an object makes (RFC 7396); without this the patch is the value. */
  merge?(before: Value, patch: Value): Value
  readonly sort?: Sort<Value>
  readonly range?: Range
  readonly choices?: readonly string[]
  /** Whether the journal keeps it although the server sets it, so that an undo brings it back. */
  readonly isJournalled?: boolean
}

/** The column that a list is sorted by, and its value where it is not one of the codec's columns. */
export interface Sort<Value = unknown> {
  readonly column: string
  readonly isNullable: boolean
  keyOf?(value: Value): Stored
}

/** The parameters `<name>From` and `<name>Before` of a list; `words` begin their descriptions. */
export interface Range {
  readonly name: string
  readonly words: string
  /** What is compared: instants, due dates (a day or an instant), or whole numbers. */
  readonly of: 'instant' | 'dueDate' | 'integer'
}

/** Fields by name, in the order in which answers have them. */
export type Fields = Readonly<Record<string, Field>>

/** A field that must be given at creation. */
export interface RequiredField<Value> extends Field<Value> {
  readonly isRequired: true
}

/** A field with a default. */
export interface OptionalField<Value> extends Field<Value> {
  readonly isRequired: false
}

interface Options<Value> {
  sent: object
  /** Where it is not said: what `sent` says of type, length and values. */
  answered?: object
  codec: Codec<Value>
  replaced?: object
  patched?: object
  normalize?(value: Value): Value
  merge?(before: Value, patch: Value): Value
  /** `true` sorts by the only column of the codec. */
  sort?: true | Omit<Sort<Value>, 'isNullable'>
  range?: Range
  choices?: readonly string[]
  isSettled?: true
  isJournalled?: true
}

/** Declares a field that must be given; an erased thing has `erased` in its place. */
export const required = <Value>(options: Options<Value> & { erased: Value }): RequiredField<Value> => ({
  ...declare(options, false),
  default: options.erased,
  isRequired: true,
})

/** Declares a field that takes its default where it is omitted. */
export const optional = <Value>(options: Options<Value> & { default: Value }): OptionalField<Value> => ({
  ...declare(options, false),
  default: options.default,
  isRequired: false,
})

/** Declares a field that is null by default, and that null clears. */
export const clearable = <Value>(options: Options<Value | null>): OptionalField<Value | null> => ({
  ...declare(
    {
      ...options,
      sent: orNull(options.sent),
      ...(options.replaced && { replaced: orNull(options.replaced) }),
      ...(options.patched && { patched: orNull(options.patched) }),
      answered: orNull(options.answered ?? shapeOf(options.sent)),
    },
    true,
  ),
  default: null,
  isRequired: false,
})

function declare<Value>(
  options: Options<Value>,
  isClearable: boolean,
): Omit<Field<Value>, 'default' | 'isRequired'> {
  const {
    sent,
    answered = shapeOf(sent),
    codec,
    replaced,
    patched,
    normalize,
    merge,
    sort,
    range,
    choices,
    isSettled = false,
    isJournalled,
  } = options
  const sortBy = sort === true ? { column: codec.columns[0] ?? '' } : sort
  return {
    sent,
    answered,
    codec,
    isClearable,
    isSettled,
    normalize: normalize ?? ((value: Value) => value),
    ...(replaced && { replaced }),
    ...(patched && { patched }),
    ...(merge && { merge }),
    ...(sortBy && { sort: { ...sortBy, isNullable: isClearable } }),
    ...(range && { range }),
    ...(choices && { choices }),
    ...(isJournalled && { isJournalled }),
  }
}

const orNull = (schema: object): object =>
  'type' in schema ? { ...schema, type: [schema.type, 'null'] } : schema

const keywordsOfAnswers = new Set(
  'type enum items minLength maxLength minimum maximum minItems maxItems'.split(' '),
)

/** What a schema says of the value itself, without the rules and words for those who send it. */
const shapeOf = (schema: object): object =>
  Object.fromEntries(Object.entries(schema).filter(([keyword]) => keywordsOfAnswers.has(keyword)))

/** The values of fields, by name. */
export type Values<Of extends Fields> = {
  -readonly [Name in keyof Of]: Of[Name] extends Field<infer Value> ? Value : never
}

type RequiredName<Of extends Fields> = {
  [Name in keyof Of]: Of[Name] extends RequiredField<unknown> ? Name : never
}[keyof Of]

/** The values that a client gives at creation. */
export type Given<Of extends Fields> = Pick<Values<Of>, RequiredName<Of>> & Partial<Values<Of>>
