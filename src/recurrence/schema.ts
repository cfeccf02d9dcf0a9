import { parseRule, RuleError } from './rule.ts'

const mostCharacters = 500

/** The format of a rule as clients send it. */
export const ruleFormat = {
  test: (text: string) => faultOf(text) === undefined,
  words: 'must be a recurrence rule of RFC 5545, such as FREQ=WEEKLY;BYDAY=MO,TH',
  faultOf: (text: string) => faultOf(text) ?? '',
}

function faultOf(text: string): string | undefined {
  try {
    parseRule(text)
    return undefined
  } catch (error) {
    if (error instanceof RuleError) return error.message
    throw error
  }
}

const members = {
  rule: {
    type: 'string',
    format: 'recurrence-rule',
    maxLength: mostCharacters,
    description: 'A recurrence rule (RFC 5545 §3.3.10) without `RRULE:`; SKIP of RFC 7529 is taken.',
    examples: ['FREQ=WEEKLY;BYDAY=MO,TH'],
  },
  from: {
    type: 'string',
    enum: ['due', 'completion'],
    description: '`due` (default): on the days of the rule; `completion`: counted from the day it was done.',
  },
  start: {
    type: 'string',
    format: 'date-or-instant',
    description: 'Where the rule begins (DTSTART); the `dueDate` with which it was set, if not said.',
  },
}
const withServerSet = { 'x-server-set': ['done'] }

/** How a task recurs, as clients send it at its creation. */
export const sent = {
  type: 'object',
  description: 'How the task recurs; null for once. A task that recurs needs a `dueDate`.',
  additionalProperties: false,
  required: ['rule'],
  properties: members,
  ...withServerSet,
}

/** The same in a PUT, which takes what a GET gave. */
export const replaced = {
  ...sent,
  properties: { ...members, done: { readOnly: true, description: 'Set by the server; ignored here.' } },
}

const orNull = (schema: { type: string }) => ({ ...schema, type: [schema.type, 'null'] })

/** The same in a merge patch: what is left out stays, and null gives the default. */
export const patched = {
  type: 'object',
  description: sent.description,
  additionalProperties: false,
  properties: {
    rule: members.rule,
    from: { ...orNull(members.from), enum: [...members.from.enum, null] },
    start: orNull(members.start),
  },
  ...withServerSet,
}

export const answered = {
  type: 'object',
  required: ['rule', 'from', 'start', 'done'],
  additionalProperties: false,
  properties: {
    rule: { type: 'string' },
    from: { type: 'string', enum: members.from.enum },
    start: { type: 'string', description: 'A date, or an instant in UTC.' },
    done: { type: 'integer', minimum: 0, description: 'How many occurrences are completed.' },
  },
}
