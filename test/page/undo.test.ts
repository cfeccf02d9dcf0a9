import assert from 'node:assert/strict'
import { test } from 'node:test'
import { open, skip } from './browser.ts'

test(
  'undo takes back what was done with tasks, projects and labels, after a reload too',
  { skip },
  async (t) => {
    const user = await open(t, {
      seed: async (send) => {
        await send('POST', '/projects', { name: 'Garden' })
        for (const title of ['One', 'Two']) await send('POST', '/tasks', { title, labels: ['old'] })
      },
    })
    const { page, row, tasks } = user
    await user.go('inbox')
    await row('One').waitFor()
    await page.keyboard.press('Control+a')
    await page.keyboard.press('1')
    await page.getByRole('button', { name: 'Actions for Garden' }).click({ force: true })
    await page.getByRole('menuitem', { name: 'Delete with its tasks' }).click()
    await page.getByRole('link', { name: /^Garden/ }).waitFor({ state: 'detached' })
    await user.go('labels')
    await page.getByRole('button', { name: 'Actions for old' }).click()
    await page.getByRole('menuitem', { name: 'Rename…' }).click()
    await page.getByLabel('Name', { exact: true }).fill('new')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: /new/ }).waitFor()
    await user.go('inbox')
    await page.keyboard.press('e')
    await row('One').waitFor({ state: 'detached' })
    // Some of it is still on its way.
    await page.reload()
    await row('Two').waitFor()

    await page.keyboard.press('Control+z')
    await row('One').waitFor()
    await page.keyboard.press('Control+z')
    await row('One').getByText('old').waitFor()
    await page.keyboard.press('Control+z')
    await page.getByRole('link', { name: /^Garden/ }).waitFor()
    await page.keyboard.press('Control+z')
    await page.getByText('Undone: High priority: 2 tasks').first().waitFor({ state: 'attached' })
    await user.saved()
    for (const task of await tasks())
      assert.partialDeepStrictEqual(task, { priority: 'none', status: 'incomplete', labels: ['old'] })
    await page.keyboard.press('Control+Shift+z')
    await page.keyboard.press('Control+z')
    await page.keyboard.press('Control+z')
    await page.getByText('There is nothing to undo.').first().waitFor({ state: 'attached' })

    await user.go('settings')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    assert.equal(await page.evaluate(() => sessionStorage.length), 0)
  },
)
