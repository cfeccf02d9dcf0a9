import { column } from '../database/columns.ts'
import { clearable, positionField, required, type Fields, type ThingOf } from '../things/things.ts'

/** What a client decides about a project, in the order in which answers have it. */
export const fields = {
  name: required({
    sent: {
      type: 'string',
      format: 'line',
      trimmed: true,
      minLength: 1,
      maxLength: 100,
      description: 'One line, trimmed.',
      examples: ['Moving house'],
    },
    codec: column<string>('name'),
    erased: '',
  }),
  color: clearable({
    sent: {
      type: 'string',
      lowerCased: true,
      format: 'color',
      description: 'Such as `#4073ff`, answered in lower case; null for none.',
      examples: ['#4073ff'],
    },
    codec: column<string | null>('color'),
  }),
  position: positionField,
}

/** Nothing of a project follows from the rest. */
export const serverSet = {} satisfies Fields

export type Project = ThingOf<typeof fields, typeof serverSet>
