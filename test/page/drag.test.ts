import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { open, skip } from './browser.ts'

async function drag(
  page: Page,
  from: Locator,
  to: Locator,
  edge: 'above' | 'middle' | 'below',
): Promise<void> {
  const [a, b] = [await from.boundingBox(), await to.boundingBox()]
  assert.ok(a && b)
  const part = { above: 0.2, middle: 0.5, below: 0.8 }[edge]
  await page.mouse.move(a.x + 120, a.y + a.height / 2)
  await page.mouse.down()
  await page.mouse.move(a.x + 130, a.y + a.height / 2 + 10)
  await page.mouse.move(b.x + 60, b.y + b.height * part)
  await page.mouse.up()
}

test('dragging orders tasks, and moves them to a project; a menu does the same', { skip }, async (t) => {
  const user = await open(t, {
    seed: async (send) => {
      await send('POST', '/projects', { name: 'Garden' })
      for (const title of ['One', 'Two', 'Three']) await send('POST', '/tasks', { title })
    },
  })
  const { page, row, titles, saved, tasks } = user
  await user.go('inbox')
  await row('Three').waitFor()
  await drag(page, row('Three'), row('One'), 'above')
  assert.deepEqual(await titles(), ['Three', 'One', 'Two'])
  assert.equal(await page.getByRole('complementary').count(), 0)

  await drag(page, row('One'), page.getByRole('link', { name: /Garden/ }), 'middle')
  await row('One').waitFor({ state: 'detached' })
  await row('Two')
    .getByRole('link')
    .click({ modifiers: ['Control'] })
  await row('Three')
    .getByRole('link')
    .click({ modifiers: ['Control'] })
  const bar = page.getByRole('toolbar', { name: 'Selected tasks' })
  await bar.getByRole('button', { name: 'Move' }).click()
  await page.getByRole('menuitemradio', { name: 'Garden' }).click()
  await page.getByRole('link', { name: /Garden/ }).click()
  await row('Three').waitFor()
  assert.deepEqual(await titles(), ['One', 'Three', 'Two'])

  await row('Two')
    .getByRole('button', { name: /Actions/ })
    .click({ force: true })
  await page.getByRole('menuitem', { name: 'Order' }).click()
  await page.getByRole('menuitem', { name: 'Up' }).click()
  await page.waitForFunction(() => document.querySelectorAll('.row.task .title')[1]?.textContent === 'Two')
  await saved()
  const there = await tasks('&sort=position')
  assert.deepEqual(
    there.map(({ title }) => title),
    ['One', 'Two', 'Three'],
  )
})
