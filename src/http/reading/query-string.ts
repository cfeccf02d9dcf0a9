/** How many parameters a query may have. */
export const maxParameters = 64

const visibleAscii = /^[!-~]*$/
const integerGrammar = /^-?(?:0|[1-9][0-9]*)$/

/** The parameters of a query, and what is wrong with it. */
export type ParsedQuery = {
  /** Each name with its text, both decoded. Every name is an own property, even `__proto__`. */
  values: Record<string, string>
  /** The names that are given more than once; `values` has the first text of each. */
  repeated: string[]
  /** A percent-encoding is cut short or is not UTF-8, or a character that must be encoded is not. */
  malformed: boolean
  /** There are more than 64 parameters; the first 64 were read. */
  tooMany: boolean
}

/**
 * Parses the query of a URL, without its `?` (RFC 3986 §3.4). A plus is a plus, not a space, so that an offset such as
 * `+01:00` keeps its meaning. `a` alone is a parameter with empty text; empty parts, as in `a&&b`, are skipped.
 *
 * It never throws: an error in Fastify's query string parser would end the process.
 */
export function parseQuery(text: string): ParsedQuery {
  if (text === '') return { values: {}, repeated: [], malformed: false, tooMany: false } // most requests have none
  const parts = text.split('&').filter((part) => part !== '')
  const values = new Map<string, string>()
  const repeated = new Set<string>()
  // Node reads bytes above ASCII as Latin-1, so text that is not percent-encoded would change.
  let malformed = !visibleAscii.test(text)
  for (const part of parts.slice(0, maxParameters)) {
    const [name, value] = decodeParameter(part)
    if (name === undefined || value === undefined) malformed = true
    else if (values.has(name)) repeated.add(name)
    else values.set(name, value)
  }
  return {
    values: Object.fromEntries(values),
    repeated: [...repeated],
    malformed,
    tooMany: parts.length > maxParameters,
  }
}

/** The safe integer in `text`; undefined with a `+`, a space, a leading zero, a fraction or an exponent. */
export function readInteger(text: string): number | undefined {
  if (!integerGrammar.test(text)) return undefined
  const integer = Number(text) + 0 // -0 becomes 0
  return Number.isSafeInteger(integer) ? integer : undefined
}

/** The boolean of exactly `true` or `false`; undefined for other text. */
export function readBoolean(text: string): boolean | undefined {
  if (text === 'true') return true
  return text === 'false' ? false : undefined
}

function decodeParameter(part: string): [name: string | undefined, value: string | undefined] {
  const equals = part.indexOf('=')
  if (equals < 0) return [decode(part), '']
  return [decode(part.slice(0, equals)), decode(part.slice(equals + 1))]
}

function decode(text: string): string | undefined {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
