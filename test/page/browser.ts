import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after, type TestContext } from 'node:test'
import { chromium, type Browser, type BrowserContextOptions, type Locator, type Page } from 'playwright-core'
import { builtPage } from '../../src/page/build.ts'
import { docket, type Docket } from '../harness.ts'

/** The shell has no window, and needs half the processor time of the others. */
const programs = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'].map(
  (name) => `/usr/bin/${name}`,
)
const program = process.env['CHROMIUM'] ?? programs.find((path) => existsSync(path))
const isBuilt = existsSync(join(builtPage, 'files.json'))

/** Why the tests of the page can not run here; false if they can. */
export const skip: string | false = reasonToSkip()

function reasonToSkip(): string | false {
  if (program === undefined) return 'there is no Chromium here'
  return isBuilt ? false : 'the page is not built: npm run page'
}

const patienceMs = 8000
export const password = 'correct horse battery staple'
/** A window as wide as a desk, and one as small as a phone. */
export const wide = { viewport: { width: 1280, height: 800 } }
export const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }

let launching: Promise<Browser> | undefined

/** One browser for all tests of a process. */
const browserOfAll = (): Promise<Browser> =>
  (launching ??= chromium.launch({ executablePath: program ?? '', args: ['--no-sandbox', '--disable-gpu'] }))

after(async () => (await launching)?.close())

/** The page as one person uses it. */
export interface User {
  page: Page
  server: Docket
  /** Adds a task with a line of words. */
  add(...lines: string[]): Promise<void>
  row(title: string): Locator
  /** The titles of the list, from top to bottom. */
  titles(): Promise<string[]>
  go(address: string): Promise<void>
  /** Waits until the server has everything. */
  saved(): Promise<void>
  /** What the server has. */
  tasks(query?: string): Promise<{ id: string; title: string }[]>
  token: string
}

export interface Start {
  options?: BrowserContextOptions
  server?: Docket
  email?: string
  /** What the browser may report. */
  expected?: RegExp
  /** Registers through the API before the page is opened, and calls this with what to send as. */
  seed?: (send: (method: string, path: string, body?: unknown) => Promise<unknown>) => Promise<void>
}

/** Opens the page of somebody who is signed in. Nothing may fail unseen: errors of the page fail the test. */
export async function open(
  t: TestContext,
  { options = wide, server, email, seed, expected }: Start = {},
): Promise<User> {
  const own = server ?? (await docket(t, { withAlice: false }))
  const address = email ?? 'ada@example.com'
  const signedIn = await enter(own, address)
  const token: string = signedIn.accessToken
  const send = async (method: string, path: string, body?: unknown) => {
    const answer = await own.request(method, path, { body, headers: { authorization: `Bearer ${token}` } })
    assert.ok(answer.status < 300, answer.text)
    return answer.body
  }
  await seed?.(send)

  const page = await openPage(t, own, options, expected)
  await page.getByLabel('E-mail').fill(address)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.locator('.connection.live').first().waitFor({ state: 'attached' })
  return userOf(page, own, token)
}

async function enter(server: Docket, email: string) {
  const body = { email, password, timeZone: 'Europe/Berlin' }
  const answer = await server.request('POST', '/auth/register', { body })
  if (answer.status === 201) return answer.body
  const known = await server.request('POST', '/auth/login', { body: { email, password } })
  assert.equal(known.status, 200, known.text)
  return known.body
}

/** Opens a window of its own, whose errors fail the test. */
export async function openPage(
  t: TestContext,
  server: Docket,
  options: BrowserContextOptions = wide,
  expected = /Failed to load resource|net::ERR/,
): Promise<Page> {
  const browser = await browserOfAll()
  const context = await browser.newContext({
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    reducedMotion: 'reduce',
    ...options,
  })
  context.setDefaultTimeout(patienceMs)
  const faults: string[] = []
  context.on('weberror', (error) => faults.push(String(error.error().stack)))
  context.on('console', (message) => {
    if (message.type() === 'error' && !expected.test(message.text())) faults.push(message.text())
  })
  t.after(async () => {
    await context.close()
    assert.deepEqual(faults, [])
  })
  const page = await context.newPage()
  await page.goto(server.url)
  return page
}

export function userOf(page: Page, server: Docket, token: string): User {
  const row = (title: string) => page.locator('.row.task', { has: page.getByText(title, { exact: true }) })
  return {
    page,
    server,
    token,
    row,
    async add(...lines) {
      await page.keyboard.press('q')
      for (const line of lines) {
        await page.getByLabel('Task', { exact: true }).fill(line)
        await page.keyboard.press('Enter')
      }
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    },
    titles: () => page.locator('.row.task .title > span[dir]').allTextContents(),
    async go(address) {
      await page.evaluate((to) => (location.hash = to), `#/${address}`)
    },
    saved: () => page.locator('.connection', { hasText: 'All saved' }).first().waitFor({ state: 'attached' }),
    async tasks(query = '') {
      const answer = await server.request('GET', `/tasks?limit=100${query}`, {
        headers: { authorization: `Bearer ${token}` },
      })
      assert.equal(answer.status, 200, answer.text)
      return answer.body.items
    },
  }
}

/** Waits for something that the page has to wait for itself to know. */
export async function until(page: Page, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + patienceMs
  while (!(await page.evaluate(holds))) {
    assert.ok(Date.now() < end, `waited in vain for ${holds.toString()}`)
    await page.waitForTimeout(50)
  }
}
