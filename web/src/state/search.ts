import type { Task } from '../../../client/src/index.ts'
import { tasks } from './data.ts'
import { isOpen } from './status.ts'

/** As the server's search reads a text: without marks, in lower case. */
const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

const foldedTexts = new WeakMap<Task, string>()

function foldedOf(task: Task): string {
  const known = foldedTexts.get(task)
  if (known !== undefined) return known
  const text = fold([task.title, task.description, ...task.labels].join('\n'))
  foldedTexts.set(task, text)
  return text
}

/** The tasks in which each of the words occurs anywhere: first those to be done, the last changed first. */
export function found(line: string): readonly Task[] {
  const words = fold(line).split(/\s+/).filter(Boolean)
  if (words.length === 0) return []
  return tasks.value
    .filter((task) => {
      const text = foldedOf(task)
      return words.every((word) => text.includes(word))
    })
    .toSorted((a, b) => Number(isOpen(b)) - Number(isOpen(a)) || b.revision - a.revision)
}
