import type { Project, Task } from '../../client/src/index.ts'
import { answer, type Call, type Session } from './call.ts'
import { dueInWords, urgencyOf, type Present } from './due.ts'
import { Failure } from './failure.ts'
import { screenOf, table, type Cell } from './table.ts'
import { clean } from './text.ts'

/** The present of the user who is signed in. */
export const presentOf = ({ terminal }: Call, { login }: Session): Present => ({
  now: terminal.now(),
  timeZone: login.timeZone,
})

const priorityStyles = { high: 'red', medium: 'yellow', low: 'cyan', none: undefined } as const
const urgencyStyles = { late: 'red', today: 'green' } as const
const signs = { incomplete: ' ', in_progress: '>', complete: 'x', cancelled: '-' }

/** Tasks as a table, numbered, and with the names of their projects. */
export function tableOf(
  tasks: readonly Task[],
  projects: ReadonlyMap<string, string>,
  present: Present,
  call: Call,
): string {
  const rows = tasks.map((task, i): Cell[] => {
    const urgency = urgencyOf(task, present)
    return [
      { text: String(i + 1).padStart(String(tasks.length).length), style: 'dim' },
      { text: signs[task.status].trim() },
      { text: clean(task.title), style: task.status === 'complete' ? 'dim' : undefined },
      { text: dueOf(task, present), style: urgency && urgencyStyles[urgency] },
      { text: task.priority === 'none' ? '' : `!${task.priority}`, style: priorityStyles[task.priority] },
      { text: projectOf(task, projects) },
      { text: labelsOf(task), style: 'cyan' },
    ]
  })
  return rows.length === 0 ? '' : table(rows, 2, screenOf(call.terminal))
}

export const dueOf = ({ dueDate, recurrence }: Task, present: Present): string =>
  dueDate === null ? '' : `${dueInWords(dueDate, present)}${recurrence ? ' ↻' : ''}`

const projectOf = ({ projectId }: Task, projects: ReadonlyMap<string, string>) =>
  projectId === null ? '' : `#${clean(projects.get(projectId) ?? '?')}`

export const labelsOf = ({ labels }: Task): string => labels.map((label) => `@${clean(label)}`).join(' ')

/** A task on one line, such as `Pay rent (tomorrow, #home)`. */
export function lineOf(task: Task, projects: ReadonlyMap<string, string>, present: Present): string {
  const more = [
    dueOf(task, present),
    task.priority === 'none' ? '' : `!${task.priority}`,
    projectOf(task, projects),
    labelsOf(task),
  ].filter((part) => part !== '')
  return clean(task.title) + (more.length > 0 ? ` (${more.join(', ')})` : '')
}

export const namesOf = (projects: readonly Project[]): ReadonlyMap<string, string> =>
  new Map(projects.map(({ id, name }) => [id, name]))

/** The names of projects, where tasks are in any. */
export async function namesFor(tasks: readonly Task[], { docket }: Session) {
  const isInAny = tasks.some(({ projectId }) => projectId !== null)
  return namesOf(isInAny ? await docket.projects.list().toArray() : [])
}

/** Tells what became of tasks, and remembers their revisions for `undo`. */
export async function report(
  call: Call,
  session: Session,
  verb: string,
  tasks: readonly Task[],
): Promise<void> {
  const names = call.options.has('json') ? new Map<string, string>() : await namesFor(tasks, session)
  const present = presentOf(call, session)
  await answer(call, tasks, tasks.map((task) => `${verb}: ${lineOf(task, names, present)}\n`).join(''))
}

/** Adds the changes of one command to those that can be undone. */
export function rememberChange(
  { memory, remember }: Session,
  revisions: readonly number[],
  list = memory.list,
): void {
  const most = 50
  remember({ list, changes: [...memory.changes, revisions].slice(-most) })
}

const isNumber = /^[1-9]\d{0,3}$/
const isBeginning = /^[0-9a-f][0-9a-f-]{3,35}$/i
const idLength = 36

/** Finds the id of a task: by its number in the last list, by its id or by a beginning of it. Throws Failure. */
export async function findId(word: string, { docket, memory }: Session): Promise<string> {
  if (isNumber.test(word)) return memory.list[Number(word) - 1] ?? unknownNumber(word, memory.list.length)
  const wanted = word.toLowerCase()
  if (!isBeginning.test(wanted)) {
    throw new Failure(
      'usage',
      `${clean(word)} is neither a number of the last list nor an id, or the beginning of one.`,
    )
  }
  if (wanted.length === idLength) return wanted
  const found = new Set(memory.list.filter((id) => id.startsWith(wanted)))
  if (found.size === 0) {
    for await (const { id } of docket.tasks.list({ limit: 100 })) if (id.startsWith(wanted)) found.add(id)
  }
  const [id] = found
  if (id === undefined) throw new Failure('notFound', `No task has an id that begins with ${wanted}.`)
  if (found.size === 1) return id
  throw new Failure('usage', `${found.size} tasks have ids that begin with ${wanted}: give more of it.`)
}

function unknownNumber(word: string, most: number): never {
  const what = most === 0 ? 'the last list was empty' : `the last list has ${most}`
  throw new Failure('notFound', `There is no task ${word}: ${what}. Run \`docket list\`.`)
}

/** Finds all of them before anything is changed, each once. */
export async function findIds(session: Session, call: Call): Promise<string[]> {
  const ids = new Set<string>()
  for (const word of call.words) ids.add(await findId(word, session))
  return [...ids]
}
