import assert from 'node:assert/strict'
import { test } from 'node:test'
import { builtPage, findPage } from '../../src/page/build.ts'
import { pino } from 'pino'
import type { Scope } from '../../src/core/scopes.ts'
import type { Server } from '../../src/http/fastify.ts'
import { createServer } from '../../src/http/server.ts'
import { withToken } from '../api-tokens.ts'
import { assertProblem, docket, password, type Answer, type Call, type User } from '../harness.ts'

/** Ids of things that alice owns, which another user might guess. */
interface Things {
  task: string
  trashed: string
  recurring: string
  project: string
  trashedProject: string
  session: string
  token: string
  revision: string
}

interface Row {
  /** The scope that an API token needs; `account` is what none has. */
  scope?: Scope
  /** Who may call the route: anybody, any logged-in user, or only the owner of the thing named in the path. */
  for: 'anybody' | 'users' | keyof Things
  /** A valid body and query, so that only the authorization decides the response. */
  body?: unknown
  query?: string
  /** Whether the response lasts until the client closes it. */
  isStream?: boolean
}

const anybody: Row = { for: 'anybody' }

/** The files of the page have names that change with what is in them. */
const pageFiles = (findPage(builtPage) ?? []).map(({ path }) => [`GET ${path}`, anybody])

/** Every route of the server. A route that is missing here fails the test: decide who may call it, and add it. */
const rows: Record<string, Row> = {
  ...Object.fromEntries(pageFiles),
  'GET /': anybody,
  'GET /docs': anybody,
  'GET /docs/': anybody,
  'GET /docs/static/favicon-16x16.png': anybody,
  'GET /docs/static/favicon-32x32.png': anybody,
  'GET /docs/static/index.css': anybody,
  'GET /docs/static/swagger-initializer.js': anybody,
  'GET /docs/static/swagger-ui-bundle.js': anybody,
  'GET /docs/static/swagger-ui.css': anybody,
  'GET /livez': anybody,
  'GET /metrics': anybody, // it has a token of its own
  'GET /openapi.json': anybody,
  'GET /problems/:slug': anybody,
  'GET /readyz': anybody,
  'POST /auth/login': anybody,
  'POST /auth/refresh': anybody,
  'POST /auth/register': anybody,

  'POST /auth/logout': { for: 'users', scope: 'account' },
  'GET /me': { for: 'users', scope: 'account' },
  'PATCH /me': { for: 'users', scope: 'account', body: { name: 'x' } },
  'PUT /me/password': {
    for: 'users',
    scope: 'account',
    body: { currentPassword: 'x', newPassword: 'a quite different one' },
  },
  'POST /me/deletion': { for: 'users', scope: 'account', body: { password: 'x' } },
  'GET /me/sessions': { for: 'users', scope: 'account' },
  'DELETE /me/sessions/:id': { for: 'session', scope: 'account' },
  'GET /me/tokens': { for: 'users', scope: 'account' },
  'POST /me/tokens': { for: 'users', scope: 'account', body: { name: 'x', scopes: ['tasks:read'] } },
  'DELETE /me/tokens/:id': { for: 'token', scope: 'account' },
  'GET /tasks': { for: 'users', scope: 'tasks:read' },
  'POST /tasks': { for: 'users', scope: 'tasks:write', body: { title: 'x' } },
  'GET /tasks/:id': { for: 'task', scope: 'tasks:read' },
  'PUT /tasks/:id': { for: 'task', scope: 'tasks:write', body: { title: 'x' } },
  'PATCH /tasks/:id': { for: 'task', scope: 'tasks:write', body: { title: 'x' } },
  'DELETE /tasks/:id': { for: 'task', scope: 'tasks:write' },
  'POST /tasks/:id/restore': { for: 'trashed', scope: 'tasks:write' },
  'GET /tasks/:id/history': { for: 'task', scope: 'tasks:read' },
  'POST /tasks/:id/move': { for: 'task', scope: 'tasks:write', body: { before: null } },
  'POST /tasks/:id/skip': { for: 'recurring', scope: 'tasks:write' },
  'GET /tasks/:id/occurrences': { for: 'task', scope: 'tasks:read' },
  'GET /labels': { for: 'users', scope: 'tasks:read' },
  'GET /projects': { for: 'users', scope: 'tasks:read', query: '?count=true' },
  'POST /projects': { for: 'users', scope: 'tasks:write', body: { name: 'x' } },
  'GET /projects/:id': { for: 'project', scope: 'tasks:read' },
  'PUT /projects/:id': { for: 'project', scope: 'tasks:write', body: { name: 'x' } },
  'PATCH /projects/:id': { for: 'project', scope: 'tasks:write', body: { name: 'x' } },
  'DELETE /projects/:id': { for: 'project', scope: 'tasks:write' },
  'POST /projects/:id/restore': { for: 'trashedProject', scope: 'tasks:write' },
  'GET /projects/:id/history': { for: 'project', scope: 'tasks:read' },
  'POST /projects/:id/move': { for: 'project', scope: 'tasks:write', body: { after: null } },
  'POST /batch': {
    for: 'users',
    scope: 'tasks:write',
    body: { operations: [{ method: 'POST', path: '/tasks', body: { title: 'x' } }] },
  },
  'GET /changes': { for: 'users', scope: 'tasks:read', query: '?since=0' },
  'POST /changes/:revision/undo': { for: 'revision', scope: 'tasks:write' },
  'GET /events': { for: 'users', scope: 'tasks:read', isStream: true },
  'POST /events/tickets': { for: 'users', scope: 'tasks:read' },
}

