import { useSignal } from '@preact/signals'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { NewTask } from '../../../client/src/index.ts'
import type { Part, Words } from '../../../client/src/words/index.ts'
import { formatDay } from '../../../client/src/words/days.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Icon, type IconName } from '../parts/icon.tsx'
import { create } from '../state/actions.ts'
import { place, uncover } from '../state/address.ts'
import { projects } from '../state/data.ts'
import { dueWords } from '../state/dates.ts'
import { personal } from '../state/personal.ts'
import { recurrenceWords } from '../state/recurrence.ts'
import { dueIn, today } from '../state/today.ts'
import { onceReadable, readLine, textOf, titled } from '../state/words.ts'

const icons: Record<Part['kind'], IconName> = {
  due: 'calendar',
  recurrence: 'repeat',
  priority: 'flag',
  project: 'project',
  label: 'label',
}

/** What is typed stays for the next time when the dialog is closed. */
const line = personal('')

/** Adds tasks, each with a line of words. It stays open for the next one. */
export function Add() {
  const field = useRef<HTMLInputElement>(null)
  const plain = useSignal<readonly string[]>([])
  const isLoose = useSignal(false)
  const words = readLine(line.value, plain.value)
  const around = isLoose.value ? {} : surroundings()

  const add = () => {
    const [text, dismissed] = [line.value, plain.value]
    line.value = ''
    plain.value = []
    field.current?.focus()
    onceReadable(() => {
      const read = readLine(text, dismissed)
      if (read.title === '') line.value = text
      else create({ ...around, ...fieldsOf(read), ...titled(read.title) }, newProjectOf(read))
    })
  }

  useLayoutEffect(() => field.current?.select(), [])

  return (
    <Dialog label="Add a task" kind="add">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          add()
        }}
      >
        <input
          class="add-line"
          aria-label="Task"
          aria-describedby="add-help"
          placeholder="Pay rent every 1st #home !high"
          dir="auto"
          autocomplete="off"
          enterkeyhint="done"
          ref={field}
          value={line.value}
          onInput={(event) => (line.value = event.currentTarget.value)}
        />
        <div class="chips" role="group" aria-label="What was understood">
          {words.parts.map((part) => (
            <Understood
              key={`${part.kind} ${part.start}`}
              part={part}
              words={words}
              text={textOf(line.value, part)}
              dismiss={(text) => (plain.value = [...plain.value, text])}
            />
          ))}
          {!isLoose.value && <Around words={words} fields={around} dismiss={() => (isLoose.value = true)} />}
        </div>
        <div class="dialog-foot">
          <p id="add-help" class="faint">
            <code>#</code> project, <code>@</code> label, <code>!</code> priority, and dates in words
          </p>
          <button type="button" onClick={uncover}>
            Close
          </button>
          <button type="submit" class="primary" aria-disabled={words.title === ''}>
            Add
          </button>
        </div>
      </form>
    </Dialog>
  )
}

/** A piece of the line that is not in the title, and how to put it back there. */
function Understood({
  part,
  words,
  text,
  dismiss,
}: {
  part: Part
  words: Words
  text: string
  dismiss: (text: string) => void
}) {
  const meant = meaning(part, words, text)
  return (
    <span class={`chip ${part.kind}`} dir="auto">
      <Icon name={icons[part.kind]} /> {meant}
      <button type="button" aria-label={`Keep “${text}” as text`} onClick={() => dismiss(text)}>
        <Icon name="close" />
      </button>
    </span>
  )
}

function meaning({ kind }: Part, words: Words, text: string): string {
  const { dueDate, recurrence, priority, project = '' } = words
  if (kind === 'due' && dueDate) return dueWords(dueIn(dueDate))
  if (kind === 'recurrence' && recurrence) return recurrenceWords(recurrence)
  if (kind === 'priority' && priority) return `${priority} priority`
  if (kind === 'project') return projectNamed(project) ? project : `new project: ${project}`
  return text.replace(/^@/, '')
}

/** What a new task takes from where the user is. */
function surroundings(): Partial<NewTask> {
  const { view, of } = place.value
  if (view === 'project' && of !== undefined) return { projectId: of }
  if (view === 'today') return { dueDate: formatDay(today.value) }
  if (view === 'label' && of !== undefined) return { labels: [of] }
  return {}
}

/** That the task will be where the user is, unless the line says something else. */
function Around({ words, fields, dismiss }: { words: Words; fields: Partial<NewTask>; dismiss: () => void }) {
  const { projectId, dueDate, labels } = fields
  const project = projects.value.find(({ id }) => id === projectId)
  const parts = [
    project && words.project === undefined && project.name,
    dueDate && words.dueDate === undefined && dueWords(dueIn(dueDate)),
    labels && words.labels.length === 0 && labels.join(', '),
  ].filter(Boolean)
  if (parts.length === 0) return null
  return (
    <span class="chip around" dir="auto">
      {parts.join(', ')}
      <button type="button" aria-label={`Without ${parts.join(', ')}`} onClick={dismiss}>
        <Icon name="close" />
      </button>
    </span>
  )
}

const projectNamed = (name: string) =>
  projects.value.find((project) => project.name.toLowerCase() === name.toLowerCase())

/** The name of a project that is not there yet. */
const newProjectOf = ({ project }: Words): string | undefined =>
  project === undefined || projectNamed(project) ? undefined : project

/** The fields that a line says. */
function fieldsOf({ dueDate, recurrence, priority, labels, project = '' }: Words): Partial<NewTask> {
  const projectId = projectNamed(project)?.id
  return {
    ...(dueDate && { dueDate }),
    ...(recurrence && { recurrence }),
    ...(priority && { priority }),
    ...(labels.length > 0 && { labels }),
    ...(projectId !== undefined && { projectId }),
  }
}
