import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Problem } from '../../src/http/problems/problem.ts'
import { assertProblem, docket, password } from '../harness.ts'

const json = { 'content-type': 'application/json' }

/** Returns the distinct pointers of a problem, sorted. */
const pointersOf = ({ errors = [] }: Problem) =>
  [...new Set(errors.map((fault) => ('pointer' in fault ? fault.pointer : '?')))].toSorted()

test('hostile fields', async (t) => {
  const { alice } = await docket(t)
  const postRaw = (body: string) => alice.post('/tasks', body, json)

  await t.test('U+0000 and lone surrogates are refused with 422 in every text field', async () => {
    const texts = [
      { route: 'POST /tasks', pointer: '/title', body: '{"title":"aBADb"}' },
      { route: 'POST /tasks', pointer: '/description', body: '{"title":"a","description":"aBADb"}' },
      { route: 'POST /tasks', pointer: '/dueDate', body: '{"title":"a","dueDate":"2026-12-01BAD"}' },
      { route: 'PATCH /me', pointer: '/name', body: '{"name":"aBADb"}' },
      { route: 'PATCH /me', pointer: '/timeZone', body: '{"timeZone":"UTCBAD"}' },
      {
        route: 'POST /auth/register',
        pointer: '/email',
        body: `{"email":"aBADb@example.com","password":"${password}"}`,
      },
      {
        route: 'POST /auth/register',
        pointer: '/password',
        body: `{"email":"c@example.com","password":"${password}BAD"}`,
      },
      {
        route: 'POST /auth/login',
        pointer: '/email',
        body: `{"email":"aBADb@example.com","password":"${password}"}`,
      },
      {
        route: 'POST /auth/login',
        pointer: '/password',
        body: '{"email":"c@example.com","password":"aBAD"}',
      },
      { route: 'POST /me/deletion', pointer: '/password', body: '{"password":"aBAD"}' },
    ]
    for (const bad of ['\\u0000', '\\ud800', '\\udc00\\ud800']) {
      for (const { route, pointer, body } of texts) {
        const [method = '', path = ''] = route.split(' ')
        const answer = await alice.request(method, path, { body: body.replace('BAD', bad), headers: json })
        const problem = assertProblem(answer, 422, 'validation-failed')
        assert.deepEqual(pointersOf(problem), [pointer])
      }
    }
  })

  await t.test('__proto__ and constructor.prototype are unknown fields and change no prototype', async () => {
    const keys = [
      '{"title":"a","__proto__":{"hacked":true}}',
      '{"title":"a","constructor":{"prototype":{"hacked":true}}}',
      '{"title":"a","toString":"x"}',
      '{"title":"a","hasOwnProperty":1}',
    ]
    for (const body of keys) assertProblem(await postRaw(body), 422, 'validation-failed')
    assert.equal('hacked' in {}, false)
    assert.equal((await alice.post('/tasks', { title: 'a' })).status, 201)
  })

  await t.test('read-only and unknown fields are refused with 422 that names each of them', async () => {
    const body = {
      title: 'a',
      ownerId: 'x',
      role: 'admin',
      revision: 7,
      id: '019aa8b2-6f3e-7c41-9d3a-5b1f0c2d7e11',
    }

    const problem = assertProblem(await alice.post('/tasks', body), 422, 'validation-failed')

    assert.deepEqual(pointersOf(problem), ['/id', '/ownerId', '/revision', '/role'])
  })

  await t.test('null, a list, a number, an object or true in a text field is refused with 422', async () => {
    const task = await alice.createTask({ title: 'a' })
    for (const wrong of [null, ['x'], 5, { x: 1 }, true]) {
      for (const field of ['title', 'description', 'status']) {
        for (const [method, path] of [
          ['POST', '/tasks'],
          ['PUT', `/tasks/${task.id}`],
          ['PATCH', `/tasks/${task.id}`],
        ] as const) {
          const answer = await alice.request(method, path, { body: { title: 'a', [field]: wrong } })
          const problem = assertProblem(answer, 422, 'validation-failed')
          assert.deepEqual(pointersOf(problem), [`/${field}`])
        }
      }
    }
    for (const wrong of [['x'], 5, { x: 1 }, true])
      assertProblem(await alice.post('/tasks', { title: 'a', dueDate: wrong }), 422, 'validation-failed')
  })

  await t.test('every operation with a body refuses with 422 a body that is not an object', async () => {
    const { id } = await alice.createTask({ title: 'a' })
    const operations: [method: string, path: string][] = [
      ['POST', '/tasks'],
      ['PUT', `/tasks/${id}`],
      ['PATCH', `/tasks/${id}`],
      ['PATCH', '/me'],
      ['PUT', '/me/password'],
      ['POST', '/me/deletion'],
      ['POST', '/auth/register'],
      ['POST', '/auth/login'],
      ['POST', '/auth/refresh'],
    ]
    for (const [method, path] of operations) {
      for (const body of ['null', '[]', '[{"title":"a"}]', '5', '"title"', 'true']) {
        const answer = await alice.request(method, path, { body, headers: json })
        const problem = assertProblem(answer, 422, 'validation-failed')
        assert.deepEqual(pointersOf(problem), [''], `${method} ${path} ${body}`)
      }
    }
  })

  await t.test(
    'twenty thousand faults in one body take less than a second, and fifty are reported',
    async () => {
      const body = JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`a${i}`, 1])))
      const startedAt = performance.now()

      const problem = assertProblem(await postRaw(body), 422, 'validation-failed')

      assert.equal(problem.errors?.length, 50)
      assert.ok(performance.now() - startedAt < 1000)
    },
  )

  const dates = [
    '2026-02-30',
    '2026-13-01',
    '0001-01-01',
    '1969-12-31',
    '10000-01-01',
    '2026-12-01T24:00:00Z',
    '2026-12-01T23:59:60Z',
    '2026-12-01T00:00:00+99:00',
    '2026-12-01T00:00:00',
    '2026-12-01 00:00:00Z',
    '2026-12-01T00:00Z',
    '2026-1-1',
    '+002026-12-01',
    'tomorrow',
    '',
    '9999-12-31T23:59:59-01:00',
  ]
  for (const date of dates) {
    await t.test(`the due date ${JSON.stringify(date)} is refused with 422`, async () => {
      const { errors } = assertProblem(
        await alice.post('/tasks', { title: 'a', dueDate: date }),
        422,
        'validation-failed',
      )
      assert.deepEqual(
        errors?.map((fault) => 'pointer' in fault && fault.pointer),
        ['/dueDate'],
      )
    })
  }

  await t.test('an invalid time zone is refused with 422', async () => {
    for (const timeZone of [
      'Mars/Olympus',
      '+01:00',
      '',
      'Europe/Berlin\n',
      '../etc',
      'UTC\\u0000',
      'a'.repeat(10_000),
    ]) {
      const { errors } = assertProblem(await alice.patch('/me', { timeZone }), 422, 'validation-failed')
      assert.deepEqual(
        errors?.map((fault) => 'pointer' in fault && fault.pointer),
        ['/timeZone'],
      )
    }
  })
})
