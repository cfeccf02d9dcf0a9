import type { Operation, Result, Results, WriteBatchQuery } from './api.ts'
import type { Projects } from './docket.ts'
import { Problem } from './problem.ts'
import type { Send } from './sending.ts'
import { tasksOf, type Tasks } from './tasks.ts'
import { thingsAt } from './things.ts'
import { searchOf, type Answer, type Asked, type Reply } from './transport.ts'
import { writeOf, type WriteOptions } from './writes.ts'

type Verb = 'create' | 'update' | 'replace' | 'move' | 'remove' | 'restore'

/** The verbs that a batch takes. A removal resolves to the revision of the batch, which an undo takes too. */
export interface BatchVerbs {
  tasks: Pick<Tasks, Verb | 'complete'>
  projects: Pick<Projects, Verb>
}

type Options = WriteOptions & WriteBatchQuery
type Made = readonly Promise<unknown>[]

/** Up to 100 writes in one request. */
export interface Batch {
  /** All or none, made by the verbs of tasks and projects; resolves to what they resolve to. */
  <All extends Made | []>(
    make: (to: BatchVerbs) => All,
    options?: WriteOptions & { atomic?: true },
  ): Promise<{ -readonly [Index in keyof All]: Awaited<All[Index]> }>
  /** Each on its own. */
  <All extends Made | []>(
    make: (to: BatchVerbs) => All,
    options: WriteOptions & { atomic: false },
  ): Promise<{ -readonly [Index in keyof All]: PromiseSettledResult<Awaited<All[Index]>> }>
  /** As the server takes them: all or none, unless `atomic` is false. */
  (operations: readonly Operation[], options?: WriteOptions & WriteBatchQuery): Promise<readonly Result[]>
}

/** An operation, and what takes its result. */
interface Waiting {
  operation: Operation
  settle(result: Result, headers: Reply['headers']): void
  reject(error: unknown): void
}

/** Batches that are sent by `send`. */
export function batchOf(send: Send): Batch {
  const exchange = (operations: readonly Operation[], { atomic, ...options }: Options) =>
    send<Results>({ ...writeOf('POST', '/batch', { operations }, options), query: { atomic } })

  async function make(ask: (to: BatchVerbs) => Made, options: Options): Promise<unknown> {
    const waiting: Waiting[] = []
    const collect: Send = (asked) =>
      new Promise((resolve, reject) => waiting.push(waitFor(asked, resolve, reject)))
    const projects: Projects = thingsAt('/projects', collect)
    const made = ask({ tasks: tasksOf(collect), projects })
    const ended = options.atomic === false ? Promise.allSettled(made) : Promise.all(made)
    try {
      const { headers, body } = await exchange(
        waiting.map(({ operation }) => operation),
        options,
      )
      for (const [i, result] of body.results.entries()) waiting[i]?.settle(result, headers)
    } catch (error) {
      for (const { reject } of waiting) reject(error)
    }
    return ended
  }

  const batch = async (
    asked: readonly Operation[] | ((to: BatchVerbs) => Made),
    options: Options = {},
  ): Promise<unknown> =>
    typeof asked === 'function' ? make(asked, options) : (await exchange(asked, options)).body.results
  return batch as Batch
}

const waitFor = <Body>(
  { method, path, query = {}, body, headers = {} }: Asked,
  resolve: (answer: Answer<Body>) => void,
  reject: (error: unknown) => void,
): Waiting => ({
  operation: {
    method: method as Operation['method'],
    path: path + searchOf(query),
    body,
    ...pickConditions(headers),
  },
  reject,
  settle({ status, etag, body: answer = {} }, received) {
    if (status < 400) return resolve({ status, headers: received, body: answer as Body })
    reject(new Problem(status, new Headers(etag === undefined ? {} : { etag }), answer))
  },
})

function pickConditions(headers: Record<string, string>): Pick<Operation, 'ifMatch' | 'ifNoneMatch'> {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers
  return { ...(ifMatch !== undefined && { ifMatch }), ...(ifNoneMatch !== undefined && { ifNoneMatch }) }
}
