import { formatInstant } from '../../src/core/dates.ts'
import type { Status, Task } from '../../src/tasks/schema.ts'
import { model } from '../../src/tasks/tasks.ts'
import { chance, fixedId, pick, uuid } from './chance.ts'
import {
  isParent,
  isSubtask,
  labelRows,
  labelsOf,
  positionOf,
  priorityOf,
  projectIdOf,
  projectRow,
  projectsOf,
} from './organised.ts'

// A year of many owners' tasks, the same in each run: tasks in the order of their creation, a third of them changed
// or deleted later, with the revisions that the server would have given. Each owner's projects were created before.

export interface Sizes {
  tasks: number
  /** The number of owners who share the tasks that are not the heavy owner's. */
  owners: number
  /** The tasks of the one owner who has most; their trash holds another fiftieth of that. */
  heavy: number
}

export type Value = string | number | null

/** The content of the tables. */
export interface Plan {
  /** The revision of each owner; the heavy one is the first. */
  revisions: Uint32Array
  /** How many creations and later changes there are. */
  events: number
  /** The rows of an owner's projects, each with its creation. */
  projectRowsOf(owner: number): { project: Value[]; change: Value[] }[]
  /** The rows of an event: a change, and for a creation the task in its current state with its labels. */
  rowsOf(event: number): { task?: Value[]; labels: Value[][]; change: Value[] }
}

/** In the place of the number of a task. */
const none = -1

const daySeconds = 86_400
const span = 365 * daySeconds
const words = 'renew call buy plan write ask mend order read send water book check clean pay sort'.split(' ')
const things =
  'passport dentist milk holiday report landlord bicycle flowers draft parcel garden table tyres desk rent photos'.split(
    ' ',
  )

/**
 * Plans the content; `now` is the end of the year, in epoch milliseconds. For an engine that stores rows by their
 * key in any case, `byOwner` orders them by owner, which makes filling much faster.
 */
export function planRows(sizes: Sizes, now: number, byOwner: boolean): Plan {
  const { tasks } = sizes
  const begin = Math.floor(now / 1000) - span
  const order = inOrderOfTime(sizes)
  const revisions = Uint32Array.from({ length: sizes.owners + 1 }, (_, owner) => projectsOf(owner))
  const revisionOf = new Uint32Array(tasks * 2)
  for (const event of order) {
    const owner = ownerOf(event % tasks, sizes)
    revisionOf[event] = (revisions[owner] ?? 0) + 1
    revisions[owner] = revisionOf[event] ?? 0
  }

  const parents = parentsOf(order, sizes)
  const createdAtOf = (i: number) => (begin + secondOf(i, tasks)) * 1000

  const events = byOwner ? inOrderOfOwner(order, sizes) : order
  return {
    revisions,
    events: events.length,
    projectRowsOf: (owner) => projectRows(owner, begin * 1000),
    rowsOf(place) {
      const event = events[place] ?? 0
      const i = event % tasks
      const ownerNumber = ownerOf(i, sizes)
      const owner = userId(ownerNumber)
      const isGone = isDeleted(i, sizes)
      const last = isChanged(i, sizes) ? i + tasks : i
      const [at = 0, createdAt = 0, lastAt = 0] = [event, i, last].map(createdAtOf)
      const status = last === i || isGone ? 'incomplete' : laterStatus(chance(i, 5))
      const updatedAt = isGone ? createdAt : lastAt
      const parent = parents[i] ?? none
      const where = {
        projectId: projectIdOf(parent === none ? i : parent, ownerNumber),
        parentId: parent === none ? null : uuid(createdAtOf(parent), parent),
        position: positionOf(i, secondOf(i, tasks), span),
      }
      const task = taskOf(i, { status, ...where }, createdAt, updatedAt, revisionOf[last] ?? 0)
      const revision = revisionOf[event] ?? 0
      const what = event === i ? creation(task) : laterChange(task, isGone)
      const previous = event === i ? null : (revisionOf[i] ?? null)
      const how = [sessionId, 'request', revision, previous]
      const change = [owner, revision, at, 'task', task.id, ...what, ...how]
      if (event !== i) return { change, labels: [] }
      const labels = labelRows(owner, task, revision)
      return { task: taskRow(owner, task, isGone ? lastAt : null), labels, change }
    },
  }
}

export const taskColumns = ['owner_id', ...model.table.columns, 'deleted_at'].join(', ')
export const changeColumns =
  'owner_id, revision, at, kind, thing_id, action, fields, credential_id, origin, part_of, previous'

/** A task as a row of its table. */
export const taskRow = (owner: string, task: Task, deletedAt: number | null): Value[] => [
  owner,
  ...model.toRow(task),
  deletedAt,
]

export const userId = (owner: number): string => fixedId(owner)

export const emailOf = (owner: number): string => `owner-${String(owner).padStart(5, '0')}@example.com`

export const sessionId = fixedId(2 ** 31)

