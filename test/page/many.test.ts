import assert from 'node:assert/strict'
import { test } from 'node:test'
import { open, skip } from './browser.ts'
import { longestTask } from './trace.ts'

const count = 10_000
const inOneRequest = 100
const frames = 60
const mostMs = { scroll: 50, search: 100, complete: 100 }

test('ten thousand tasks scroll, and are searched and completed, without a stutter', { skip }, async (t) => {
  const user = await open(t, { seed: seedMany })
  const { page, row } = user
  await user.go('inbox')
  await row('Task 0 needle').waitFor()
  await user.saved()
  const told = (what: keyof typeof mostMs, ms: number) => {
    t.diagnostic(`${what}: ${ms.toFixed(1)} ms at most without a pause`)
    assert.ok(ms < mostMs[what], `${what}: ${ms} ms`)
  }

  const scroll = await longestTask(page, () =>
    page.evaluate(async (times) => {
      const main = document.querySelector('main')
      for (let frame = 0; frame < times; frame += 1) {
        main?.scrollBy(0, 700)
        await new Promise((resolve) => requestAnimationFrame(resolve))
      }
    }, frames),
  )
  told('scroll', scroll)
  const isMade = await page.locator('.row.task').count()
  assert.ok(isMade > 15 && isMade < 100, `${isMade} rows`)

  await page.keyboard.press('/')
  const field = page.getByRole('searchbox')
  const search = await longestTask(page, async () => {
    for (const text of ['n', 'ne', 'nee', 'needle', 'needle 9']) {
      await field.fill(text)
      await page.locator('.list .row.heading').first().waitFor()
    }
  })
  told('search', search)
  await row('Task 997 needle').waitFor()

  await user.go('inbox')
  await row('Task 0 needle').waitFor()
  const complete = await longestTask(page, async () => {
    await row('Task 0 needle').getByRole('checkbox').click()
    await row('Task 0 needle').waitFor({ state: 'detached' })
  })
  told('complete', complete)
})

async function seedMany(
  send: (method: string, path: string, body?: unknown) => Promise<unknown>,
): Promise<void> {
  for (let at = 0; at < count; at += inOneRequest) {
    const operations = Array.from({ length: inOneRequest }, (_, i) => ({
      method: 'POST',
      path: '/tasks',
      body: {
        title: `Task ${at + i} ${(at + i) % 997 === 0 ? 'needle' : 'hay'}`,
        description: i % 3 === 0 ? 'Some words of a description, as people write them.' : '',
        priority: ['none', 'low', 'high'][i % 3],
        labels: i % 4 === 0 ? ['errand'] : [],
      },
    }))
    await send('POST', '/batch', { operations })
  }
}
