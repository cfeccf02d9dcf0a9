import type { Task } from '../../../client/src/index.ts'
import { Tick } from '../list/task-row.tsx'
import { create } from '../state/actions.ts'
import { hrefOf, place } from '../state/address.ts'
import { isOpen } from '../state/status.ts'
import { progressOf, subtasksOf } from '../state/subtasks.ts'
import { onceReadable, readLine, textOf, titled } from '../state/words.ts'

/** The tasks below a task, and a line to add one. */
export function Subtasks({ task }: { task: Task }) {
  const { done, all } = progressOf(task.id)
  return (
    <section class="subtasks" aria-label="Subtasks">
      <h2>
        Subtasks{' '}
        {all > 0 && (
          <span class="count">
            {done}/{all}
          </span>
        )}
      </h2>
      <ul>
        {subtasksOf(task.id).map((below) => (
          <li key={below.id} class={isOpen(below) ? 'subtask' : 'subtask closed'}>
            <Tick task={below} />
            <a class="title" href={hrefOf({ ...place.value, task: below.id })} dir="auto">
              {below.title}
            </a>
          </li>
        ))}
      </ul>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          const field = event.currentTarget.elements.namedItem('subtask')
          if (field instanceof HTMLInputElement) onceReadable(() => add(field, task.id))
        }}
      >
        <input name="subtask" class="line" aria-label="New subtask" placeholder="Add a subtask" dir="auto" />
      </form>
    </section>
  )
}

function add(field: HTMLInputElement, parentId: string): void {
  const line = field.value
  // It is where its parent is, so the name of a project is text.
  const projects = readLine(line).parts.filter(({ kind }) => kind === 'project')
  const { title, dueDate, recurrence, priority, labels } = readLine(
    line,
    projects.map((part) => textOf(line, part)),
  )
  if (title === '') return
  create({
    ...titled(title),
    parentId,
    ...(dueDate && { dueDate }),
    ...(recurrence && { recurrence }),
    ...(priority && { priority }),
    labels,
  })
  field.value = ''
}
