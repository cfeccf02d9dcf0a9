import type * as api from '../api.ts'
import { begun } from './merge.ts'
import { isObject, type Fields, type Kind, type Thing } from './write.ts'

/** What there is about a new task; the compiler asks for that of a new field. */
const newTask: Omit<api.Task, keyof api.Project | 'title'> = {
  description: '',
  dueDate: null,
  recurrence: null,
  status: 'incomplete',
  priority: 'none',
  labels: [],
  projectId: null,
  parentId: null,
  completedAt: null,
  occurrenceOf: null,
}

/** The kinds with the values of a new thing. */
const defaults: Record<Kind, Fields> = { task: { ...newTask }, project: { color: null } }

/** Names the fields that a copy has. One that was kept by an older client lacks those that came since. */
export const form = Object.values(defaults)
  .map((fields) => Object.keys(fields).join())
  .join(';')

/** A new thing as the server will make it. */
export function wholeOf(kind: Kind, id: string, fields: Fields, at: string): Thing {
  const { recurrence, status } = fields
  return {
    ...defaults[kind],
    ...fields,
    ...(isObject(recurrence) && { recurrence: { ...begun(fields), ...recurrence } }),
    ...(status === 'complete' && { completedAt: at }),
    id,
    createdAt: at,
    updatedAt: at,
    revision: 0,
  }
}
