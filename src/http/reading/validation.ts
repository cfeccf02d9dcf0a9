import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { Static, TSchema } from 'typebox'
import type { FastifySchemaCompiler, FastifySchema } from 'fastify'
import { AppError } from '../../core/errors.ts'
import { addFormats, formats, type Format } from './formats.ts'
import { annotations, detailOf, nameOf, pointerOf, type Finding } from './words.ts'

/**
 * Nothing is coerced or removed, and every fault is found; a body takes its defaults, text its trim. That the
 * schemas are schemas is judged by the linter of the OpenAPI document, and not anew at each start.
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

/** Adds a format that one feature brings; do so before the routes that name it. */
export function defineFormat(name: string, format: Format): void {
  formats[name] = format
  ajv.addFormat(name, format.test)
}

/** Compiles a schema for the judge of one part of a request. */
export const compile = (schema: object): ValidateFunction => ajv.compile(schema)

/** Judges bodies for Fastify; the other parts are judged in hooks of our own, in the contract's order. */
export const validatorCompiler: FastifySchemaCompiler<FastifySchema> = ({ schema, httpPart }) => {
  if (httpPart !== 'body') return () => true
  const validate = compile(schema)
  return (body: unknown) => (validate(body) ? { value: body } : { error: invalidBody(validate.errors ?? []) })
}

/** Makes what judges, by a schema, a body within a body: it answers the body, or throws `validation-failed`. */
export function judge<Schema extends TSchema>(schema: Schema): (body: unknown) => Static<Schema> {
  const validate = ajv.compile<Static<Schema>>(schema)
  return (body) => {
    if (validate(body)) return body
    throw invalidBody(validate.errors ?? [])
  }
}

/** What is wrong with a body by this schema; undefined where nothing is. */
export function bodyFault(schema: object, body: unknown): AppError | undefined {
  const validate = compile(schema)
  return validate(body) ? undefined : invalidBody(validate.errors ?? [])
}

/** The faults of a record of parameters or headers, each by its name. */
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
