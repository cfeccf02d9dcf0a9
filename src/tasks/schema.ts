import type { Static, TObject, TSchema } from 'typebox'
import * as Type from '../core/json-schema.ts'
import { closed, named, nullable } from '../core/wire.ts'
import type { Range } from '../things/things.ts'
import type { Task } from './fields.ts'
import { model } from './tasks.ts'

export type { GivenTask, Status, Task } from './fields.ts'

/** The fields that lists can be sorted by, with their columns. */
export const sorts = new Map([...model.listable].flatMap(([key, { sort }]) => (sort ? [[key, sort]] : [])))

/** What a list can be sorted by. */
export const sortKeys: readonly string[] = [...sorts.keys()]

/** A field that a list can be narrowed to a range of. */
export interface RangeOf extends Range {
  columns: readonly string[]
  /** The column of `sort`, if there is one. */
  orderedBy: string | undefined
  parameters: { from: `${string}From`; before: `${string}Before` }
}

/** The fields that a list can be narrowed to a range of, each with the names of its two parameters. */
export const ranges: readonly RangeOf[] = [...model.listable.values()].flatMap(({ range, sort, codec }) =>
  range
    ? [{ ...range, columns: codec.columns, orderedBy: sort?.column, parameters: parametersOf(range) }]
    : [],
)

/** A field with a fixed choice of values. */
export interface ChoiceOf {
  name: string
  values: readonly string[]
  column: string
  /** The column that holds the place of the value among its choices. */
  rankColumn: string
}

/** The fields with a fixed choice of values: a list takes one or several of them, separated by commas. */
export const choices: readonly ChoiceOf[] = [...model.listable].flatMap(
  ([name, { choices: values, sort, codec }]) =>
    values && sort ? [{ name, values, column: codec.columns[0] ?? '', rankColumn: sort.column }] : [],
)

/** A field that holds the id of another thing: a list is narrowed to those of one, or of none. */
export interface PlaceOf {
  parameter: 'project' | 'parent' | 'occurrenceOf'
  column: 'project_id' | 'parent_id' | 'occurrence_of'
}

export const places: readonly PlaceOf[] = [
  { parameter: 'project', column: 'project_id' },
  { parameter: 'parent', column: 'parent_id' },
  { parameter: 'occurrenceOf', column: 'occurrence_of' },
]

const placeSchema = (description: string) =>
  Type.Optional(Type.String({ format: 'uuid-or-none', description }))

const labelsSchema = (description: string) =>
  Type.Optional(Type.String({ format: 'labels', maxLength: 1100, description, examples: ['errand,town'] }))

export const dueGroups = ['overdue', 'today', 'upcoming', 'none'] as const

function parametersOf({ name }: Range): RangeOf['parameters'] {
  return { from: `${name}From`, before: `${name}Before` }
}

const words = {
  dueDate: ' this date (the start of that day for you) or instant.',
  instant: ' this date (the start of that day for you) or instant.',
  integer: ' this number.',
}

const boundSchema = ({ of }: Range, description: string): TSchema =>
  of === 'integer'
    ? Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER, description })
    : Type.String({ format: 'date-or-instant', description })

const rangeParameters = Object.fromEntries(
  ranges.flatMap((range) => {
    const least = range.of === 'integer' ? 'at least' : 'at or after'
    const below = range.of === 'integer' ? 'below' : 'before'
    return [
      [range.parameters.from, Type.Optional(boundSchema(range, `${range.words} ${least}${words[range.of]}`))],
      [
        range.parameters.before,
        Type.Optional(boundSchema(range, `${range.words} ${below}${words[range.of]}`)),
      ],
    ]
  }),
)

const choiceParameters = Object.fromEntries(
  choices.map(({ name, values }) => [
    name,
    Type.Optional(
      Type.String({
        pattern: `^(?:${values.join('|')})(?:,(?:${values.join('|')}))*$`,
        lowerCased: true,
        'x-detail': `must be one or several of ${values.join(', ')}, separated by commas`,
        description: `One or several of ${values.join(', ')}, separated by commas.`,
        examples: [values.slice(0, 2).join(',')],
      }),
    ),
  ]),
)

/** Each key, then any other: two that are the same mean nothing. */
const sorting = sortKeys
  .map((key) => `${key}(?:,-?(?:${sortKeys.filter((other) => other !== key).join('|')}))?`)
  .join('|')

