/** How many parameters a query may have. */
export const maxParameters = 64

const visibleAscii = /^[!-~]*$/
const integerGrammar = /^-?(?:0|[1-9][0-9]*)$/

/** The parameters of a query and, as data, what is wrong with it. */
export type ParsedQuery = {
  /** Each name with its text, both decoded; every name is an own property, `__proto__` too. */
  values: Record<string, string>
  /** Each name that stands more than once; `values` has the first text given for it. */
  repeated: string[]
  /** A percent-encoding is cut short or is not UTF-8, or a character that must be encoded is not. */
  malformed: boolean
  /** There are more than 64 parameters, of which the first 64 were read. */
  tooMany: boolean
}

/**
 * Reads the query of a URL, without its `?` (RFC 3986 §3.4). A plus is a plus, not a space, so that `+01:00` means
 * what it says; `a` is a parameter with empty text; empty parts, as in `a&&b`, are passed over.
 *
 * It never throws: in Fastify's parser of query strings that would end the process.
 */
export function parseQuery(text: string): ParsedQuery {
  if (text === '') return { values: {}, repeated: [], malformed: false, tooMany: false } // most requests have none
  const parts = text.split('&').filter((part) => part !== '')
  const values = new Map<string, string>()
  const repeated = new Set<string>()
  // Node hands over bytes above ASCII as Latin-1, so text that is not encoded would be altered.
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

/** The safe integer that `text` writes; a sign `+`, a space, a leading zero, a fraction or an exponent makes it none. */
export function readInteger(text: string): number | undefined {
  if (!integerGrammar.test(text)) return undefined
  const integer = Number(text) + 0 // -0 becomes 0
  return Number.isSafeInteger(integer) ? integer : undefined
}

/** The boolean that `true` or `false` writes, in these very letters. */
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
