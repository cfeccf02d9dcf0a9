import type { IncomingMessage } from 'node:http'
import type { Reply, Sent } from '../../client/src/index.ts'

/**
 * What `fetch` does for the client, by node:http. The global `fetch` takes 70 ms to load, and so does
 * `import 'node:http'`, among whose exports are some of its parts; `getBuiltinModule` touches none of them.
 * It follows no redirection.
 */
export async function send(address: string, { method, headers, body, signal }: Sent): Promise<Reply> {
  const { protocol } = new URL(address)
  const { request } = process.getBuiltinModule(protocol === 'https:' ? 'node:https' : 'node:http')
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  request(address, { method, headers, signal }, resolve).once('error', reject).end(body)
  return replyOf(await promise)
}

const noContent = 204

function replyOf(message: IncomingMessage): Reply {
  const { statusCode: status = 0, headersDistinct } = message
  // Nobody reads an empty answer, and an unread one would hold its connection, and so the process.
  if (status === noContent) message.resume()
  return {
    ok: status >= 200 && status < 300,
    status,
    headers: { get: (name) => headersDistinct[name]?.join(', ') ?? null },
    async text() {
      let text = ''
      message.setEncoding('utf8')
      for await (const part of message) text += String(part)
      return text
    },
    get body() {
      return process.getBuiltinModule('node:stream').Readable.toWeb(message)
    },
  }
}
