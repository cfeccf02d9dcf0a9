import { setTimeout as delay } from 'node:timers/promises'

export type Thing = { id: string; revision: number } & Record<string, unknown>
type Change = { revision: number; kind: string; id: string; task: Thing | null; project: Thing | null }

/** One user's projects and tasks at a revision; store all together. Without a revision, the copy starts over. */
export type Copy = { projects: Map<string, Thing>; tasks: Map<string, Thing>; revision?: number }

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
      if (error instanceof Error && error.cause === 410) delete copy.revision
      else await delay(1000, undefined, { signal }).catch(() => undefined)
    }
  }
}

type Read = (path: string) => Promise<Response>

/** Reads both lists. Whatever changes meanwhile has a revision after that of the first response. */
async function readAll(copy: Copy, read: Read): Promise<void> {
  const fresh: Copy = { projects: new Map(), tasks: new Map() }
  const first = await read('/projects')
  await readPage(first, fresh.projects)
  for (let cursor: string | null = ''; cursor !== null;) {
    const page = await read(`/tasks?sort=createdAt&limit=100${cursor && `&cursor=${cursor}`}`)
    cursor = await readPage(page, fresh.tasks)
  }
  Object.assign(copy, { ...fresh, revision: Number(first.headers.get('docket-revision')) })
}

async function readPage(response: Response, things: Map<string, Thing>): Promise<string | null> {
  const page: { items: Thing[]; nextCursor: string | null } = JSON.parse(await response.text())
  for (const thing of page.items) things.set(thing.id, thing)
  return page.nextCursor
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

function apply(copy: Copy, { revision, kind, id, task, project }: Change): void {
  const [things, thing] = kind === 'project' ? [copy.projects, project] : [copy.tasks, task]
  if (thing) things.set(id, thing)
  else if (kind !== 'profile') things.delete(id)
  copy.revision = revision
}
