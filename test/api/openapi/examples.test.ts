import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Answer } from '../../harness.ts'
import {
  createWorld,
  documentOf,
  isStream,
  judgeOf,
  operationsOf,
  perform,
  requestsOf,
  serverOfWorlds,
  type Operation,
  type Sending,
  type World,
} from './document.ts'

test('every example gets the answer that the document shows', async (t) => {
  const server = await serverOfWorlds(t)
  const document = await documentOf(server)
  const judge = judgeOf(document)

  for (const operation of operationsOf(document).filter((some) => !isStream(some))) {
    for (const [name, body] of requestsOf(operation)) {
      await t.test(`${operation.operationId} ${name}`, async () => {
        const world = await createWorld(server, document)
        const prepared = (await preparations[operation.operationId]?.(world, name)) ?? {}

        const answer = await perform(world, operation, { body, ...prepared })

        const status = assertDocumented(operation, answer, name)
        const type = answer.headers.get('content-type')?.replace(/;.*/, '')
        if (type === undefined) return
        const { path, method } = operation
        judge(
          answer.body,
          'paths',
          path,
          method.toLowerCase(),
          'responses',
          status,
          'content',
          type,
          'schema',
        )
      })
    }
  }
})

test('every example of a parameter is accepted', async (t) => {
  const server = await serverOfWorlds(t)
  const document = await documentOf(server)
  const world = await createWorld(server, document)
  const shown = operationsOf(document).flatMap((operation) =>
    operation.parameters
      .filter((parameter) => parameter.in === 'query' && parameter.example !== undefined)
      .map(({ name, example }) => ({ operation, query: `?${name}=${String(example)}` })),
  )

  for (const { operation, query } of shown) {
    const answer = await perform(world, operation, { query })
    assert.equal(answer.status, 200, `${query}: ${answer.text}`)
  }
})

/** What must be so before an operation can succeed, and what it can only be told now. */
const preparations: Record<string, (world: World, example: string) => Promise<Sending | undefined>> = {
  register: async ({ ada }) => {
    await ada.post('/me/deletion', { password: 'correct horse battery staple' })
    return undefined
  },
  refresh: async ({ ada }) => ({ body: { refreshToken: ada.refreshToken } }),
  endSession: async ({ server, ada }) => {
    await server.request('POST', '/auth/login', {
      body: { email: ada.email, password: 'correct horse battery staple' },
    })
    const { body } = await ada.get('/me/sessions')
    const other = body.items.find(({ current }: { current: boolean }) => !current)
    return { path: { id: other.id } }
  },
  deleteToken: async ({ ada }) => {
    const { body } = await ada.post('/me/tokens', { name: 'x', scopes: ['tasks:read'] })
    return { path: { id: body.id } }
  },
  listTokens: async ({ ada }) => {
    await ada.post('/me/tokens', { name: 'Nightly backup', scopes: ['tasks:read'] })
    return undefined
  },
  replaceTask: async (_world, example) =>
    example === 'create'
      ? { path: { id: crypto.randomUUID() }, headers: { 'if-none-match': '*' } }
      : undefined,
  replaceProject: async (_world, example) =>
    example === 'create'
      ? { path: { id: crypto.randomUUID() }, headers: { 'if-none-match': '*' } }
      : undefined,
  listLabels: async ({ ada }) => {
    for (const title of ['x', 'y']) await ada.createTask({ title, labels: ['errand'] })
    return undefined
  },
  moveTask: async ({ ada }) => {
    await ada.createTask({ title: 'Another' })
    return undefined
  },
  skipTask: async ({ ada, taskId }) => {
    const recurrence = { rule: 'FREQ=MONTHLY', start: '2026-12-01' }
    await ada.patch(`/tasks/${taskId}`, { dueDate: '2026-12-01', recurrence })
    return undefined
  },
  moveProject: async ({ ada }) => {
    await ada.post('/projects', { name: 'Another' })
    return undefined
  },
  undoChange: async ({ ada, taskId }) => {
    const { headers } = await ada.patch(`/tasks/${taskId}`, { status: 'complete' })
    return { path: { revision: headers.get('docket-revision') ?? '' } }
  },
  restoreTask: async ({ ada, taskId }) => {
    await ada.delete(`/tasks/${taskId}`)
    return undefined
  },
  restoreProject: async ({ ada, projectId }) => {
    await ada.delete(`/projects/${projectId}`)
    return undefined
  },
}

/** Asserts that the answer is the documented success of this example, and gives its status. */
function assertDocumented(operation: Operation, answer: Answer, name: string): string {
  const status = String(answer.status)
  const response = operation.responses[status]
  assert.ok(response && answer.status < 300, `${status} ${answer.text}`)
  for (const header of Object.keys(response.headers)) {
    if (!sometimes.has(header)) assert.ok(answer.headers.has(header), `${header} is missing`)
  }
  const example = response.content?.['application/json']?.examples?.[name]
  if (operation.requestBody && response.content) assert.ok(example, `no answer ${name} at ${status}`)
  if (example) assert.deepEqual(blurred(answer.body), blurred(example.value))
  return status
}

const sometimes = new Set([
  'Link',
  'RateLimit',
  'RateLimit-Policy',
  'Idempotent-Replayed',
  'Preference-Applied',
  'Set-Cookie',
])

/** The value without what differs from server to server: ids, instants, tokens, revisions and the client. */
function blurred(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((inner) => blurred(inner))
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, blurred(inner, name)]))
  }
  if (personal.has(key)) return `<${key}>`
  return typeof value === 'string' && (key === 'at' || key.endsWith('At')) ? '<instant>' : value
}

const personal = new Set(
  'id accessToken refreshToken token revision etag sessionId ticket userAgent ipAddress position'.split(' '),
)
