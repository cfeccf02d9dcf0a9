import { formats } from '../reading/formats.ts'

const place = 'x-name'

/** Marks what stands once among the components of the document; elsewhere a reference stands for it. */
export const component = (kind: 'headers' | 'examples' | 'responses', name: string) => ({
  [place]: `${kind}/${name}`,
})

/** Moves everything that has a name to the components, and leaves out the keywords that only validation needs. */
export function hoistComponents<T extends { paths?: object; components?: object }>(document: T): T {
  const components: Record<string, Record<string, unknown>> = {}
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk)
    if (typeof value !== 'object' || value === null) return value
    const path = place in value ? value[place] : undefined
    const walked = Object.fromEntries(shownIn(value).map(([key, inner]) => [key, walk(inner)]))
    if (typeof path !== 'string') return walked
    const [name = '', kind = 'schemas'] = path.split('/').toReversed()
    components[kind] = { ...components[kind], [name]: walked }
    return { $ref: `#/components/${kind}/${name}` }
  }
  const paths = walk(document.paths)
  return Object.assign(document, { paths, components: { ...document.components, ...components } })
}

/** Keywords of our validator that other tools do not know; the descriptions say in words what they mean. */
const hidden = new Set([
  place,
  'x-missing',
  'x-detail',
  'x-null',
  'x-server-set',
  'trimmed',
  'lowerCased',
  'normalized',
])

/** The formats that mean the same to other tools. Of an e-mail address Docket demands less than the standard format. */
const standardFormats = new Set(['uuid', 'date-time', 'password', 'uri', 'uri-reference'])

/** White space that `trimmed` removes, and a character that is not removed. */
const space = String.raw`[\t-\r \xa0]*`
const visible = String.raw`[^\x00-\x20\x7f-\xa0]`

interface Shown {
  format?: unknown
  pattern?: unknown
  trimmed?: unknown
  minLength?: unknown
}

function shownIn(schema: Shown): [string, unknown][] {
  const members: [string, unknown][] = Object.entries(schema)
  return members.flatMap(([key, value]) => {
    if (hidden.has(key)) return []
    if (key === 'distinctNames') return [['uniqueItems', value]]
    return key === 'format' && typeof value === 'string' ? shownFormat(value, schema) : [[key, value]]
  })
}

/** A format in the terms of other tools: its standard name, if it has one, and its pattern. */
function shownFormat(format: string, schema: Shown): [string, unknown][] {
  const name = format === 'new-password' ? 'password' : format
  const { pattern } = formats[format] ?? {}
  return [
    ...(standardFormats.has(name) ? [['format', name] satisfies [string, unknown]] : []),
    ...(pattern !== undefined ? [['pattern', around(pattern, schema)] satisfies [string, unknown]] : []),
  ]
}

/** The pattern of text as it is sent, from the one of text that is trimmed already. */
function around(pattern: string, { trimmed, minLength }: Shown): string {
  if (trimmed !== true) return pattern
  return `^${space}${minLength === undefined ? '' : visible}${pattern.slice(1, -1)}${space}$`
}
