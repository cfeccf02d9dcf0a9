import { isUtf8 } from 'node:buffer'

const maxDepth = 32
const maxNameShown = 40

const quote = 0x22
const colon = 0x3a
const backslash = 0x5c
const openList = 0x5b
const closeList = 0x5d
const openObject = 0x7b
const closeObject = 0x7d

// Each string whole, so that what stands within it is passed over; the name of a member with its colon.
const stringsAndBraces = /"[^"\\]*(?:\\.[^"\\]*)*"(?:\s*:)?|[{}]/g

/** The value of a body, or one sentence for the client that says why it has none. */
export type ParsedJson = { value: unknown } | { fault: string }

/**
 * Reads a JSON text (RFC 8259) that can be read in one way only: valid UTF-8 without a byte order mark, nested at
 * most 32 deep, and no key twice in one object, where JSON.parse would keep the last and drop the others.
 *
 * A key such as `__proto__` comes out as an own property; which keys are known is for the schema to say.
 */
export function parseStrictJson(body: Buffer): ParsedJson {
  if (body.length === 0) return { fault: 'The body is empty; send a JSON text.' }
  if (!isUtf8(body)) return { fault: 'The body is not valid UTF-8; JSON is sent in UTF-8.' }
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) {
    return { fault: 'The body begins with a byte order mark; send the JSON text without it.' }
  }
  const structure = scanStructure(body)
  // Judged before anything descends into the body.
  if (structure.depth > maxDepth) return { fault: `The body is nested deeper than ${maxDepth} levels.` }
  return parse(body.toString('utf8'), structure)
}

/** Meaningful for valid JSON, where each colon outside the strings belongs to one member. */
interface Structure {
  depth: number
  members: number
  /** Whether the name of a member is written with an escape, such as `\u0061`. */
  escapedNames: boolean
}

function scanStructure(body: Buffer): Structure {
  const structure = { depth: 0, members: 0, escapedNames: false }
  let open = 0
  let inString = false
  let escaped = false // in this string or, after it, the last
  for (let i = 0; i < body.length; i++) {
    const byte = body[i]
    if (inString) {
      if (byte === quote) inString = false
      else if (byte === backslash) {
        escaped = true
        i++
      }
    } else if (byte === quote) {
      inString = true
      escaped = false
    } else if (byte === colon) {
      structure.members++
      structure.escapedNames ||= escaped
    } else if (byte === openObject || byte === openList) structure.depth = Math.max(structure.depth, ++open)
    else if (byte === closeObject || byte === closeList) open--
  }
  return structure
}

function parse(text: string, { members, escapedNames }: Structure): ParsedJson {
  try {
    const parsed: unknown = JSON.parse(text)
    const value = escapedNames ? parseWithNamesAsStrings(text) : parsed
    if (countMembers(value) === members) return { value }
  } catch (error) {
    return { fault: `The body is not valid JSON: ${explain(error)}.` }
  }
  return { fault: `The body repeats the key ${repeatedName(text)}; each key may stand once in an object.` }
}

/**
 * V8 takes an escaped name for another one that it has met before (nodejs/node#63785), as it never does with a
 * string in a list. So valid JSON is read with each object written as `{"":[name, value, name, value]}`.
 */
function parseWithNamesAsStrings(text: string): unknown {
  const flat = text.replace(stringsAndBraces, (token) => {
    if (token === '{') return '{"":['
    if (token === '}') return ']}'
    return token.endsWith(':') ? `${token.slice(0, -1)},` : token
  })
  return regroup(JSON.parse(flat))
}

function regroup(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(regroup)
  if (typeof value !== 'object' || value === null) return value
  const list: unknown[] = Object.values(value).flat()
  const members: [name: string, value: unknown][] = []
  for (let i = 0; i < list.length; i += 2) members.push([String(list[i]), regroup(list[i + 1])])
  return Object.fromEntries(members)
}

function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const held: unknown[] = Array.isArray(value) ? value : Object.values(value)
  let count = Array.isArray(value) ? 0 : held.length
  for (const inner of held) count += countMembers(inner)
  return count
}

/** JSON.parse's messages quote the body, so only the place, or the one character met, is taken from them. */
function explain(error: unknown): string {
  const message = error instanceof Error ? error.message : ''
  const place = /\(line (\d+) column (\d+)\)$/.exec(message)
  if (place) return `look at line ${place[1]}, column ${place[2]}`
  const met = /^Unexpected token '(.)'/s.exec(message)
  if (met) return `the character ${JSON.stringify(met[1])} is not expected where it stands`
  return message === 'Unexpected end of JSON input' ? 'it ends too early' : 'it does not parse'
}

/** Finds the name that valid JSON repeats, once it is known that there is one. */
function repeatedName(text: string): string {
  const objects: Set<string>[] = []
  for (const [token] of text.matchAll(stringsAndBraces)) {
    if (token === '{') objects.push(new Set())
    if (token === '}') objects.pop()
    if (!token.endsWith(':')) continue
    const name = String(JSON.parse(token.slice(0, -1)))
    if (objects.at(-1)?.has(name)) return JSON.stringify(name.slice(0, maxNameShown))
    objects.at(-1)?.add(name)
  }
  return 'of an object'
}
