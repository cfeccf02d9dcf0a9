import { computed, effect, signal } from '@preact/signals'
import { place } from './address.ts'
import { rows } from './lists.ts'

/** The ids of the tasks of the list, in its order. */
const order = computed(() => rows.value.flatMap((row) => (row.kind === 'task' ? [row.task.id] : [])))

const wanted = signal<{ id: string | undefined; index: number; in: string }>({
  id: undefined,
  index: 0,
  in: '',
})
const listName = () => `${place.value.view}/${place.value.of ?? ''}`

/** The task that the keyboard is at. If it went, the one that came in its place. */
export const cursor = computed((): string | undefined => {
  const { id, index, in: list } = wanted.value
  if (list !== listName()) return order.value[0]
  if (id !== undefined && order.value.includes(id)) return id
  return order.value[Math.min(index, order.value.length - 1)]
})

export function pointAt(id: string): void {
  wanted.value = { id, index: Math.max(0, order.value.indexOf(id)), in: listName() }
}

/** Moves the cursor by some tasks. */
export function step(by: number): string | undefined {
  const at = cursor.value === undefined ? -1 : order.value.indexOf(cursor.value)
  const id = order.value[Math.min(Math.max(at + by, 0), order.value.length - 1)]
  if (id !== undefined) pointAt(id)
  return id
}

/** What was chosen, and in which list: whoever leaves that chooses nothing any more. */
const chosenIn = signal<{ ids: ReadonlySet<string>; in: string }>({ ids: new Set(), in: '' })
effect(() => {
  if (chosenIn.value.in !== listName()) choose([])
})

/** Several tasks that the next command is about. */
export const chosen = computed((): ReadonlySet<string> => {
  const { ids } = chosenIn.value
  return ids.size === 0 ? ids : new Set(order.value.filter((id) => ids.has(id)))
})

export function choose(ids: Iterable<string>): void {
  chosenIn.value = { ids: new Set(ids), in: listName() }
}

export function toggleChoice(id: string): void {
  const ids = new Set(chosen.value)
  if (!ids.delete(id)) ids.add(id)
  choose(ids)
}

/** Chooses everything between the cursor and a task. */
export function chooseTo(id: string): void {
  const [a, b] = [order.value.indexOf(cursor.value ?? id), order.value.indexOf(id)].toSorted((x, y) => x - y)
  choose([...chosen.value, ...order.value.slice(a, (b ?? 0) + 1)])
}

export const chooseAll = (): void => choose(order.value)

/** What a command is about: the chosen tasks, or else the one at the cursor. */
export const subjects = (): readonly string[] => {
  if (chosen.value.size > 0) return [...chosen.value]
  return cursor.value === undefined ? [] : [cursor.value]
}
