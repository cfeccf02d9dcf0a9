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

/** The formats that mean the same to other tools; the rest are our validator's alone. */
const standardFormats = new Set(['uuid', 'date-time', 'email', 'password', 'uri', 'uri-reference'])

/** Look-arounds and back-references, which regular expressions in Go and Rust do not have. */
const ofEcmaScriptOnly = /\(\?<?[=!]|\\\d/

function shownIn(schema: object): [string, unknown][] {
  const members: [string, unknown][] = Object.entries(schema)
  return members.flatMap(([key, value]) => {
    if (hidden.has(key)) return []
    if (key === 'format' && typeof value === 'string') return shownFormat(value)
    if (key === 'pattern' && typeof value === 'string' && ofEcmaScriptOnly.test(value)) return []
    return [[key, value]]
  })
}

function shownFormat(format: string): [string, unknown][] {
  const name = format === 'new-password' ? 'password' : format
  return standardFormats.has(name) ? [['format', name]] : []
}
