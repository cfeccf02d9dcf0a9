import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { assertProblem, docket, etagOf, type Answer } from '../harness.ts'

/** Values of If-Match for a task of revision `n`, and the status of a write with them. */
const ifMatch: { what: string; value: (n: number) => string; status: 200 | 400 | 412 }[] = [
  { what: 'its tag', value: (n) => `"${n}"`, status: 200 },
  { what: 'its tag between spaces', value: (n) => ` "${n}" `, status: 200 },
  { what: 'any tag', value: () => '*', status: 200 },
  { what: 'a list with its tag', value: (n) => `"x", "${n}","y"`, status: 200 },
  { what: 'a list with empty members', value: (n) => `, "x",, "${n}" ,`, status: 200 },
  { what: 'an older tag', value: (n) => `"${n - 1}"`, status: 412 },
  { what: 'a future tag', value: (n) => `"${n + 1}"`, status: 412 },
  { what: 'an empty tag', value: () => '""', status: 412 },
  { what: 'its tag as a weak one', value: (n) => `W/"${n}"`, status: 412 },
  { what: 'a list with its tag as a weak one', value: (n) => `"x", W/"${n}"`, status: 412 },
  { what: 'a tag that starts with its number', value: (n) => `"${n}0"`, status: 412 },
  { what: 'its number with a leading zero', value: (n) => `"0${n}"`, status: 412 },
  { what: 'a tag with a comma in it', value: (n) => `"x,${n}"`, status: 412 },
  { what: 'a tag with W/ inside its quotes', value: (n) => `"W/${n}"`, status: 412 },
  { what: 'its number without quotes', value: (n) => `${n}`, status: 400 },
  { what: 'single quotes', value: (n) => `'${n}'`, status: 400 },
  { what: 'an open quote', value: (n) => `"${n}`, status: 400 },
  { what: 'a lower-case weak mark', value: (n) => `w/"${n}"`, status: 400 },
  { what: 'a list without commas', value: (n) => `"${n}" "x"`, status: 400 },
  { what: '* among tags', value: (n) => `*, "${n}"`, status: 400 },
  { what: '* in quotes', value: () => '"*"', status: 412 },
  { what: 'a tag with a space in it', value: (n) => `"${n} "`, status: 400 },
  { what: 'an empty value', value: () => '', status: 400 },
]

test('If-Match on PUT, PATCH and DELETE', async (t) => {
  const { alice } = await docket(t)
  for (const { what, value, status } of ifMatch) {
    await t.test(`${what} gives ${status}`, async () => {
      const task = await alice.createTask({ title: 'Buy milk' })
      const path = `/tasks/${task.id}`
      const check = (answer: Answer, done: number, etag: string) => {
        if (status === 200) return assert.equal(answer.status, done, answer.text)
        if (status === 412) {
          assertProblem(answer, 412, 'precondition-failed')
          return assert.equal(answer.headers.get('etag'), etag)
        }
        const { errors } = assertProblem(answer, 400, 'invalid-parameter')
        assert.deepEqual(
          errors?.map((fault) => 'header' in fault && fault.header),
          ['If-Match'],
        )
        return assert.match(errors?.[0]?.detail ?? '', /\* or a list of entity tags in double quotes/)
      }
      const conditions = async () => ({ 'if-match': value((await alice.read(task)).revision) })
      const etag = async () => etagOf(await alice.read(task))

      check(await alice.patch(path, { title: 'Buy oat milk' }, await conditions()), 200, await etag())
      check(await alice.put(path, { title: 'Buy soy milk' }, await conditions()), 200, await etag())
      const before = await alice.read(task)
      assert.equal(before.title, status === 200 ? 'Buy soy milk' : 'Buy milk')
      check(await alice.delete(path, await conditions()), 204, etagOf(before))
      assert.equal((await alice.get(path)).status, status === 200 ? 404 : 200)
    })
  }
})

test('If-Match is checked even if the write would change nothing', async (t) => {
  const { alice } = await docket(t)
  const task = await alice.createTask({ title: 'Buy milk' })
  assertProblem(
    await alice.patch(`/tasks/${task.id}`, {}, { 'if-match': '"999"' }),
    412,
    'precondition-failed',
  )
  assert.equal((await alice.patch(`/tasks/${task.id}`, {}, { 'if-match': etagOf(task) })).status, 200)
})

test('a valid condition on a missing task gives 404', async (t) => {
  const { alice } = await docket(t)
  const path = `/tasks/${randomUUID()}`
  for (const value of ['*', '"1"', 'W/"1"']) {
    const headers = { 'if-match': value }
    for (const answer of [
      await alice.put(path, { title: 'x' }, headers),
      await alice.patch(path, { title: 'x' }, headers),
      await alice.delete(path, headers),
      await alice.get(path, { 'if-none-match': value }),
    ]) {
      assertProblem(answer, 404, 'not-found')
      assert.equal(answer.headers.get('etag'), null)
    }
  }
  const both = await alice.put(path, { title: 'x' }, { 'if-match': '*', 'if-none-match': '*' })
  assertProblem(both, 412, 'precondition-failed')
  assertProblem(await alice.get(path), 404, 'not-found')
})

