import { computed } from '@preact/signals'
import type { Task } from '../../../client/src/index.ts'
import type { Day } from '../../../client/src/words/days.ts'
import { place } from './address.ts'
import { labels, projectById, tasks } from './data.ts'
import { dayTitle } from './dates.ts'
import { found } from './search.ts'
import { isDone, isOpen } from './status.ts'
import { dueOf, isOverdue, timeZone, today } from './today.ts'
import { wallAt } from '../../../client/src/words/days.ts'
import { trash } from './trash.ts'

/** A line of a list. */
export type Row =
  | { kind: 'heading'; key: string; title: string; count: number; isOverdue?: boolean }
  | { kind: 'task'; key: string; task: Task; depth: number }

/** The tasks that are still to be done. */
export const openTasks = computed(() => tasks.value.filter(isOpen))

const byPosition = (a: Task, b: Task): number => {
  if (a.position === b.position) return a.id < b.id ? -1 : 1
  return a.position < b.position ? -1 : 1
}

const urgency = { high: 0, medium: 1, low: 2, none: 3 }
/** What is due all day comes after what has a time. */
const endOfDay = 86_400_000

function byDue(a: Task, b: Task): number {
  const [x, y] = [dueOf(a), dueOf(b)]
  const moment = (due: typeof x) =>
    due ? (due.instant ?? Date.parse(new Date(due.day * endOfDay).toISOString()) + endOfDay) : Infinity
  return (
    (x?.day ?? Infinity) - (y?.day ?? Infinity) ||
    moment(x) - moment(y) ||
    urgency[a.priority] - urgency[b.priority] ||
    byPosition(a, b)
  )
}

const rowOf = (task: Task, depth = 0): Row => ({ kind: 'task', key: task.id, task, depth })

const section = (
  key: string,
  title: string,
  of: readonly Task[],
  more: { isOverdue?: boolean } = {},
): Row[] =>
  of.length === 0
    ? []
    : [{ kind: 'heading', key, title, count: of.length, ...more }, ...of.map((task) => rowOf(task))]

/** Tasks as they stand below each other. One whose parent is not among them stands by itself. */
function asTree(of: readonly Task[]): Row[] {
  const ids = new Set(of.map(({ id }) => id))
  const below = Map.groupBy(of, ({ parentId }) => (parentId !== null && ids.has(parentId) ? parentId : null))
  const rows: Row[] = []
  const add = (parent: string | null, depth: number) => {
    for (const task of (below.get(parent) ?? []).toSorted(byPosition)) {
      rows.push(rowOf(task, depth))
      add(task.id, depth + 1)
    }
  }
  add(null, 0)
  return rows
}

function byDay(of: readonly Task[], dayOf: (task: Task) => Day): Row[] {
  return [...Map.groupBy(of, dayOf)].flatMap(([day, some]) => section(`day ${day}`, dayTitle(day), some))
}

/** What Today shows: what is due today or was due before. */
export const overdueTasks = computed(() =>
  openTasks.value
    .filter((task) => {
      const due = dueOf(task)
      return due && isOverdue(due) && due.day < today.value
    })
    .toSorted(byDue),
)
export const todayTasks = computed(() =>
  openTasks.value.filter((task) => dueOf(task)?.day === today.value).toSorted(byDue),
)
const upcomingTasks = computed(() =>
  openTasks.value.filter((task) => (dueOf(task)?.day ?? 0) > today.value).toSorted(byDue),
)
export const doneTasks = computed(() =>
  tasks.value.filter(isDone).toSorted((a, b) => ((a.completedAt ?? '') > (b.completedAt ?? '') ? -1 : 1)),
)

const keyOf = (label: string) => label.normalize('NFC').toLowerCase()

const read = {
  inbox: () => asTree(openTasks.value.filter(({ projectId }) => projectId === null)),
  project: (id) => asTree(openTasks.value.filter(({ projectId }) => projectId === id)),
  today: () => [
    ...section('overdue', 'Overdue', overdueTasks.value, { isOverdue: true }),
    ...section('today', dayTitle(today.value), todayTasks.value),
  ],
  upcoming: () => byDay(upcomingTasks.value, (task) => dueOf(task)?.day ?? 0),
  label: (name) =>
    openTasks.value
      .filter((task) => task.labels.some((label) => keyOf(label) === keyOf(name)))
      .toSorted(byDue)
      .map((task) => rowOf(task)),
  search: (words) => {
    const all = found(words)
    return [
      ...section('open', 'To do', all.filter(isOpen)),
      ...section(
        'closed',
        'Done',
        all.filter((task) => !isOpen(task)),
      ),
    ]
  },
  done: () =>
    byDay(doneTasks.value, ({ completedAt }) => wallAt(Date.parse(completedAt ?? ''), timeZone.value).day),
  trash: () => (trash.value.value ?? []).map((task) => rowOf(task)),
} satisfies Record<string, (of: string) => Row[]>

/** The lines of the list that is shown. */
export const rows = computed((): readonly Row[] => {
  const { view, of = '' } = place.value
  return isList(view) ? read[view](of) : []
})

export const isList = (view: string): view is keyof typeof read => view in read

/** How many tasks are to be done in each project; those of the inbox under null. */
export const counts = computed(() => {
  const all = new Map<string | null, number>()
  for (const { projectId } of openTasks.value) all.set(projectId, (all.get(projectId) ?? 0) + 1)
  return all
})

/** The title of the view, which is also that of the window. */
export const title = computed(() => {
  const { view, of = '' } = place.value
  if (view === 'project') return projectById.value.get(of)?.name ?? 'Project'
  if (view === 'label') return labels.value.find(({ name }) => keyOf(name) === keyOf(of))?.name ?? of
  return titles[view]
})

const titles = {
  inbox: 'Inbox',
  today: 'Today',
  upcoming: 'Upcoming',
  labels: 'Labels',
  search: 'Search',
  done: 'Done',
  trash: 'Trash',
  attention: 'Needs you',
  settings: 'Settings',
}
