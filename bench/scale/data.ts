import { formatInstant } from '../../src/core/dates.ts'
import type { Status, Task } from '../../src/tasks/schema.ts'
import { model } from '../../src/tasks/tasks.ts'

// A year of many owners' tasks, the same in each run: tasks in the order of their creation, a third of them changed
// or deleted later, with the revisions that the server would have given.

export interface Sizes {
  tasks: number
  /** The number of owners who share the tasks that are not the heavy owner's. */
  owners: number
  /** The tasks of the one owner who has most; their trash holds another fiftieth of that. */
  heavy: number
}

type Value = string | number | null

/** The content of the tables. */
export interface Plan {
  /** The revision of each owner; the heavy one is the first. */
  revisions: Uint32Array
  /** How many creations and later changes there are. */
  events: number
  /** The rows of an event: a change, and for a creation the task in its current state. */
  rowsOf(event: number): { task?: Value[]; change: Value[] }
}

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
  const revisions = new Uint32Array(sizes.owners + 1)
  const revisionOf = new Uint32Array(tasks * 2)
  for (const event of order) {
    const owner = ownerOf(event % tasks, sizes)
    revisionOf[event] = (revisions[owner] ?? 0) + 1
    revisions[owner] = revisionOf[event] ?? 0
  }

  const events = byOwner ? inOrderOfOwner(order, sizes) : order
  return {
    revisions,
    events: events.length,
    rowsOf(place) {
      const event = events[place] ?? 0
      const i = event % tasks
      const owner = userId(ownerOf(i, sizes))
      const isGone = isDeleted(i, sizes)
      const last = isChanged(i, sizes) ? i + tasks : i
      const [at = 0, createdAt = 0, lastAt = 0] = [event, i, last].map(
        (of) => (begin + secondOf(of, tasks)) * 1000,
      )
      const status = last === i || isGone ? 'incomplete' : laterStatus(chance(i, 5))
      const updatedAt = isGone ? createdAt : lastAt
      const task = taskOf(i, status, createdAt, updatedAt, revisionOf[last] ?? 0)
      const revision = revisionOf[event] ?? 0
      const what = event === i ? creation(task) : laterChange(task, isGone)
      const previous = event === i ? null : (revisionOf[i] ?? null)
      const how = [sessionId, 'request', revision, previous]
      const change = [owner, revision, at, 'task', task.id, ...what, ...how]
      return event === i ? { task: taskRow(owner, task, isGone ? lastAt : null), change } : { change }
    },
  }
}

export const taskColumns = ['owner_id', ...model.table.columns, 'deleted_at'].join(', ')
export const changeColumns =
  'owner_id, revision, at, kind, thing_id, action, fields, session_id, origin, part_of, previous'

/** A task as a row of its table. */
export const taskRow = (owner: string, task: Task, deletedAt: number | null): Value[] => [
  owner,
  ...model.toRow(task),
  deletedAt,
]

/** Ids are UUIDv7 and the same in each run, so that a second run finds the owners of the first. */
export const userId = (owner: number): string => uuid(1_700_000_000_000, owner)

export const emailOf = (owner: number): string => `owner-${String(owner).padStart(5, '0')}@example.com`

export const sessionId = uuid(1_700_000_000_000, 2 ** 31)

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

function taskOf(i: number, status: Status, createdAt: number, updatedAt: number, revision: number): Task {
  const given = {
    title: `${pick(words, i, 6)} the ${pick(things, i, 7)} ${Math.floor(chance(i, 8) * 1000)}`.replace(
      /^./,
      (c) => c.toUpperCase(),
    ),
    description:
      i % 2 ? '' : `${pick(words, i, 9)} it first, then ${pick(words, i, 10)}. `.repeat(1 + (i % 7)),
    dueDate: dueOf(i, createdAt),
    status,
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

function creation({ title, description, dueDate }: Task): Value[] {
  const fields = { title: [null, title], description: [null, description], dueDate: [null, dueDate] }
  return ['create', JSON.stringify(fields)]
}

function laterChange({ status, description }: Task, deleted: boolean): Value[] {
  if (deleted) return ['delete', '{}']
  const fields =
    status === 'incomplete' ? { description: ['', description] } : { status: ['incomplete', status] }
  return ['update', JSON.stringify(fields)]
}

function uuid(ms: number, i: number): string {
  const time = ms.toString(16).padStart(12, '0')
  const hash = Math.floor(chance(i, 14) * 0x1000)
  const tail = [hash, i % 0x1000].map((part) => part.toString(16).padStart(3, '0'))
  return `${time.slice(0, 8)}-${time.slice(8)}-7${tail[0]}-8${tail[1]}-${i.toString(16).padStart(12, '0')}`
}

const pick = (from: string[], i: number, purpose: number) =>
  from[Math.floor(chance(i, purpose) * from.length)] ?? ''

/** A pseudo-random number from 0 to 1, always the same for the same task and purpose. */
function chance(i: number, purpose: number): number {
  let x = Math.imul(i + 1, 0x9e3779b1) ^ Math.imul(purpose, 0x85ebca6b)
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad)
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97)
  return ((x ^ (x >>> 15)) >>> 0) / 2 ** 32
}
