import type { Task } from '../../../client/src/index.ts'
import { labelItems, priorityItems, projectItems } from '../list/task-menu.ts'
import { Icon, type IconName } from '../parts/icon.tsx'
import { openMenu } from '../parts/menu.tsx'
import { patch, toggleLabel } from '../state/actions.ts'
import { cover } from '../state/address.ts'
import { projectById } from '../state/data.ts'
import { dueWords, fullDay } from '../state/dates.ts'
import { isOpen } from '../state/status.ts'
import { recurrenceWords } from '../state/recurrence.ts'
import { dueOf, isOverdue } from '../state/today.ts'

const priorities = { high: 'High', medium: 'Medium', low: 'Low', none: 'None' }

/** What a task has beside its text, each with what changes it. */
export function Facts({ task }: { task: Task }) {
  const { id, priority, recurrence, projectId } = task
  const due = dueOf(task)
  const project = projectId === null ? undefined : projectById.value.get(projectId)
  return (
    <dl class="facts">
      <Fact icon="calendar" name="Due">
        <button type="button" class="fact" onClick={() => cover({ kind: 'due', ids: [id] })}>
          {due ? (
            <span class={isOpen(task) && isOverdue(due) ? 'due overdue' : 'due'} title={fullDay(due.day)}>
              {dueWords(due)}
            </span>
          ) : (
            <span class="faint">No date</span>
          )}
        </button>
        {due && (
          <button
            type="button"
            class="quiet"
            aria-label="Remove the due date"
            onClick={() => patch([id], (of) => `No due date: ${of}`, { dueDate: null, recurrence: null })}
          >
            <Icon name="close" />
          </button>
        )}
      </Fact>
      <Fact icon="repeat" name="Repeats">
        <button type="button" class="fact" onClick={() => cover({ kind: 'due', ids: [id] })}>
          {recurrence ? recurrenceWords(recurrence) : <span class="faint">Once</span>}
        </button>
      </Fact>
      <Fact icon="flag" name="Priority">
        <button
          type="button"
          class={`fact priority-${priority}`}
          aria-haspopup="menu"
          onClick={(event) => openMenu(event.currentTarget, 'Priority', priorityItems([id]))}
        >
          {priorities[priority]}
        </button>
      </Fact>
      <Fact icon="project" name="Project">
        <button
          type="button"
          class="fact"
          dir="auto"
          aria-haspopup="menu"
          onClick={(event) => openMenu(event.currentTarget, 'Project', projectItems([id]))}
        >
          {project?.name ?? 'Inbox'}
        </button>
      </Fact>
      <Fact icon="label" name="Labels">
        {task.labels.map((label) => (
          <span key={label} class="chip" dir="auto">
            {label}
            <button type="button" aria-label={`Remove ${label}`} onClick={() => toggleLabel([id], label)}>
              <Icon name="close" />
            </button>
          </span>
        ))}
        <button
          type="button"
          class="fact faint"
          aria-haspopup="menu"
          onClick={(event) => openMenu(event.currentTarget, 'Labels', labelItems([id]))}
        >
          Add label
        </button>
      </Fact>
    </dl>
  )
}

function Fact({
  icon,
  name,
  children,
}: {
  icon: IconName
  name: string
  children: preact.ComponentChildren
}) {
  return (
    <div class="fact-line">
      <dt>
        <Icon name={icon} /> {name}
      </dt>
      <dd>{children}</dd>
    </div>
  )
}
