import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Locator } from 'playwright-core'
import { open, openPage, phone, skip } from './browser.ts'
import { faultsOf } from './axe.ts'
import { docket } from '../harness.ts'

async function seed(send: (method: string, path: string, body?: unknown) => Promise<unknown>): Promise<void> {
  const project = await send('POST', '/projects', { name: 'Garden', color: '#4d9e4d' })
  const projectId = typeof project === 'object' && project !== null && 'id' in project ? project.id : null
  const day = (by: number) => new Date(Date.now() + by * 86_400_000).toISOString().slice(0, 10)
  for (const name of ['Project 1', 'Project 2', 'Project 2', 'Project 30'])
    await send('POST', '/projects', { name })
  await send('POST', '/tasks', { title: 'Overdue', dueDate: day(-3), priority: 'high' })
  await send('POST', '/tasks', {
    title: 'Today',
    dueDate: day(0),
    priority: 'medium',
    labels: ['phone'],
    description: '# Notes\n\n- [x] `one`\n- two\n\n> [three](https://example.com)',
  })
  await send('POST', '/tasks', {
    title: 'Later',
    dueDate: day(2),
    priority: 'low',
    projectId,
    recurrence: { rule: 'FREQ=DAILY' },
  })
  await send('POST', '/tasks', { title: 'Done', status: 'complete' })
  await send('POST', '/me/tokens', { name: 'Backup', scopes: ['tasks:read'] }).catch(() => undefined)
}

const views = [
  'inbox',
  'today',
  'upcoming',
  'labels',
  'label/phone',
  'search/o',
  'done',
  'trash',
  'attention',
  'settings',
]

test('axe finds nothing in light or dark', { skip }, async (t) => {
  const user = await open(t, { seed })
  const { page } = user
  const assertSound = async (what: string) => {
    assert.deepEqual(await faultsOf(page), [], what)
    await page.emulateMedia({ colorScheme: 'dark' })
    assert.deepEqual(await faultsOf(page, true), [], `${what} in dark`)
    await page.emulateMedia({ colorScheme: 'light' })
  }
  for (const view of views) {
    await user.go(view)
    await page.locator('.view-title').waitFor()
    await assertSound(view)
  }
  await user.go('today')
  await user.row('Today').getByRole('link').click()
  await page.locator('.markdown').waitFor()
  await assertSound('an open task')
  await page.keyboard.press('Escape')
  for (const key of ['q', '?', 't']) {
    await page.keyboard.press(key)
    await page.getByRole('dialog').waitFor()
    await assertSound(key)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  }
  await page.keyboard.press('x')
  await page.getByRole('toolbar').getByRole('button', { name: 'Due' }).click()
  await assertSound('a menu')
})

test('axe finds nothing on a phone, nor at the entry', { skip }, async (t) => {
  const server = await docket(t, { withAlice: false })
  const entry = await openPage(t, server, phone)
  assert.deepEqual(await faultsOf(entry), [])
  await entry.getByRole('button', { name: 'Create an account' }).tap()
  assert.deepEqual(await faultsOf(entry), [])
  const user = await open(t, { options: phone, server, seed })
  assert.deepEqual(await faultsOf(user.page), [])
})

test('right to left and at twice the size, nothing is cut off', { skip }, async (t) => {
  const user = await open(t, { options: { viewport: { width: 640, height: 400 } }, seed })
  const { page } = user
  for (const direction of ['ltr', 'rtl']) {
    await page.evaluate((dir) => (document.documentElement.dir = dir), direction)
    for (const view of ['today', 'settings']) {
      await user.go(view)
      await page.locator('.view-title').waitFor()
      const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
      assert.ok((wide ?? 0) <= (room ?? 0), `${view} ${direction}: ${wide} in ${room}`)
      // What is hidden from the eye makes the page no longer than the window.
      assert.ok(await page.evaluate(() => document.documentElement.scrollHeight <= innerHeight), view)
    }
  }
  await user.go('today')
  await page.locator('.row').first().waitFor()
  await page.keyboard.press('t')
  const isWhole = (of: Locator) =>
    of.evaluate((one) => {
      const { left, right, top, bottom } = one.getBoundingClientRect()
      return (
        one.scrollWidth <= one.clientWidth &&
        left >= 0 &&
        right <= innerWidth &&
        top >= 0 &&
        bottom <= innerHeight
      )
    })
  assert.ok(await isWhole(page.getByRole('dialog')))
  await page.keyboard.press('Escape')
  await page.setViewportSize({ width: 320, height: 500 })
  await page.keyboard.press('x')
  assert.ok(await isWhole(page.getByRole('toolbar')))
})

