import type { Static } from 'typebox'
import * as Type from '../core/json-schema.ts'
import { closed, Id, Instant, named, nullable } from '../core/wire.ts'

/** Every status, in the order in which `sort=status` has them. */
export const statuses = ['incomplete', 'in_progress', 'complete', 'cancelled'] as const
export type Status = (typeof statuses)[number]

/** What a list can be sorted by. */
export const sortKeys = ['createdAt', 'updatedAt', 'dueDate', 'completedAt', 'title', 'status'] as const
export type SortKey = (typeof sortKeys)[number]

export const dueGroups = ['overdue', 'today', 'upcoming', 'none'] as const

/** The fields that only the server sets. */
const serverSet = ['id', 'createdAt', 'updatedAt', 'completedAt', 'revision']

const title = {
  format: 'line',
  trimmed: true,
  minLength: 1,
  maxLength: 200,
  description: 'One line, trimmed.',
  examples: ['Renew the passport'],
}
const description = { format: 'text', maxLength: 10_000, description: 'Any text, kept as it is.' }
const dueDate = {
  format: 'due-date',
  description: 'A date, due all that day, or an instant with its offset, answered in UTC; null for none.',
  examples: ['2026-12-01'],
}
const status = {
  lowerCased: true,
  enum: [...statuses],
  description: 'Any letter case is taken, lower case is answered.',
}
const notNull = (text: object) => ({
  'x-null': 'must not be null; only dueDate can be cleared with null',
  ...text,
})

const Title = Type.String(title)
const Description = Type.String({ ...description, default: '' })
const DueDate = nullable({ ...dueDate, default: null })
const AnyStatus = Type.Unsafe<Status>({ type: 'string', ...status, default: 'incomplete' })

export const NewTask = Type.Object(
  {
    title: Title,
    description: Type.Optional(Description),
    dueDate: Type.Optional(DueDate),
    status: Type.Optional(AnyStatus),
  },
  { ...named('NewTask', 'A task to be; what is left out takes its default.'), 'x-server-set': serverSet },
)

export type NewTask = Static<typeof NewTask>

const readOnly = Type.Optional(
  Type.Unknown({ readOnly: true, description: 'Set by the server; ignored here.' }),
)

export const TaskReplacement = Type.Object(
  {
    title: Type.String({
      ...title,
      'x-missing': 'is required: PUT replaces the whole task; to change some fields, use PATCH',
    }),
    description: Type.Optional(Description),
    dueDate: Type.Optional(DueDate),
    status: Type.Optional(AnyStatus),
    id: Type.Optional(Type.Unknown({ readOnly: true, description: 'The id of the path, if it is given.' })),
    createdAt: readOnly,
    updatedAt: readOnly,
    completedAt: readOnly,
    revision: readOnly,
  },
  named('TaskReplacement', 'All of a task; what is left out takes its default.'),
)
export type TaskReplacement = Static<typeof TaskReplacement>

export const TaskPatch = Type.Object(
  {
    title: Type.Optional(Type.String(notNull(title))),
    description: Type.Optional(Type.String(notNull(description))),
    dueDate: Type.Optional(nullable(dueDate)),
    status: Type.Optional(Type.Unsafe<Status>(notNull({ type: 'string', ...status }))),
  },
  { ...named('TaskPatch', 'The fields to change (RFC 7396).'), 'x-server-set': serverSet },
)
export type TaskPatch = Static<typeof TaskPatch>

export const Task = Type.Object(
  {
    id: Id,
    title: Type.String({ minLength: 1, maxLength: 200 }),
    description: Type.String({ maxLength: 10_000 }),
    dueDate: nullable({ description: 'A date, or an instant in UTC with milliseconds.' }),
    status: Type.Unsafe<Status>({ type: 'string', enum: [...statuses] }),
    completedAt: nullable({ format: 'date-time', description: 'When the status became `complete`.' }),
    createdAt: Instant,
    updatedAt: Instant,
    revision: Type.Integer({
      minimum: 1,
      description: "The owner's counter at the last change; also the entity tag.",
    }),
  },
  named('Task', 'A task.'),
)
export type Task = Static<typeof Task>

/** What a client decides about a task, every field present. */
export type TaskFields = Pick<Task, 'title' | 'description' | 'dueDate' | 'status'>

export const TaskId = Type.Object({ id: Id })

export const DeleteQuery = Type.Object(
  {
    permanent: Type.Optional(Type.Boolean({ default: false, description: 'Whether to erase it for good.' })),
  },
  closed,
)

const keys = sortKeys.join('|')
const bound = (words: string) => Type.Optional(Type.String({ format: 'date-or-instant', description: words }))
const from = (what: string) =>
  bound(`${what} at or after this date (the start of that day for you) or instant.`)
const before = (what: string) => bound(`${what} before this date (the start of that day for you) or instant.`)

export const ListQuery = Type.Object(
  {
    status: Type.Optional(
      Type.String({
        pattern: `^(?:${statuses.join('|')})(?:,(?:${statuses.join('|')}))*$`,
        lowerCased: true,
        'x-detail': `must be one or several of ${statuses.join(', ')}, separated by commas`,
        description: `One or several of ${statuses.join(', ')}, separated by commas.`,
        examples: ['incomplete,in_progress'],
      }),
    ),
    due: Type.Optional(
      Type.Unsafe<(typeof dueGroups)[number]>({
        type: 'string',
        enum: [...dueGroups],
        description:
          '`overdue`: past, and neither complete nor cancelled; `today`; `upcoming`: after today; `none`: without a due date.',
      }),
    ),
    dueFrom: from('Due'),
    dueBefore: before('Due'),
    createdFrom: from('Created'),
    createdBefore: before('Created'),
    updatedFrom: from('Updated'),
    updatedBefore: before('Updated'),
    completedFrom: from('Completed'),
    completedBefore: before('Completed'),
    sort: Type.Optional(
      Type.String({
        pattern: `^-?(${keys})(?:,-?(?!\\1$)(?:${keys}))?$`,
        default: '-createdAt',
        'x-detail': `must be one or two different keys of ${sortKeys.join(', ')}, separated by a comma, each with - before it to descend`,
        description: `One or two of ${sortKeys.join(', ')}, each with \`-\` before it to descend. Empty values come last either way.`,
        examples: ['dueDate,-createdAt'],
      }),
    ),
    deleted: Type.Optional(Type.Boolean({ description: 'Whether to list the trash instead of the tasks.' })),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 100, default: 50, description: 'How many at most.' }),
    ),
    cursor: Type.Optional(
      Type.String({
        format: 'plain',
        description: 'The `nextCursor` of the page before, with the same filters and sort.',
      }),
    ),
    count: Type.Optional(Type.Boolean({ description: 'Whether to add `total`, the number that match.' })),
  },
  closed,
)
export type ListQuery = Static<typeof ListQuery>

export const TaskList = Type.Object(
  {
    items: Type.Array(Task),
    nextCursor: nullable({ description: 'For the next page; null on the last.' }),
    total: Type.Optional(Type.Integer({ minimum: 0, description: 'How many match, where `count=true`.' })),
  },
  named('TaskList', 'A page of tasks.'),
)
export type TaskList = Static<typeof TaskList>

/** The same, for a handler that answers it as JSON already. */
export const WrittenTaskList = Type.Unsafe<string>(TaskList)
