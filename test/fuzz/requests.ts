import fc, { type Arbitrary } from 'fast-check'
import type { Document, Operation } from '../api/openapi/document.ts'
import { anyText, valuesOf, type Schema } from './values.ts'

/** A request that the document describes, or a distorted one. */
export interface Request {
  operationId: string
  /** What replaces the parameter in the operation's path: the index of an existing task, or a text. */
  id: { text: string } | { task: number }
  query: string
  headers: Record<string, string>
  body?: string | Uint8Array
}

interface Parameter {
  name: string
  in: string
  schema: Schema
}

/** Whether the operation hashes a password, so that few requests must suffice. */
const isCostly = ({ path }: Operation) => path.startsWith('/auth/') || /password|deletion/.test(path)

/** Generates requests to every operation, mostly to cheap ones. */
export function requestsOf(document: Document, operations: Operation[]): Arbitrary<Request> {
  return fc.oneof(
    ...operations.map((operation) => ({
      weight: isCostly(operation) ? 1 : 40,
      arbitrary: requestOf(document, operation),
    })),
  )
}

function requestOf(document: Document, operation: Operation): Arbitrary<Request> {
  const parameters = operation.parameters as unknown as Parameter[]
  const body = bodyText(document, operation)
  return fc.record({
    operationId: fc.constant(operation.operationId),
    id: idText(operation.path),
    query: queryText(parameters.filter((parameter) => parameter.in === 'query')),
    headers: headerFields(parameters.filter((parameter) => parameter.in === 'header')),
    ...(body && { body }),
  })
}

function idText(path: string): Arbitrary<Request['id']> {
  const evil = [
    '..%2f..%2f',
    'a%00b',
    '%ff',
    '%',
    '%2',
    '%u0041',
    '%2e%2e%2f',
    '019AA8B2-6F3E-7C41-9D3A-5B1F0C2D7E11',
    'a'.repeat(9000),
    ';',
    'not-found',
  ]
  const text = fc
    .oneof(fc.constantFrom(...evil), fc.uuid(), anyText().map(encoded))
    .map((given) => ({ text: isDots(given) ? '_' : given }))
  const usual = path.includes('{id}')
    ? fc.nat(50).map((task) => ({ task }))
    : fc.nat(60).map((revision) => ({ text: String(revision) }))
  return fc.oneof({ weight: 5, arbitrary: usual }, { weight: 1, arbitrary: text })
}

function queryText(parameters: Parameter[]): Arbitrary<string> {
  const { valid } = valuesOf((schema) => schema)
  const own = parameters.map(({ name, schema }) =>
    fc
      .oneof({ weight: 12, arbitrary: valid(schema) }, { weight: 1, arbitrary: anyText() })
      .map((value) => `${name}=${encoded(String(value))}`),
  )
  const foreign = fc.tuple(anyText(), anyText()).map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
  const broken = ['%', '%zz', '&&', '=', '%ff=%fe', 'a[b]=c', '?', '%5b%5d', 'limit', 'limit=1;sort=title']
  const wrong = fc.array(fc.oneof(foreign, fc.constantFrom(...broken), ...own), {
    minLength: 1,
    maxLength: 3,
  })
  const right = fc.oneof(fc.constant([]), ...own.map((one) => fc.tuple(one)), fc.tuple(...own.slice(0, 3)))
  return fc
    .oneof({ weight: 9, arbitrary: right }, { weight: 1, arbitrary: wrong })
    .map((parts) => (parts.length > 0 ? `?${parts.join('&')}` : ''))
}

function headerFields(parameters: Parameter[]): Arbitrary<Record<string, string>> {
  const tags = fc.oneof(
    fc.nat(99).map((revision) => `"${revision}"`),
    fc.constantFrom('*', 'W/"1"', '"1", "2"', '"', '1', ', ,', '""'),
  )
  const anything = fc.string({
    unit: fc
      .integer({ min: 0x20, max: 0xff })
      .filter((code) => code !== 0x7f)
      .map((code) => String.fromCharCode(code)),
    maxLength: 40,
  })
  const own = parameters.map(({ name }): [string, Arbitrary<string>] => [
    name,
    fc.oneof(tags, anything, fc.uuid()),
  ])
  const foreign = [
    'accept',
    'accept-language',
    'user-agent',
    'x-forwarded-for',
    'forwarded',
    'origin',
    'range',
    'if-modified-since',
    'x-http-method-override',
    'prefer',
    'cookie',
    'idempotency-key',
  ]
  const types = fc.constantFrom(
    'application/json',
    'application/json; charset=utf-8',
    'application/merge-patch+json',
    'text/plain',
    'application/json;',
    '',
  )
  return fc
    .tuple(
      fc.record(Object.fromEntries(own), { requiredKeys: [] }),
      fc.oneof(
        { weight: 4, arbitrary: fc.constant({}) },
        { weight: 1, arbitrary: fc.dictionary(fc.constantFrom(...foreign), anything, { maxKeys: 2 }) },
      ),
      fc.oneof({ weight: 12, arbitrary: fc.constant('application/json') }, { weight: 1, arbitrary: types }),
    )
    .map(([known, unknown, type]) => ({ ...unknown, ...known, 'content-type': type }))
}

/** Generates bodies, except for GET, with which fetch can't send one. */
function bodyText(
  document: Document,
  { method, requestBody }: Operation,
): Arbitrary<string | Uint8Array> | undefined {
  if (method === 'GET') return undefined
  const [media] = Object.values(requestBody?.content ?? {})
  const schema = (media as unknown as { schema?: Schema } | undefined)?.schema
  if (!schema) return fc.constantFrom('', '', '', '', '', '{}', '{"a":1}')
  const { valid, nearly } = valuesOf((given) => followed(document, given))
  const written = fc
    .oneof({ weight: 3, arbitrary: valid(schema) }, { weight: 2, arbitrary: nearly(schema) })
    .map((value) => JSON.stringify(value))
  const cut = fc.tuple(written, fc.nat(200)).map(([text, at]) => text.slice(0, at))
  const patched = fc
    .tuple(written, fc.nat(200), anyText())
    .map(([text, at, more]) => text.slice(0, at) + more + text.slice(at))
  const bytes = fc.tuple(written, fc.nat(200), fc.uint8Array({ maxLength: 8 })).map(([text, at, more]) => {
    const whole = Buffer.from(text)
    return Buffer.concat([whole.subarray(0, at), more, whole.subarray(at)])
  })
  return fc.oneof({ weight: 20, arbitrary: written }, cut, patched, bytes)
}

function followed(document: Document, schema: Schema): Schema {
  const name = schema.$ref?.split('/').at(-1)
  return name ? followed(document, Object(document.components['schemas']?.[name])) : schema
}

const encoded = (text: string) => encodeURIComponent(text.toWellFormed())

/** Whether a URL library would remove this path segment and so turn the request into another one. */
const isDots = (text: string) => /^\.{0,2}$/.test(text)
