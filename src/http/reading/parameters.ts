import type { ValidateFunction } from 'ajv'
import type { FastifyInstance, preHandlerHookHandler, RouteOptions } from 'fastify'
import { AppError, notFound, type Fault } from '../../core/errors.ts'
import { onEachRoute } from './each-route.ts'
import { compile, faultsOf } from './validation.ts'
import { maxParameters, readBoolean, readInteger, type ParsedQuery } from './query-string.ts'

interface ObjectSchema {
  type: 'object'
  properties: Record<string, { type?: string }>
}

/** What judges the query and the headers of one route; no schema for the query means that it takes none. */
interface Judges {
  query: ValidateFunction
  querySchema: ObjectSchema
  headers: ValidateFunction | undefined
}

declare module 'fastify' {
  interface FastifyContextConfig {
    judges?: Judges
  }
}

const noQuery: ObjectSchema & { additionalProperties: false } = {
  type: 'object',
  properties: {},
  additionalProperties: false,
}

/**
 * Judges query and headers before the body's schema (400, all faults at once), and the ids of the
 * path after it: an id of the wrong form names nothing, so the answer is the one for a missing thing.
 */
export function judgeParameters(app: FastifyInstance): void {
  onEachRoute(app, (route) => {
    const { params, ...judges } = judgesOf(route)
    route.config = { ...route.config, judges }
    if (params) route.preHandler = [route.preHandler ?? [], assertIds(params)].flat()
  })
  app.addHook<{ Querystring: ParsedQuery }>('preValidation', (request, _reply, done) => {
    const { judges } = request.routeOptions.config
    if (!judges) return done()
    const parsed = request.query
    if (parsed.malformed)
      throw new AppError('malformed-request', 'The query holds a percent-encoding that is not UTF-8.')
    if (parsed.tooMany)
      throw new AppError('invalid-parameter', `The query has more than ${maxParameters} parameters.`)
    const query = readTyped(parsed.values, judges.querySchema)
    const faults = [...queryFaults(judges, parsed, query), ...headerFaults(judges, request.headers)]
    if (faults.length > 0) throw invalidParameters(faults)
    Object.assign(request, { query })
    done()
  })
}

function assertIds(judge: ValidateFunction): preHandlerHookHandler {
  return (request, _reply, done) => {
    if (!judge(request.params)) notFound()
    done()
  }
}

function judgesOf({ schema }: RouteOptions): Judges & { params: ValidateFunction | undefined } {
  const querySchema = isObjectSchema(schema?.querystring) ? schema.querystring : noQuery
  return {
    query: compile(querySchema),
    querySchema,
    headers: schema?.headers ? compile(schema.headers) : undefined,
    params: schema?.params ? compile(schema.params) : undefined,
  }
}

const isObjectSchema = (schema: unknown): schema is ObjectSchema =>
  typeof schema === 'object' && schema !== null && 'properties' in schema

/** Integers and booleans, each read by its grammar; what does not have it stays text, for the schema to refuse. */
function readTyped(values: Record<string, string>, { properties }: ObjectSchema): Record<string, unknown> {
  const read = (name: string, text: string) => {
    const type = Object.hasOwn(properties, name) ? properties[name]?.type : undefined
    if (type === 'integer') return readInteger(text) ?? text
    return type === 'boolean' ? (readBoolean(text) ?? text) : text
  }
  return Object.fromEntries(Object.entries(values).map(([name, text]) => [name, read(name, text)]))
}

function queryFaults(judges: Judges, parsed: ParsedQuery, query: object): Fault[] {
  const repeated = parsed.repeated.map((parameter) => ({ parameter, detail: 'must be given at most once' }))
  if (judges.query(query)) return repeated
  const wrong = faultsOf(judges.query).map(({ name, detail }) => ({ parameter: name, detail }))
  return [...repeated, ...wrong.filter(({ parameter }) => !parsed.repeated.includes(parameter))]
}

function headerFaults({ headers }: Judges, given: object): Fault[] {
  if (!headers || headers(given)) return []
  return faultsOf(headers).map(({ name, detail }) => ({ header: canonical(name), detail }))
}

/** `if-match` as people write it: `If-Match`. */
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
