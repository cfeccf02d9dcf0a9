import { positionBetween } from './positions.ts'
import type { Kind, Thing } from './write.ts'

/** Where a thing shall stand, and in which project or below which task. */
export interface Place {
  /** The id of the sibling to stand before; null for the very end. */
  before?: string | null | undefined
  /** The id of the sibling to stand after; null for the very beginning. */
  after?: string | null | undefined
  projectId?: string | null | undefined
  parentId?: string | null | undefined
}

/** The things of one place in their order: the tasks of one parent, or those of one project that have none. */
export const siblingsOf = (things: readonly Thing[], place: Place): Thing[] =>
  things.filter((thing) => isAt(thing, place)).toSorted((a, b) => (comesBefore(a, b) ? -1 : 1))

const isAt = (thing: Thing, { projectId = null, parentId = null }: Place): boolean =>
  parentId === null
    ? (thing['parentId'] ?? null) === null && (thing['projectId'] ?? null) === projectId
    : thing['parentId'] === parentId

function comesBefore(a: Thing, b: Thing): boolean {
  const [x, y] = [positionOf(a) ?? '', positionOf(b) ?? '']
  return x === y ? a.id < b.id : x < y
}

/** A position after all siblings. */
export function lastPosition(things: readonly Thing[], place: Place, random: () => number): string {
  const positions = things.filter((thing) => isAt(thing, place)).map((thing) => positionOf(thing) ?? '')
  const last = positions.reduce((greatest, one) => (one > greatest ? one : greatest), '')
  return positionBetween(last || undefined, undefined, random)
}

/** Where among others a thing stands that is before or after one of them, or at one of the ends. */
export function indexIn(others: readonly Thing[], { before, after }: Place): number {
  const target = before ?? after ?? null
  if (target === null) return before === undefined ? 0 : others.length
  const found = others.findIndex(({ id }) => id === target)
  if (found < 0) throw new Error(`There is no ${target} at this place.`)
  return before === undefined ? found + 1 : found
}

/** A position for what stands there. */
export function positionAt(others: readonly Thing[], index: number, random: () => number): string {
  const from = positionOf(others[index - 1])
  const rest = others.slice(index).map(positionOf)
  // Siblings with one position have nothing between them.
  const to = rest.find((position) => from === undefined || (position ?? '') > from)
  return positionBetween(from, to, random)
}

const positionOf = (thing: Thing | undefined): string | undefined =>
  typeof thing?.['position'] === 'string' ? thing['position'] : undefined

/** The ids of the tasks that go with a thing: those in a project, or below a task. */
export function familyOf(tasks: Iterable<Thing>, kind: Kind, id: string): string[] {
  if (kind === 'project') return [...tasks].filter(({ projectId }) => projectId === id).map((task) => task.id)
  const below = new Map<unknown, string[]>()
  for (const task of tasks) {
    const others = below.get(task['parentId'])
    if (others) others.push(task.id)
    else below.set(task['parentId'], [task.id])
  }
  const family = [...(below.get(id) ?? [])]
  for (const member of family) family.push(...(below.get(member) ?? []))
  return family
}
