import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { axe, open, openPage, phone, skip } from './browser.ts'
import { docket } from '../harness.ts'

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe finds, in a line each; of colours alone, since a theme changes nothing else. */
async function faultsOf(page: Page, isOfColors = false): Promise<string[]> {
  const isThere = await page.evaluate(() => 'axe' in window)
  // The debugger may add what the page's own policy would refuse.
  if (!isThere) await page.evaluate(axe())
  return page.evaluate(
    async (runOnly) => {
      const { axe: tool }: { axe?: { run(options: object): Promise<{ violations: Violation[] }> } } =
        window as object
      interface Violation {
        id: string
        help: string
        nodes: { html: string; failureSummary: string }[]
      }
      const found = await tool?.run({ runOnly })
      return (found?.violations ?? []).flatMap(({ id, help, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html.slice(0, 200)} ${failureSummary}`),
      )
    },
    isOfColors ? ['color-contrast'] : rules,
  )
}

async function seed(send: (method: string, path: string, body?: unknown) => Promise<unknown>): Promise<void> {
  const project = await send('POST', '/projects', { name: 'Garden', color: '#4d9e4d' })
  const projectId = typeof project === 'object' && project !== null && 'id' in project ? project.id : null
  const day = (by: number) => new Date(Date.now() + by * 86_400_000).toISOString().slice(0, 10)
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

for (const theme of ['light', 'dark'] as const) {
  const isOfColors = theme === 'dark'
  test(`axe finds nothing in ${theme}`, { skip }, async (t) => {
    const user = await open(t, {
      options: { viewport: { width: 1280, height: 800 }, colorScheme: theme },
      seed,
    })
    const { page } = user
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
    for (const view of views) {
      await user.go(view)
      await page.locator('.view-title').waitFor()
      assert.deepEqual(await faultsOf(page, isOfColors), [], view)
    }
    await user.go('today')
    await user.row('Today').getByRole('link').click()
    await page.locator('.markdown').waitFor()
    assert.deepEqual(await faultsOf(page, isOfColors), [], 'an open task')
    await page.keyboard.press('Escape')
    for (const key of ['q', '?', 't']) {
      await page.keyboard.press(key)
      await page.getByRole('dialog').waitFor()
      assert.deepEqual(await faultsOf(page, isOfColors), [], key)
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    }
    await page.keyboard.press('x')
    await page.getByRole('toolbar').getByRole('button', { name: 'Due' }).click()
    assert.deepEqual(await faultsOf(page, isOfColors), [], 'a menu')
  })
}

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
    }
  }
})

test('focus is never lost, and what happens is said', { skip }, async (t) => {
  const user = await open(t, { seed })
  const { page } = user
  await user.go('today')
  await page.keyboard.press('j')
  const isSomewhere = () => page.evaluate(() => document.activeElement !== document.body)
  await page.keyboard.press('e')
  await page.getByRole('status').filter({ hasText: 'Completed “Today”' }).waitFor({ state: 'attached' })
  await page.waitForFunction(() => document.activeElement?.matches('.row .title'))
  await page.keyboard.press('q')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  assert.ok(await isSomewhere())
  await page.keyboard.press('e')
  await page.getByText('Nothing is due today').waitFor()
  await page.waitForFunction(() => document.activeElement?.matches('.view-title'))
})
