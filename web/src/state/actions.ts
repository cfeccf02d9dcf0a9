import type { NewTask, Project, Task, TaskPatch } from '../../../client/src/index.ts'
import type { Place, Write } from '../../../client/src/replica/replica.ts'
import { formatDay, formatInstant, instantOf, wallAt, type Day } from '../../../client/src/words/days.ts'
import { closeTask, go, place } from './address.ts'
import { present, projectById } from './data.ts'
import { dayWords } from './dates.ts'
import { isOpen } from './status.ts'
import { dueOf, timeZone } from './today.ts'
import { leaveTrash, trash } from './trash.ts'
import { did, tell } from './undo.ts'

// What the user can do. Each of these is shown at once, told, and can be undone.

const quoted = (text: string) => `“${text.length > 40 ? `${text.slice(0, 39)}…` : text}”`

/** The tasks, in the words of a notice. */
export function named(tasks: readonly Pick<Task, 'title'>[]): string {
  const [first] = tasks
  return tasks.length === 1 && first ? quoted(first.title) : `${tasks.length} tasks`
}

/** Those of the tasks that are still here. */
export const heldOf = (ids: Iterable<string>): Task[] =>
  [...ids].map((id) => present().tasks.get(id)).filter((task) => task !== undefined)

function each(ids: Iterable<string>, words: (of: string) => string, write: (task: Task) => Write): void {
  const held = heldOf(ids)
  if (held.length > 0) did(words(named(held)), held.map(write))
}

export const patch = (ids: Iterable<string>, words: (of: string) => string, fields: TaskPatch): void =>
  each(ids, words, (task) => present().tasks.update(task, fields))

export const complete = (ids: Iterable<string>): void =>
  each(
    ids,
    (of) => `Completed ${of}`,
    (task) => present().tasks.complete(task),
  )

export const reopen = (ids: Iterable<string>): void =>
  patch(ids, (of) => `To do again: ${of}`, { status: 'incomplete' })

/** Completes what is to be done, or the other way round. */
export function toggle(ids: Iterable<string>): void {
  const held = heldOf(ids)
  const open = held.filter(isOpen)
  if (open.length > 0) complete(open.map(({ id }) => id))
  else reopen(held.map(({ id }) => id))
}

export const skip = (ids: Iterable<string>): void =>
  each(
    [...ids].filter((id) => present().tasks.get(id)?.recurrence),
    (of) => `Skipped ${of} once`,
    (task) => present().tasks.skip(task),
  )

export function remove(ids: Iterable<string>): void {
  each(
    withoutFamily(ids),
    (of) => `Deleted ${of}`,
    (task) => present().tasks.remove(task),
  )
  const { task } = place.value
  // What lies over the page, such as the menu that this was chosen from, is closed first.
  if (task !== undefined && !present().tasks.get(task)) queueMicrotask(closeTask)
}

/** What is below another one of them goes with it. */
function withoutFamily(ids: Iterable<string>): string[] {
  const all = new Set(ids)
  const isBelow = (id: string | null): boolean => {
    const parentId = id === null ? null : (present().tasks.get(id)?.parentId ?? null)
    return parentId !== null && (all.has(parentId) || isBelow(parentId))
  }
  return [...all].filter((id) => !isBelow(id))
}

/** Adds a task; to a project that is new, if that has a name here. */
export function create(fields: NewTask, newProject?: string): void {
  const made = newProject === undefined ? [] : [present().projects.create({ name: newProject, color: null })]
  const projectId = made[0]?.thing ?? fields.projectId
  const where = newProject ?? placeWords(projectId ?? null)
  const isBelow = fields.parentId !== undefined
  did(`Added ${quoted(fields.title)}${isBelow ? '' : ` to ${where}`}`, [
    ...made,
    present().tasks.create({ ...fields, ...(projectId !== undefined && { projectId }) }),
  ])
}

const placeWords = (projectId: string | null): string =>
  projectId === null ? 'the inbox' : (projectById.value.get(projectId)?.name ?? 'a project')

/** Sets the day of the tasks; those that have a time keep it. */
export const setDay = (ids: Iterable<string>, day: Day | undefined): void =>
  each(
    ids,
    (of) => (day === undefined ? `No due date: ${of}` : `${dayWords(day)}: ${of}`),
    (task) => present().tasks.update(task, { dueDate: day === undefined ? null : dueOn(task, day) }),
  )

function dueOn(task: Task, day: Day): string {
  const instant = dueOf(task)?.instant
  if (instant === undefined) return formatDay(day)
  const zone = timeZone.value
  return formatInstant(instantOf(day, wallAt(instant, zone).time, zone), zone)
}