test('every route enforces who may call it', async (t) => {
  const server = await docket(t)
  const { alice } = server
  const bob = await server.register('bob')
  const ended = await server.register('ended')
  await ended.post('/auth/logout')
  const deleted = await server.register('deleted')
  const orphan = await withToken(server, deleted, ['tasks:write'])
  await deleted.post('/me/deletion', { password })
  const carol = await server.register('carol')
  const tokens = {
    'tasks:read': await withToken(server, carol, ['tasks:read']),
    'tasks:write': await withToken(server, carol, ['tasks:write']),
  }
  const revoked = await withToken(server, carol, ['tasks:write'])
  await carol.delete(`/me/tokens/${revoked.tokenId}`)
  const things = await thingsOf(alice)
  const before = await allOf(alice)
  const routes = routesOf(server.app)

  await t.test('every route has a row and every row a route', async () => {
    assert.ok(routes.length > 20)
    const known = new Set(routes.map((route) => route.replace('HEAD ', 'GET ')))
    assert.deepEqual([...known].toSorted(), Object.keys(rows).toSorted())
    for (const documented of await documentedRoutes(server.app)) assert.ok(known.has(documented), documented)
  })

  for (const route of routes) {
    const row = rows[route.replace('HEAD ', 'GET ')]
    if (!row) continue
    const { for: who, scope = 'account', body, query = '', isStream = false } = row
    const [method = '', pattern = ''] = route.split(' ')
    const to = (id: string) => pattern.replace(/:(id|revision)/, id).replace(':slug', 'not-found') + query
    const isOwned = who !== 'anybody' && who !== 'users'
    const none = who === 'revision' ? '999999' : missing
    const path = to(isOwned ? things[who] : none)

    if (who === 'anybody') {
      await t.test(`${route} needs no token`, async () => {
        const answer = await server.request(method, path, { body: method === 'POST' ? {} : undefined })
        assert.notEqual(answer.status, 401)
        assert.notEqual(answer.status, 403)
      })
      continue
    }

    await t.test(
      `${route} refuses a request without a token, an ended session or token, and a deleted user`,
      async () => {
        assertRefused(method, await server.request(method, path, { body }), 'Bearer realm="docket"')
        for (const user of [ended, deleted, orphan, revoked]) {
          const answer = await user.request(method, path, { body })
          assertRefused(method, answer, 'Bearer realm="docket", error="invalid_token"')
        }
        // Without a valid token a client learns nothing about paths, parameters or bodies.
        const wrong = await server.request(method, `${pattern.replace(/:\w+/, 'x')}?nonsense=1`, {
          body: body && { nonsense: 1 },
        })
        assertRefused(method, wrong, 'Bearer realm="docket"')
      },
    )

    await t.test(`${route} takes only API tokens of its scope, and the document says so`, async () => {
      for (const [has, token] of Object.entries(tokens)) {
        const suffices = scope === has || (scope === 'tasks:read' && has === 'tasks:write')
        if (suffices && isStream && method === 'GET') continue
        const answer = await token.request(method, path, { body })
        if (suffices) assert.ok(![401, 403].includes(answer.status), answer.text)
        else assertLacking(method, answer, scope)
      }
      const documented = await documentedSecurity(server.app, method, pattern)
      assert.deepEqual(documented, scope === 'account' ? [] : [{ accessToken: [] }, { apiToken: [scope] }])
    })

    if (isOwned) {
      await t.test(
        `${route} gives the same response for another user’s id as for an unknown id`,
        async () => {
          const conditions = method === 'POST' ? [{}] : [{}, { 'if-match': '"1"' }, { 'if-match': '*' }]
          for (const headers of /^\/(tasks|projects)\/:id$/.test(pattern) ? conditions : [{}]) {
            const ask = (id: string) => bob.request(method, to(id), { body, headers } satisfies Call)
            const foreign = await ask(things[who])
            if (method === 'HEAD') assert.equal(foreign.status, 404)
            else assertProblem(foreign, 404, 'not-found')
            assert.deepEqual(visible(foreign), visible(await ask(none)))
          }
        },
      )
    } else if (method === 'GET' && !isStream) {
      await t.test(`${route} shows nothing of another user`, async () => {
        const { status, text } = await bob.request(method, path)
        assert.equal(status, 200)
        for (const trace of [alice.id, alice.email, secret, ...Object.values(withoutRevision(things))])
          assert.ok(!text.includes(trace))
      })
    }
  }

  await t.test('a batch gives the same result for another user’s id as for an unknown id', async () => {
    const operations: {
      method: string
      collection: string
      verb?: string
      of: keyof Things
      body?: object
    }[] = [
      { method: 'PUT', collection: '/tasks', of: 'task', body: { title: 'x' } },
      { method: 'PATCH', collection: '/tasks', of: 'task', body: { title: 'x' } },
      { method: 'DELETE', collection: '/tasks', of: 'task' },
      { method: 'POST', collection: '/tasks', verb: '/restore', of: 'trashed' },
      { method: 'POST', collection: '/tasks', verb: '/move', of: 'task', body: { before: null } },
      { method: 'PUT', collection: '/projects', of: 'project', body: { name: 'x' } },
      { method: 'PATCH', collection: '/projects', of: 'project', body: { name: 'x' } },
      { method: 'DELETE', collection: '/projects', of: 'project' },
      { method: 'POST', collection: '/projects', verb: '/restore', of: 'trashedProject' },
      { method: 'POST', collection: '/projects', verb: '/move', of: 'project', body: { before: null } },
    ]
    for (const { method, collection, verb = '', of, body } of operations) {
      for (const query of ['', '?atomic=false']) {
        const ask = (id: string) =>
          bob.post(`/batch${query}`, { operations: [{ method, path: `${collection}/${id}${verb}`, body }] })
        const foreign = await ask(things[of])
        assert.equal(foreign.body.results?.[0].status ?? foreign.status, 404)
        assert.deepEqual(visible(foreign), visible(await ask(missing)))
      }
    }
  })

  await t.test(
    'no field and no place takes another user’s id, and none tells it from an unknown one',
    async () => {
      const own = await bob.createTask({ title: 'Bob’s' })
      const ownProject = (await bob.post('/projects', { name: 'Bob’s' })).body
      const tries: { of: keyof Things; ask: (id: string) => Promise<Answer>; pointer: string }[] = [
        ...(['project', 'trashedProject'] as const).flatMap((of) => [
          {
            of,
            ask: (id: string) => bob.post('/tasks', { title: 'x', projectId: id }),
            pointer: '/projectId',
          },
          {
            of,
            ask: (id: string) => bob.patch(`/tasks/${own.id}`, { projectId: id }),
            pointer: '/projectId',
          },
          {
            of,
            ask: (id: string) => bob.put(`/tasks/${own.id}`, { title: 'x', projectId: id }),
            pointer: '/projectId',
          },
          {
            of,
            ask: (id: string) => bob.post(`/tasks/${own.id}/move`, { before: null, projectId: id }),
            pointer: '/projectId',
          },
        ]),
        ...(['task', 'trashed'] as const).flatMap((of) => [
          { of, ask: (id: string) => bob.post('/tasks', { title: 'x', parentId: id }), pointer: '/parentId' },
          { of, ask: (id: string) => bob.patch(`/tasks/${own.id}`, { parentId: id }), pointer: '/parentId' },
          {
            of,
            ask: (id: string) => bob.post(`/tasks/${own.id}/move`, { after: null, parentId: id }),
            pointer: '/parentId',
          },
          { of, ask: (id: string) => bob.post(`/tasks/${own.id}/move`, { before: id }), pointer: '/before' },
          { of, ask: (id: string) => bob.post(`/tasks/${own.id}/move`, { after: id }), pointer: '/after' },
        ]),
        {
          of: 'project',
          ask: (id: string) => bob.post(`/projects/${ownProject.id}/move`, { before: id }),
          pointer: '/before',
        },
      ]
      for (const { of, ask, pointer } of tries) {
        const foreign = await ask(things[of])
        const { errors } = assertProblem(foreign, 422, 'validation-failed')
        assert.deepEqual(
          errors?.map((fault) => 'pointer' in fault && fault.pointer),
          [pointer],
        )
        assert.deepEqual(visible(foreign), visible(await ask(missing)))
      }
      for (const query of ['project', 'parent']) {
        const of = query === 'project' ? things.project : things.task
        assert.deepEqual((await bob.get(`/tasks?${query}=${of}&count=true`)).body.total, 0)
      }
      await bob.delete(`/tasks/${own.id}?permanent=true`)
      await bob.delete(`/projects/${ownProject.id}?permanent=true`)
    },
  )

  await t.test('none of these requests changed anything of alice’s', async () => {
    assert.deepEqual(await allOf(alice), before)
  })

  await t.test('bob can create a task under an id that alice uses', async () => {
    const own = await bob.put(`/tasks/${things.task}`, { title: 'Bob’s' }, { 'if-none-match': '*' })
    assert.equal(own.status, 201)
    assert.equal((await alice.read({ id: things.task })).title, 'Secret plans')
    assert.equal((await bob.delete(`/tasks/${things.task}`)).status, 204)
    assert.deepEqual(await allOf(alice), before)
  })
})

