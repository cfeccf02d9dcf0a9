import type { Ajv, FuncKeywordDefinition } from 'ajv'
import { isCalendarDate, isTimeZone, parseInstant } from '../../core/dates.ts'
import { isId } from '../../core/id.ts'

/** A format of text: its test, and words that say what is allowed. */
export interface Format {
  test(text: string): boolean
  words: string
}

const control = /\p{Cc}/u
const controlInText = /(?![\t\n\r])\p{Cc}/u
const entityTag = String.raw`(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"\s*`
// A list may have empty members (RFC 9110 §5.6.1.2).
const entityTags = new RegExp(String.raw`^(?:\*|[\s,]*${entityTag}(?:,\s*(?:${entityTag})?)*)$`)
const idempotencyKey = /^(?:(?!")[\x21-\x7e]{1,255}|"(?:[\x21\x23-\x5b\x5d-\x7e]|\\["\\]){1,255}")$/
const emailAddress = /^[^@\s]+@[^@\s]+$/u

/** Whether there is no U+0000 and no lone surrogate: no string of the API has these. */
const isPlain = (text: string) => text.isWellFormed() && !text.includes('\0')

/** The formats of the strings that clients send, by their names in the schemas. */
export const formats: Record<string, Format> = {
  plain: {
    test: isPlain,
    words: 'must be Unicode text without U+0000 and without lone surrogates',
  },
  line: {
    test: (text) => isPlain(text) && !control.test(text),
    words: 'must be one line of Unicode text without control characters or lone surrogates',
  },
  text: {
    test: (text) => isPlain(text) && !controlInText.test(text),
    words:
      'must be Unicode text without lone surrogates or control characters other than tab and line breaks',
  },
  email: {
    test: (text) => isPlain(text) && !control.test(text) && emailAddress.test(text),
    words: 'must be an e-mail address: one @ with something on both sides, no spaces or control characters',
  },
  uuid: {
    test: isId,
    words: 'must be a UUID in lower case',
  },
  'time-zone': {
    test: isTimeZone,
    words: 'must be an IANA time zone name such as Europe/Berlin or UTC',
  },
  'due-date': {
    test: (text) => isCalendarDate(text) || parseInstant(text) !== undefined,
    words:
      'must be null, a date that exists (2026-12-01) or an instant with an offset (2026-12-01T17:00:00Z or …+01:00), in the years 1970 to 9999',
  },
  'date-or-instant': {
    test: (text) => isCalendarDate(text) || parseInstant(text) !== undefined,
    words:
      'must be a date that exists (2026-12-01) or an instant with an offset (2026-12-01T17:00:00Z), in the years 1970 to 9999',
  },
  'entity-tags': {
    test: (text) => entityTags.test(text),
    words: 'must be * or a list of entity tags in double quotes, such as "17"',
  },
  'idempotency-key': {
    test: (text) => idempotencyKey.test(text),
    words: 'must be 1 to 255 visible ASCII characters, bare or in double quotes',
  },
}

/** Adds to a validator the formats of this file, and the keywords that change text before other rules see it. */
export function addFormats(ajv: Ajv): Ajv {
  for (const [name, { test }] of Object.entries(formats)) ajv.addFormat(name, test)
  for (const [keyword, change] of Object.entries(changes)) ajv.addKeyword(changing(keyword, change))
  return ajv
}

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
