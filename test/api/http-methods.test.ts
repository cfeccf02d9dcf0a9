import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertProblem, docket } from '../harness.ts'
import { only, requestText, sendRaw } from '../hostile/raw-socket.ts'

const id = '019aa8b2-6f3e-7c41-9d3a-5b1f0c2d7e11'

/** Each path with the methods that it takes. */
const table = [
  ['/', 'GET, HEAD, OPTIONS'],
  ['/auth/login', 'OPTIONS, POST'],
  ['/auth/logout', 'OPTIONS, POST'],
  ['/auth/refresh', 'OPTIONS, POST'],
  ['/auth/register', 'OPTIONS, POST'],
  ['/docs', 'GET, HEAD, OPTIONS'],
  ['/livez', 'GET, HEAD, OPTIONS'],
  ['/me', 'GET, HEAD, OPTIONS, PATCH'],
  ['/me/deletion', 'OPTIONS, POST'],
  ['/me/password', 'OPTIONS, PUT'],
  ['/me/sessions', 'GET, HEAD, OPTIONS'],
  [`/me/sessions/${id}`, 'DELETE, OPTIONS'],
  ['/metrics', 'GET, HEAD, OPTIONS'],
  ['/openapi.json', 'GET, HEAD, OPTIONS'],
  ['/problems/not-found', 'GET, HEAD, OPTIONS'],
  ['/readyz', 'GET, HEAD, OPTIONS'],
  ['/tasks', 'GET, HEAD, OPTIONS, POST'],
  ['/batch', 'OPTIONS, POST'],
  [`/tasks/${id}`, 'DELETE, GET, HEAD, OPTIONS, PATCH, PUT'],
] as const

const sorted = (list: string | null) => list?.split(', ').toSorted().join(', ')

