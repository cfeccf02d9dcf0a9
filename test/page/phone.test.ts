import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faultsOf } from './axe.ts'
import { open, phone, skip } from './browser.ts'

test('on a phone, all is within reach, and back closes what was opened', { skip }, async (t) => {
  const user = await open(t, {
    options: phone,
    seed: async (send) => {
      await send('POST', '/projects', { name: 'Garden' })
      await send('POST', '/tasks', { title: 'Walk the dog', labels: ['dog'] })
      await send('POST', '/tasks', { title: 'Feed the cat' })
    },
  })
  const { page, row, titles } = user
  const lists = page.getByRole('dialog', { name: 'Lists' })
  await page.getByRole('button', { name: 'Lists' }).tap()
  await lists.waitFor()
  await page.goBack()
  await lists.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Lists' }).tap()
  const opacity = (of: Element) => getComputedStyle(of).opacity
  assert.equal(await lists.getByRole('button', { name: 'Actions for Garden' }).evaluate(opacity), '1')
  await lists.getByRole('link', { name: /Inbox/ }).tap()
  await lists.waitFor({ state: 'detached' })
  await row('Walk the dog').getByRole('link').tap()
  await page.getByRole('complementary', { name: 'Task' }).waitFor()
  assert.equal(await page.getByRole('main').count(), 0, 'what the task covers can not be reached')
  await page.goBack()
  await page.getByRole('complementary', { name: 'Task' }).waitFor({ state: 'detached' })
  assert.match(page.url(), /#\/inbox$/)

  await page.getByRole('button', { name: 'Add task' }).tap()
  await page.getByRole('dialog', { name: 'Add a task' }).getByText('# project, @ label').waitFor()
  await page.goBack()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  assert.match(page.url(), /#\/inbox$/)
  await page.goForward()
  assert.match(page.url(), /#\/inbox$/)

  await row('Walk the dog')
    .getByRole('button', { name: /Actions/ })
    .tap()
  await page.getByRole('menuitem', { name: 'Due' }).tap()
  await page.getByRole('menuitem', { name: 'Tomorrow' }).tap()
  await row('Walk the dog').getByText('Tomorrow').waitFor()
  await row('Walk the dog')
    .getByRole('button', { name: /Actions/ })
    .tap()
  await page.getByRole('menuitem', { name: 'Select' }).tap()
  await row('Feed the cat').getByRole('link').tap()
  await page.getByRole('toolbar').getByRole('button', { name: 'Priority' }).tap()
  await page.goBack()
  await page.getByRole('menu').waitFor({ state: 'detached' })
  await page.getByRole('toolbar').getByRole('button', { name: 'Delete' }).tap()
  await row('Feed the cat').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Undo' }).tap()
  await row('Feed the cat').waitFor()
  await page.getByRole('button', { name: 'Select none' }).tap()
  // What can be undone is among the lists too, when the notice is gone.
  await page.getByRole('button', { name: 'Dismiss' }).tap()
  await page.getByRole('button', { name: 'Lists' }).tap()
  assert.deepEqual(await faultsOf(page), [])
  await lists.getByRole('button', { name: 'Undo: Tomorrow: “Walk the dog”' }).tap()
  await lists.waitFor({ state: 'detached' })
  await row('Walk the dog').getByText('Tomorrow').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Redo' }).tap()
  await row('Walk the dog').getByText('Tomorrow').waitFor()
  await row('Walk the dog').getByRole('checkbox').tap()
  await page.getByRole('button', { name: 'Undo' }).tap()
  await row('Walk the dog').waitFor()
  assert.deepEqual(await titles(), ['Walk the dog', 'Feed the cat'])

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

  await page.getByRole('link', { name: 'Upcoming' }).tap()
  const startOf = (selector: string) =>
    row('Walk the dog')
      .locator(selector)
      .first()
      .evaluate((one) => Math.round(one.getBoundingClientRect().left))
  assert.equal(await startOf('.details .detail'), await startOf('.title > span'))
  const main = await page
    .locator('.tick, .phone-bar > *, .row .more')
    .evaluateAll((all) =>
      all.map((one) => one.getBoundingClientRect()).filter(({ width, height }) => width < 44 || height < 44),
    )
  assert.deepEqual(main, [])
})
