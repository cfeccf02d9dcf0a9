import type { FastifyInstance, preHandlerHookHandler, RouteOptions } from 'fastify'
import { AppError, notFound, type Fault } from '../../core/errors.ts'
import { onEachRoute } from './each-route.ts'
import { compile, faultsOf } from './validation.ts'
import { maxParameters, parseQuery, readBoolean, readInteger, type ParsedQuery } from './query-string.ts'

interface ObjectSchema {
  type: 'object'
  properties: Record<string, { type?: string }>
}

/** The schemas of one route's query and headers. A route without a schema for its query takes no parameters. */
interface Parameters {
  query: ObjectSchema
  headers: object | undefined
}

declare module 'fastify' {
  interface FastifyContextConfig {
    parameters?: Parameters
  }
}

const noQuery: ObjectSchema & { additionalProperties: false } = {
  type: 'object',
  properties: {},
  additionalProperties: false,
}

/**
 * Validates query and headers before the body (400, all faults at once), and the ids of the path after it. An id of
 * the wrong form names nothing, so its answer is the one for a missing thing.
 */
export function validateParameters(app: FastifyInstance): void {
  onEachRoute(app, (route) => {
    route.config = { ...route.config, parameters: parametersOf(route) }
    const params = route.schema?.params
    if (isSchema(params)) route.preHandler = [route.preHandler ?? [], assertIds(params)].flat()
  })
  app.addHook<{ Querystring: ParsedQuery }>('preValidation', (request, _reply, done) => {
    const { parameters } = request.routeOptions.config
    if (!parameters) return done()
    const parsed = request.query
    if (parsed.malformed)
      throw new AppError('malformed-request', 'The query holds a percent-encoding that is not UTF-8.')
    if (parsed.tooMany)
      throw new AppError('invalid-parameter', `The query has more than ${maxParameters} parameters.`)
    const query = readTyped(parsed.values, parameters.query)
    const faults = [...queryFaults(parameters, parsed, query), ...headerFaults(parameters, request.headers)]
    if (faults.length > 0) throw invalidParameters(faults)
    Object.assign(request, { query })
    done()
  })
}

function assertIds(schema: object): preHandlerHookHandler {
  return (request, _reply, done) => {
    if (!compile(schema)(request.params)) notFound()
    done()
  }
}

const parametersOf = ({ schema }: Pick<RouteOptions, 'schema'>): Parameters => ({
  query: isObjectSchema(schema?.querystring) ? schema.querystring : noQuery,
  headers: isSchema(schema?.headers) ? schema.headers : undefined,
})

const isSchema = (schema: unknown): schema is object => typeof schema === 'object' && schema !== null

const isObjectSchema = (schema: unknown): schema is ObjectSchema => isSchema(schema) && 'properties' in schema

/** Returns a function that reads a query within a body by a schema; it throws `validation-failed`. */
export function judgeQuery(schema: object): (text: string) => Record<string, unknown> {
  const parameters = parametersOf({ schema: { querystring: schema } })
  return (text) => {
    const parsed = parseQuery(text)
    if (parsed.malformed || parsed.tooMany) throw new AppError('validation-failed', 'The query is malformed.')
    const query = readTyped(parsed.values, parameters.query)
    const faults = queryFaults(parameters, parsed, query)
    if (faults.length === 0) return query
    const details = faults.map((fault) => `${nameOf(fault)} ${fault.detail}`)
    throw new AppError('validation-failed', `${details.join('; ')}.`)
  }
}

/** Reads integers and booleans by their grammar. What does not fit stays text, and the schema refuses it. */
function readTyped(values: Record<string, string>, { properties }: ObjectSchema): Record<string, unknown> {
  const read = (name: string, text: string) => {
    const type = Object.hasOwn(properties, name) ? properties[name]?.type : undefined
    if (type === 'integer') return readInteger(text) ?? text
    return type === 'boolean' ? (readBoolean(text) ?? text) : text
  }
  return Object.fromEntries(Object.entries(values).map(([name, text]) => [name, read(name, text)]))
}

function queryFaults({ query: schema }: Parameters, parsed: ParsedQuery, query: object): Fault[] {
  const repeated = parsed.repeated.map((parameter) => ({ parameter, detail: 'must be given at most once' }))
  const validate = compile(schema)
  if (validate(query)) return repeated
  const wrong = faultsOf(validate).map(({ name, detail }) => ({ parameter: name, detail }))
  return [...repeated, ...wrong.filter(({ parameter }) => !parsed.repeated.includes(parameter))]
}

function headerFaults({ headers: schema }: Parameters, given: object): Fault[] {
  if (!schema) return []
  const validate = compile(schema)
  if (validate(given)) return []
  return faultsOf(validate).map(({ name, detail }) => ({ header: canonical(name), detail }))
}

/** The usual spelling of a field's name: `If-Match` for `if-match`. */
const canonical = (name: string) => name.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase())

function nameOf(fault: Fault | undefined): string {
  if (fault && 'parameter' in fault) return fault.parameter
  return fault && 'header' in fault ? fault.header : 'A parameter'
}

function invalidParameters(faults: Fault[]): AppError {
  const [first] = faults
  const detail =
    faults.length === 1
      ? `${nameOf(first)} ${first?.detail}.`
      : `${faults.length} parameters are at fault; see errors.`
  return new AppError('invalid-parameter', detail, { faults })
}