test('methods', async (t) => {
  const { alice, request, url } = await docket(t)

  for (const [path, allow] of table) {
    await t.test(`${path} takes ${allow}, and nothing else`, async () => {
      const options = await request('OPTIONS', path)
      assert.equal(options.status, 204)
      assert.equal(options.text, '')
      assert.equal(sorted(options.headers.get('allow')), allow)

      const taken = new Set(allow.split(', '))
      const others = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND', 'QUERY', 'LOCK', 'REPORT'].filter(
        (name) => !taken.has(name),
      )
      for (const method of others) {
        const answer = await request(method, path) // no token: the method is checked first
        assertProblem(answer, 405, 'method-not-allowed')
        assert.equal(sorted(answer.headers.get('allow')), allow)
      }
    })
  }

  await t.test('HEAD has the status and headers of GET, and no body', async () => {
    const task = await alice.createTask({ title: 'a' })
    for (const path of [
      '/tasks',
      `/tasks/${task.id}`,
      '/me',
      '/openapi.json',
      '/docs',
      '/livez',
      `/tasks/${id}`,
    ]) {
      const [head, get] = [await alice.request('HEAD', path), await alice.get(path)]
      assert.equal(head.status, get.status, path)
      assert.equal(head.text, '')
      for (const name of ['content-type', 'content-length', 'etag', 'link', 'cache-control']) {
        assert.equal(head.headers.get(name), get.headers.get(name), `${name} of ${path}`)
      }
    }
  })

  await t.test(
    'what is checked first: path, method, token, media type, syntax, parameters, schema, existence',
    async () => {
      const broken = { body: '{', headers: { 'content-type': 'text/plain' } }
      const json = { 'content-type': 'application/json' }
      assertProblem(await request('POST', '/nope?x=1', broken), 404, 'not-found')
      assertProblem(await request('POST', `/tasks/${id}?x=1`, broken), 405, 'method-not-allowed')
      assertProblem(await request('PATCH', `/tasks/${id}?x=1`, broken), 401, 'invalid-token')
      assertProblem(await alice.request('PATCH', `/tasks/${id}?x=1`, broken), 415, 'unsupported-media-type')
      assertProblem(
        await alice.request('PATCH', `/tasks/${id}?x=1`, { body: '{', headers: json }),
        400,
        'malformed-request',
      )
      assertProblem(
        await alice.request('PATCH', `/tasks/${id}?x=1`, { body: '{"x":1}', headers: json }),
        400,
        'invalid-parameter',
      )
      assertProblem(
        await alice.request('PATCH', `/tasks/${id}`, {
          body: '{"x":1}',
          headers: { ...json, 'if-match': '17' },
        }),
        400,
        'invalid-parameter',
      )
      assertProblem(
        await alice.request('PATCH', `/tasks/${id}`, {
          body: '{"x":1}',
          headers: { ...json, 'if-match': '"17"' },
        }),
        422,
        'validation-failed',
      )
      assertProblem(
        await alice.request('PATCH', `/tasks/${id}`, {
          body: '{}',
          headers: { ...json, 'if-match': '"17"' },
        }),
        404,
        'not-found',
      )
    },
  )

  await t.test('404, 405 and 401 are answered even if the body is too large or of a wrong type', async () => {
    const large = { body: 'x'.repeat(300_000), headers: { 'content-type': 'text/plain' } }
    assertProblem(await request('POST', '/nope', large), 404, 'not-found')
    assertProblem(await request('POST', '/me', large), 405, 'method-not-allowed')
    assertProblem(await request('POST', '/tasks', large), 401, 'invalid-token')
  })

  await t.test('a path that only resembles a known one is unknown', async () => {
    for (const path of [
      '/tasks;x=1',
      '//tasks',
      '/Tasks',
      '/tasks/x/y',
      '/tasks%2F',
      '/auth',
      '/.git/config',
      '/tasks.json',
    ]) {
      const problem = assertProblem(await alice.get(path), 404, 'not-found')
      assert.match(problem.detail, /\/docs/, path)
    }
  })

  await t.test('a path is the same however it is spelled', async () => {
    const ask = async (start: string) => only(await sendRaw(url, requestText(start, ['Connection: close'])))
    const spellings: [path: string, target: string][] = [
      ['/tasks', '/%74asks'],
      ['/tasks', '/%74%61sks?x=1'],
      ['/tasks', 'http://docket/tasks'],
      ['/tasks', 'HTTP://docket:80/%74asks?x=1'],
      ['/', 'http://docket'],
      ['/', 'http://docket?x=1'],
      [`/tasks/${id}`, `/tasks/%30${id.slice(1)}`],
      [`/tasks/${id}`, `http://docket/tasks/${id}`],
    ]
    const allowed = new Map<string, string>(table.map(([path, allow]) => [path, allow]))
    for (const [path, target] of spellings) {
      const [options, wrong] = [await ask(`OPTIONS ${target}`), await ask(`LOCK ${target}`)]
      assert.deepEqual(
        [options.status, sorted(options.headers.get('allow'))],
        [204, allowed.get(path)],
        target,
      )
      assertProblem(wrong, 405, 'method-not-allowed')
      assert.equal(sorted(wrong.headers.get('allow')), allowed.get(path), target)
    }
    for (const method of ['GET', 'LOCK']) {
      assertProblem(await ask(`${method} /tasks%2F`), 404, 'not-found')
      assertProblem(await ask(`${method} /tasks%252F`), 404, 'not-found')
      assertProblem(await ask(`${method} /%ff`), 400, 'malformed-request')
    }
  })

  await t.test('OPTIONS * tells every method that some path takes', async () => {
    const answer = only(await sendRaw(url, requestText('OPTIONS *', ['Connection: close'])))
    assert.equal(answer.status, 204)
    assert.equal(sorted(answer.headers.get('allow')), 'DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT')
    assertProblem(only(await sendRaw(url, requestText('LOCK *', ['Connection: close']))), 404, 'not-found')
  })

  await t.test('a path without its id is unknown, with a token and without', async () => {
    for (const path of ['/tasks/', '/tasks/?x=1', '/tasks//restore', '/tasks//history', '/me/sessions/']) {
      for (const method of ['GET', 'PATCH', 'POST', 'DELETE', 'LOCK']) {
        for (const answer of [await alice.request(method, path), await request(method, path)])
          assert.match(assertProblem(answer, 404, 'not-found').detail, /nothing at this path/, path)
      }
    }
  })
})
