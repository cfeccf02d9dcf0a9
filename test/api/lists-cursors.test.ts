import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { assertProblem, docket, type Answer, type Docket, type User } from '../harness.ts'

async function withTasks(t: TestContext, count: number): Promise<Docket & { titles: string[] }> {
  const server = await docket(t)
  const titles = Array.from({ length: count }, (_, i) => `Task ${String(i).padStart(3, '0')}`)
  await Promise.all(
    titles.map((title) => server.alice.createTask({ title, dueDate: '2026-12-01', status: 'in_progress' })),
  )
  return Object.assign(server, { titles })
}

const titlesOf = ({ body }: Answer): string[] => body.items.map(({ title }: { title: string }) => title)

/** Returns the references of a Link header by their relation (RFC 8288 §3). */
function linksOf({ headers }: Answer): Record<string, string> {
  const found = headers.get('link')?.matchAll(/<([^>]*)>; rel="([a-z]+)"/g) ?? []
  return Object.fromEntries([...found].map(([, reference, relation]) => [relation, reference]))
}

test('Link headers lead through all pages with relative references', async (t) => {
  const { alice, titles, url } = await withTasks(t, 23)
  const queries = [
    '',
    '?limit=5&sort=title',
    '?limit=5&sort=title&count=true',
    '?status=IN_PROGRESS,complete&sort=title,-dueDate&limit=4',
    '?limit=3&sort=title&dueFrom=2026-11-30T23:00:00%2B01:00&dueBefore=2026-12-02',
    '?limit=3&sort=title&dueFrom=2026-11-30T23:00:00+01:00',
  ]
  for (const query of queries) {
    await t.test(query || 'no parameters', async () => {
      const follow = (from: string, reference: string) => {
        assert.ok(!/^[a-z]+:|^\/\//i.test(reference), `${reference} is relative`)
        const { pathname, search, origin } = new URL(reference, url + from)
        assert.equal(origin, url)
        return pathname + search
      }
      const first = `/tasks${query}`
      const met: string[] = []
      let pages = 0
      for (let path: string | undefined = first; path !== undefined; pages++) {
        const answer = await alice.get(path)
        assert.equal(answer.status, 200, answer.text)
        met.push(...titlesOf(answer))
        const links = linksOf(answer)
        const start = await alice.get(follow(path, links['first'] ?? ''))
        assert.deepEqual(start.body, (await alice.get(first)).body)
        assert.equal(links['next'] === undefined, answer.body.nextCursor === null)
        if (links['next'] !== undefined) {
          const next = follow(path, links['next'])
          assert.equal(new URL(next, url).searchParams.get('cursor'), answer.body.nextCursor)
          assert.ok(new URL(next, url).searchParams.has('count') || !query.includes('count'))
          path = next
        } else path = undefined
      }
      assert.deepEqual(met.toSorted(), titles)
      if (query.includes('sort=title')) assert.deepEqual(met, titles)
      if (query.includes('limit=5')) assert.equal(pages, 5)
    })
  }
})

test('limit and count may change from page to page', async (t) => {
  const { alice, titles } = await withTasks(t, 12)
  const met: string[] = []
  let cursor: string | null = null
  for (const more of ['limit=1', 'limit=4', 'limit=2&count=true', 'count=false&limit=3', '']) {
    const answer = await alice.get(`/tasks?sort=title&${more}${cursor === null ? '' : `&cursor=${cursor}`}`)
    met.push(...titlesOf(answer))
    cursor = answer.body.nextCursor
  }
  assert.deepEqual(met, titles)
  assert.equal(cursor, null)
})

test('a cursor stays valid if parameters are reordered or defaults are written out', async (t) => {
  const { alice } = await withTasks(t, 4)
  const { nextCursor } = (await alice.get('/tasks?limit=2&status=in_progress')).body
  for (const same of [
    'status=in_progress&limit=2',
    'limit=2&status=IN_PROGRESS',
    'sort=-createdAt&status=in_progress',
  ]) {
    assert.equal((await alice.get(`/tasks?cursor=${nextCursor}&${same}`)).status, 200, same)
  }
})

test('a cursor is valid only for its user and its query', async (t) => {
  const { alice, register } = await withTasks(t, 4)
  const bob = await register('bob')
  await Promise.all(['a', 'b', 'c'].map((title) => bob.createTask({ title })))
  const query = 'status=in_progress&sort=title'
  const cursor: string = (await alice.get(`/tasks?limit=2&${query}`)).body.nextCursor
  const refuse = async (user: User, search: string) => {
    const { errors = [], detail } = assertProblem(await user.get(`/tasks?${search}`), 400, 'invalid-cursor')
    assert.deepEqual(
      errors.map((fault) => 'parameter' in fault && fault.parameter),
      ['cursor'],
    )
    assert.match(detail, /for this query/)
  }

  await t.test('refused for another user', () => refuse(bob, `${query}&cursor=${cursor}`))
  for (const other of [
    'status=in_progress',
    'status=in_progress&sort=-title',
    'status=in_progress&sort=title,-createdAt',
    'sort=title',
    'status=in_progress,complete&sort=title',
    `${query}&due=none`,
    `${query}&due=upcoming`,
    `${query}&dueFrom=2026-01-01`,
    `${query}&createdBefore=2030-01-01`,
  ]) {
    await t.test(`refused with ${other}`, () => refuse(alice, `${other}&cursor=${cursor}`))
  }

  await t.test('refused when cut, extended or altered anywhere', async () => {
    await refuse(alice, `${query}&cursor=`)
    for (let i = 0; i < cursor.length; i++) {
      const letter = cursor[i] === 'A' ? 'B' : 'A'
      await refuse(alice, `${query}&cursor=${cursor.slice(0, i)}${letter}${cursor.slice(i + 1)}`)
      if (i % 10 === 0) await refuse(alice, `${query}&cursor=${cursor.slice(0, i)}`)
    }
    for (const wrong of [
      `${cursor}A`,
      `A${cursor}`,
      `${cursor}=`,
      `${cursor}.`,
      `.${cursor}`,
      `${cursor}%0a`,
      `%20${cursor}`,
    ]) {
      await refuse(alice, `${query}&cursor=${wrong}`)
    }
  })

  await t.test('refused when forged', async () => {
    const [payload = '', mac = ''] = cursor.split('.')
    const position: unknown[] = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const forge = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const other: string = (await alice.get('/tasks?limit=2&sort=title')).body.nextCursor
    for (const forged of [
      `${forge(['Task 000', position[1]])}.${mac}`,
      `${forge([])}.${mac}`,
      `${forge(null)}.${mac}`,
      `${payload}.${other.split('.')[1]}`,
      `${payload}.${'A'.repeat(22)}`,
      `${payload}.`,
      payload,
      `.${mac}`,
      'null',
      '../../etc/passwd',
      "' or 1=1 --",
      'x'.repeat(8000),
      alice.accessToken,
      alice.refreshToken,
    ]) {
      await refuse(alice, `${query}&cursor=${encodeURIComponent(forged)}`)
    }
  })

  assert.equal(
    (await alice.get(`/tasks?${query}&cursor=${cursor}`)).body.items.length,
    2,
    'the cursor still works',
  )
})

test('a cursor at the longest title works', async (t) => {
  const { alice } = await docket(t)
  for (const title of ['🦆'.repeat(200), 'İ'.repeat(200), '\u{10ffff}'.repeat(200)])
    await alice.createTask({ title })
  const met: string[] = []
  for (let path = '/tasks?limit=1&sort=-title'; path !== '';) {
    const answer = await alice.get(path)
    assert.equal(answer.status, 200, answer.text)
    met.push(...titlesOf(answer))
    path = linksOf(answer)['next'] ?? ''
  }
  assert.deepEqual(
    met.map((title) => title.codePointAt(0)),
    [0x10ffff, 0x1f986, 0x130],
  )
})
