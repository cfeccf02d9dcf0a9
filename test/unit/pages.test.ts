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

test('a page is kept from the second time that it is asked for', async () => {
  const { get, reads } = countedPages()

  await get('1 alice', 'hers')
  const second = await get('1 alice', 'hers')
  const other = await get('1 bob', 'his')
  const third = await get('1 alice', 'hers')

  assert.equal(third, second)
  assert.notDeepEqual(other, third)
  assert.deepEqual(reads, ['1 alice', '1 alice', '1 bob'])
})

test('the cache keeps the eight megabytes of pages that were used last', async () => {
  const { get, reads } = countedPages()
  const megabyte = 'x'.repeat(2 ** 19)
  const getTwice = async (i: number) => {
    await get(`page ${i}`, megabyte)
    await get(`page ${i}`, megabyte)
  }
  const readsOf = (page: string) => reads.filter((key) => key === page).length

  for (let i = 0; i < 7; i++) await getTwice(i)
  await get('page 0', megabyte)
  for (let i = 7; i < 13; i++) await getTwice(i)
  await get('page 0', megabyte)
  assert.equal(readsOf('page 0'), 2, 'used recently, so still cached')

  await get('page 1', megabyte)
  assert.equal(readsOf('page 1'), 3, 'dropped, so read again')
})

test('pages that are asked for once take no place of those that are kept', async () => {
  const { get, reads } = countedPages()
  for (let i = 0; i < 2; i++) await get('kept', 'a page')

  for (let i = 0; i < 100; i++) await get(`page ${i}`, 'x'.repeat(2 ** 19))
  await get('kept', 'a page')

  assert.equal(reads.at(-1), 'page 99', 'not read again')
})

test('what was asked for once counts too, by its key', async () => {
  const { get, reads } = countedPages()
  for (let i = 0; i < 2; i++) await get('kept', 'a page')

  for (let i = 0; i < 9; i++) await get(`${i}`.repeat(2 ** 19), '')
  await get('kept', 'a page')

  assert.equal(reads.at(-1), 'kept', 'dropped, so read again')
})

test('a failed read is not cached', async () => {
  const pages = createPages()
  await assert.rejects(pages.get('key', () => Promise.reject(new Error('out of reach'))))

  const page = await pages.get('key', async () => pageOf('read'))

  assert.equal(page.text, 'read')
})