const ownParameters = {
  due: Type.Optional(
    Type.Unsafe<(typeof dueGroups)[number]>({
      type: 'string',
      enum: [...dueGroups],
      description:
        '`overdue`: past, and neither complete nor cancelled; `today`; `upcoming`: after today; `none`: without a due date.',
    }),
  ),
  project: placeSchema('The id of a project; `none` for the inbox.'),
  parent: placeSchema('The id of a task, for those directly below it; `none` for those that are below none.'),
  occurrenceOf: Type.Optional(
    Type.String({
      format: 'uuid',
      description: 'The id of a task that recurs, for its completed occurrences that were kept.',
    }),
  ),
  recurring: Type.Optional(Type.Boolean({ description: 'Whether the tasks recur.' })),
  label: labelsSchema('One or several labels, separated by commas: tasks with any of them.'),
  labelAll: labelsSchema('One or several labels, separated by commas: tasks with all of them.'),
  q: Type.Optional(
    Type.String({
      format: 'plain',
      minLength: 1,
      maxLength: 200,
      description:
        'Words, separated by white space: tasks where each occurs anywhere in title, description or labels, whatever its letter case and accents.',
      examples: ['passport'],
    }),
  ),
  sort: Type.Optional(
    Type.String({
      pattern: `^-?(?:${sorting})$`,
      default: '-createdAt',
      'x-detail': `must be one or two different keys of ${sortKeys.join(', ')}, separated by a comma, each with - before it to descend`,
      description: `One or two of ${sortKeys.join(', ')}, each with \`-\` before it to descend. Empty values come last either way.`,
      examples: ['dueDate,-createdAt'],
    }),
  ),
  deleted: Type.Optional(Type.Boolean({ description: 'Whether to list the trash instead of the tasks.' })),
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 100, default: 50, description: 'At most how many.' }),
  ),
  cursor: Type.Optional(
    Type.String({
      format: 'plain',
      description: 'The `nextCursor` of the page before, with the same filters and sort.',
    }),
  ),
  count: Type.Optional(Type.Boolean({ description: 'Whether to add `total`, the number that match.' })),
}

type OwnParameters = Static<TObject<typeof ownParameters>>

/** The query of a list; the parameters of ranges and choices are named by the fields. */
export type ListQuery = OwnParameters & { status?: string; priority?: string } & Partial<
    Record<`${string}From` | `${string}Before`, string | number | undefined>
  >

const parameters = { ...choiceParameters, ...rangeParameters, ...ownParameters }

/** The names of every parameter of a list. */
export const listParameters: readonly string[] = Object.keys(parameters)

export const ListQuery = Type.Unsafe<ListQuery>(Type.Object(parameters, closed))

export const TaskList = Type.Unsafe<TaskList>(
  Type.Object(
    {
      items: Type.Array(model.schemas.thing),
      nextCursor: nullable({ description: 'For the next page; null on the last.' }),
      total: Type.Optional(Type.Integer({ minimum: 0, description: 'How many match, where `count=true`.' })),
    },
    named('TaskList', 'A page of tasks.'),
  ),
)

/** A page of tasks; `total` where the query counts. */
export type TaskList = { items: Task[]; nextCursor: string | null; total?: number }

export const LabelList = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        { name: Type.String(), tasks: Type.Integer({ minimum: 1, description: 'How many tasks have it.' }) },
        named('Label'),
      ),
    ),
  },
  named('LabelList', 'The labels in use, by name.'),
)

export const OccurrenceQuery = Type.Object(
  {
    from: Type.Optional(
      Type.String({ format: 'date-or-instant', description: 'Due at or after this date or instant.' }),
    ),
    before: Type.Optional(
      Type.String({ format: 'date-or-instant', description: 'Due before this date or instant.' }),
    ),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 500, default: 50, description: 'At most how many.' }),
    ),
  },
  closed,
)
export type OccurrenceQuery = Static<typeof OccurrenceQuery>

export const OccurrenceList = Type.Object(
  { items: Type.Array(Type.String({ description: 'A date, or an instant in UTC.' })) },
  named('OccurrenceList', 'The due dates of a task that recurs, the present one first.'),
)
