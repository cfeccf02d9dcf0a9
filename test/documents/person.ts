import assert from 'node:assert/strict'

export const password = 'correct horse battery staple'

/** Someone who uses a server over HTTP, with the tokens of one session. */
export interface Person {
  register(more?: object): Promise<void>
  logIn(): Promise<void>
  refresh(): Promise<void>
  createTask(title: string): Promise<void>
  titles(): Promise<string[]>
  /** The position up to which a copy of theirs is in sync. */
  position(): Promise<string>
  statusOf(path: string): Promise<number>
  token(): string
}

type Body = Record<string, unknown>

/** `origin` says which server answers, each time. */
export function personAt(origin: () => string, email: string): Person {
  let tokens = { accessToken: '', refreshToken: '' }
  const send = async (method: string, path: string, body?: object) => {
    const headers = {
      connection: 'close', // a server that stops waits a little for connections that are kept
      ...(body && { 'content-type': 'application/json' }),
      ...(!path.startsWith('/auth/') && { authorization: `Bearer ${tokens.accessToken}` }),
    }
    return fetch(`${origin()}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) })
  }
  const ask = async (expected: number, ...request: Parameters<typeof send>): Promise<Body> => {
    const response = await send(...request)
    const text = await response.text()
    assert.equal(response.status, expected, `${request[0]} ${request[1]}: ${text}`)
    return JSON.parse(text)
  }
  const keep = ({ accessToken, refreshToken }: Body) => {
    tokens = { accessToken: String(accessToken), refreshToken: String(refreshToken) }
  }
  return {
    register: async (more) => keep(await ask(201, 'POST', '/auth/register', { email, password, ...more })),
    logIn: async () => keep(await ask(200, 'POST', '/auth/login', { email, password })),
    refresh: async () => keep(await ask(200, 'POST', '/auth/refresh', { refreshToken: tokens.refreshToken })),
    createTask: async (title) => void (await ask(201, 'POST', '/tasks', { title })),
    async titles() {
      const { items } = await ask(200, 'GET', '/tasks?limit=100')
      return (items as { title: string }[]).map(({ title }) => title)
    },
    position: async () => (await send('GET', '/tasks')).headers.get('docket-revision') ?? '',
    statusOf: async (path) => (await send('GET', path)).status,
    token: () => tokens.accessToken,
  }
}
