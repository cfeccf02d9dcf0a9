import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPages, type Page } from '../../src/tasks/pages.ts'

const pageOf = (text: string): Page => ({ text, nextCursor: null })

/** A page cache that counts its reads. */
function countedPages() {
  const pages = createPages()
  const reads: string[] = []
  const get = (key: string, text: string) =>
    pages.get(key, async () => {
      reads.push(key)
      return pageOf(text)
    })
  return { get, reads }
}

test('a page is read once per key', async () => {
  const { get, reads } = countedPages()

  const first = await get('1 alice', 'hers')
  const other = await get('1 bob', 'his')
  const again = await get('1 alice', 'hers')

  assert.equal(again, first)
  assert.notDeepEqual(other, first)
  assert.deepEqual(reads, ['1 alice', '1 bob'])
})

test('the cache keeps the eight megabytes of pages that were used last', async () => {
  const { get, reads } = countedPages()
  const megabyte = 'x'.repeat(2 ** 19)

  for (let i = 0; i < 7; i++) await get(`page ${i}`, megabyte)
  await get('page 0', megabyte)
  for (let i = 7; i < 13; i++) await get(`page ${i}`, megabyte)
  await get('page 0', megabyte)
  assert.equal(reads.filter((key) => key === 'page 0').length, 1, 'used recently, so still cached')

  await get('page 1', megabyte)
  assert.equal(reads.at(-1), 'page 1', 'dropped, so read again')
})

test('a failed read is not cached', async () => {
  const pages = createPages()
  await assert.rejects(pages.get('key', () => Promise.reject(new Error('out of reach'))))

  const page = await pages.get('key', async () => pageOf('read'))

  assert.equal(page.text, 'read')
})
