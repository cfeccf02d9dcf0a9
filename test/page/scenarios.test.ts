import assert from 'node:assert/strict'
import { test } from 'node:test'
import { open, openPage, password, skip, until } from './browser.ts'
import { docket } from '../harness.ts'

test('somebody registers, adds a task, signs out and comes back', { skip }, async (t) => {
  const server = await docket(t, { withAlice: false })
  const page = await openPage(t, server)
  await page.getByRole('button', { name: 'Create an account' }).click()
  await page.getByLabel('E-mail').fill('grace@example.com')
  await page.getByLabel('Password').fill('short')
  await page.getByRole('button', { name: 'Register' }).click()
  assert.equal(await page.locator('input:invalid').count(), 1)
  await page.getByLabel('Password').fill('password1')
  await page.getByRole('button', { name: 'Register' }).click()
  await page.getByRole('alert').filter({ hasText: 'common' }).waitFor()
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Register' }).click()

  await page.locator('.connection.live').waitFor()
  await page.keyboard.press('q')
  await page.getByLabel('Task', { exact: true }).fill('Write the first compiler')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await page.locator('.connection', { hasText: 'All saved' }).waitFor()

  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  assert.equal(await page.evaluate(() => localStorage.length), 0)
  await until(page, async () => (await indexedDB.databases()).length === 0)

  await page.getByLabel('E-mail').fill('grace@example.com')
  await page.getByLabel('Password').fill('not her password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page
    .getByRole('alert')
    .filter({ hasText: /password/ })
    .waitFor()
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('link', { name: 'Today' }).first().click()
  await page.getByText('Write the first compiler').waitFor()
})

test('a line of words shows what was understood, and what is dismissed is text', { skip }, async (t) => {
  const { page, saved, tasks } = await open(t)
  await page.keyboard.press('q')
  const line = page.getByLabel('Task', { exact: true })
  await line.fill('Pay rent every 1st #home !high @bank')
  const chips = page.getByRole('group', { name: 'What was understood' })
  for (const words of ['Every month on the 1st', 'new project: home', 'high priority', 'bank'])
    await chips.getByText(words).waitFor()
  await chips.getByRole('button', { name: 'Keep “!high” as text' }).click()
  await chips.getByText('high priority').waitFor({ state: 'detached' })
  await line.press('Enter')
  await page.keyboard.press('Escape')
  await saved()

  const [task] = await tasks()
  assert.partialDeepStrictEqual(task, {
    title: 'Pay rent !high',
    priority: 'none',
    labels: ['bank'],
    recurrence: { rule: 'FREQ=MONTHLY;BYMONTHDAY=1' },
  })
  const home = page.getByRole('link', { name: /^home/ })
  await home.waitFor()
  await page.keyboard.press('Control+z')
  await home.waitFor({ state: 'detached' })
  await page.keyboard.press('Control+Shift+z')
  await home.waitFor()

  // Nothing that was typed is lost: not when the dialog is closed, nor when it is too long for a title.
  await page.keyboard.press('q')
  await line.fill('Half a thought')
  await page.goBack()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.keyboard.press('q')
  assert.equal(await line.inputValue(), 'Half a thought')
  const long = `${'word '.repeat(60)}end`
  await line.fill(long)
  await line.press('Enter')
  await page.keyboard.press('Escape')
  await page.locator('.row.task', { hasText: 'word' }).getByRole('link').click()
  await page.getByRole('complementary').getByText(long).waitFor()
})

test('the keyboard alone adds, moves, opens, completes, selects, deletes and undoes', { skip }, async (t) => {
  const user = await open(t)
  const { page, add, titles, saved, tasks } = user
  const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim())
  await page.keyboard.press('g')
  await page.keyboard.press('i')
  await page.getByRole('heading', { name: 'Inbox' }).waitFor()
  await add('One', 'Two', 'Three')
  assert.deepEqual(await titles(), ['One', 'Two', 'Three'])

  await page.keyboard.press('j')
  await page.waitForFunction(() => document.activeElement?.textContent === 'Two')
  await page.keyboard.press('Alt+ArrowUp')
  await page.waitForFunction(() => document.querySelector('.row.task .title')?.textContent === 'Two')
  assert.deepEqual((await titles()).toSorted(), ['One', 'Three', 'Two'])
  await page.waitForFunction(() => document.activeElement?.textContent === 'Two')

  await page.keyboard.press('Enter')
  await page.getByRole('complementary', { name: 'Task' }).waitFor()
  assert.match(page.url(), /\?task=/)
  await page.keyboard.press('Escape')
  await page.getByRole('complementary', { name: 'Task' }).waitFor({ state: 'detached' })
  await page.waitForFunction(() => document.activeElement?.textContent === 'Two')

  await page.keyboard.press('e')
  await user.row('Two').waitFor({ state: 'detached' })
  await page.waitForFunction(() => document.activeElement?.matches('.row .title'))
  assert.notEqual(await focused(), 'Two')
  await page.keyboard.press('Control+z')
  await user.row('Two').waitFor()

  await page.keyboard.press('Control+a')
  await page.getByText('3 selected').waitFor()
  await page.keyboard.press('Delete')
  await page.getByText('Your inbox is empty').waitFor()
  await page.keyboard.press('Control+z')
  await user.row('Three').waitFor()
  await saved()
  assert.equal((await tasks()).length, 3)

  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keyboard' }).getByText('Add a task').waitFor()
})

