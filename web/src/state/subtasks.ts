import { computed } from '@preact/signals'
import type { Task } from '../../../client/src/index.ts'
import { tasks } from './data.ts'

const byParent = computed(() =>
  Map.groupBy(
    tasks.value.filter(({ parentId }) => parentId !== null),
    ({ parentId }) => parentId,
  ),
)

const none = { done: 0, all: 0 }

/** How many of the tasks directly below a task are done. */
export function progressOf(id: string): { done: number; all: number } {
  const below = byParent.value.get(id)
  if (!below) return none
  return { done: below.filter(({ status }) => status === 'complete').length, all: below.length }
}

/** The tasks directly below a task, in their order. */
export const subtasksOf = (id: string): readonly Task[] =>
  (byParent.value.get(id) ?? []).toSorted((a, b) => (a.position < b.position ? -1 : 1))
