import { Agent, request } from 'node:http'

/** The response to a request. */
export interface Reply {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: Body
}

/** The fields of response bodies that these tests read. */
interface Body extends Record<string, unknown> {
  id: string
  accessToken: string
  user: { id: string }
  items: (Record<string, unknown> & { id: string })[]
  nextCursor: string | null
}

/** A client that sends one request at a time. */
export interface Client {
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>
  close(): void
}

/** Whether the request was never sent because nothing listened on the port. */
export const wasRefused = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED'

/**
 * Whether the request went over a new connection that was reset. This happens to a client that connects just as
 * listening ends: the kernel has accepted the connection, but the server never sees it.
 */
export const wasShutOut = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  error.code === 'ECONNRESET' &&
  'isNew' in error &&
  error.isNew === true

/** Creates a client, logged in if it gets a token. Without `keepAlive` it opens a connection for each request. */
export function createClient(origin: string, accessToken?: string, keepAlive = true): Client {
  const agent = new Agent({ keepAlive, maxSockets: 1 })
  const authorization = accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }
  return {
    send(method, path, body, headers = {}) {
      const content = body === undefined ? undefined : JSON.stringify(body)
      const type = content === undefined ? {} : { 'content-type': 'application/json' }
      const { promise, resolve, reject } = Promise.withResolvers<Reply>()
      const sent = request(origin + path, {
        method,
        agent,
        headers: { ...authorization, ...type, ...headers },
      })
        .on('error', (error) => reject(Object.assign(error, { isNew: !sent.reusedSocket })))
        .on('response', (response) => {
          let text = ''
          response
            .setEncoding('utf8')
            .on('data', (chunk: string) => (text += chunk))
            .on('error', reject)
            .on('end', () =>
              resolve({
                status: response.statusCode ?? 0,
                headers: response.headers,
                body: JSON.parse(text || '{}'),
              }),
            )
        })
        .end(content)
      return promise
    },
    close: () => agent.destroy(),
  }
}

/** A registered user, whose token stays valid when the server crashes. */
export interface Person {
  id: string
  accessToken: string
}

const password = 'correct horse battery staple'

/** Registers `count` users. */
export async function registerPeople(origin: string, count: number): Promise<Person[]> {
  const client = createClient(origin)
  const people: Person[] = []
  for (let i = 0; i < count; i++) {
    const email = `person-${i}@example.com`
    const { status, body } = await client.send('POST', '/auth/register', { email, password })
    if (status !== 201) throw new Error(`registration: ${status}`)
    people.push({ id: body.user.id, accessToken: body.accessToken })
  }
  client.close()
  return people
}
