import type * as api from './api.ts'
import type { Send } from './sending.ts'
import { thingsAt, type Things } from './things.ts'
import { addressOf, unchanged, writeOf, type CallOptions, type Held, type WriteOptions } from './writes.ts'

type Several<Value> = Value | readonly Value[]

/** Which tasks to list, in which order. */
export interface TaskQuery extends Omit<
  api.ListTasksQuery,
  'status' | 'priority' | 'label' | 'labelAll' | 'sort'
> {
  status?: Several<api.Task['status']>
  priority?: Several<api.Task['priority']>
  /** Tasks with any of these labels. */
  label?: Several<string>
  /** Tasks with all of these labels. */
  labelAll?: Several<string>
  /** One or two fields, each with `-` before it to descend. */
  sort?: Several<string>
}

type TaskThings = Things<{
  thing: api.Task
  creation: api.NewTask
  patch: api.TaskPatch
  replacement: api.TaskReplacement
  move: api.TaskMove
  query: TaskQuery
  page: api.TaskList
  removal: api.DeleteTaskQuery
}>

/** Tasks: what all things have, and what comes with being done. */
export interface Tasks extends TaskThings {
  /** Completes a task. One that recurs comes back as it goes on, at its next due date. */
  complete(task: Held, options?: WriteOptions): Promise<api.Task>
  /** Lets a task that recurs go on without this occurrence. */
  skip(task: Held, options?: WriteOptions): Promise<api.Task>
  /** The due dates of a task that recurs, the present one first. */
  occurrences(task: Held, options?: CallOptions & api.ListOccurrencesQuery): Promise<readonly string[]>
}

/** The tasks of whom `send` sends for. */
export function tasksOf(send: Send): Tasks {
  const things: TaskThings = thingsAt('/tasks', send)
  return {
    ...things,
    complete: (task, options) => things.update(task, { status: 'complete' }, options),
    async skip(task, options) {
      const asked = writeOf('POST', addressOf('/tasks', task, '/skip'), undefined, options, unchanged(task))
      return (await send<api.Task>(asked)).body
    },
    async occurrences(task, { signal, ...query } = {}) {
      const asked = {
        method: 'GET',
        path: addressOf('/tasks', task, '/occurrences'),
        query,
        signal,
        isRepeatable: true,
      }
      return (await send<api.OccurrenceList>(asked)).body.items
    },
  }
}
