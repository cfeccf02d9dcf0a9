import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Task } from '../../src/tasks/schema.ts'
import { docket } from '../harness.ts'

// Titles that a language, letter case or UTF-16 would order differently than their code points.
const words =
  'a A B b Z zebra a-b ab A_b _ - ~ ! 9 10 010 é e\u0301 É ä Ä az ß ẞ ss I i ı İ ÿ Ÿ ' +
  'Σίγμα σίγμας ΣΊΓΜΑΣ Ǆ ǅ ǆ ﬀ ｚ Ｚ 中 日本 \uFFFD 🙂 𝐀 𐐀 𐐨'
const titles = [...words.split(' '), 'a b', 'Zebra crossing']

test('titles are sorted by the code points of their lower case on every engine, page by page', async (t) => {
  const { alice } = await docket(t)
  for (const title of titles) await alice.createTask({ title })

  const items: Task[] = []
  let cursor = ''
  do {
    const { body } = await alice.get(`/tasks?sort=title&limit=7${cursor}`)
    items.push(...body.items)
    cursor = body.nextCursor && `&cursor=${body.nextCursor}`
  } while (cursor)

  // The bytes of UTF-8 sort like its code points, and U+0000 occurs in no title.
  const key = ({ title, id }: Task) => Buffer.from(`${title.toLowerCase()}\0${id}`)
  const expected = items.toSorted((a, b) => Buffer.compare(key(a), key(b)))
  assert.deepEqual(items.map(titleOf), expected.map(titleOf))
  assert.deepEqual(new Set(items.map(titleOf)), new Set(titles))
})

const titleOf = ({ title }: Task) => title