test('a route that says neither its scope nor that it is public is not added', async () => {
  const nobody = async () => Promise.reject(new Error('nobody asks'))
  const app = await createServer({
    clock: Date.now,
    log: pino({ level: 'silent' }),
    verify: { token: nobody, ticket: nobody, present: nobody },
    measures: [],
    config: { requestsPerMinute: 'off', trustProxy: [], corsOrigins: [] },
  })
  const handler = () => ({})
  assert.throws(() => app.get('/forgotten', handler), /GET \/forgotten says neither its scope/)
  assert.throws(() => app.put('/half', { config: { takesTicket: true } }, handler), /PUT \/half/)
  app.get('/decided', { config: { scope: 'tasks:read' } }, handler)
  await app.close()
})

const secret = 'Secret'
const missing = '00000000-0000-7000-8000-000000000000'

async function thingsOf(alice: User): Promise<Things> {
  const project = (await alice.post('/projects', { name: 'Secret project' })).body
  const trashedProject = (await alice.post('/projects', { name: 'Secret ruin' })).body
  await alice.delete(`/projects/${trashedProject.id}`)
  const recurring = await alice.createTask({
    title: 'Secret series',
    dueDate: '2026-12-01',
    recurrence: { rule: 'FREQ=DAILY' },
  })
  const labelled = { labels: ['Secret label'], projectId: project.id }
  const task = await alice.createTask({ title: 'Secret plans', ...labelled })
  const trashed = await alice.createTask({ title: 'Secret waste' })
  await alice.delete(`/tasks/${trashed.id}`)
  const token = (await alice.post('/me/tokens', { name: 'Secret token', scopes: ['tasks:read'] })).body
  const [session] = (await alice.get('/me/sessions')).body.items
  return {
    task: task.id,
    trashed: trashed.id,
    recurring: recurring.id,
    project: project.id,
    trashedProject: trashedProject.id,
    session: session.id,
    token: token.id,
    revision: String(task.revision),
  }
}

