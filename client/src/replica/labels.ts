import type { Label } from '../api.ts'
import { isNames, keyOf } from './merge.ts'
import type { Verbs } from './verbs.ts'
import type { State } from './state.ts'
import type { Thing, Write } from './write.ts'

/** The labels in use. There are no others, so a label comes with its first task and goes with its last. */
export interface Labels {
  /** By name, with the number of tasks that have each. */
  list(): readonly Label[]
  /** Gives another name to a label on all its tasks; one that is there already takes them over. */
  rename(name: string, to: string): readonly Write[]
  /** Takes a label off all its tasks. */
  remove(name: string): readonly Write[]
}

export function labelsIn(state: State, verbs: Pick<Verbs, 'update'>): Labels {
  let counted: { of: readonly Thing[]; labels: readonly Label[] } | undefined

  /** Writes the labels of all tasks that have one of this name. */
  const change = (name: string, to: readonly string[]): Write[] =>
    state
      .list('task')
      .filter((task) => namesOf(task).some((one) => keyOf(one) === keyOf(name)))
      .map((task) => {
        const names = namesOf(task).flatMap((one) => (keyOf(one) === keyOf(name) ? to : [one]))
        const labels = names.filter((one, i) => names.findIndex((first) => keyOf(first) === keyOf(one)) === i)
        return verbs.update(task, { labels })
      })

  return {
    list() {
      const tasks = state.list('task')
      if (counted?.of !== tasks) counted = { of: tasks, labels: count(tasks) }
      return counted.labels
    },
    rename: (name, to) => state.update(() => change(name, [to.trim()])),
    remove: (name) => state.update(() => change(name, [])),
  }
}

/** The spelling used last stands for all. */
function count(tasks: readonly Thing[]): Label[] {
  const spelled = new Map<string, { name: string; tasks: number; revision: number }>()
  for (const { labels, revision } of tasks) {
    for (const name of isNames(labels) ? labels : []) {
      const label = spelled.get(name) ?? { name, tasks: 0, revision }
      label.tasks += 1
      label.revision = Math.max(label.revision, revision)
      spelled.set(name, label)
    }
  }
  const found = new Map<string, Label>()
  for (const { name, tasks: number } of [...spelled.values()].toSorted((a, b) => a.revision - b.revision))
    found.set(keyOf(name), { name, tasks: number + (found.get(keyOf(name))?.tasks ?? 0) })
  return [...found].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, label]) => label)
}

const namesOf = ({ labels }: Thing): readonly string[] => (isNames(labels) ? labels : [])
