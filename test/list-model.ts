import assert from 'node:assert/strict'
import { statuses } from '../src/tasks/fields.ts'
import { sortKeys, type Task } from '../src/tasks/schema.ts'
import type { User } from './harness.ts'

/** A list's filters and sort, as the parameters of `GET /tasks`. */
export type Query = Record<string, string>

/** Every sort there is: each key, and each pair of keys, in both directions. */
export const allSorts = (): string[] => {
  const signed = sortKeys.flatMap((key) => [key, `-${key}`])
  const isPair = (a: string, b: string) => a.replace('-', '') !== b.replace('-', '')
  return [...signed, ...signed.flatMap((a) => signed.filter((b) => isPair(a, b)).map((b) => `${a},${b}`))]
}

export const pathOf = (query: Query): string =>
  `/tasks?${new URLSearchParams(query).toString().replaceAll('+', '%20')}`

/** Every item of a list, page by page. */
export async function walk(user: User, query: Query): Promise<Task[]> {
  const items: Task[] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const answer = await user.get(pathOf({ ...query, ...(cursor && { cursor }) }))
    assert.equal(answer.status, 200, answer.text)
    items.push(...answer.body.items)
    cursor = answer.body.nextCursor
  }
  return items
}

/** What the list holds by the API description, in its order, computed without any code of the server's. */
export function listOf(tasks: Task[], query: Query, timeZone: string, now: number): Task[] {
  return tasks
    .filter((task) => matches(task, query, timeZone, now))
    .toSorted((a, b) => compare(a, b, query['sort'] ?? '-createdAt'))
}

/** Whether the task is in the list of the query. */
export function matches(task: Task, query: Query, timeZone: string, now: number): boolean {
  const within = (instant: string | null, from: string | undefined, before: string | undefined) => {
    if (from === undefined && before === undefined) return true
    if (instant === null) return false
    const ms = Date.parse(instant)
    return (
      (from === undefined || ms >= startOf(from, timeZone)) &&
      (before === undefined || ms < startOf(before, timeZone))
    )
  }
  const isOneOf = (value: string, list: string | undefined) =>
    list === undefined || list.split(',').includes(value)
  const isAt = (id: string | null, place: string | undefined) =>
    place === undefined || (id ?? 'none') === place
  return (
    isOneOf(task.status, query['status']) &&
    isOneOf(task.priority, query['priority']) &&
    isAt(task.projectId, query['project']) &&
    isAt(task.parentId, query['parent']) &&
    hasLabels(task, query) &&
    isFound(task, query['q'] ?? '') &&
    isDue(task, query['due'], timeZone, now) &&
    isDueWithin(task, query['dueFrom'], query['dueBefore'], timeZone) &&
    within(task.createdAt, query['createdFrom'], query['createdBefore']) &&
    within(task.updatedAt, query['updatedFrom'], query['updatedBefore']) &&
    within(task.completedAt, query['completedFrom'], query['completedBefore'])
  )
}

function hasLabels({ labels }: Task, { label, labelAll }: Query): boolean {
  const keyOf = (name: string) => name.trim().normalize('NFC').toLowerCase()
  const own = new Set(labels.map(keyOf))
  return (
    (label === undefined || label.split(',').some((name) => own.has(keyOf(name)))) &&
    (labelAll === undefined || labelAll.split(',').every((name) => own.has(keyOf(name))))
  )
}

/** Whether each word of a search occurs in the title, the description or a label. */
export function isFound({ title, description, labels }: Task, q: string): boolean {
  const folded = (text: string) =>
    Array.from(text.normalize('NFKD'))
      .filter((char) => !/\p{M}/u.test(char))
      .join('')
      .toLowerCase()
      .replaceAll('ς', 'σ') // lower case has two forms of one letter, by its place in the word
  const texts = [title, description, ...labels].map(folded)
  return q.split(/\s/u).every((word) => texts.some((text) => text.includes(folded(word))))
}

/** Which of two tasks comes first: below 0 for `a`. */
export function compare(a: Task, b: Task, sort: string): number {
  const parts = sort
    .split(',')
    .map((part) => ({ key: part.replace('-', ''), sign: part.startsWith('-') ? -1 : 1 }))
  for (const { key, sign } of parts) {
    const [x, y] = [valueOf(a, key), valueOf(b, key)]
    if (x === y) continue
    if (x === null) return 1
    if (y === null) return -1
    const order = typeof x === 'string' && typeof y === 'string' ? byCodePoints(x, y) : Number(x) - Number(y)
    if (order !== 0) return order * sign
  }
  return byCodePoints(a.id, b.id) * (parts.at(-1)?.sign ?? 1)
}

/** The value that a task is sorted by. */
export function valueOf(task: Task, key: string): string | number | null {
  if (key === 'title') return task.title.toLowerCase()
  if (key === 'status') return statuses.indexOf(task.status)
  if (key === 'priority') return ['high', 'medium', 'low', 'none'].indexOf(task.priority)
  if (key === 'position') return task.position
  const value: unknown = new Map(Object.entries(task)).get(key)
  if (typeof value !== 'string') return typeof value === 'number' ? value : null
  return Date.parse(isDate(value) ? `${value}T23:59:59.999Z` : value)
}

function byCodePoints(a: string, b: string): number {
  const [x, y] = [Array.from(a, (c) => c.codePointAt(0) ?? 0), Array.from(b, (c) => c.codePointAt(0) ?? 0)]
  const at = x.findIndex((point, i) => point !== y[i])
  return at < 0 ? x.length - y.length : (x[at] ?? 0) - (y[at] ?? -1)
}

const isDate = (text: string) => /^\d{4}-\d\d-\d\d$/.test(text)

const dayOf = (ms: number, timeZone: string) =>
  Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone).toPlainDate().toString()

const startOf = (bound: string, timeZone: string) =>
  isDate(bound)
    ? Temporal.PlainDate.from(bound).toZonedDateTime(timeZone).epochMilliseconds
    : Date.parse(bound)

function isDueWithin(
  { dueDate }: Task,
  from: string | undefined,
  before: string | undefined,
  timeZone: string,
): boolean {
  if (from === undefined && before === undefined) return true
  if (dueDate === null) return false
  const place = (bound: string) => {
    if (!isDate(dueDate)) return startOf(bound, timeZone)
    return isDate(bound) ? bound : dayOf(Date.parse(bound), timeZone)
  }
  const due = isDate(dueDate) ? dueDate : Date.parse(dueDate)
  return (from === undefined || due >= place(from)) && (before === undefined || due < place(before))
}

function isDue({ dueDate, status }: Task, due: string | undefined, timeZone: string, now: number): boolean {
  if (due === undefined) return true
  if (dueDate === null || due === 'none') return dueDate === null && due === 'none'
  const [day, today] = [
    isDate(dueDate) ? dueDate : dayOf(Date.parse(dueDate), timeZone),
    dayOf(now, timeZone),
  ]
  if (due === 'today') return day === today
  if (due === 'upcoming') return day > today
  const isPast = isDate(dueDate) ? day < today : Date.parse(dueDate) < now
  return isPast && status !== 'complete' && status !== 'cancelled'
}
