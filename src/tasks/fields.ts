import { endOfDayUtc, inUtc, parseInstant } from '../core/dates.ts'
import {
  column,
  dateOrInstantColumns,
  jsonColumn,
  listColumn,
  nullableInstantColumn,
} from '../database/columns.ts'
import * as recurrence from '../recurrence/schema.ts'
import type { Recurrence } from '../recurrence/recurrence.ts'
import { clearable, optional, positionField, required, type Given, type ThingOf } from '../things/things.ts'

/** Every status, in the order in which `sort=status` has them. */
export const statuses = ['incomplete', 'in_progress', 'complete', 'cancelled'] as const
export type Status = (typeof statuses)[number]

/** Every priority, in the order in which `sort=priority` has them. */
export const priorities = ['high', 'medium', 'low', 'none'] as const
export type Priority = (typeof priorities)[number]

const mostLabels = 20

/** The name of a label. */
const labelName = { type: 'string', format: 'label', trimmed: true, minLength: 1, maxLength: 50 }

/** What a client decides about a task, in the order in which answers have it. CONTRIBUTING says how to add a field. */
export const fields = {
  title: required({
    sent: {
      type: 'string',
      format: 'line',
      trimmed: true,
      minLength: 1,
      maxLength: 200,
      description: 'One line, trimmed.',
      examples: ['Renew the passport'],
    },
    codec: column<string>('title'),
    erased: '',
    sort: { column: 'title_key', keyOf: (title) => title.toLowerCase() },
  }),
  description: optional({
    sent: { type: 'string', format: 'text', maxLength: 10_000, description: 'Any text, kept as it is.' },
    codec: column<string>('description'),
    default: '',
  }),
  dueDate: clearable({
    sent: {
      type: 'string',
      format: 'due-date',
      description: 'A date, due all that day, or an instant with its offset, answered in UTC; null for none.',
      examples: ['2026-12-01'],
    },
    answered: { type: 'string', description: 'A date, or an instant in UTC with milliseconds.' },
    codec: dateOrInstantColumns('due_date', 'due_at'),
    normalize: (dueDate) => (dueDate === null ? null : inUtc(dueDate)),
    sort: { column: 'due_order', keyOf: dueOrderOf },
    range: { name: 'due', words: 'Due', of: 'dueDate' },
  }),
  recurrence: clearable<Recurrence>({
    sent: recurrence.sent,
    replaced: recurrence.replaced,
    patched: recurrence.patched,
    answered: recurrence.answered,
    codec: jsonColumn<Recurrence>('recurrence'),
    isSettled: true,
    merge: (before, patch) => (before && patch ? { ...before, ...patch } : patch),
  }),
  status: optional<Status>({
    sent: {
      type: 'string',
      lowerCased: true,
      enum: [...statuses],
      description: 'Any letter case is taken, lower case is answered.',
    },
    codec: column<Status>('status'),
    default: 'incomplete',
    sort: { column: 'status_rank', keyOf: (status) => statuses.indexOf(status) },
    choices: statuses,
  }),
  priority: optional<Priority>({
    sent: {
      type: 'string',
      lowerCased: true,
      enum: [...priorities],
      description: 'Any letter case is taken, lower case is answered.',
    },
    codec: column<Priority>('priority'),
    default: 'none',
    sort: { column: 'priority_rank', keyOf: (priority) => priorities.indexOf(priority) },
    choices: priorities,
  }),
  labels: optional<readonly string[]>({
    sent: {
      type: 'array',
      items: labelName,
      maxItems: mostLabels,
      distinctNames: true,
      description:
        'Names without commas, kept as written and in this order; none twice, whatever its letter case.',
      examples: [['errand', 'town']],
    },
    answered: { type: 'array', items: { type: 'string' } },
    codec: listColumn('labels'),
    default: [],
  }),
  projectId: clearable({
    sent: {
      type: 'string',
      format: 'uuid',
      description:
        'The project that the task is in; null is the inbox. A subtask is in the project of its parent.',
    },
    codec: column<string | null>('project_id'),
    isSettled: true,
  }),
  parentId: clearable({
    sent: {
      type: 'string',
      format: 'uuid',
      description: 'The task that this one is a subtask of, at most six levels deep; null for none.',
    },
    codec: column<string | null>('parent_id'),
  }),
  position: positionField,
}

/** What the server sets besides the instants of creation and last change. */
export const serverSet = {
  completedAt: clearable({
    sent: { type: 'string', format: 'date-time' },
    answered: { type: 'string', format: 'date-time', description: 'When the status became `complete`.' },
    codec: nullableInstantColumn('completed_at'),
    sort: true,
    range: { name: 'completed', words: 'Completed', of: 'instant' },
  }),
  occurrenceOf: clearable<string>({
    sent: { type: 'string', format: 'uuid' },
    answered: {
      type: 'string',
      description: 'Of a completed occurrence that was kept: the task that recurs; null for all others.',
    },
    codec: column<string | null>('occurrence_of'),
    isJournalled: true,
  }),
}

export type Task = ThingOf<typeof fields, typeof serverSet>
/** The fields of a task as a client gives them: all but the title may be left out. */
export type GivenTask = Given<typeof fields>

/** Where a due date stands in `sort=dueDate`: a date at the end of its day in UTC. */
function dueOrderOf(dueDate: string | null): number | null {
  return dueDate === null ? null : (parseInstant(dueDate) ?? endOfDayUtc(dueDate))
}
