import { setTimeout as delay } from 'node:timers/promises'

export type Task = { id: string; revision: number } & Record<string, unknown>
type Change = { revision: number; kind: string; id: string; task: Task | null }

/** One user's tasks as of a revision; store both together. Without a revision it begins anew. */
export type Copy = { tasks: Map<string, Task>; revision?: number }

/** Asks the server for a path, with an access token that is good; the signal ends it. */
export type Get = (path: string, signal: AbortSignal) => Promise<Response>

/** Keeps the copy as the server has it, until the signal comes. */
export async function keepCopy(copy: Copy, get: Get, signal: AbortSignal): Promise<void> {
  const read: Read = async (path) => {
    const answer = await get(path, signal)
    if (!answer.ok) throw new Error(`${path} was answered ${answer.status}`, { cause: answer.status })
    return answer
  }
  while (!signal.aborted) {
    try {
      if (copy.revision === undefined) await readAll(copy, read)
      await follow(copy, read)
    } catch (error) {
      const isTooOld = error instanceof Error && error.cause === 410
      if (isTooOld) delete copy.revision
      else await delay(1000, undefined, { signal }).catch(() => undefined)
    }
  }
}

type Read = (path: string) => Promise<Response>

/** The whole list. What changes during the walk comes after the revision of its first page, so that is where to go on. */
async function readAll(copy: Copy, read: Read): Promise<void> {
  const tasks = new Map<string, Task>()
  let revision: string | null = null
  for (let cursor: string | null = ''; cursor !== null;) {
    const answer = await read(`/tasks?sort=createdAt&limit=100${cursor && `&cursor=${cursor}`}`)
    revision ??= answer.headers.get('docket-revision')
    const page: { items: Task[]; nextCursor: string | null } = JSON.parse(await answer.text())
    for (const task of page.items) tasks.set(task.id, task)
    cursor = page.nextCursor
  }
  Object.assign(copy, { tasks, revision: Number(revision) })
}

/** The stream: what changed since, then what changes, until it is cut; the next one goes on from there. */
async function follow(copy: Copy, read: Read): Promise<void> {
  const { body } = await read(`/events?since=${copy.revision}`)
  let rest = ''
  for await (const text of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const events = (rest + text).split('\n\n')
    rest = events.pop() ?? ''
    for (const event of events) {
      const [, data] = /^event: change\ndata: (.*)$/m.exec(event) ?? []
      if (data) apply(copy, JSON.parse(data))
    }
  }
}

function apply(copy: Copy, { revision, kind, id, task }: Change): void {
  if (task) copy.tasks.set(id, task)
  else if (kind === 'task') copy.tasks.delete(id)
  copy.revision = revision
}
