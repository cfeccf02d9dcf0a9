import assert from 'node:assert/strict'
import { test } from 'node:test'
import { open, phone, skip } from './browser.ts'

test('on a phone, all is within reach, and back closes what was opened', { skip }, async (t) => {
  const user = await open(t, {
    options: phone,
    seed: async (send) => void (await send('POST', '/tasks', { title: 'Walk the dog' })),
  })
  const { page, row, titles } = user
  await page.getByRole('button', { name: 'Lists' }).tap()
  const lists = page.getByRole('dialog', { name: 'Lists' })
  await lists.getByRole('link', { name: /Inbox/ }).tap()
  await lists.waitFor({ state: 'detached' })
  await row('Walk the dog').getByRole('link').tap()
  await page.getByRole('complementary', { name: 'Task' }).waitFor()
  await page.goBack()
  await page.getByRole('complementary', { name: 'Task' }).waitFor({ state: 'detached' })
  assert.match(page.url(), /#\/inbox$/)

  await page.getByRole('button', { name: 'Add task' }).tap()
  await page.getByRole('dialog', { name: 'Add a task' }).waitFor()
  await page.goBack()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  assert.match(page.url(), /#\/inbox$/)

  await row('Walk the dog')
    .getByRole('button', { name: /Actions/ })
    .tap()
  await page.getByRole('menuitem', { name: 'Due' }).tap()
  await page.getByRole('menuitem', { name: 'Tomorrow' }).tap()
  await row('Walk the dog').getByText('Tomorrow').waitFor()
  await row('Walk the dog').getByRole('checkbox').tap()
  await page.getByRole('button', { name: 'Undo' }).tap()
  await row('Walk the dog').waitFor()
  assert.deepEqual(await titles(), ['Walk the dog'])

  const small = await page.locator('button, a, [role=checkbox]').evaluateAll((all) =>
    all
      .map((one) => ({
        name: one.getAttribute('aria-label') ?? one.textContent,
        box: one.getBoundingClientRect(),
      }))
      .filter(({ box }) => box.width > 1 && (box.width < 24 || box.height < 24))
      .map(({ name }) => name),
  )
  assert.deepEqual(small, [])
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth))
})