test('If-None-Match refuses a write to a task that matches', async (t) => {
  const { alice } = await docket(t)
  const task = await alice.createTask({ title: 'Buy milk' })
  const path = `/tasks/${task.id}`
  for (const value of ['*', etagOf(task), `W/${etagOf(task)}`]) {
    for (const method of ['put', 'patch'] as const) {
      const answer = await alice[method](path, { title: 'x' }, { 'if-none-match': value })
      assertProblem(answer, 412, 'precondition-failed')
      assert.equal(answer.headers.get('etag'), etagOf(task))
    }
  }
  assert.equal((await alice.patch(path, { title: 'x' }, { 'if-none-match': '"999"' })).status, 200)
  const { errors } = assertProblem(
    await alice.put(path, { title: 'x' }, { 'if-none-match': 'x' }),
    400,
    'invalid-parameter',
  )
  assert.deepEqual(
    errors?.map((fault) => 'header' in fault && fault.header),
    ['If-None-Match'],
  )
})

test('exactly one of fifty concurrent writers with the same ETag succeeds', async (t) => {
  const { alice } = await docket(t)
  let task = await alice.createTask({ title: 'Buy milk' })
  const path = `/tasks/${task.id}`

  for (let round = 0; round < 5; round++) {
    const headers = { 'if-match': etagOf(task) }
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => {
        const body = { title: `Writer ${round}.${i}` }
        return i % 2 === 0 ? alice.patch(path, body, headers) : alice.put(path, body, headers)
      }),
    )
    const [winner, ...others] = answers.filter(({ status }) => status === 200)
    assert.ok(winner && others.length === 0)
    for (const answer of answers.filter((one) => one !== winner)) {
      assertProblem(answer, 412, 'precondition-failed')
      assert.equal(answer.headers.get('etag'), etagOf(winner.body))
    }
    assert.deepEqual(await alice.read(task), winner.body)
    assert.equal(winner.body.revision, task.revision + 1)
    task = winner.body
  }

  const deletes = await Promise.all(
    Array.from({ length: 50 }, () => alice.delete(path, { 'if-match': etagOf(task) })),
  )
  const statuses = deletes.map(({ status }) => status).filter((status) => status !== 404)
  assert.deepEqual(statuses, [204], 'one deletes the task, and the others find none')
})

/** Values of If-None-Match for the current tag, and the status of a read with them. */
const ifNoneMatch: { what: string; value: (tag: string) => string; status: 200 | 304 | 400 }[] = [
  { what: 'the tag itself', value: (tag) => tag, status: 304 },
  { what: 'the tag as a weak one', value: (tag) => `W/${tag.replace('W/', '')}`, status: 304 },
  { what: 'the tag as a strong one', value: (tag) => tag.replace('W/', ''), status: 304 },
  { what: 'any tag', value: () => '*', status: 304 },
  { what: 'a list with the tag', value: (tag) => `"x", ${tag}, W/"y"`, status: 304 },
  { what: 'a list with empty members', value: (tag) => `,, ${tag},`, status: 304 },
  { what: 'another tag', value: () => '"x"', status: 200 },
  { what: 'an empty tag', value: () => '""', status: 200 },
  {
    what: 'a tag with W/ inside its quotes',
    value: (tag) => `"W/${tag.replace('W/', '').slice(1)}`,
    status: 200,
  },
  { what: 'a truncated tag', value: (tag) => `${tag.slice(0, -2)}"`, status: 200 },
  { what: 'the tag without quotes', value: (tag) => tag.replaceAll('"', ''), status: 400 },
  { what: '* among tags', value: (tag) => `${tag}, *`, status: 400 },
  { what: 'an empty value', value: () => '', status: 400 },
]

test('If-None-Match on reads', async (t) => {
  const { alice } = await docket(t)
  for (let i = 0; i < 10; i++) await alice.createTask({ title: `Task ${i}` })
  const task = await alice.createTask({ title: 'Buy milk', dueDate: '2026-12-01' })

  for (const path of [
    `/tasks/${task.id}`,
    '/tasks',
    '/tasks?due=overdue',
    '/tasks?sort=title&limit=1&count=true',
  ]) {
    const first = await alice.get(path)
    const tag = first.headers.get('etag') ?? ''
    for (const { what, value, status } of ifNoneMatch) {
      await t.test(`${what} on ${path} gives ${status}`, async () => {
        const answer = await alice.get(path, { 'if-none-match': value(tag) })
        if (status === 400) return void assertProblem(answer, 400, 'invalid-parameter')
        assert.equal(answer.status, status)
        assert.equal(answer.headers.get('etag'), tag)
        assert.equal(answer.headers.get('cache-control'), 'private, no-cache')
        assert.equal(answer.text, status === 304 ? '' : first.text)
      })
    }
  }
})

test('the entity tag of a task changes only with the task', async (t) => {
  const { alice } = await docket(t)
  const [milk, bread] = [
    await alice.createTask({ title: 'Milk' }),
    await alice.createTask({ title: 'Bread' }),
  ]
  await alice.patch(`/tasks/${bread.id}`, { status: 'complete' })
  assert.equal((await alice.get(`/tasks/${milk.id}`, { 'if-none-match': etagOf(milk) })).status, 304)
  assert.equal((await alice.get(`/tasks/${bread.id}`, { 'if-none-match': etagOf(bread) })).status, 200)
})
