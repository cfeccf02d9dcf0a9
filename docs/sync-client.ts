import { setTimeout as delay } from 'node:timers/promises'

export type Task = { id: string; revision: number } & Record<string, unknown>
type Change = { revision: number; kind: string; id: string; task: Task | null }

/** One user's tasks at a revision; store both together. Without a revision, the copy starts over. */
export type Copy = { tasks: Map<string, Task>; revision?: number }

/** Requests a path with a valid access token; the signal aborts it. */
export type Get = (path: string, signal: AbortSignal) => Promise<Response>

/** Keeps the copy equal to the server's data until the signal aborts it. */
export async function keepCopy(copy: Copy, get: Get, signal: AbortSignal): Promise<void> {
  const read: Read = async (path) => {
    const response = await get(path, signal)
    if (!response.ok) throw new Error(`${path} returned ${response.status}`, { cause: response.status })
    return response
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

/** Reads the whole list. Whatever changes meanwhile has a revision after that of the first page. */
async function readAll(copy: Copy, read: Read): Promise<void> {
  const tasks = new Map<string, Task>()
  let revision: string | null = null
  for (let cursor: string | null = ''; cursor !== null;) {
    const response = await read(`/tasks?sort=createdAt&limit=100${cursor && `&cursor=${cursor}`}`)
    revision ??= response.headers.get('docket-revision')
    const page: { items: Task[]; nextCursor: string | null } = JSON.parse(await response.text())
    for (const task of page.items) tasks.set(task.id, task)
    cursor = page.nextCursor
  }
  Object.assign(copy, { tasks, revision: Number(revision) })
}

/** Applies the stream's past and live changes until the connection ends; the next stream continues from there. */
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