/** Events by time. Event `i` below `tasks` creates task `i`; event `tasks + i` is its later change. */
function inOrderOfTime(sizes: Sizes): Uint32Array {
  const { tasks } = sizes
  const keys: number[] = []
  for (let i = 0; i < tasks; i++) {
    keys.push(secondOf(i, tasks) * tasks * 2 + i)
    if (isChanged(i, sizes)) keys.push(secondOf(i + tasks, tasks) * tasks * 2 + i + tasks)
  }
  return Uint32Array.from(Float64Array.from(keys).toSorted(), (key) => key % (tasks * 2))
}

/** The parent of each task that is a subtask: one of the same owner that was created before. */
function parentsOf(order: Uint32Array, sizes: Sizes): Int32Array {
  const parents = new Int32Array(sizes.tasks).fill(none)
  const latest = new Int32Array(sizes.owners + 1).fill(none)
  for (const i of order) {
    if (i >= sizes.tasks) continue
    const owner = ownerOf(i, sizes)
    const parent = latest[owner] ?? none
    if (parent !== none && isSubtask(i)) parents[i] = parent
    else if (isParent(i) && !isDeleted(i, sizes)) latest[owner] = i
  }
  return parents
}

function inOrderOfOwner(order: Uint32Array, sizes: Sizes): Uint32Array {
  const keys = Float64Array.from(
    order,
    (event, place) => ownerOf(event % sizes.tasks, sizes) * order.length + place,
  )
  return Uint32Array.from(keys.toSorted(), (key) => order[key % order.length] ?? 0)
}

/** The second of the year in which an event happens. */
function secondOf(event: number, tasks: number): number {
  const created = Math.floor(chance(event % tasks, 1) * (span - 2))
  return event < tasks ? created : created + 1 + Math.floor(chance(event - tasks, 2) * (span - created - 2))
}

function ownerOf(i: number, { owners, heavy }: Sizes): number {
  return i < heavy * 1.02 ? 0 : 1 + Math.floor(chance(i, 3) * owners)
}

const isChanged = (i: number, sizes: Sizes) => isDeleted(i, sizes) || chance(i, 4) < 0.35

const isDeleted = (i: number, { heavy }: Sizes) => i >= heavy && (i < heavy * 1.02 || i % 50 === 0)

type Given = Pick<Task, 'status' | 'projectId' | 'parentId' | 'position'>

function taskOf(i: number, decided: Given, createdAt: number, updatedAt: number, revision: number): Task {
  const given = {
    title: `${pick(words, i, 6)} the ${pick(things, i, 7)} ${Math.floor(chance(i, 8) * 1000)}`.replace(
      /^./,
      (c) => c.toUpperCase(),
    ),
    description:
      i % 2 ? '' : `${pick(words, i, 9)} it first, then ${pick(words, i, 10)}. `.repeat(1 + (i % 7)),
    dueDate: dueOf(i, createdAt),
    priority: priorityOf(i),
    labels: labelsOf(i),
    ...decided,
  }
  return model.assemble(model.complete(given), undefined, {
    id: uuid(createdAt, i),
    createdAt: formatInstant(createdAt),
    updatedAt: formatInstant(updatedAt),
    revision,
  })
}

function laterStatus(x: number): Status {
  if (x < 0.6) return 'complete'
  if (x < 0.75) return 'in_progress'
  return x < 0.85 ? 'cancelled' : 'incomplete'
}

/** Two in five have no due date; the others are due within four months of their creation, on a day or at an instant. */
function dueOf(i: number, createdAt: number): string | null {
  if (chance(i, 11) < 0.4) return null
  const at = createdAt + Math.floor(chance(i, 12) * 120 * daySeconds) * 1000
  const text = formatInstant(at)
  return chance(i, 13) < 0.67 ? text.slice(0, 10) : text
}

function creation(task: Task): Value[] {
  const { title, description, dueDate, priority, labels, projectId, parentId, position } = task
  const given = { title, description, dueDate, priority, labels, projectId, parentId, position }
  const fields = Object.entries(given).map(([name, value]) => [name, [null, value]])
  return ['create', JSON.stringify(Object.fromEntries(fields))]
}

function projectRows(owner: number, at: number): { project: Value[]; change: Value[] }[] {
  return Array.from({ length: projectsOf(owner) }, (_, i) => {
    const { id, row, fields } = projectRow(userId(owner), owner, i, at)
    const [revision, what] = [i + 1, ['project', id, 'create', fields]]
    return {
      project: row,
      change: [userId(owner), revision, at, ...what, sessionId, 'request', revision, null],
    }
  })
}

function laterChange({ status, description }: Task, deleted: boolean): Value[] {
  if (deleted) return ['delete', '{}']
  const fields =
    status === 'incomplete' ? { description: ['', description] } : { status: ['incomplete', status] }
  return ['update', JSON.stringify(fields)]
}
