import type { NewTask, Project } from '../../client/src/index.ts'
import { readWords, type Words } from '../../client/src/words/index.ts'
import type { Call, Session } from './call.ts'
import { Failure } from './failure.ts'
import { projectId } from './names.ts'
import { presentOf } from './tasks.ts'
import { clean } from './text.ts'

/** What the words and options of `add` and `edit` say of a task. */
export interface Said {
  fields: Partial<NewTask>
  /** Labels that are added; `fields` has none. */
  labels: readonly string[]
}

type Read = (line: string, projects: readonly Project[]) => Words

/** chrono-node is loaded only here: it takes longer than all the rest. */
async function readerFor(call: Call, session: Session): Promise<Read> {
  const { casual: parser } = await import('chrono-node/en')
  const present = presentOf(call, session)
  return (line, projects) =>
    readWords(line, { ...present, parser, projects: projects.map(({ name }) => name) })
}

/**
 * Reads the words of a task and the options beside them, which count more. Throws a Failure, also where there shall be
 * a title and is none, before a project is created.
 */
export async function readTask(call: Call, session: Session, needsTitle: boolean): Promise<Said> {
  const { options, words } = call
  const read = await readerFor(call, session)
  const line = words.join(' ')
  const isPlain = options.has('plain')
  const first = isPlain ? undefined : read(line, [])
  const named = options.value('project') ?? first?.project
  const projects = named === undefined ? [] : await session.docket.projects.list().toArray()
  const said = first?.project === undefined ? first : read(line, projects)
  const project = options.value('project') ?? said?.project
  const title = options.value('title') ?? said?.title ?? line
  if (needsTitle && title.trim() === '') throw noTitle()
  return {
    fields: {
      ...((options.has('title') || title.trim() !== '') && { title }),
      ...timesOf(said, call, read),
      ...priorityOf(options.value('priority') ?? said?.priority),
      ...(options.has('description') && { description: options.value('description') ?? '' }),
      ...(project !== undefined && { projectId: await projectId(project, projects, session, call) }),
    },
    labels: [...(said?.labels ?? []), ...options.values('label')],
  }
}

const noTitle = () =>
  new Failure(
    'usage',
    'The words leave no title: put what is not meant as a date or mark into quotes, or use --plain.',
  )

/** Todoist's numbers are taken too. The server judges the rest. */
function priorityOf(word: string | undefined): Pick<NewTask, 'priority'> {
  if (word === undefined) return {}
  const names = { 1: 'high', 2: 'medium', 3: 'low', 4: 'none' } as const
  const priority = Object.entries(names).find(
    ([number, name]) => word === number || word.toLowerCase() === name,
  )?.[1]
  if (priority) return { priority }
  throw new Failure('usage', `--priority is high, medium, low or none, not ${clean(word)}.`)
}

/** When it is due, and how it recurs. Without a date a task cannot recur, so that clearing it clears both. */
function timesOf(
  said: Words | undefined,
  { options }: Call,
  read: Read,
): Pick<NewTask, 'dueDate' | 'recurrence'> {
  const [due, repeat] = [options.value('due'), options.value('repeat')]
  const repeated = repeat === undefined ? undefined : readRepeat(repeat, read)
  const times = {
    ...(said?.dueDate !== undefined && { dueDate: said.dueDate }),
    ...(said?.recurrence && { recurrence: said.recurrence }),
    ...repeated,
  }
  if (due === undefined) return times
  return due === 'none' ? { dueDate: null, recurrence: null } : { ...times, dueDate: readDate(due, read) }
}

const isInstant = /^\d{4}-\d\d-\d\dT/

/** Reads a date that stands for itself, so that `sun` is one too. Throws Failure. */
export function readDate(text: string, read: Read): string {
  if (isInstant.test(text)) return text
  for (const line of [text, `on ${text}`]) {
    const { title, dueDate, parts } = read(line, [])
    if (title === '' && dueDate !== undefined && parts.every(({ kind }) => kind === 'due')) return dueDate
  }
  throw new Failure('usage', `${clean(text)} is not a date such as 2026-12-01, tomorrow 5pm or next friday.`)
}

function readRepeat(text: string, read: Read): Pick<NewTask, 'dueDate' | 'recurrence'> {
  if (text === 'none') return { recurrence: null }
  if (/^FREQ=/i.test(text)) return { recurrence: { rule: text } }
  const { title, dueDate, recurrence } = read(text, [])
  if (title === '' && recurrence && dueDate !== undefined) return { dueDate, recurrence }
  throw new Failure(
    'usage',
    `${clean(text)} is not a recurrence such as every monday, or a rule of RFC 5545.`,
  )
}

/** Reads dates in the options of `list`. */
export async function dateReader(call: Call, session: Session): Promise<(text: string) => string> {
  const read = await readerFor(call, session)
  return (text) => readDate(text, read)
}
