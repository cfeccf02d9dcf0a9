import type { ChangeItem } from './feed.ts'
import type { User } from './harness.ts'

/** One event as received. The data of `ready` has only a revision. */
export interface StreamedEvent {
  id: string
  event: string
  data: Partial<ChangeItem> & { revision: number }
}

/** An open stream of events. */
export interface EventStream {
  status: number
  headers: Headers
  /** Returns the next event, or undefined once the server has ended the stream. */
  next(): Promise<StreamedEvent | undefined>
  /** Resolves when the server has ended the stream, and skips the events before that. */
  ended(): Promise<void>
  /** The comments received so far. */
  comments: string[]
  /** The text of the response, if it is not a stream. */
  text(): Promise<string>
  close(): void
}

/** Opens a stream with the access token in the header. */
export const openEvents = (
  url: string,
  { accessToken }: Pick<User, 'accessToken'>,
  path = '/events',
  headers: Record<string, string> = {},
): Promise<EventStream> => openStream(url + path, { authorization: `Bearer ${accessToken}`, ...headers })

/** Opens a stream with these headers and no others. */
export async function openStream(
  address: string,
  headers: Record<string, string> = {},
): Promise<EventStream> {
  const closing = new AbortController()
  const response = await fetch(address, { headers, signal: closing.signal })
  const comments: string[] = []
  const events = response.ok ? readEvents(response, comments) : undefined
  return {
    status: response.status,
    headers: response.headers,
    comments,
    next: async () => (await events?.next())?.value ?? undefined,
    async ended() {
      while (await events?.next().then(({ done }) => !done));
    },
    text: () => response.text(),
    close: () => closing.abort(),
  }
}

/** Parses events by the HTML standard (§9.2.6), but only the part of the syntax that Docket sends. */
async function* readEvents({ body }: Response, comments: string[]): AsyncGenerator<StreamedEvent, undefined> {
  let rest = ''
  for await (const text of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const blocks = (rest + text).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const fields = new Map(
        block.split('\n').map((line): [string, string] => {
          const [, name = '', value = ''] = /^([^:]*): ?(.*)$/s.exec(line) ?? []
          return [name, value]
        }),
      )
      const comment = fields.get('')
      if (comment !== undefined) comments.push(comment)
      else
        yield { id: '', event: '', ...Object.fromEntries(fields), data: JSON.parse(fields.get('data') ?? '') }
    }
  }
  return undefined
}
