import assert from 'node:assert/strict'
import { test } from 'node:test'
import { open, skip, wide } from './browser.ts'

const sunday = 0
const friday = 5
const weekdayOf = (date: string | null) => new Date(date ?? '').getUTCDay()
const startOfMay = '2027-05-01'

test('a date is typed or chosen, and changes what was chosen alone', { skip }, async (t) => {
  const user = await open(t, {
    options: { ...wide, locale: 'he-IL' },
    seed: async (send) => {
      await send('POST', '/tasks', {
        title: 'Rent',
        dueDate: startOfMay,
        recurrence: { rule: 'FREQ=MONTHLY' },
      })
      await send('POST', '/tasks', { title: 'Call' })
    },
  })
  const { page, row } = user
  const dueOf = async (
    title: string,
  ): Promise<{ dueDate: string | null; recurrence: { rule: string } | null }> => {
    await user.saved()
    const task = (await user.tasks()).find((one) => one.title === title)
    return { dueDate: null, recurrence: null, ...task }
  }
  const choose = async (button: string) => {
    await page.keyboard.press('t')
    await page.getByRole('button', { name: button }).click()
    await page.getByRole('button', { name: 'Save' }).click()
  }
  await user.go('inbox')
  await row('Rent').getByText('\u20681 במאי 2027\u2069').waitFor()

  // Tasks that are due at different times keep what they have until something is chosen.
  await page.keyboard.press('Control+a')
  await page.keyboard.press('t')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  assert.equal((await dueOf('Rent')).dueDate, startOfMay)
  await choose('Next week')
  const rent = await dueOf('Rent')
  assert.equal(weekdayOf(rent.dueDate), sunday)
  assert.equal(rent.recurrence?.rule, 'FREQ=MONTHLY')
  await choose('Weekend')
  assert.equal(weekdayOf((await dueOf('Call')).dueDate), friday)
  await page.keyboard.press('Escape')

  await row('Call').getByRole('link').focus()
  await page.keyboard.press('t')
  const line = page.getByLabel('When, in words')
  await line.fill('some time')
  await page.getByText('This is not understood yet.').waitFor()
  await page.keyboard.press('Enter')
  await line.fill('tomorrow 5pm every day')
  await page.getByText(/Tomorrow.*, Every day/).waitFor()
  await page.keyboard.press('Enter')
  const call = await dueOf('Call')
  assert.match(call.dueDate ?? '', /T1[56]:00:00/)
  assert.equal(call.recurrence?.rule, 'FREQ=DAILY')
  await page.keyboard.press('t')
  await line.fill('some time')
  await page.getByRole('button', { name: 'Tomorrow' }).click()
  await line.fill('2027-06-01')
  await page.keyboard.press('Enter')
  assert.partialDeepStrictEqual(await dueOf('Call'), {
    dueDate: '2027-06-01',
    recurrence: { rule: 'FREQ=DAILY' },
  })
  await page.keyboard.press('t')
  await line.fill('no date')
  await page.keyboard.press('Enter')
  assert.partialDeepStrictEqual(await dueOf('Call'), { dueDate: null, recurrence: null })
})
