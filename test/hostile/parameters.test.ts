import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertProblem, docket, etagOf, type Answer } from '../harness.ts'

const query = (name: string, value: string) => `${name}=${encodeURIComponent(value)}`

/** Asserts that the response refuses exactly this parameter, with its name and a reason. */
function assertRefused(answer: Answer, parameter: string) {
  const { errors } = assertProblem(answer, 400, 'invalid-parameter')
  assert.equal(errors?.length, 1)
  assert.ok(errors[0] && 'parameter' in errors[0] && errors[0].parameter === parameter && errors[0].detail)
}

test('hostile parameters', async (t) => {
  const server = await docket(t)
  const { alice } = server
  const bob = await server.register('bob')

  const wrongQueries: [parameter: string, wrong: string][] = [
    ...['-1', '0', '101', '1e1', ' 5', '5 ', '+5', '05', '0x5', '5.0', '', 'NaN', '9'.repeat(400)].map(
      (value): [string, string] => ['limit', query('limit', value)],
    ),
    ['limit', 'limit=5&limit=5'],
    ['limit', 'limit=5&%6cimit=6'],
    ['page', 'page=2'],
    ['access_token', 'access_token=x'],
    ['__proto__', '__proto__=x'],
    ['constructor', 'constructor=x'],
    ['toString', 'toString'],
    ['limit[]', 'limit[]=5'],
    ['a/b~c', 'a/b~c=1'],
    ['count', 'count=yes'],
    ['count', 'count=1'],
    ['count', 'count'],
    ['sort', 'sort=passwordHash'],
    ['sort', 'sort=title,title'],
    ['sort', 'sort=title,-title'],
    ['sort', 'sort=title,status,dueDate'],
    ['sort', 'sort=--title'],
    ['sort', 'sort=TITLE'],
    ['sort', query('sort', 'title; drop table tasks')],
    ['sort', query('sort', "title' or 1=1")],
    ['status', 'status=done'],
    ['status', 'status=,'],
    ['status', `status=${'%25'.repeat(5000)}`],
    ['due', 'due=someday'],
    ['dueFrom', 'dueFrom=yesterday'],
    ['dueFrom', `dueFrom=${'%25'.repeat(5000)}`],
    ['createdBefore', 'createdBefore=2026-02-30'],
    ['updatedFrom', 'updatedFrom=2026-12-01T00:00:00 01:00'.replace(' ', '%20')],
  ]

  for (const [parameter, wrong] of wrongQueries) {
    await t.test(`?${wrong.slice(0, 40)} is refused with 400, naming ${parameter}`, async () => {
      assertRefused(await alice.get(`/tasks?${wrong}`), parameter)
    })
  }

  await t.test(
    'all faults are reported together, and an unknown parameter with the allowed ones',
    async () => {
      const { errors } = assertProblem(
        await alice.get('/tasks?limit=0&page=2&sort=x&limit=1&due=x'),
        400,
        'invalid-parameter',
      )

      const details = new Map(
        errors?.map((fault) => ['parameter' in fault ? fault.parameter : '', fault.detail]),
      )
      assert.deepEqual([...details.keys()].toSorted(), ['due', 'limit', 'page', 'sort'])
      assert.match(details.get('page') ?? '', /allowed are .*limit.*cursor/)
    },
  )

  await t.test('an operation without parameters refuses any parameter', async () => {
    for (const path of ['/me', '/me/sessions', '/livez', '/openapi.json', '/problems/not-found']) {
      assertRefused(await alice.get(`${path}?x=1`), 'x')
    }
    assertRefused(await alice.post('/tasks?dryRun=true', { title: 'a' }), 'dryRun')
  })

  await t.test('a query that can not be decoded is refused with 400', async () => {
    for (const bad of ['status=%', 'status=%zz', 'status=%ff', '%c0%af=1', 'status=%ed%a0%80']) {
      assertProblem(await alice.get(`/tasks?${bad}`), 400, 'malformed-request')
    }
  })

  await t.test('a thousand parameters are refused with 400 that names the limit', async () => {
    const many = Array.from({ length: 1000 }, (_, i) => `a${i}=1`).join('&')
    const problem = assertProblem(await alice.get(`/tasks?${many}`), 400, 'invalid-parameter')
    assert.match(problem.detail, /more than 64/)
  })

  await t.test(
    'a cursor that is forged, cut, or from another user, sort or filter is refused with 400',
    async () => {
      for (const title of ['a', 'b', 'c']) {
        await alice.createTask({ title })
        await bob.createTask({ title })
      }
      const first = await alice.get('/tasks?limit=1&sort=title')
      const cursor: string = first.body.nextCursor
      const [payload = '', mac = ''] = cursor.split('.')
      const forged = Buffer.from(JSON.stringify(['zzz', '019aa8b2-6f3e-7c41-9d3a-5b1f0c2d7e11'])).toString(
        'base64url',
      )
      const foreign: string = (await bob.get('/tasks?limit=1&sort=title')).body.nextCursor

      const wrong = [
        `sort=title&${query('cursor', `${forged}.${mac}`)}`,
        `sort=title&${query('cursor', cursor.slice(0, -1))}`,
        `sort=title&${query('cursor', cursor.slice(1))}`,
        `sort=title&${query('cursor', payload)}`,
        `sort=title&${query('cursor', `${cursor}A`)}`,
        `sort=title&${query('cursor', foreign)}`,
        'sort=title&cursor=',
        'sort=title&cursor=null',
        `sort=title&cursor=${'A'.repeat(9000)}`,
        `sort=-title&${query('cursor', cursor)}`,
        query('cursor', cursor),
        `sort=title&status=incomplete&${query('cursor', cursor)}`,
      ]
      for (const bad of wrong) assertProblem(await alice.get(`/tasks?${bad}`), 400, 'invalid-cursor')
      assert.equal(
        (await alice.get(`/tasks?sort=title&limit=2&${query('cursor', cursor)}`)).body.items.length,
        2,
      )
    },
  )

  const ids: [id: string, status: 400 | 404][] = [
    ['a%00b', 404],
    ['..%2f..%2f', 404],
    ['%2e%2e%2f%2e%2e%2fetc%2fpasswd', 404],
    ['%ff', 400],
    ['%', 400],
    ['019AA8B2-6F3E-7C41-9D3A-5B1F0C2D7E11', 404],
    ['019aa8b26f3e7c419d3a5b1f0c2d7e11', 404],
    ['{019aa8b2-6f3e-7c41-9d3a-5b1f0c2d7e11}', 404],
    ['019aa8b2-6f3e-7c41-9d3a-5b1f0c2d7e11%0a', 404],
    ['019aa8b2-6f3e-7c41-9d3a-5b1f0c2d7e11', 404],
    [`x'%20or%20'1'='1`, 404],
    ['a'.repeat(10_000), 404],
  ]
  for (const [id, status] of ids) {
    await t.test(`the id ${id.slice(0, 45)} gives ${status} with every method`, async () => {
      const slug = status === 404 ? 'not-found' : 'malformed-request'
      assertProblem(await alice.get(`/tasks/${id}`), status, slug)
      assertProblem(await alice.put(`/tasks/${id}`, { title: 'a' }), status, slug)
      assertProblem(await alice.patch(`/tasks/${id}`, { title: 'a' }), status, slug)
      assertProblem(await alice.delete(`/tasks/${id}`), status, slug)
      assertProblem(await alice.delete(`/me/sessions/${id}`), status, slug)
    })
  }

  await t.test(
    'an id that is not a lower-case UUID creates nothing, even with If-None-Match: *',
    async () => {
      const headers = { 'if-none-match': '*' }
      for (const id of ['019AA8B2-6F3E-7C41-9D3A-5B1F0C2D7E11', 'mine', 'a%00b']) {
        assertProblem(await alice.put(`/tasks/${id}`, { title: 'a' }, headers), 404, 'not-found')
      }
    },
  )

  await t.test('a token in the query gives 400 with a token in the header, and 401 without', async () => {
    const path = `/tasks?access_token=${alice.accessToken}`
    assertRefused(await alice.get(path), 'access_token')
    assertProblem(await server.request('GET', path), 401, 'invalid-token')
  })

  await t.test(
    'If-Match accepts a list, and gives 412 for weak tags, 400 for malformed ones and 404 for a missing task',
    async () => {
      const task = await alice.createTask({ title: 'a' })
      const tag = etagOf(task)
      const path = `/tasks/${task.id}`
      const change = (ifMatch: string) => alice.patch(path, { title: 'a' }, { 'if-match': ifMatch })

      for (const malformed of ['17', '"17', 'W/17', '"a" "b"', '*, "1"', 'w/"1"', '']) {
        const { errors } = assertProblem(await change(malformed), 400, 'invalid-parameter')
        assert.deepEqual(
          errors?.map((fault) => 'header' in fault && fault.header),
          ['If-Match'],
          malformed,
        )
      }
      for (const failing of [`W/${tag}`, '"0"', `W/${tag}, "0"`, '""']) {
        const answer = await change(failing)
        assertProblem(answer, 412, 'precondition-failed')
        assert.equal(answer.headers.get('etag'), tag)
      }
      for (const holding of [tag, '*', `"0", ${tag}`, `W/"0",${tag}`])
        assert.equal((await change(holding)).status, 200, holding)

      const nothing = '/tasks/019aa8b2-6f3e-7c41-9d3a-5b1f0c2d7e11'
      assertProblem(await alice.patch(nothing, { title: 'a' }, { 'if-match': '*' }), 404, 'not-found')
      assertProblem(await alice.put(nothing, { title: 'a' }, { 'if-match': '*' }), 404, 'not-found')
      assertProblem(await alice.delete(nothing, { 'if-match': '*' }), 404, 'not-found')
    },
  )
})
