import { catalogue } from '../src/core/catalogue.ts'

// Writes the types of the client out of the OpenAPI document, so that the installed package needs neither the
// server's sources nor a library for schemas, and no shape is written twice.

/** A JSON Schema, as far as the document uses it. */
interface Schema {
  $ref?: string
  description?: string
  type?: string | string[]
  const?: string
  enum?: (string | null)[]
  anyOf?: Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  patternProperties?: Record<string, Schema>
}

interface Parameter {
  name: string
  in: string
  required?: boolean
  description?: string
  schema: Schema
}

interface Document {
  components: { schemas: Record<string, Schema> }
  paths: Record<string, Record<string, { operationId: string; parameters?: Parameter[] }>>
}

const head = `// Written by \`npm run openapi\` from the schemas that the server validates with. Do not edit.`

/** The client has a class of this name. */
const renamed: Record<string, string> = { Problem: 'ProblemBody' }

/** The source of `client/src/api.ts`. */
export function clientTypes(json: string): string {
  const { components, paths }: Document = JSON.parse(json)
  const things = Object.entries(components.schemas).map(([name, schema]) => declaration(nameOf(name), schema))
  const queries = Object.values(paths).flatMap((path) =>
    Object.values(path).flatMap(({ operationId, parameters = [] }) => queryOf(operationId, parameters)),
  )
  return `${[head, slugs(), ...things, ...queries].join('\n\n')}\n`
}

const nameOf = (name: string): string => renamed[name] ?? name

function slugs(): string {
  const names = Object.keys(catalogue).map((slug) => `\n  | '${slug}'`)
  return `/** The name of a problem type: the last part of its \`type\`. */\nexport type Slug =${names.join('')}`
}

function declaration(name: string, schema: Schema): string {
  const text = typeOf(schema, '')
  const comment = commentOf(schema.description, '')
  return text.startsWith('{')
    ? `${comment}export interface ${name} ${text}`
    : `${comment}export type ${name} = ${text}`
}

function queryOf(operationId: string, parameters: Parameter[]): string[] {
  const inQuery = parameters.filter((parameter) => parameter.in === 'query')
  if (inQuery.length === 0) return []
  const name = `${operationId.charAt(0).toUpperCase()}${operationId.slice(1)}Query`
  return [
    declaration(name, {
      type: 'object',
      properties: Object.fromEntries(
        inQuery.map(({ name: key, description, schema }) => [
          key,
          { ...schema, ...(description !== undefined && { description }) },
        ]),
      ),
      required: inQuery.filter(({ required }) => required).map(({ name: key }) => key),
    }),
  ]
}

function typeOf(schema: Schema, indent: string): string {
  const { $ref, anyOf, type } = schema
  if ($ref !== undefined) return nameOf($ref.split('/').at(-1) ?? '')
  if (schema.const !== undefined) return quoted(schema.const)
  if (schema.enum) return schema.enum.map(quoted).join(' | ')
  if (anyOf) return anyOf.map((one) => typeOf(one, indent)).join(' | ')
  if (Array.isArray(type)) return type.map((one) => typeOf({ ...schema, type: one }, indent)).join(' | ')
  if (type === 'array') return `readonly ${bracketed(typeOf(schema.items ?? {}, indent))}[]`
  if (type === 'object') return objectOf(schema, indent)
  return primitives[type ?? ''] ?? 'unknown'
}

const primitives: Record<string, string> = {
  string: 'string',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  null: 'null',
}

function objectOf({ properties, required = [], ...rest }: Schema, indent: string): string {
  const inner = `${indent}  `
  const [values = rest.additionalProperties] = Object.values(rest.patternProperties ?? {})
  if (!properties) {
    const value = typeof values === 'object' ? typeOf(values, indent) : 'unknown'
    return `Readonly<Record<string, ${value}>>`
  }
  const members = Object.entries(properties).map(([name, schema]) => {
    const optional = required.includes(name) ? '' : '?'
    return `${commentOf(schema.description, inner)}${inner}${name}${optional}: ${typeOf(schema, inner)}\n`
  })
  return `{\n${members.join('')}${indent}}`
}

const quoted = (value: string | null): string => (value === null ? 'null' : `'${value}'`)
const bracketed = (type: string): string => (type.includes(' ') ? `(${type})` : type)

function commentOf(description: string | undefined, indent: string): string {
  return description === undefined ? '' : `${indent}/** ${description.replaceAll('*/', '* /')} */\n`
}