const withoutRevision = ({ revision: _revision, ...rest }: Things) => rest

const allOf = async (user: User) =>
  Promise.all(
    [
      '/me',
      '/me/sessions',
      '/me/tokens',
      '/tasks',
      '/tasks?deleted=true',
      '/projects',
      '/projects?deleted=true',
      '/labels',
      '/changes?since=0',
    ].map(async (path) => (await user.get(path)).body),
  )

function assertRefused(method: string, answer: Answer, challenge: string): void {
  if (method === 'HEAD') assert.equal(answer.status, 401)
  else assertProblem(answer, 401, 'invalid-token')
  assert.equal(answer.headers.get('www-authenticate'), challenge)
}

function assertLacking(method: string, answer: Answer, scope: Scope): void {
  if (method === 'HEAD') assert.equal(answer.status, 403)
  else assertProblem(answer, 403, 'insufficient-scope')
  assert.equal(
    answer.headers.get('www-authenticate'),
    `Bearer realm="docket", error="insufficient_scope", scope="${scope}"`,
  )
}

/** Returns all that a client can compare, without what differs between any two responses. */
function visible({ status, headers, text }: Answer): object {
  const fields = [...headers].filter(([name]) => name !== 'request-id' && name !== 'date')
  return { status, fields, text: text.replaceAll(/urn:uuid:[0-9a-f-]{36}/g, '') }
}

/** `METHOD /path/:id` for every route that the router knows, the documented and the others. */
function routesOf(app: Server): string[] {
  const parents: string[] = []
  return app
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .flatMap((line) => {
      const [, indent = '', part = '', methods] = /^([│ ]*)[├└]── (\S+)(?: \((.*)\))?$/u.exec(line) ?? []
      if (methods === 'OPTIONS') return []
      const depth = indent.length / 4
      parents[depth] = (parents[depth - 1] ?? '') + part
      return (methods?.split(', ') ?? []).map((method) => `${method} ${parents[depth]}`)
    })
}

/** The security of an operation; none if it is that of the whole document. */
async function documentedSecurity(app: Server, method: string, pattern: string): Promise<unknown> {
  const { paths } = await app.openapi()
  const path = paths?.[pattern.replace(/:(\w+)/g, '{$1}')]
  const operations = new Map<string, { security?: unknown }>(Object.entries(path ?? {}))
  return operations.get(method === 'HEAD' ? 'get' : method.toLowerCase())?.security ?? []
}

async function documentedRoutes(app: Server): Promise<string[]> {
  const { paths = {} } = await app.openapi()
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations ?? {}).map(
      (method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`,
    ),
  )
}
