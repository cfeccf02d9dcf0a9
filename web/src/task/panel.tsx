import { useLayoutEffect, useRef } from 'preact/hooks'
import type { Task } from '../../../client/src/index.ts'
import { focusCursor } from '../list/list.tsx'
import { taskMenu } from '../list/task-menu.ts'
import { Tick } from '../list/task-row.tsx'
import { leaveField, useDraft } from '../parts/drafts.ts'
import { Icon } from '../parts/icon.tsx'
import { openMenu } from '../parts/menu.tsx'
import { closeTask, hrefOf, overlay, place } from '../state/address.ts'
import { present, taskById } from '../state/data.ts'
import { momentWords } from '../state/dates.ts'
import { trash } from '../state/trash.ts'
import { did } from '../state/undo.ts'
import { ConflictsOf } from './conflicts.tsx'
import { Description } from './description.tsx'
import { Facts } from './facts.tsx'
import { HistoryOf } from './history.tsx'
import { Subtasks } from './subtasks.tsx'

/** The task that is open beside the list, or over it where there is no room. */
export function Panel() {
  const id = place.value.task
  if (id === undefined) return null
  const task = taskById(id)
  return (
    <aside class="panel" aria-label="Task" onKeyDown={closeByEscape}>
      {task ? <Opened key={id} task={task} /> : <Gone id={id} />}
    </aside>
  )
}

function closeByEscape(event: KeyboardEvent): void {
  if (event.key !== 'Escape' || overlay.value || event.defaultPrevented) return
  event.preventDefault()
  close()
}

/** Closes the panel, and gives the keyboard back to the list. */
export function close(): void {
  closeTask()
  requestAnimationFrame(focusCursor)
}

const Close = () => (
  <button type="button" class="quiet" aria-label="Close" onClick={close}>
    <Icon name="close" />
  </button>
)

function Gone({ id }: { id: string }) {
  const deleted = trash.value.value?.find((task) => task.id === id)
  return (
    <>
      <div class="panel-bar">
        <Close />
      </div>
      <div class="panel-body">
        <p class="empty-words">
          {deleted ? `${deleted.title} is in the trash.` : 'There is no such task here.'}
        </p>
        {deleted?.description && <p class="preserved">{deleted.description}</p>}
      </div>
    </>
  )
}

function Opened({ task }: { task: Task }) {
  const body = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => body.current?.focus(), [])
  return (
    <>
      <div class="panel-bar">
        <Path task={task} />
        <button
          type="button"
          class="quiet"
          aria-haspopup="menu"
          aria-label={`Actions for ${task.title}`}
          onClick={(event) => openMenu(event.currentTarget, `Actions for ${task.title}`, taskMenu([task.id]))}
        >
          <Icon name="more" />
        </button>
        <Close />
      </div>
      <div class="panel-body" ref={body} tabIndex={-1}>
        <ConflictsOf id={task.id} />
        <div class="panel-head">
          <Tick task={task} />
          <Title task={task} />
        </div>
        <Facts task={task} />
        <Description task={task} />
        <Subtasks task={task} />
        <HistoryOf task={task} />
        <p class="panel-foot">Added {momentWords(task.createdAt)}</p>
      </div>
    </>
  )
}

/** The tasks above this one. */
function Path({ task }: { task: Task }) {
  const parent = task.parentId === null ? undefined : taskById(task.parentId)
  return (
    <span class="panel-path">
      {parent && (
        <a href={hrefOf({ ...place.value, task: parent.id })} dir="auto">
          {parent.title}
        </a>
      )}
    </span>
  )
}

function Title({ task }: { task: Task }) {
  const draft = useDraft(
    task,
    ({ title }) => title,
    (held, text) => {
      const title = text.replaceAll(/\s+/g, ' ').trim()
      if (title !== '') did(`Renamed “${title}”`, [present().tasks.update(held, { title })])
    },
  )
  return (
    <textarea
      class="panel-title"
      aria-label="Title"
      rows={1}
      maxLength={200}
      dir="auto"
      value={draft.value}
      onInput={(event) => draft.type(event.currentTarget.value)}
      onBlur={draft.commit}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== 'Escape') return
        if (event.key === 'Escape') draft.discard()
        event.preventDefault()
        event.stopPropagation()
        leaveField(event.currentTarget)
      }}
    />
  )
}
