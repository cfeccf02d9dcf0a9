import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertProblem, docket } from '../../harness.ts'
import { pathOf, walk } from '../../list-model.ts'
import { assertParameter, bodyOf, createProject, createTasks, found, takenBy, titlesOf } from './organise.ts'

/** A search, a text that it finds, and whether it does. */
const rows: [q: string, text: string, isFound: boolean][] = [
  ['cafe', 'Café', true],
  ['CAFÉ', 'cafe', true],
  ['café', 'CAFE\u0301', true],
  ['port', 'passport', true],
  ['東京', '東京へ行く', true],
  ['京', '東京へ行く', true],
  ['大阪', '東京へ行く', false],
  ['istanbul', 'İstanbul', true],
  ['İSTANBUL', 'istanbul', true],
  ['ıstanbul', 'istanbul', false], // the dotless i is a letter of its own
  ['ISPARTA', 'Isparta', true],
  ['straße', 'Straße', true],
  ['STRAẞE', 'straße', true],
  ['strasse', 'Straße', false],
  ['ΟΔΟΣ', 'οδοσ', true],
  ['ΟΔΟΣ', 'Οδός', true],
  ['ΟΔΟΣ', 'οδοσήμανση', true], // a final sigma is not final within a word
  ['οδος', 'ΟΔΟΣΗΜΑΝΣΗ', true],
  ['🎉', 'Party 🎉 now', true],
  ['👩', '👩‍💻 at work', true],
  ['🎉', 'Party 🎊 now', false],
  ['❤', 'I ❤️ milk', true],
  ['%', 'all 100% of it', true],
  ['%', 'all of it', false],
  ['_', 'snake_case', true],
  ['_', 'snakecase', false],
  ['a_c', 'abc', false],
  ['a%c', 'abc', false],
  ['\\', 'C:\\temp', true],
  ['\\', 'C:/temp', false],
  ['\\%', 'a\\%b', true],
  ['\\%', 'a%b', false],
  ["'", "it's", true],
  ['"a" or 1=1', 'x', false],
  ['ﬁ', 'file', true], // NFKD
  ['fi', 'ﬁle', true],
  ['５', 'room 5', true],
  ['①', 'part 1', true],
  ['é', 'e', true],
  ['nai\u0308ve', 'naive', true],
  ['Ω', 'ohm ω', true],
  ['K', '5 K', true],
  ['Й', 'и', true], // its breve is a mark
  ['buy milk', 'milk: buy two', true],
  ['buy  milk', 'buy milk', true],
  ['milk bread', 'milk', false],
  ['ilk mil', 'milk', true],
  ['milk milk', 'milk', true],
  ['  milk ', 'milk', true],
  ...['\t', '\n', '\r\n', '\u00a0', '\u2003', '\u2028', '\u3000', '\ufeff'].map(
    (space): [string, string, boolean] => [`buy${space}milk`, 'milk, buy', true],
  ),
  ['null', 'nothing', false],
]

test('search', async (t) => {
  const { alice } = await docket(t)

  await t.test('finds each word anywhere in title, description and labels', async () => {
    const [title, description, label] = [
      { title: 'Renew the passport' },
      { title: 'x', description: 'the\nPASSPORT office' },
      { title: 'y', labels: ['town', 'Passports'] },
    ]
    await createTasks(alice, [title, description, label])
    assert.deepEqual(await found(alice, { q: 'sport' }), ['Renew the passport', 'x', 'y'])
    assert.deepEqual(await found(alice, { q: 'passport office' }), ['x'])
    assert.deepEqual(await found(alice, { q: 'y passport' }), ['y'])
    assert.deepEqual(await found(alice, { q: 'townpass' }), [], 'no word goes over two labels')
    assert.deepEqual(await found(alice, { q: 'xthe' }), [])
  })

  for (const [q, text, isFound] of rows)
    await t.test(`${JSON.stringify(q)} ${isFound ? 'finds' : 'does not find'} ${text}`, async () => {
      const [inTitle, inDescription, inLabels] = await createTasks(alice, [
        { title: text },
        { title: '·', description: text },
        { title: '·', labels: [text.replaceAll(',', '')] },
      ])
      const { items } = bodyOf(await alice.get(`/tasks?limit=100&q=${encodeURIComponent(q)}`))
      const ids = new Set(items.map(({ id }: { id: string }) => id))
      for (const task of [inTitle, inDescription, inLabels]) assert.equal(ids.has(task?.id), isFound)
    })

  await t.test('has 1 to 200 code points', async () => {
    const ask = (q: string) => alice.get(`/tasks?q=${encodeURIComponent(q)}`)
    bodyOf(await ask('𝒜'.repeat(200)))
    bodyOf(await ask('a '.repeat(100)))
    for (const q of ['', '𝒜'.repeat(201), 'a'.repeat(201), 'a\u0000']) assertParameter(await ask(q), 'q')
    assertParameter(await alice.get('/tasks?q=a&q=b'), 'q')
    assertProblem(await alice.get('/tasks?q=%ff'), 400, 'malformed-request')
    await alice.createTask({ title: `${'x'.repeat(199)}y` })
    assert.equal((await found(alice, { q: `${'x'.repeat(199)}y` })).length, 1)
  })
})

