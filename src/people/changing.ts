import type { Docket, Task } from '../../client/src/index.ts'
import { answer, openSession, type Call, type Session } from './call.ts'
import { Failure } from './failure.ts'
import { projectId } from './names.ts'
import { findId, findIds, rememberChange, report } from './tasks.ts'
import { clean } from './text.ts'

/** Completes tasks; those that recur go on. */
export const done = (call: Call): Promise<void> =>
  changeAll(call, 'Done', ({ tasks }, id) => tasks.complete(id))

/** Lets tasks that recur go on without this occurrence. */
export const skip = (call: Call): Promise<void> =>
  changeAll(call, 'Skipped', ({ tasks }, id) => tasks.skip(id))

/** Changes tasks one after the other. What succeeded before a failure can still be undone. */
async function changeAll(
  call: Call,
  verb: string,
  change: (docket: Docket, id: string) => Promise<Task>,
): Promise<void> {
  const session = openSession(call)
  const ids = await findIds(session, call)
  const changed: Task[] = []
  try {
    for (const id of ids) changed.push(await change(session.docket, id))
  } finally {
    if (changed.length > 0)
      rememberChange(
        session,
        changed.map(({ revision }) => revision),
      )
  }
  await report(call, session, verb, changed)
}

/** Puts tasks into the trash. */
export async function rm(call: Call): Promise<void> {
  const { docket, ...session } = openSession(call)
  const ids = await findIds({ docket, ...session }, call)
  const held = await Promise.all(ids.map((id) => docket.tasks.get(id)))
  const revisions: number[] = []
  try {
    for (const { id } of held) revisions.push(await docket.tasks.remove(id))
  } finally {
    if (revisions.length > 0) rememberChange({ docket, ...session }, revisions)
  }
  const text = held.map(({ title }) => `Deleted: ${clean(title)}\n`).join('')
  await answer(call, held, text)
}

/** Moves a task: to the end, unless something else is said. */
export async function move(call: Call): Promise<void> {
  const { words, options } = call
  const session = openSession(call)
  const id = await findId(words[0] ?? '', session)
  const name = options.value('project')
  const projects = name === undefined ? [] : await session.docket.projects.list().toArray()
  const parent = options.value('parent')
  const place = await placeOf(call, session)
  const task = await session.docket.tasks.move(id, {
    ...place,
    ...(name !== undefined && { projectId: await projectId(name, projects, session, call) }),
    ...(parent !== undefined && {
      parentId: parent === 'none' ? null : await findId(parent, session),
    }),
  })
  rememberChange(session, [task.revision])
  await report(call, session, 'Moved', [task])
}

async function placeOf(
  call: Call,
  session: Session,
): Promise<{ before: string | null } | { after: string | null }> {
  const { options } = call
  const [before, after] = [options.value('before'), options.value('after')]
  if ([before, after, options.has('first') || undefined].filter((one) => one !== undefined).length > 1) {
    throw new Failure('usage', 'Say one of --before, --after and --first.')
  }
  if (before !== undefined) return { before: await findId(before, session) }
  if (after !== undefined) return { after: await findId(after, session) }
  return options.has('first') ? { after: null } : { before: null }
}

/** Takes back a change: one of a revision, or all of the last command that changed something here. */
export async function undo(call: Call): Promise<void> {
  const { words, options, terminal } = call
  const session = openSession(call)
  const { memory, docket, remember } = session
  const revisions = words.length > 0 ? [revisionOf(words[0])] : memory.changes.at(-1)
  if (!revisions)
    throw new Failure('notFound', 'There is nothing to undo here: give the revision of a change.')
  const { signal } = terminal
  const things: object[] = []
  const lines: string[] = []
  for (const revision of revisions.toReversed()) {
    const { thing } = await docket.undo(revision, { signal, ...(options.has('force') && { force: true }) })
    if (thing) things.push(thing)
    const name = thing && ('title' in thing ? thing.title : thing.name)
    lines.push(name === undefined ? `Undone: revision ${revision}\n` : `Undone: ${clean(name)}\n`)
  }
  if (words.length === 0) remember({ changes: memory.changes.slice(0, -1) })
  await answer(call, things, lines.join(''))
}

function revisionOf(word = ''): number {
  if (/^[1-9]\d{0,15}$/.test(word)) return Number(word)
  throw new Failure('usage', `A revision is a number, not ${clean(word)}.`)
}
