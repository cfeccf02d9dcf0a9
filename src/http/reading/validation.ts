import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { Static, TSchema } from 'typebox'
import type { FastifySchemaCompiler, FastifySchema } from 'fastify'
import { AppError } from '../../core/errors.ts'
import { addFormats, formats, type Format } from './formats.ts'
import { annotations, detailOf, nameOf, pointerOf, type Finding } from './words.ts'

/**
 * Coerces and removes nothing, and finds every fault. Text is trimmed where the schema says so. The schemas themselves
 * are checked by the linter of the OpenAPI document, not again at each start.
 */
function createAjv(useDefaults: boolean): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    useDefaults,
    allowUnionTypes: true,
    meta: false,
    validateSchema: false,
  })
  addFormats(ajv).addVocabulary(annotations)
  return ajv
}

/** Returns what validates by a schema. */
type Compile = (schema: object) => ValidateFunction

/** Compiling takes longer than all else at the start, so it waits until a schema is used, and equal ones share it. */
function createCompile(ajv: Ajv2020): Compile {
  const byText = new Map<string, ValidateFunction>()
  const bySchema = new WeakMap<object, ValidateFunction>()
  const find = (schema: object) => {
    const text = JSON.stringify(schema)
    const validate = byText.get(text) ?? ajv.compile(schema)
    byText.set(text, validate)
    bySchema.set(schema, validate)
    return validate
  }
  return (schema) => bySchema.get(schema) ?? find(schema)
}

/** Bodies get no defaults here: a field that is added later must not change what a repeated request asks for. */
const bodies = createAjv(false)
const compileBody = createCompile(bodies)
const parameters = createAjv(true)

/** Adds a format of a feature. Call it before the routes that use the format are added. */
export function defineFormat(name: string, format: Format): void {
  formats[name] = format
  for (const ajv of [bodies, parameters]) ajv.addFormat(name, format.test)
}

/** What validates the query, the headers or the path of a request. Defaults are filled in. Call it for each request. */
export const compile = createCompile(parameters)

/** Validates bodies for Fastify. Our own hooks validate query, headers and ids, so that the order is ours. */
export const validatorCompiler: FastifySchemaCompiler<FastifySchema> = ({ schema, httpPart }) => {
  if (httpPart !== 'body') return () => true
  return (body: unknown) => {
    const error = bodyFault(schema, body)
    return error ? { error } : { value: body }
  }
}

/** What validates a body within a body. */
export type Judge<Body = object> = (body: unknown) => Body

/** Returns a function that validates a body within a body: it returns the body, or throws `validation-failed`. */
export function judge<Schema extends TSchema>(schema: Schema): Judge<Static<Schema>> {
  const isValid = (body: unknown): body is Static<Schema> => compileBody(schema)(body)
  return (body) => {
    if (isValid(body)) return body
    throw invalidBody(compileBody(schema).errors ?? [])
  }
}

/** The refusal of a body by this schema; undefined if nothing is wrong. */
export function bodyFault(schema: object, body: unknown): AppError | undefined {
  const validate = compileBody(schema)
  return validate(body) ? undefined : invalidBody(validate.errors ?? [])
}

/** The faults of query parameters or headers, with their names. */
export function faultsOf({ errors }: ValidateFunction): { name: string; detail: string }[] {
  const findings: Finding[] = errors ?? []
  return findings.map((finding) => ({ name: nameOf(finding), detail: detailOf(finding) }))
}

function invalidBody(findings: Finding[]): AppError {
  const mistyped = new Set(findings.filter(({ keyword }) => keyword === 'type').map(pointerOf))
  const faults = findings
    .filter((finding) => finding.keyword === 'type' || !mistyped.has(pointerOf(finding)))
    .map((finding) => ({ pointer: pointerOf(finding), detail: detailOf(finding) }))
  const [first] = faults
  const isAlone = first && faults.length === 1
  const detail = isAlone
    ? `${first.pointer || 'The body'} ${first.detail}.`
    : `The body has ${faults.length} faults; see errors.`
  return new AppError('validation-failed', detail, { faults })
}
