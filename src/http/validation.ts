import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import type { FastifySchemaCompiler, FastifySchema } from 'fastify'
import { AppError, type Fault } from '../core/errors.ts'
import { addFormats, formats, type Format } from './formats.ts'

/** Annotations of our schemas: words for a missing field, a wrong value, a null, and fields only the server sets. */
const vocabulary = ['x-missing', 'x-detail', 'x-null', 'x-server-set', 'x-name']

/** Nothing is coerced or removed, and every fault is found; a body takes its defaults, text its trim. */
const ajv = addFormats(
  new Ajv2020({ allErrors: true, verbose: true, useDefaults: true, allowUnionTypes: true }),
)
ajv.addVocabulary(vocabulary)

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
  return (body: unknown) => (validate(body) ? { value: body } : { error: invalidBody(validate.errors) })
}

function invalidBody(errors: ErrorObject[] | null | undefined): AppError {
  const faults = (errors ?? []).map((error) => ({ pointer: pointerOf(error), detail: wordsFor(error) }))
  return new AppError('validation-failed', sentence('The body', faults), { faults: unique(faults) })
}

/** The faults of a record of parameters or headers, each by its name. */
export function faultsOf(errors: ErrorObject[] | null | undefined): { name: string; detail: string }[] {
  return (errors ?? []).map((error) => ({ name: pointerOf(error).slice(1), detail: wordsFor(error) }))
}

function sentence(what: string, faults: { pointer: string; detail: string }[]): string {
  const [first] = faults
  if (faults.length !== 1 || !first) return `${what} has ${faults.length} faults; see errors.`
  return `${first.pointer || what} ${first.detail}.`
}

function unique(faults: Fault[]): Fault[] {
  const seen = new Set<string>()
  return faults.filter((fault) => {
    const key = JSON.stringify(fault)
    return !seen.has(key) && seen.add(key)
  })
}

function pointerOf({ keyword, instancePath, params }: ErrorObject): string {
  if (keyword === 'required') return `${instancePath}/${escapePointer(params['missingProperty'])}`
  if (keyword === 'additionalProperties') return `${instancePath}/${escapePointer(params['additionalProperty'])}`
  return instancePath
}

/** RFC 6901 §3; a name of any length is cut to what a person would read. */
const escapePointer = (name: string) => name.toWellFormed().slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1')

function wordsFor(error: ErrorObject): string {
  const { keyword, params, parentSchema = {} } = error
  if (keyword === 'required') return missingWords(error)
  if (keyword === 'additionalProperties') return unknownWords(error)
  if (keyword !== 'type' && parentSchema['x-detail']) return parentSchema['x-detail']
  switch (keyword) {
    case 'type':
      return typeWords(error)
    case 'enum':
      return `must be one of ${params['allowedValues'].join(', ')}`
    case 'minLength':
      return params['limit'] === 1 ? 'must not be empty' : `must have at least ${params['limit']} characters`
    case 'maxLength':
      return `must have at most ${params['limit']} characters`
    case 'minimum':
    case 'maximum':
      return `must be from ${parentSchema['minimum']} to ${parentSchema['maximum']}`
    case 'format':
      return formats[params['format']]?.words ?? 'has the wrong form'
    default:
      return error.message ?? 'is not allowed'
  }
}

function missingWords({ params, parentSchema }: ErrorObject): string {
  return parentSchema?.['properties']?.[params['missingProperty']]?.['x-missing'] ?? 'is required'
}

function unknownWords({ params, parentSchema }: ErrorObject): string {
  const serverSet: string[] = parentSchema?.['x-server-set'] ?? []
  if (serverSet.includes(params['additionalProperty'])) return 'is set by the server; leave it out'
  const allowed = Object.keys(parentSchema?.['properties'] ?? {})
  return allowed.length > 0 ? `is not known here; allowed are ${allowed.join(', ')}` : 'is not known here; nothing is taken'
}

const typeNames: Record<string, string> = {
  string: 'text',
  integer: 'an integer',
  number: 'a number',
  boolean: 'true or false',
  object: 'a JSON object',
  array: 'a list',
  null: 'null',
}

function typeWords({ params, data, parentSchema }: ErrorObject): string {
  const types: string[] = [params['type']].flat()
  const wanted = types.map((type) => typeNames[type] ?? type).join(' or ')
  if (data === null && parentSchema?.['x-null']) return parentSchema['x-null']
  return data === null ? `must be ${wanted}, not null` : `must be ${wanted}`
}
