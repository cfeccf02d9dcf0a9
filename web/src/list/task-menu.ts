import type { MenuItem } from '../state/covers.ts'
import { cover, openTask, place } from '../state/address.ts'
import * as actions from '../state/actions.ts'
import { chosen, toggleChoice } from '../state/cursor.ts'
import { labels, projects } from '../state/data.ts'
import { isOpen } from '../state/status.ts'
import { soon } from '../state/week.ts'

/** All that can be done with tasks. What dragging does is among it. */
export function taskMenu(ids: readonly string[]): readonly MenuItem[] {
  if (place.value.view === 'trash') return trashMenu(ids)
  const held = actions.heldOf(ids)
  const [only] = held
  const isOne = held.length === 1 && only !== undefined
  const isAnyOpen = held.some(isOpen)
  return [
    ...(isOne ? one(only.id, ids) : []),
    {
      words: isAnyOpen ? 'Complete' : 'Not done',
      icon: 'check',
      keys: 'E',
      run: () => actions.toggle(ids),
    },
    { words: 'Due', icon: 'calendar', items: () => dueItems(ids) },
    { words: 'Priority', icon: 'flag', items: () => priorityItems(ids) },
    { words: 'Labels', icon: 'label', items: () => labelItems(ids) },
    { words: 'Move to', icon: 'project', items: () => projectItems(ids) },
    ...(isOne ? [{ words: 'Order', icon: 'grip', items: () => orderItems(only.id) } as const] : []),
    ...(held.some(({ recurrence }) => recurrence)
      ? [{ words: 'Skip once', icon: 'repeat', run: () => actions.skip(ids) } as const]
      : []),
    { words: 'Delete', icon: 'trash', keys: 'Del', isDanger: true, run: () => actions.remove(ids) },
  ]
}

const one = (id: string, ids: readonly string[]): readonly MenuItem[] => [
  ...(place.value.task === id
    ? []
    : [{ words: 'Open', icon: 'note', keys: 'Enter', run: () => openTask(id) } as const]),
  {
    words: chosen.value.has(id) ? 'Do not select' : 'Select',
    icon: 'check',
    keys: 'X',
    run: () => ids.forEach(toggleChoice),
  },
]

export const dueItems = (ids: readonly string[]): readonly MenuItem[] => [
  ...soon.value.map(({ words, day }): MenuItem => ({
    words,
    icon: 'calendar',
    run: () => actions.setDay(ids, day),
  })),
  { words: 'No date', icon: 'close', run: () => actions.setDay(ids, undefined) },
  { words: 'Another date…', icon: 'clock', keys: 'T', run: () => cover({ kind: 'due', ids }) },
]

const priorities = [
  ['high', 'High'],
  ['medium', 'Medium'],
  ['low', 'Low'],
  ['none', 'None'],
] as const

export const priorityItems = (ids: readonly string[]): readonly MenuItem[] =>
  priorities.map(([priority, words]) => ({
    words,
    icon: 'flag',
    color: priority === 'none' ? null : `var(--${priority})`,
    isOn: actions.heldOf(ids).every((task) => task.priority === priority),
    run: () => actions.setPriority(ids, priority),
  }))

export const labelItems = (ids: readonly string[]): readonly MenuItem[] => [
  ...labels.value.map(({ name }): MenuItem => ({
    words: name,
    icon: 'label',
    isOn: actions.heldOf(ids).every((task) => task.labels.includes(name)),
    isOneOf: false,
    run: () => actions.toggleLabel(ids, name),
  })),
  { words: 'New label…', icon: 'add', run: () => cover({ kind: 'label', ids }) },
]

export const projectItems = (ids: readonly string[]): readonly MenuItem[] => {
  const isIn = (projectId: string | null) =>
    actions.heldOf(ids).every((task) => task.projectId === projectId && task.parentId === null)
  return [
    { words: 'Inbox', icon: 'inbox', isOn: isIn(null), run: () => actions.moveToProject(ids, null) },
    ...projects.value.map(({ id, name, color }): MenuItem => ({
      words: name,
      icon: 'project',
      color,
      isOn: isIn(id),
      run: () => actions.moveToProject(ids, id),
    })),
  ]
}

const orderItems = (id: string): readonly MenuItem[] => [
  { words: 'Up', icon: 'up', keys: 'Alt ↑', run: () => actions.shift(id, -1) },
  { words: 'Down', icon: 'down', keys: 'Alt ↓', run: () => actions.shift(id, 1) },
  { words: 'To the top', icon: 'up', run: () => actions.moveBeside([id], { after: null }) },
  { words: 'To the end', icon: 'down', run: () => actions.moveBeside([id], { before: null }) },
  { words: 'Below the task before it', icon: 'subtask', keys: 'Alt →', run: () => actions.indent(id) },
  { words: 'Out of its parent', icon: 'back', keys: 'Alt ←', run: () => actions.outdent(id) },
]

const trashMenu = (ids: readonly string[]): readonly MenuItem[] => [
  { words: 'Restore', icon: 'history', run: () => actions.restore(ids) },
  {
    words: 'Erase for good…',
    icon: 'trash',
    isDanger: true,
    run: () =>
      cover({
        kind: 'confirm',
        words: ids.length === 1 ? 'Erase this task?' : `Erase ${ids.length} tasks?`,
        detail: 'They can not be brought back.',
        action: 'Erase',
        run: () => actions.erase(ids),
      }),
  },
]
