import type { Task } from '../../../client/src/index.ts'
import { Icon } from '../parts/icon.tsx'
import { openMenu } from '../parts/menu.tsx'
import { hrefOf, openTask, place } from '../state/address.ts'
import { toggle } from '../state/actions.ts'
import { chosen, chooseTo, cursor, pointAt, subjects, toggleChoice } from '../state/cursor.ts'
import { projectById, unsent } from '../state/data.ts'
import { dueWords, fullDay, timeWords } from '../state/dates.ts'
import { isOpen } from '../state/status.ts'
import { progressOf } from '../state/subtasks.ts'
import { dueOf, isOverdue, today, type Due } from '../state/today.ts'
import { computed } from '@preact/signals'
import { isDetailed } from './heights.tsx'
import { taskMenu } from './task-menu.ts'

const unsentIds = computed(() => new Set(unsent.value.map(({ thing }) => thing)))

export interface TaskRowProps {
  task: Task
  depth: number
  top: number
  number: number
  total: number
}
export const rowProps = ['task', 'depth', 'top', 'number', 'total'] as const

/** A task in a list. The keyboard reaches its parts only where the cursor is; Tab leads out of the list. */
export function TaskRow({ task, depth, top, number, total }: TaskRowProps) {
  const { id, title } = task
  const isChosen = chosen.value.has(id)
  const tabIndex = cursor.value === id ? 0 : -1
  const isShown = place.value.task === id
  const names = ['row', 'task']
  if (isDetailed({ kind: 'task', key: id, task, depth })) names.push('detailed')
  if (isChosen) names.push('chosen')
  if (isShown) names.push('shown')
  if (!isOpen(task)) names.push('closed')

  const press = (event: MouseEvent) => {
    event.preventDefault()
    if (event.ctrlKey || event.metaKey) toggleChoice(id)
    else if (event.shiftKey) chooseTo(id)
    // The first press of a finger or a mouse selects more; a key that opens does so all the same.
    else if (chosen.value.size > 0 && event.detail > 0) toggleChoice(id)
    else openTask(id)
    pointAt(id)
  }
  const menu = (from: Element) => {
    pointAt(id)
    const ids = isChosen ? subjects() : [id]
    openMenu(from, `Actions for ${title}`, taskMenu(ids))
  }

  return (
    <li
      class={names.join(' ')}
      data-id={id}
      aria-setsize={total}
      aria-posinset={number}
      aria-current={isShown ? 'true' : undefined}
      style={{ transform: `translateY(${top}px)`, '--depth': depth }}
      onContextMenu={(event) => {
        event.preventDefault()
        // A long press of a finger drags.
        if (!document.documentElement.classList.contains('dragging')) menu(event.currentTarget)
      }}
    >
      {place.value.view === 'trash' ? <Icon name="trash" /> : <Tick task={task} tabIndex={tabIndex} />}
      <a
        class="title"
        href={hrefOf({ ...place.value, task: id })}
        tabIndex={tabIndex}
        draggable={false}
        onClick={press}
        onFocus={() => pointAt(id)}
      >
        {isChosen && <span class="unseen">Selected: </span>}
        <span dir="auto">{title}</span>
      </a>
      <Details task={task} />
      <button
        type="button"
        class="quiet more"
        tabIndex={tabIndex}
        aria-haspopup="menu"
        aria-label={`Actions for ${title}`}
        onClick={(event) => menu(event.currentTarget)}
      >
        <Icon name="more" />
      </button>
    </li>
  )
}

/** Completes a task, or lets it be done again. */
export function Tick({ task, tabIndex }: { task: Task; tabIndex?: number }) {
  const isChecked = !isOpen(task)
  return (
    <button
      type="button"
      role="checkbox"
      class={`tick ${task.priority}`}
      tabIndex={tabIndex}
      aria-checked={isChecked}
      aria-label={`Done: ${task.title}`}
      onClick={() => toggle([task.id])}
    >
      <Icon name="check" />
    </button>
  )
}

/** What a list says of a task beside its title. */
function Details({ task }: { task: Task }) {
  const { view } = place.value
  const project = task.projectId === null ? undefined : projectById.value.get(task.projectId)
  const { done, all } = progressOf(task.id)
  return (
    <span class="details">
      {task.description !== '' && (
        <span class="detail" title="Has a description">
          <Icon name="note" />
        </span>
      )}
      {all > 0 && (
        <span class="detail" aria-label={`${done} of ${all} subtasks done`} role="img">
          <Icon name="subtask" /> {done}/{all}
        </span>
      )}
      {task.labels.map((label) => (
        <span key={label} class="detail label" dir="auto">
          {label}
        </span>
      ))}
      {project && view !== 'project' && (
        <span class="detail project" dir="auto">
          <span class="dot" style={project.color ? { background: project.color } : {}} /> {project.name}
        </span>
      )}
      <DueDetail task={task} />
      {unsentIds.value.has(task.id) && (
        <span class="detail unsent" role="img" aria-label="Not sent yet" title="Not sent yet">
          <Icon name="cloud" />
        </span>
      )}
    </span>
  )
}

function DueDetail({ task }: { task: Task }) {
  const due = dueOf(task)
  if (!due) return null
  const isPlain = isUnderItsDay(due)
  if (isPlain && due.instant === undefined && !task.recurrence) return null
  const when = () => {
    if (!isOpen(task)) return ''
    if (isOverdue(due)) return 'overdue'
    return due.day === today.value ? 'today' : ''
  }
  return (
    <span class={`detail due ${when()}`} title={fullDay(due.day)}>
      {task.recurrence && <Icon name="repeat" />}
      {task.recurrence && <span class="unseen">Repeats </span>}
      {when() === 'overdue' && <span class="unseen">Overdue: </span>}
      {isPlain ? timeWords(due) : dueWords(due)}
    </span>
  )
}

/** Under the heading of a day, only the time is news. */
function isUnderItsDay({ day }: Due): boolean {
  const { view } = place.value
  return (view === 'today' && day === today.value) || view === 'upcoming'
}
