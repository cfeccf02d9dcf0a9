import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { Static, TSchema } from 'typebox'
import type { FastifySchemaCompiler, FastifySchema } from 'fastify'
import { AppError } from '../../core/errors.ts'
import { addFormats, formats, type Format } from './formats.ts'
import { annotations, detailOf, nameOf, pointerOf, type Finding } from './words.ts'

/**
 * Coerces and removes nothing, and finds every fault. Defaults are filled in, and text is trimmed where the schema
 * says so. The schemas themselves are checked by the linter of the OpenAPI document, not again at each start.
 */
const ajv = addFormats(
  new Ajv2020({
    allErrors: true,
    verbose: true,
    useDefaults: true,
    allowUnionTypes: true,
    meta: false,
    validateSchema: false,
  }),
)
ajv.addVocabulary(annotations)

/** Adds a format of a feature. Call it before the routes that use the format are added. */
export function defineFormat(name: string, format: Format): void {
  formats[name] = format
  ajv.addFormat(name, format.test)
}

/** Compiles the schema of one part of a request. */
export const compile = (schema: object): ValidateFunction => ajv.compile(schema)

/** Validates bodies for Fastify. Our own hooks validate query, headers and ids, so that the order is ours. */
export const validatorCompiler: FastifySchemaCompiler<FastifySchema> = ({ schema, httpPart }) => {
  if (httpPart !== 'body') return () => true
  const validate = compile(schema)
  return (body: unknown) => (validate(body) ? { value: body } : { error: invalidBody(validate.errors ?? []) })
}

/** What validates a body within a body. */
export type Judge<Body = object> = (body: unknown) => Body

/** Returns a function that validates a body within a body: it returns the body, or throws `validation-failed`. */
export function judge<Schema extends TSchema>(schema: Schema): Judge<Static<Schema>> {
  const validate = ajv.compile<Static<Schema>>(schema)
  return (body) => {
    if (validate(body)) return body
    throw invalidBody(validate.errors ?? [])
  }
}

/** The refusal of a body by this schema; undefined if nothing is wrong. */
export function bodyFault(schema: object, body: unknown): AppError | undefined {
  const validate = compile(schema)
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
