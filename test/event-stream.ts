import type { ChangeItem } from './feed.ts'
import type { User } from './harness.ts'

/** One event as it came: `ready` has only a revision. */
export interface StreamedEvent {
  id: string
  event: string
  data: Partial<ChangeItem> & { revision: number }
}

/** A stream of events that is open. */
export interface EventStream {
  status: number
  headers: Headers
  /** The next event; undefined once the server has ended the stream. */
  next(): Promise<StreamedEvent | undefined>
  /** Resolves when the server has ended it, whatever comes before. */
  ended(): Promise<void>
  /** The comments that came so far. */
  comments: string[]
  /** The answer's text, where it is no stream. */
  text(): Promise<string>
  close(): void
}

/** Opens a stream as a program does, with the access token in the header. */
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

/** The stream's events by the rules of the HTML standard (§9.2.6), as far as a server of ours can go. */
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