test('the keyboard is never lost, whatever goes with its button', { skip }, async (t) => {
  const user = await open(t, { seed })
  const { page } = user
  /** Presses a button by the keyboard, and waits until the keyboard is where it is expected. */
  const press = async (button: Locator, next: string) => {
    await button.focus()
    await page.keyboard.press('Enter')
    await page.waitForFunction((selector) => document.activeElement?.matches(selector), next)
  }
  const at = (selector: string) => page.waitForFunction((to) => document.activeElement?.matches(to), selector)
  await user.go('today')
  await page.keyboard.press('j')
  await page.keyboard.press('e')
  await page.getByRole('status').filter({ hasText: 'Completed “Today”' }).waitFor({ state: 'attached' })
  await at('.row .title')
  await page.keyboard.press('q')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await at('.row .title')
  await page.keyboard.press('x')
  await press(page.getByRole('toolbar').getByRole('button', { name: 'Complete' }), '.view-title')
  await page.getByText('Nothing is due today').waitFor()
  await press(page.getByRole('button', { name: 'Undo' }), '.notice button')
  await press(page.getByRole('button', { name: 'Dismiss' }), '.row .title')

  await page.keyboard.press('Enter')
  await at('.panel-body')
  const panel = page.getByRole('complementary', { name: 'Task' })
  await press(panel.getByRole('button', { name: /^Actions/ }), '[role=menuitem]')
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  await panel.waitFor({ state: 'detached' })
  await at('.view-title')
  assert.match(page.url(), /#\/today$/)

  await page.keyboard.press('g')
  await page.keyboard.press('b')
  await page.getByText('kept here for a while').waitFor()
  assert.equal(await page.getByRole('checkbox').count(), 0)
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.getByText('Overdue is in the trash').waitFor()
  await page.keyboard.press('Escape')

  await user.go('labels')
  await press(page.getByRole('button', { name: 'Actions for phone' }), '[role=menuitem]')
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  await at('.view-title')

  await user.go('settings')
  await page.getByLabel('Name', { exact: true }).fill('Ada')
  await press(page.getByRole('button', { name: 'Save' }), 'button')
  await page.getByRole('status').filter({ hasText: 'Saved.' }).waitFor()
  await page.getByLabel('What is it for?').fill('Mine')
  await press(page.getByRole('button', { name: 'Create a token' }), 'button')
  await press(page.getByRole('button', { name: 'Delete the token Mine' }), 'section')
  await press(page.getByRole('button', { name: /^End/ }), 'section')
  await page.keyboard.press('/')
  await page.keyboard.type('later')
  await page.keyboard.press('ArrowDown')
  await at('.row .title')
  await page.keyboard.press('/')
  await at('.search-field')
  await page.keyboard.press('Enter')
  await at('.row .title')

  // The lines of a menu are found by what is typed, and two may have one name.
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.keyboard.type('move to')
  await page.keyboard.press('Enter')
  await page.getByRole('menuitemradio', { name: 'Project 30' }).waitFor()
  assert.equal(await page.getByRole('menuitemradio', { name: 'Project 2' }).count(), 2)
  await page.keyboard.type('project 3')
  await page.keyboard.press('Enter')
  await page.getByRole('status').filter({ hasText: 'to Project 30' }).waitFor({ state: 'attached' })
})
