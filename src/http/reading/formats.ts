import { emailPattern, isEmail } from '../../core/email.ts'
import type { Ajv, FuncKeywordDefinition } from 'ajv'
import { calendarDay, timeAndOffset, zoneName } from '../../core/date-patterns.ts'
import { isCalendarDate, isTimeZone, parseInstant } from '../../core/dates.ts'
import { isId } from '../../core/id.ts'
import { nameKey } from '../../core/text.ts'

/** A format of text: its test, and words that say what is allowed. */
export interface Format {
  test(text: string): boolean
  words: string
  /** Words for what is wrong with a certain text, where they can say more. */
  faultOf?(text: string): string
  /**
   * What the document shows of the test, in the syntax that regular expressions have in most languages: no look-around,
   * no back-reference, no `\d`, `\s` or `\u`. What it refuses the test refuses too, but not the other way round; only
   * an instant of 1969 that its offset moves into 1970 is more than the document says.
   */
  pattern?: string
}

const entityTag = String.raw`(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"[ \t]*`
// A list may have empty members (RFC 9110 §5.6.1.2).
const entityTags = String.raw`^(?:\*|[ \t,]*${entityTag}(?:,[ \t]*(?:${entityTag})?)*)$`
const idempotencyKey = String.raw`^(?:[\x21\x23-\x7e][\x21-\x7e]{0,254}|"(?:[\x21\x23-\x5b\x5d-\x7e]|\\["\\]){1,255}")$`
const plain = String.raw`^[^\x00]*$`
const label = String.raw`^[^\x00-\x1f,\x7f-\x9f]*$`
const line = String.raw`^[^\x00-\x1f\x7f-\x9f]*$`
const dateOrInstant = `^${calendarDay}(?:${timeAndOffset})?$`

const lowerLetters = 'abcdefghijklmnopqrstuvwxyz'.split('')

/** A key of the fractional-indexing library: its first letter, from a or from Z on, says how many digits are whole. */
const position = `^(?:${lowerLetters.flatMap((letter, i) => [whole(letter, i), whole(upperFromEnd(i), i)]).join('|')})(?:[0-9A-Za-z]*[1-9A-Za-z])?$`
const positions = new RegExp(position)

function whole(letter: string, i: number): string {
  return `${letter}[0-9A-Za-z]{${i + 1}}`
}

function upperFromEnd(i: number): string {
  return lowerLetters.at(-1 - i)?.toUpperCase() ?? ''
}

/** Whether there is no U+0000 and no lone surrogate: no string of the API has these. */
const isPlain = (text: string) => text.isWellFormed() && !text.includes('\0')
const isDateOrInstant = (text: string) => isCalendarDate(text) || parseInstant(text) !== undefined

/** The test that a text has no lone surrogates and that the pattern takes it. */
function form(pattern: string): Pick<Format, 'test' | 'pattern'> {
  const expression = new RegExp(pattern)
  return { test: (text) => text.isWellFormed() && expression.test(text), pattern }
}

/** The formats of the strings that clients send, by their names in the schemas. */
export const formats: Record<string, Format> = {
  plain: {
    test: isPlain,
    pattern: plain,
    words: 'must be Unicode text without U+0000 and without lone surrogates',
  },
  line: {
    ...form(line),
    words: 'must be one line of Unicode text without control characters or lone surrogates',
  },
  text: {
    ...form(String.raw`^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$`),
    words:
      'must be Unicode text without lone surrogates or control characters other than tab and line breaks',
  },
  email: {
    test: isEmail,
    pattern: emailPattern,
    words: 'must be an e-mail address: one @ with something on both sides, no spaces or control characters',
  },
  uuid: {
    test: isId,
    pattern: '^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$',
    words: 'must be a UUID in lower case',
  },
  'uuid-or-none': {
    ...form('^(?:none|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$'),
    words: 'must be a UUID in lower case, or none',
  },
  labels: {
    ...form(String.raw`^[^\x00-\x1f,\x7f-\x9f]+(?:,[^\x00-\x1f,\x7f-\x9f]+){0,19}$`),
    words: 'must be 1 to 20 names of labels, separated by commas',
  },
  'time-zone': {
    test: isTimeZone,
    pattern: zoneName,
    words: 'must be an IANA time zone name such as Europe/Berlin or UTC',
  },
  'due-date': {
    test: isDateOrInstant,
    pattern: dateOrInstant,
    words:
      'must be null, a date that exists (2026-12-01) or an instant with an offset (2026-12-01T17:00:00Z or …+01:00), in the years 1970 to 9999',
  },
  'date-or-instant': {
    test: isDateOrInstant,
    pattern: dateOrInstant,
    words:
      'must be a date that exists (2026-12-01) or an instant with an offset (2026-12-01T17:00:00Z), in the years 1970 to 9999',
  },
  instant: {
    test: (text) => parseInstant(text) !== undefined,
    pattern: `^${calendarDay}${timeAndOffset}$`,
    words: 'must be an instant with an offset (2026-12-01T17:00:00Z), in the years 1970 to 9999',
  },
  color: {
    ...form('^#[0-9A-Fa-f]{6}$'),
    words: 'must be null or a color such as #4073ff',
  },
  label: {
    ...form(label),
    words: 'must be one line of Unicode text without commas, control characters or lone surrogates',
  },
  position: {
    pattern: position,
    // The smallest integer of all has nothing before it, so the library refuses it.
    test: (text) => positions.test(text) && text !== `A${'0'.repeat(26)}`,
    words: 'must be a key as the fractional-indexing library makes it, such as a0 or a1V',
  },
  'entity-tags': {
    ...form(entityTags),
    words: 'must be * or a list of entity tags in double quotes, such as "17"',
  },
  'idempotency-key': {
    ...form(idempotencyKey),
    words: 'must be 1 to 255 visible ASCII characters, bare or in double quotes',
  },
}

/** Adds to a validator the formats of this file, and the keywords that change text before other rules see it. */
export function addFormats(ajv: Ajv): Ajv {
  for (const [name, { test }] of Object.entries(formats)) ajv.addFormat(name, test)
  for (const [keyword, change] of Object.entries(changes)) ajv.addKeyword(changing(keyword, change))
  ajv.addKeyword({ keyword: 'distinctNames', type: 'array', schemaType: 'boolean', validate: areDistinct })
  return ajv
}

const areDistinct = (_schema: boolean, names: unknown[]): boolean =>
  new Set(names.map((name) => (typeof name === 'string' ? nameKey(name) : name))).size === names.length

const changes = {
  trimmed: (text: string) => text.trim(),
  lowerCased: (text: string) => text.toLowerCase(),
  normalized: (text: string) => text.normalize('NFC'),
}

/** A keyword that runs before all others, even `enum`, so it checks the type itself. */
function changing(keyword: string, change: (text: string) => string): FuncKeywordDefinition {
  return {
    keyword,
    schemaType: 'boolean',
    modifying: true,
    before: 'enum',
    errors: false,
    compile: () => (value: unknown, context) => {
      if (context && typeof value === 'string') context.parentData[context.parentDataProperty] = change(value)
      return true
    },
  }
}
