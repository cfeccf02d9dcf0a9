import type { Task, TaskQuery } from '../../client/src/index.ts'
import { answer, note, openSession, type Call, type Session } from './call.ts'
import { dayAfter } from './due.ts'
import { Failure } from './failure.ts'
import { projectId } from './names.ts'
import { screenOf, table } from './table.ts'
import { dueOf, findId, labelsOf, namesFor, namesOf, presentOf, tableOf } from './tasks.ts'
import { clean } from './text.ts'
import { dateReader } from './words.ts'

const standardLimit = 100
const open = ['incomplete', 'in_progress'] as const
/** How a task's own filters of the due date are called. */
const dues = ['overdue', 'today', 'upcoming', 'none'] as const

/** Lists tasks, and keeps their numbers for the next commands. */
export async function list(call: Call): Promise<void> {
  const session = openSession(call)
  const limit = limitOf(call.options.value('limit'))
  const queries = await queriesOf(call, session)
  // At once: a person waits for all of them.
  const [names, ...found] = await Promise.all([
    namesUnlessJson(call, session),
    ...queries.map((query) => some(query, limit + 1, session)),
  ])
  const all = found.flat()
  const tasks = all.slice(0, limit)
  if (call.options.has('json')) return answer(call, tasks, '')
  session.remember({ list: tasks.map(({ id }) => id) })
  await answer(call, tasks, tableOf(tasks, names, presentOf(call, session), call))
  if (tasks.length === 0)
    await note(call, 'There is nothing to list. `docket list --all` lists all that is open.')
  if (all.length > limit) await note(call, `There are more than ${limit}: --limit N lists more.`)
}

async function namesUnlessJson({ options }: Call, { docket }: Session) {
  return namesOf(options.has('json') ? [] : await docket.projects.list().toArray())
}

async function some(query: TaskQuery, most: number, { docket }: Session): Promise<Task[]> {
  const tasks: Task[] = []
  for await (const task of docket.tasks.list({ ...query, limit: Math.min(most, 100) })) {
    if (tasks.push(task) === most) break
  }
  return tasks
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return standardLimit
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw new Failure('usage', `--limit is a number, not ${clean(text)}.`)
}

/** What is asked of the server: what is overdue before what is due today, if nothing is said. */
async function queriesOf(call: Call, session: Session): Promise<TaskQuery[]> {
  const { words, options } = call
  const sort = options.value('sort')
  const filters = await filtersOf(call, session)
  const q = words.join(' ')
  const isAny = Object.keys(filters).length > 0 || q !== '' || options.has('all')
  const base: TaskQuery = { status: open, sort: sort ?? 'dueDate,priority' }
  if (!isAny)
    return [
      { ...base, due: 'overdue' },
      { ...base, due: 'today' },
    ]
  return [{ ...base, ...filters, ...(q !== '' && { q }), ...(sort !== undefined && { sort }) }]
}

async function filtersOf(call: Call, session: Session): Promise<TaskQuery> {
  const { options } = call
  const [name, status, priority] = [
    options.value('project'),
    options.value('status'),
    options.value('priority'),
  ]
  const projects = name === undefined ? [] : await session.docket.projects.list().toArray()
  const project = name === undefined ? undefined : await projectId(name, projects, session, call)
  const label = options.values('label')
  return {
    ...(project !== undefined && { project: project ?? 'none', sort: 'position' }),
    ...(label.length > 0 && { label }),
    ...(priority !== undefined && {
      priority: listOf(priority, ['high', 'medium', 'low', 'none'], '--priority'),
    }),
    ...(options.has('done') && { status: 'complete', sort: '-completedAt' }),
    ...(status !== undefined && { status: listOf(status, [...open, 'complete', 'cancelled'], '--status') }),
    ...(options.has('trash') && { deleted: true, status: [...open, 'complete', 'cancelled'] }),
    ...(await timesOf(call, session)),
  }
}

function listOf<Value extends string>(text: string, values: readonly Value[], option: string): Value[] {
  return text.split(',').map((word) => {
    const value = values.find((one) => one === word.trim().toLowerCase())
    if (value === undefined)
      throw new Failure('usage', `${option} is ${values.join(', ')}, or several with commas.`)
    return value
  })
}

async function timesOf(
  call: Call,
  session: Session,
): Promise<Pick<TaskQuery, 'due' | 'dueFrom' | 'dueBefore'>> {
  const [due, from, before] = ['due', 'from', 'before'].map((name) => call.options.value(name))
  const known = dues.find((one) => one === due)
  if ((due === undefined || known) && from === undefined && before === undefined)
    return known ? { due: known } : {}
  const read = await dateReader(call, session)
  const day = due === undefined || known ? undefined : read(due).slice(0, 10)
  return {
    ...(known && { due: known }),
    ...(day !== undefined && { dueFrom: day, dueBefore: dayAfter(day) }),
    ...(from !== undefined && { dueFrom: read(from) }),
    ...(before !== undefined && { dueBefore: read(before) }),
  }
}

/** Shows all of a task, and what is below it. */
export async function show(call: Call): Promise<void> {
  const session = openSession(call)
  const { docket } = session
  const id = await findId(call.words[0] ?? '', session)
  const task = await docket.tasks.get(id)
  if (call.options.has('json')) return answer(call, [task], '')
  const parts = await docket.tasks.list({ parent: id, sort: 'position' }).toArray()
  const names = await namesFor([task], session)
  const present = presentOf(call, session)
  const { recurrence, projectId: of } = task
  const rows: [string, string][] = [
    ['Title', clean(task.title)],
    ['Status', task.status.replace('_', ' ')],
    ['Due', dueOf(task, present)],
    [
      'Recurs',
      recurrence ? `${clean(recurrence.rule)}, from ${recurrence.from}, ${recurrence.done} done` : '',
    ],
    ['Priority', task.priority === 'none' ? '' : task.priority],
    ['Project', of === null ? 'inbox' : clean(names.get(of) ?? of)],
    ['Labels', labelsOf(task)],
    ...parts.map((part): [string, string] => [
      'Part',
      `${clean(part.title)}${part.status === 'complete' ? ' (complete)' : ''}`,
    ]),
    ['Created', task.createdAt],
    ['Changed', `${task.updatedAt}, revision ${task.revision}`],
    ['Id', task.id],
  ]
  const description = task.description
    .split(/\r?\n/)
    .map((line) => `${clean(line.replaceAll('\t', '    '))}\n`)
  const text = rows.filter(([, value]) => value !== '').map(([name, value]) => `${name.padEnd(10)}${value}\n`)
  await answer(call, [task], text.join('') + (task.description === '' ? '' : `\n${description.join('')}`))
}

/** Lists the projects with what is open in each. */
export async function listProjects(call: Call): Promise<void> {
  const { docket } = openSession(call)
  const all = await docket.projects.list({ count: true }).toArray()
  const rows = all.map(({ name, incomplete = 0 }) => [
    { text: `#${clean(name)}` },
    { text: String(incomplete) },
  ])
  await answer(call, all, table(rows, 0, screenOf(call.terminal)))
}

/** Lists the labels in use with how many tasks have each. */
export async function listLabels(call: Call): Promise<void> {
  const { docket } = openSession(call)
  const all = await docket.labels.list()
  const rows = all.map(({ name, tasks }) => [{ text: `@${clean(name)}` }, { text: String(tasks) }])
  await answer(call, all, table(rows, 0, screenOf(call.terminal)))
}
