import type { TaskPatch } from '../../client/src/index.ts'
import { answer, openSession, type Call } from './call.ts'
import { Failure } from './failure.ts'
import { findId, lineOf, namesFor, presentOf, rememberChange, report } from './tasks.ts'
import { readTask } from './words.ts'

/** Adds a task, which then has the next number after the last list. */
export async function add(call: Call): Promise<void> {
  const { options } = call
  const session = openSession(call)
  const parent = options.value('parent')
  const parentId = parent === undefined ? {} : { parentId: await findId(parent, session) }
  const { fields, labels } = await readTask(call, session, true)
  const { title = '', ...rest } = fields
  const task = await session.docket.tasks.create({ title, ...rest, ...parentId, labels: unique(labels) })
  const list = [...session.memory.list, task.id]
  rememberChange(session, [task.revision], list)
  const text = `Added ${list.length}: ${lineOf(task, await namesFor([task], session), presentOf(call, session))}\n`
  await answer(call, [task], text)
}

/** Changes what the words and options say, if nobody else changes the task at the same time. */
export async function edit({ words: [word = '', ...words], ...rest }: Call): Promise<void> {
  const call = { ...rest, words }
  const { options } = call
  const session = openSession(call)
  const id = await findId(word, session)
  const { fields, labels } = await readTask(call, session, false)
  const removed = options.values('unlabel')
  const status = statusOf(options.value('status'))
  const isLabelled = labels.length > 0 || removed.length > 0
  if (Object.keys(fields).length === 0 && !isLabelled && status === undefined) {
    throw new Failure('usage', 'Say what to change: `docket edit --help` lists what there is.')
  }
  const held = await session.docket.tasks.get(id)
  const kept = held.labels.filter((label) => !removed.some((other) => keyOf(other) === keyOf(label)))
  const patch: TaskPatch = {
    ...fields,
    ...(isLabelled && { labels: unique([...kept, ...labels]) }),
    ...(status !== undefined && { status }),
  }
  const task = await session.docket.tasks.update(held, patch)
  if (task.revision !== held.revision) rememberChange(session, [task.revision])
  await report(call, session, 'Changed', [task])
}

const statuses = ['incomplete', 'in_progress', 'complete', 'cancelled'] as const

function statusOf(word: string | undefined): TaskPatch['status'] | undefined {
  if (word === undefined) return undefined
  const status = statuses.find((one) => one === word.toLowerCase().replace('-', '_'))
  if (status) return status
  throw new Failure('usage', `--status is one of ${statuses.join(', ')}.`)
}

const keyOf = (label: string) => label.normalize('NFC').toLowerCase()

/** The spelling that comes last stands. */
const unique = (labels: readonly string[]): string[] => [
  ...new Map(labels.map((label) => [keyOf(label), label])).values(),
]