test('a search joins with every filter and sort', async (t) => {
  const { alice } = await docket(t)
  const project = await createProject(alice)
  const made = await createTasks(
    alice,
    Array.from({ length: 60 }, (_, i) => ({
      title: `${i % 2 ? 'Café' : 'Tea'} ${String(i).padStart(2, '0')}`,
      priority: i % 3 ? 'high' : 'low',
      labels: i % 4 ? ['drink'] : ['Drink', 'shop'],
      ...(i % 5 === 0 && { projectId: project.id }),
    })),
  )
  const titles = made.map(({ title }) => title)
  const cafes = titles.filter((title) => title.startsWith('Café'))

  for (const [query, expected] of [
    [{ q: 'cafe' }, cafes],
    [{ q: 'cafe', priority: 'low' }, cafes.filter((title) => Number(title.slice(-2)) % 3 === 0)],
    [{ q: 'cafe', project: project.id }, cafes.filter((title) => Number(title.slice(-2)) % 5 === 0)],
    [{ q: 'shop cafe' }, []],
    [{ q: 'shop', label: 'drink' }, titles.filter((_title, i) => i % 4 === 0)],
    [
      { q: '1', labelAll: 'drink,shop', status: 'incomplete' },
      titles.filter((title, i) => i % 4 === 0 && title.includes('1')),
    ],
  ] as [Record<string, string>, string[]][])
    await t.test(JSON.stringify(query), async () => {
      for (const limit of ['1', '4', '100']) {
        const items = await walk(alice, { ...query, sort: 'title', limit })
        assert.deepEqual(
          items.map(({ title }) => title),
          expected.toSorted(),
        )
        const back = await walk(alice, { ...query, sort: '-position', limit })
        assert.deepEqual(back.map(({ title }) => title).toSorted(), expected.toSorted())
      }
      const path = pathOf({ ...query, count: 'true', limit: '1' })
      assert.equal(bodyOf(await alice.get(path)).total, expected.length)
    })

  await t.test('follows a change, looks into the trash and forgets what is erased', async () => {
    const [tea] = made
    assert.ok(tea)
    const changed = await alice.patch(`/tasks/${tea.id}`, {
      title: 'Kaffee',
      labels: [],
      description: 'Zürich',
    })
    assert.deepEqual(await found(alice, { q: 'zurich' }), ['Kaffee'])
    await alice.post(`/changes/${takenBy(changed)}/undo`)
    assert.deepEqual(await found(alice, { q: 'zurich' }), [])
    assert.deepEqual(await found(alice, { q: 'tea 00 shop' }), ['Tea 00'])
    await alice.delete(`/tasks/${tea.id}`)
    assert.deepEqual(await found(alice, { q: 'tea 00' }), [])
    assert.deepEqual(await found(alice, { q: 'tea 00', deleted: 'true' }), ['Tea 00'])
    assert.deepEqual(await found(alice, { q: 'cafe', deleted: 'true' }), [])
    await alice.delete(`/tasks/${tea.id}?permanent=true`)
    assert.deepEqual(await found(alice, { q: 'tea 00', deleted: 'true' }), [])
  })

  await t.test('has an entity tag, and a cursor of its own', async () => {
    const answer = await alice.get('/tasks?q=cafe&limit=1')
    const tag = answer.headers.get('etag') ?? ''
    assert.equal((await alice.get('/tasks?q=cafe&limit=1', { 'if-none-match': tag })).status, 304)
    const { nextCursor } = answer.body
    assert.equal(titlesOf(await alice.get(`/tasks?q=cafe&limit=1&cursor=${nextCursor}`)).length, 1)
    assertProblem(await alice.get(`/tasks?q=tea&limit=1&cursor=${nextCursor}`), 400, 'invalid-cursor')
  })
})
