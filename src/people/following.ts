import type { DocketEvent } from '../../client/src/index.ts'
import { openSession, type Call } from './call.ts'
import { Failure } from './failure.ts'
import { clean, jsonOf } from './text.ts'
import { write } from './terminal.ts'

const verbs = { create: 'created', update: 'changed', delete: 'deleted', restore: 'restored' }

/** Prints each change as it comes, until Ctrl-C. */
export async function watch(call: Call): Promise<void> {
  const { options, terminal } = call
  const { docket } = openSession(call)
  const since = options.value('since')
  if (since !== undefined && !/^\d{1,16}$/.test(since))
    throw new Failure('usage', '--since is the number of a revision.')
  const from = since === undefined ? {} : { since: Number(since) }
  for await (const event of docket.events({ signal: terminal.signal, ...from })) {
    if (event.type !== 'change') continue
    const { change } = event
    await write(terminal.output, options.has('json') ? `${jsonOf(change)}\n` : lineOf(change))
  }
}

type Change = Extract<DocketEvent, { type: 'change' }>['change']

/** What is deleted has no title any more. */
function lineOf({ kind, id, action, revision, at, task, project }: Change): string {
  const name = task?.title ?? project?.name
  return `${at.slice(0, 19)}Z  ${revision}  ${verbs[action]} ${kind} ${name === undefined ? id : clean(name)}\n`
}

/** Prints everything but the trash, a task at a time, so that any number fits into memory. */
export async function exportAll(call: Call): Promise<void> {
  const { output, now } = call.terminal
  const { docket } = openSession(call)
  const projects = await docket.projects.list().toArray()
  const head = { exportedAt: new Date(now()).toISOString(), projects }
  await write(output, `${jsonOf(head).slice(0, -1)},"tasks":[`)
  let separator = '\n'
  for await (const task of docket.tasks.list({ sort: 'createdAt', limit: 100 })) {
    await write(output, separator + jsonOf(task))
    separator = ',\n'
  }
  await write(output, '\n]}\n')
}
