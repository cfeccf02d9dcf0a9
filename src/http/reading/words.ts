import { formats } from './formats.ts'

/** The parts of an Ajv error (made with `verbose`) that its words are made of. */
export interface Finding {
  keyword: string
  instancePath: string
  params: {
    type?: string | string[]
    limit?: number
    format?: string
    missingProperty?: string
    additionalProperty?: string
    allowedValues?: unknown[]
  }
  data?: unknown
  parentSchema?: Annotated
}

/** A schema with our own annotations; see `annotations`. */
interface Annotated {
  [keyword: string]: unknown
  minimum?: number
  maximum?: number
  properties?: Record<string, Annotated>
  'x-missing'?: string
  'x-detail'?: string
  'x-null'?: string
  'x-server-set'?: string[]
}

/** Our keywords: words for a missing field, a wrong value and a null; fields that only the server sets; a component's name. */
export const annotations = ['x-missing', 'x-detail', 'x-null', 'x-server-set', 'x-name']

const longestName = 100

/** The place of the finding as a JSON pointer (RFC 6901 §3). A long name is cut. */
export function pointerOf({ instancePath, params }: Finding): string {
  const name = params.missingProperty ?? params.additionalProperty
  if (name === undefined) return instancePath
  return `${instancePath}/${short(name).replaceAll('~', '~0').replaceAll('/', '~1')}`
}

/** The name of the parameter or header that the finding is about. */
export const nameOf = ({ instancePath, params }: Finding): string =>
  short(params.missingProperty ?? params.additionalProperty ?? instancePath.slice(1))

const short = (name: string) => name.slice(0, longestName).toWellFormed()

/** The finding in words that say what is allowed. */
export function detailOf(finding: Finding): string {
  const { keyword, params, parentSchema } = finding
  switch (keyword) {
    case 'required':
      return parentSchema?.properties?.[params.missingProperty ?? '']?.['x-missing'] ?? 'is required'
    case 'additionalProperties':
      return unknownWords(finding)
    case 'type':
      return typeWords(finding)
    default:
      return parentSchema?.['x-detail'] ?? valueWords(finding)
  }
}

function valueWords({ keyword, params, parentSchema, data }: Finding): string {
  const { limit, format = '', allowedValues = [] } = params
  switch (keyword) {
    case 'enum':
      return `must be one of ${allowedValues.join(', ')}`
    case 'minLength':
      return limit === 1 ? 'must not be empty' : `must have at least ${limit} characters`
    case 'maxLength':
      return `must have at most ${limit} characters`
    case 'minItems':
    case 'maxItems':
      return `must have ${keyword === 'minItems' ? 'at least' : 'at most'} ${limit} items`
    case 'minimum':
    case 'maximum':
      return `must be from ${parentSchema?.minimum} to ${parentSchema?.maximum}`
    case 'uniqueItems':
      return 'must not have the same item twice'
    case 'distinctNames':
      return 'must not have the same name twice; letter case does not count'
    case 'format':
      return formats[format]?.faultOf?.(String(data)) ?? formats[format]?.words ?? 'has the wrong form'
    default:
      return 'is not allowed'
  }
}

function unknownWords({ params, parentSchema }: Finding): string {
  const { additionalProperty = '' } = params
  if (parentSchema?.['x-server-set']?.includes(additionalProperty))
    return 'is set by the server; leave it out'
  const allowed = Object.keys(parentSchema?.properties ?? {}).join(', ')
  return allowed === '' ? 'is not known here; nothing is taken' : `is not known here; allowed are ${allowed}`
}

const typeNames: Record<string, string> = {
  string: 'text',
  integer: 'an integer',
  number: 'a number',
  boolean: 'true or false',
  object: 'a JSON object',
  array: 'a list',
}

function typeWords({ params: { type = [] }, data, parentSchema }: Finding): string {
  if (data === null && parentSchema?.['x-null']) return parentSchema['x-null']
  const wanted = [type].flat().map((name) => typeNames[name] ?? name)
  const range =
    parentSchema?.minimum === undefined ? '' : ` from ${parentSchema.minimum} to ${parentSchema.maximum}`
  return `must be ${wanted.join(' or ')}${range}${data === null ? ', not null' : ''}`
}