test('a task is edited in place, with every field, and its history tells', { skip }, async (t) => {
  const user = await open(t, {
    seed: async (send) => {
      await send('POST', '/projects', { name: 'Garden' })
      await send('POST', '/tasks', { title: 'Plant beans' })
    },
  })
  const { page, row, saved, tasks } = user
  await user.go('inbox')
  await row('Plant beans').getByRole('link').click()
  const panel = page.getByRole('complementary', { name: 'Task' })

  await panel.getByLabel('Title', { exact: true }).fill('Plant broad beans')
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => document.activeElement?.matches('.panel-body'))
  await panel.getByRole('button', { name: 'Add a description' }).click()
  await panel
    .getByLabel('Description, in Markdown')
    .fill('**Deep**\n\n- [ ] water\n\n[shop](https://example.com)')
  await page.keyboard.press('Escape')
  assert.equal(await panel.locator('.markdown strong').textContent(), 'Deep')
  assert.equal(await panel.locator('.markdown a').getAttribute('rel'), 'noopener noreferrer nofollow')

  await panel.getByRole('button', { name: 'No date' }).click()
  await page.getByLabel('When, in words').fill('2027-03-01 9am every year')
  await page.getByText('Every year').first().waitFor()
  await page.getByRole('button', { name: 'Save' }).click()
  await panel.getByRole('button', { name: 'None' }).click()
  await page.getByRole('menuitemradio', { name: 'Medium' }).click()
  await panel.getByRole('button', { name: 'Inbox' }).click()
  await page.getByRole('menuitemradio', { name: 'Garden' }).click()
  await panel.getByRole('button', { name: 'Add label' }).click()
  await page.getByRole('menuitem', { name: 'New label…' }).click()
  await page.getByRole('dialog', { name: 'New label' }).getByLabel('Name').fill('spring')
  await page.keyboard.press('Enter')
  await panel.getByLabel('New subtask').fill('Buy seeds')
  await page.keyboard.press('Enter')
  await panel.getByRole('link', { name: 'Buy seeds' }).waitFor()
  await saved()

  const task = (await tasks()).find(({ title }) => title === 'Plant broad beans')
  assert.partialDeepStrictEqual(task, {
    description: '**Deep**\n\n- [ ] water\n\n[shop](https://example.com)',
    dueDate: '2027-03-01T08:00:00.000Z',
    priority: 'medium',
    labels: ['spring'],
    recurrence: { from: 'due' },
  })
  // What the keyboard does in an open task is about that, whatever the list is at.
  await panel.getByRole('link', { name: 'Buy seeds' }).click()
  await panel.getByRole('link', { name: 'Plant broad beans' }).waitFor()
  await page.keyboard.press('e')
  await page.getByRole('status').filter({ hasText: 'Completed “Buy seeds”' }).waitFor({ state: 'attached' })
  await page.goBack()
  await panel.getByRole('button', { name: 'History' }).click()
  await panel.getByText('Plant beans').waitFor()
})
