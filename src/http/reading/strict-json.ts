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

// A string is one token, so that braces inside it are skipped. The name of a member includes its colon.
const stringsAndBraces = /"[^"\\]*(?:\\.[^"\\]*)*"(?:\s*:)?|[{}]/g

/** The value of a body, or one sentence for the client that says why there is none. */
export type ParsedJson = { value: unknown } | { fault: string }

/**
 * Parses JSON (RFC 8259), but only what every parser reads in the same way: valid UTF-8 without a byte order mark,
 * at most 32 levels deep, no key twice in one object (JSON.parse would silently keep the last).
 *
 * A key such as `__proto__` becomes an own property; the schema decides which keys are allowed.
 */
export function parseStrictJson(body: Buffer): ParsedJson {
  if (body.length === 0) return { fault: 'The body is empty; send a JSON text.' }
  if (!isUtf8(body)) return { fault: 'The body is not valid UTF-8; JSON is sent in UTF-8.' }
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) {
    return { fault: 'The body begins with a byte order mark; send the JSON text without it.' }
  }
  const structure = scanStructure(body)
  // Checked before any function calls itself for each level.
  if (structure.depth > maxDepth) return { fault: `The body is nested deeper than ${maxDepth} levels.` }
  return parse(body.toString('utf8'), structure)
}

/** What a scan finds. It is right for valid JSON only, where each colon outside strings belongs to one member. */
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
  let escaped = false // whether the current or the last string has an escape
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
 * Works around a bug of V8 (nodejs/node#63785): it can confuse an escaped name with an earlier one. Strings in lists
 * are safe, so each object is rewritten as `{"":[name, value, name, value]}` before it is parsed.
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

/** Takes only the position or the one character from JSON.parse's message, which may quote the body. */
function explain(error: unknown): string {
  const message = error instanceof Error ? error.message : ''
  const place = /\(line (\d+) column (\d+)\)$/.exec(message)
  if (place) return `look at line ${place[1]}, column ${place[2]}`
  const met = /^Unexpected token '(.)'/s.exec(message)
  if (met) return `the character ${JSON.stringify(met[1])} is not expected where it stands`
  return message === 'Unexpected end of JSON input' ? 'it ends too early' : 'it does not parse'
}

/** Finds the repeated name in valid JSON that is known to have one. */
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
