import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { assertProblem, docket, etagOf, type Answer } from '../harness.ts'

/** Values of If-Match for a task whose revision is `n`, and what a write with them is answered. */
const ifMatch: [what: string, value: (n: number) => string, status: 200 | 400 | 412][] = [
  ['its tag', (n) => `"${n}"`, 200],
  ['its tag within spaces', (n) => ` "${n}" `, 200],
  ['any tag', () => '*', 200],
  ['a list that has its tag', (n) => `"x", "${n}","y"`, 200],
  ['a list with empty members', (n) => `, "x",, "${n}" ,`, 200],
  ['an older tag', (n) => `"${n - 1}"`, 412],
  ['a tag to come', (n) => `"${n + 1}"`, 412],
  ['an empty tag', () => '""', 412],
  ['its tag, weak', (n) => `W/"${n}"`, 412],
  ['a list that has its tag weakly', (n) => `"x", W/"${n}"`, 412],
  ['a number that only begins the same', (n) => `"${n}0"`, 412],
  ['its number after a zero', (n) => `"0${n}"`, 412],
  ['a tag with a comma in it', (n) => `"x,${n}"`, 412],
  ['a tag that looks weak within its quotes', (n) => `"W/${n}"`, 412],
  ['its revision without quotes', (n) => `${n}`, 400],
  ['single quotes', (n) => `'${n}'`, 400],
  ['an open quote', (n) => `"${n}`, 400],
  ['a lower-case weak mark', (n) => `w/"${n}"`, 400],
  ['a list without commas', (n) => `"${n}" "x"`, 400],
  ['* among tags', (n) => `*, "${n}"`, 400],
  ['* in quotes', () => '"*"', 412],
  ['a space in a tag', (n) => `"${n} "`, 400],
  ['nothing', () => '', 400],
]

test('If-Match on PUT, PATCH and DELETE', async (t) => {
  const { alice } = await docket(t)
  for (const [what, value, status] of ifMatch) {
    await t.test(`${what}: ${status}`, async () => {
      const task = await alice.createTask({ title: 'Buy milk' })
      const path = `/tasks/${task.id}`
      const judge = (answer: Answer, done: number, etag: string) => {
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

      judge(await alice.patch(path, { title: 'Buy oat milk' }, await conditions()), 200, await etag())
      judge(await alice.put(path, { title: 'Buy soy milk' }, await conditions()), 200, await etag())
      const before = await alice.read(task)
      assert.equal(before.title, status === 200 ? 'Buy soy milk' : 'Buy milk')
      judge(await alice.delete(path, await conditions()), 204, etagOf(before))
      assert.equal((await alice.get(path)).status, status === 200 ? 404 : 200)
    })
  }
})

test('If-Match is asked even where the write would change nothing', async (t) => {
  const { alice } = await docket(t)
  const task = await alice.createTask({ title: 'Buy milk' })
  assertProblem(
    await alice.patch(`/tasks/${task.id}`, {}, { 'if-match': '"999"' }),
    412,
    'precondition-failed',
  )
  assert.equal((await alice.patch(`/tasks/${task.id}`, {}, { 'if-match': etagOf(task) })).status, 200)
})

test('on what is missing, a condition that parses is 404', async (t) => {
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

test('If-None-Match on a write refuses what is there', async (t) => {
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

test('of fifty concurrent writers with one ETag exactly one succeeds', async (t) => {
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
  assert.deepEqual(statuses, [204], 'one delete, and nothing is there for the others')
})

/** Values of If-None-Match for a current tag, and what a read with them is answered. */
const ifNoneMatch: [what: string, value: (tag: string) => string, status: 200 | 304 | 400][] = [
  ['the tag itself', (tag) => tag, 304],
  ['the same, weak', (tag) => `W/${tag.replace('W/', '')}`, 304],
  ['the same, strong', (tag) => tag.replace('W/', ''), 304],
  ['any tag', () => '*', 304],
  ['a list that has it', (tag) => `"x", ${tag}, W/"y"`, 304],
  ['a list with empty members', (tag) => `,, ${tag},`, 304],
  ['another tag', () => '"x"', 200],
  ['an empty tag', () => '""', 200],
  ['a tag that looks weak within its quotes', (tag) => `"W/${tag.replace('W/', '').slice(1)}`, 200],
  ['a tag cut short', (tag) => `${tag.slice(0, -2)}"`, 200],
  ['no quotes', (tag) => tag.replaceAll('"', ''), 400],
  ['* among tags', (tag) => `${tag}, *`, 400],
  ['nothing', () => '', 400],
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
    for (const [what, value, status] of ifNoneMatch) {
      await t.test(`${path}, ${what}: ${status}`, async () => {
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

test("a task's tag changes with the task alone", async (t) => {
  const { alice } = await docket(t)
  const [milk, bread] = [
    await alice.createTask({ title: 'Milk' }),
    await alice.createTask({ title: 'Bread' }),
  ]
  await alice.patch(`/tasks/${bread.id}`, { status: 'complete' })
  assert.equal((await alice.get(`/tasks/${milk.id}`, { 'if-none-match': etagOf(milk) })).status, 304)
  assert.equal((await alice.get(`/tasks/${bread.id}`, { 'if-none-match': etagOf(bread) })).status, 200)
})
