import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { open, password, skip, until } from './browser.ts'

test('settings change the account, export all of it, and delete it', { skip }, async (t) => {
  const user = await open(t, {
    expected: /40[13]/,
    seed: async (send) => {
      await send('POST', '/projects', { name: 'Garden' })
      await send('POST', '/tasks', { title: 'Plant beans' })
    },
  })
  const { page, server, token } = user
  const said = (text: string) =>
    page.getByRole('status').filter({ hasText: text }).waitFor({ state: 'attached' })
  const me = async (auth = token) =>
    server.request('GET', '/me', { headers: { authorization: `Bearer ${auth}` } })

  await user.go('settings')
  await page.getByLabel('Name', { exact: true }).fill('Ada')
  await page.getByLabel('Time zone').selectOption('Asia/Tokyo')
  await page.getByRole('button', { name: 'Save' }).click()
  await said('Saved.')
  assert.partialDeepStrictEqual((await me()).body, { name: 'Ada', timeZone: 'Asia/Tokyo' })

  await page.getByLabel('Dark').check()
  const scheme = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)
  assert.equal(await scheme(), 'dark')
  await page.reload()
  assert.equal(await scheme(), 'dark')

  await page.getByLabel('Single letters').uncheck()
  await page.reload()
  await page.getByRole('heading', { name: 'Keyboard' }).waitFor()
  await page.keyboard.press('q')
  await page.keyboard.press('Shift+q')
  assert.equal(await page.getByRole('dialog').count(), 0)
  await page.keyboard.press('Control+k')
  await page.getByRole('searchbox').waitFor()
  await user.go('settings')
  await page.getByLabel('Single letters').check()

  await page.getByLabel('What is it for?').fill('Backup')
  await page.getByLabel('What may it do?').selectOption('Read')
  await page.getByRole('button', { name: 'Create a token' }).click()
  const made = await page.locator('.token code').textContent()
  const asToken = (method: string, body?: object) =>
    server.request(method, '/tasks', { headers: { authorization: `Bearer ${made}` }, ...(body && { body }) })
  assert.equal((await asToken('GET')).status, 200)
  assert.equal((await asToken('POST', { title: 'x' })).status, 403)
  await page.getByRole('button', { name: /^Delete the token|^Delete.*Backup/ }).click()
  await said('The token is deleted.')
  assert.equal((await asToken('GET')).status, 401)
  assert.equal(await page.locator('.token').count(), 0)

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export as JSON' }).click(),
  ])
  assert.partialDeepStrictEqual(JSON.parse(await readFile(await download.path(), 'utf8')), {
    account: { name: 'Ada' },
    projects: [{ name: 'Garden' }],
    tasks: [{ title: 'Plant beans' }],
    trash: { tasks: [] },
  })

  await page.getByLabel('Current password').fill('not the password')
  await page.getByLabel('New password').fill('a better battery staple')
  await page.getByRole('button', { name: 'Change the password' }).click()
  await page
    .getByRole('alert')
    .filter({ hasText: /password/i })
    .waitFor()
  await page.getByLabel('Current password').fill(password)
  await page.getByLabel('New password').fill('a better battery staple')
  await page.getByRole('button', { name: 'Change the password' }).click()
  await said('The password is changed.')
  assert.equal((await me()).status, 401, 'the other session ended')

  await page.getByRole('button', { name: 'Delete the account…' }).click()
  await page.getByLabel('Password', { exact: true }).fill('a better battery staple')
  await page.getByRole('button', { name: 'Delete everything for good' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await until(page, async () => (await indexedDB.databases()).length === 0)
  const body = { email: 'ada@example.com', password: 'a better battery staple' }
  assert.equal((await server.request('POST', '/auth/login', { body })).status, 401)
})

test('who comes next in a browser sees nothing of who was there', { skip }, async (t) => {
  const user = await open(t, {
    seed: async (send) => void (await send('POST', '/tasks', { title: 'Secret' })),
  })
  const { page, row, server } = user
  await server.request('POST', '/auth/register', { body: { email: 'eve@example.com', password } })
  await user.go('inbox')
  await row('Secret').getByRole('link').focus()
  await page.keyboard.press('Delete')
  await user.go('trash')
  await row('Secret').waitFor()
  await page.keyboard.press('q')
  await page.getByLabel('Task', { exact: true }).fill('Secret')
  await page.keyboard.press('Escape')
  await user.go('search/Secret')
  await user.saved()
  await user.go('settings')
  await page.getByLabel('What is it for?').fill('Secret')
  await page.getByRole('button', { name: 'Create a token' }).click()
  await page.locator('.token').waitFor()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  assert.match(page.url(), /#\/today$/)

  await page.getByLabel('E-mail').fill('eve@example.com')
  await page.getByLabel('Password').fill(password)
  // The server answers nothing more than it has to, so that what is shown is from here.
  await page.route(/deleted=true|\/me\/(?:tokens|sessions)/, () => undefined)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.locator('.connection.live').waitFor()
  for (const view of ['trash', 'settings']) {
    await user.go(view)
    await page.locator(`.view.${view}`).waitFor()
    assert.equal(await page.getByText('Secret').count(), 0, view)
  }
  assert.equal(await page.locator('.token').count(), 0)
  await page.keyboard.press('q')
  assert.equal(await page.getByLabel('Task', { exact: true }).inputValue(), '')
})
