import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { open, phone, skip, until, wide } from './browser.ts'

test('without a network everything goes on, outlives a reload, and is sent later', { skip }, async (t) => {
  const user = await open(t)
  const { page, add, row, titles, tasks } = user
  await user.go('inbox')
  await add('Online')
  await user.saved()
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)

  await page.context().setOffline(true)
  await page.reload()
  await row('Online').waitFor()
  await add('Offline #Train', 'Gone again')
  await user.go('inbox')
  await row('Gone again').hover()
  await page.keyboard.press('g')
  await page.keyboard.press('i')
  await row('Gone again').getByRole('checkbox').click()
  await untilKept(page)
  await page.reload()
  await row('Online').waitFor()
  assert.deepEqual(await titles(), ['Online'])
  await page.getByRole('link', { name: /^Train/ }).click()
  await row('Offline').waitFor()
  await page.locator('.connection.offline').waitFor()

  await page.context().setOffline(false)
  await user.saved()
  const there = await tasks('&sort=createdAt')
  assert.deepEqual(
    there.map(({ title }) => title),
    ['Online', 'Offline', 'Gone again'],
  )
})

test('what two devices changed is shown with both versions, to choose from', { skip }, async (t) => {
  const user = await open(t, {
    seed: async (send) => void (await send('POST', '/tasks', { title: 'Title', description: 'Before' })),
  })
  const { page, row, token, server } = user
  await user.go('inbox')
  await row('Title').waitFor()
  await page.context().setOffline(true)
  await row('Title').getByRole('link').click()
  const panel = page.getByRole('complementary', { name: 'Task' })
  await panel.getByLabel('Title', { exact: true }).fill('From here')
  await page.keyboard.press('Enter')
  const [task] = await user.tasks()
  const headers = { authorization: `Bearer ${token}` }
  await server.request('PATCH', `/tasks/${task?.id}`, {
    headers,
    body: { title: 'From elsewhere', priority: 'high' },
  })
  await page.context().setOffline(false)

  const card = panel.getByRole('region', { name: 'Changed on two devices' })
  await card.waitFor()
  assert.deepEqual(await card.locator('.version-value').allTextContents(), ['From here', 'From elsewhere'])
  await page.getByRole('link', { name: /Needs you/ }).waitFor()
  await page.locator('.connection', { hasText: 'Saved, but for what needs you' }).waitFor()
  await page.setViewportSize(phone.viewport)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Lists (something needs you)' }).click()
  await page
    .getByRole('dialog')
    .getByRole('link', { name: /Needs you/ })
    .click()
  await page.getByRole('heading', { name: 'Needs you' }).waitFor()
  await page.setViewportSize(wide.viewport)
  await page.goBack()
  await row('From elsewhere').getByRole('link').click()
  await card.getByText('Elsewhere', { exact: true }).click()
  await card.getByRole('button', { name: 'Keep what is chosen' }).click()
  await card.waitFor({ state: 'detached' })
  assert.equal(await panel.getByLabel('Title', { exact: true }).inputValue(), 'From elsewhere')
})

test('a write that the server refuses is shown, and can be let go of', { skip }, async (t) => {
  const user = await open(t, {
    seed: async (send) => void (await send('POST', '/tasks', { title: 'Recurs' })),
  })
  const { page, row } = user
  await user.go('inbox')
  await row('Recurs').getByRole('link').click()
  const panel = page.getByRole('complementary', { name: 'Task' })
  await panel.getByRole('button', { name: 'No date' }).click()
  await page.getByLabel('Date', { exact: true }).fill('2027-01-01')
  await page.getByLabel('Repeats, as a rule').fill('FREQ=SECONDLY')
  await page.getByRole('button', { name: 'Save' }).click()
  const card = panel.getByRole('region', { name: 'Not accepted' })
  await card.getByText(/FREQ/).waitFor()
  await card.getByRole('button', { name: 'Let go of it' }).click()
  await card.waitFor({ state: 'detached' })
  await panel.getByRole('button', { name: 'No date' }).waitFor()
})

test('what another device does is seen at once', { skip }, async (t) => {
  const user = await open(t)
  const { page, row, server, token } = user
  await user.go('inbox')
  const headers = { authorization: `Bearer ${token}` }
  const made = await server.request('POST', '/tasks', { headers, body: { title: 'From a phone' } })
  await row('From a phone').waitFor()
  const said = (text: string) =>
    page.getByRole('status').filter({ hasText: text }).waitFor({ state: 'attached' })
  await said('New in this list: “From a phone”.')
  const change = (body: object) => server.request('PATCH', `/tasks/${made.body.id}`, { headers, body })
  await change({ title: 'From a tablet' })
  await said('Changed elsewhere: “From a tablet”.')
  await change({ status: 'complete' })
  await row('From a tablet').waitFor({ state: 'detached' })
  await said('No longer in this list: “From a tablet”.')
  await page.getByRole('link', { name: 'Done' }).click()
  await row('From a tablet').waitFor()
})

/** Waits until the browser's database has the last write: what is shown a moment earlier does not outlive a reload. */
const untilKept = (page: Page): Promise<void> =>
  until(page, async () => {
    const [{ name = '' } = {}] = await indexedDB.databases()
    const opening = indexedDB.open(name)
    await new Promise((resolve) => opening.addEventListener('success', resolve))
    const kept: IDBRequest<unknown[]> = opening.result.transaction('replica').objectStore('replica').getAll()
    await new Promise((resolve) => kept.addEventListener('success', resolve))
    opening.result.close()
    return kept.result.some((text) => typeof text === 'string' && text.includes('"status":"complete"'))
  })
