import { test } from 'node:test'
import { open, skip, userOf, until } from './browser.ts'

test('tabs show the same, share one connection, and are signed out together', { skip }, async (t) => {
  const first = await open(t)
  const { page, server, token } = first
  await first.go('inbox')
  const second = userOf(await page.context().newPage(), server, token)
  const asked: string[] = []
  second.page.on('request', (request) => asked.push(new URL(request.url()).pathname))
  await second.page.goto(`${server.url}/#/inbox`)
  await second.page.locator('.connection.live').waitFor()

  await second.add('From the second')
  await first.row('From the second').waitFor()
  await second.saved()
  await first.row('From the second').getByRole('checkbox').click()
  await second.row('From the second').waitFor({ state: 'detached' })
  await page.keyboard.press('Control+z')
  await second.row('From the second').waitFor()
  const own = asked.filter((path) => /^\/(?:tasks|changes|events|projects)/.test(path))
  t.diagnostic(`the second tab asked for ${own.length} things of its own`)

  await page.close()
  await second.add('Alone')
  await second.saved()
  const third = userOf(await second.page.context().newPage(), server, token)
  await third.page.goto(`${server.url}/#/inbox`)
  await third.row('Alone').waitFor()
  await second.go('settings')
  await second.page.getByRole('button', { name: 'Sign out' }).click()
  for (const { page: tab } of [second, third]) await tab.getByRole('heading', { name: 'Sign in' }).waitFor()
  await until(third.page, async () => (await indexedDB.databases()).length === 0)
})

test(
  'a session that is ended elsewhere shows the way in, and keeps what is not sent',
  { skip },
  async (t) => {
    const user = await open(t)
    const { page, server, token } = user
    await user.go('inbox')
    await user.add('Before')
    await user.saved()
    await page.context().setOffline(true)
    await user.add('Not sent')
    const headers = { authorization: `Bearer ${token}` }
    const { body } = await server.request('GET', '/me/sessions', { headers })
    for (const { id, current } of body.items)
      if (!current) await server.request('DELETE', `/me/sessions/${id}`, { headers })
    await page.context().setOffline(false)

    await page.getByRole('heading', { name: 'Your session has ended' }).waitFor()
    await page.getByText('a change that you made here will be sent then').waitFor()
    await page.getByLabel('Password').fill('correct horse battery staple')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await user.row('Not sent').waitFor()
    await user.saved()
  },
)

test('where a browser keeps nothing, the page works all the same', { skip }, async (t) => {
  const user = await open(t)
  const { page, row } = user
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('It is not allowed.', 'SecurityError')
    }
  })
  await page.reload()
  await page.getByText('This browser keeps nothing').first().waitFor({ state: 'attached' })
  await user.go('inbox')
  await user.add('Sent at once')
  await user.saved()
  await page.reload()
  await row('Sent at once').waitFor()
})