const priorityWords = {
  high: 'High priority',
  medium: 'Medium priority',
  low: 'Low priority',
  none: 'No priority',
}

export const setPriority = (ids: Iterable<string>, priority: Task['priority']): void =>
  patch(ids, (of) => `${priorityWords[priority]}: ${of}`, { priority })

/** Adds a label to the tasks, or takes it off if all of them have it. */
export function toggleLabel(ids: Iterable<string>, label: string): void {
  const has = (task: Task) => task.labels.includes(label)
  const isOn = heldOf(ids).every(has)
  each(
    ids,
    (of) => `${isOn ? 'Without' : 'With'} @${label}: ${of}`,
    (task) => {
      const others = task.labels.filter((name) => name !== label)
      return present().tasks.update(task, { labels: isOn ? others : [...others, label] })
    },
  )
}

export const moveToProject = (ids: Iterable<string>, projectId: string | null): void =>
  each(
    withoutFamily(ids),
    (of) => `Moved ${of} to ${placeWords(projectId)}`,
    (task) => present().tasks.move(task, { projectId, parentId: null, before: null }),
  )

/** Moves a task beside another one. */
export const moveBeside = (ids: Iterable<string>, to: Place): void =>
  each(
    ids,
    (of) => `Moved ${of}`,
    (task) => present().tasks.move(task, to),
  )

const siblings = (task: Task) =>
  present().tasks.inOrder({ projectId: task.projectId, parentId: task.parentId }).filter(isOpen)

/** Moves a task by one place among its siblings. */
export function shift(id: string, by: 1 | -1): void {
  const task = present().tasks.get(id)
  if (!task) return
  const all = siblings(task)
  const next = all[all.findIndex((one) => one.id === id) + by]
  if (!next) return tell(by < 0 ? 'It is the first already.' : 'It is the last already.')
  moveBeside([id], by < 0 ? { before: next.id } : { after: next.id })
}

/** Puts a task below the one before it. */
export function indent(id: string): void {
  const task = present().tasks.get(id)
  if (!task) return
  const all = siblings(task)
  const above = all[all.findIndex((one) => one.id === id) - 1]
  if (!above) return tell('There is no task before it.')
  moveBeside([id], { parentId: above.id, before: null })
}

/** Puts a task beside its parent. */
export function outdent(id: string): void {
  const task = present().tasks.get(id)
  const parent = task?.parentId === null || !task ? undefined : present().tasks.get(task.parentId)
  if (!parent) return tell('It is not below another task.')
  moveBeside([id], { parentId: parent.parentId, projectId: parent.projectId, after: parent.id })
}

export function restore(ids: readonly string[]): void {
  const gone = (trash.value.value ?? []).filter(({ id }) => ids.includes(id))
  did(
    `Restored ${named(gone)}`,
    gone.map((task) => present().tasks.restore(task)),
  )
  leaveTrash(ids)
}

/** Erases tasks of the trash. Of this alone there is no undo. */
export function erase(ids: readonly string[]): void {
  for (const id of ids) present().tasks.remove(id, { permanent: true })
  leaveTrash(ids)
  tell(ids.length === 1 ? 'Erased.' : `Erased ${ids.length} tasks.`)
}

export function createProject(name: string, color: string | null = null): Write {
  const write = present().projects.create({ name, color })
  did(`Added the project ${quoted(name)}`, [write])
  return write
}

export const changeProject = (project: Project, fields: { name?: string; color?: string | null }): void =>
  did(`Changed the project ${quoted(fields.name ?? project.name)}`, [
    present().projects.update(project, fields),
  ])

export function removeProject(project: Project, tasks?: 'keep'): void {
  did(`Deleted the project ${quoted(project.name)}`, [
    present().projects.remove(project, tasks === undefined ? {} : { tasks }),
  ])
  if (place.value.view === 'project' && place.value.of === project.id)
    go({ view: 'inbox' }, { replace: true })
}

/** Moves a project by one place. */
export function shiftProject(project: Project, by: 1 | -1): void {
  const all = present().projects.inOrder()
  const next = all[all.findIndex(({ id }) => id === project.id) + by]
  if (!next) return tell(by < 0 ? 'It is the first already.' : 'It is the last already.')
  did(`Moved the project ${quoted(project.name)}`, [
    present().projects.move(project, by < 0 ? { before: next.id } : { after: next.id }),
  ])
}

export function renameLabel(name: string, to: string): void {
  did(`Renamed @${name}`, present().labels.rename(name, to))
}

export function removeLabel(name: string): void {
  did(`Removed @${name}`, present().labels.remove(name))
}
