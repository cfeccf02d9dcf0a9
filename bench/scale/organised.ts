import { formatInstant } from '../../src/core/dates.ts'
import { nameKey } from '../../src/core/text.ts'
import { model } from '../../src/projects/model.ts'
import type { Priority, Task } from '../../src/tasks/fields.ts'
import { chance, fixedId, pick } from './chance.ts'
import type { Value } from './data.ts'

// How owners organise their tasks: projects, labels, priorities, an order, subtasks.

/** The labels that queries ask for; the ordinary ones besides are on every fifth task. */
export const labels = { common: 'errand', alsoCommon: 'At home', rare: 'tax' }
const shares: [label: string, share: number][] = [
  [labels.common, 0.25],
  [labels.alsoCommon, 0.15],
  [labels.rare, 1 / 2000],
]
const ordinary = 'garden car school sport music family garage club choir allotment'.split(' ')

const projectsEach = { heavy: 200, others: 20 }
const firstProjectId = 2 ** 33
const colours = ['#4073ff', '#e8710a', null]

/** How many projects an owner has. */
export const projectsOf = (owner: number): number => (owner === 0 ? projectsEach.heavy : projectsEach.others)

export const projectColumns = ['owner_id', ...model.table.columns].join(', ')

/** A project as a row of its table, with the fields of its creation as JSON. */
export function projectRow(
  ownerId: string,
  owner: number,
  place: number,
  at: number,
): { id: string; row: Value[]; fields: string } {
  const name = `Project ${place + 1}`
  const color = colours[place % colours.length] ?? null
  const position = positionAt(place)
  const [id, createdAt] = [projectId(owner, place), formatInstant(at)]
  const project = { id, name, color, position, createdAt, updatedAt: createdAt, revision: place + 1 }
  const fields = { name: [null, name], color: [null, color], position: [null, position] }
  return { id, row: [ownerId, ...model.toRow(project)], fields: JSON.stringify(fields) }
}

/** The project of a task that is below none: a fifth are in the inbox, and the first projects have the most tasks. */
export function projectIdOf(i: number, owner: number): string | null {
  if (chance(i, 15) < 0.2) return null
  return projectId(owner, Math.floor(chance(i, 16) ** 2 * projectsOf(owner)))
}

/** Every seventh task is a subtask; one in twenty-five has several. */
export const isSubtask = (i: number): boolean => chance(i, 17) < 0.15
export const isParent = (i: number): boolean => chance(i, 18) < 0.05

export function labelsOf(i: number): string[] {
  const some = shares.filter(([, share], n) => chance(i, 20 + n) < share).map(([label]) => label)
  return chance(i, 23) < 0.2 ? [...some, pick(ordinary, i, 24)] : some
}

export function priorityOf(i: number): Priority {
  const x = chance(i, 25)
  if (x < 0.6) return 'none'
  if (x < 0.77) return 'low'
  return x < 0.92 ? 'medium' : 'high'
}

/** Most tasks are where they were created, three in ten were moved; `second` and `span` are of the year. */
export const positionOf = (i: number, second: number, span: number): string =>
  positionAt(chance(i, 26) < 0.3 ? Math.floor(chance(i, 27) * span) : second)

/** The rows by which lists find the labels of a task. */
export const labelRows = (ownerId: string, { id, labels: names }: Task, revision: number): Value[][] =>
  names.map((name) => [ownerId, nameKey(name), id, name, revision])

export const labelColumns = 'owner_id, label, task_id, name, used_in'

const projectId = (owner: number, place: number): string => fixedId(firstProjectId + owner * 1000 + place)

/** A key of the fractional-indexing library: `i` stands for nine digits before the fraction. */
const positionAt = (place: number): string => `i${String(place).padStart(9, '0')}`
