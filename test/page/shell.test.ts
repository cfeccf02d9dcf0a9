import assert from 'node:assert/strict'
import { once } from 'node:events'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import { builtPage } from '../../src/page/build.ts'
import { docket } from '../harness.ts'
import { openPage, skip, until } from './browser.ts'

const mostMsToPaint = 300

/** One address for a server that comes back at another. */
async function addressOf(t: TestContext, target: () => string): Promise<string> {
  const front = createServer((incoming, answer) => {
    const { hostname, port } = new URL(target())
    const { method, url: path, headers } = incoming
    const onward = request({ hostname, port, method, path, headers }, (reply) => {
      answer.writeHead(reply.statusCode ?? 500, reply.headers)
      reply.pipe(answer)
    })
    onward.once('error', () => answer.destroy())
    incoming.pipe(onward)
  }).listen(0, '127.0.0.1')
  await once(front, 'listening')
  t.after(() => {
    front.closeAllConnections()
    front.close()
  })
  const { port } = front.address() as AddressInfo
  return `http://127.0.0.1:${port}/`
}

/** Changes a file of a build, with its compressed forms. */
async function change(folder: string, name: string, from: string, to: string): Promise<void> {
  const path = join(folder, name)
  const text = await readFile(path, 'utf8')
  assert.ok(text.includes(from), `${name} has ${from}`)
  const next = text.replace(from, to)
  await writeFile(path, next)
  await writeFile(`${path}.br`, await promisify(brotliCompress)(next))
  await writeFile(`${path}.gz`, await promisify(gzip)(next))
}

test('the shell is there without a network, and never an old one after an upgrade', { skip }, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'docket-page-'))
  t.after(() => rm(folder, { recursive: true }))
  await cp(builtPage, folder, { recursive: true })
  const server = await docket(t, { withAlice: false, page: folder })
  const page = await openPage(t, server)
  const address = await addressOf(t, () => server.url)
  await page.goto(address)
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  const kept = await page.evaluate(() => caches.keys())
  assert.equal(kept.length, 1)

  const title = '<title>Docket</title>'
  const generation = () => page.locator('meta[name=generation]').getAttribute('content')
  await change(folder, 'index.html', title, `${title}<meta name="generation" content="2">`)
  await change(folder, 'service-worker.js', 'docket ', 'docket next ')
  await server.restart()
  // A tab that was open all along gets the new one as soon as somebody looks at it.
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  await until(page, async () => (await caches.keys()).every((name) => name.startsWith('docket next')))
  await page.context().setOffline(true)
  await page.reload()
  assert.equal(await generation(), '2')

  // Where there is a network, not even the first load after an upgrade is an old one.
  await change(folder, 'index.html', 'content="2"', 'content="3"')
  await server.restart()
  await page.context().setOffline(false)
  await page.reload()
  assert.equal(await generation(), '3')
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
})

test('the first paint comes at once', { skip }, async (t) => {
  const server = await docket(t, { withAlice: false })
  const page = await openPage(t, server)
  const debug = await page.context().newCDPSession(page)
  await debug.send('Performance.enable', { timeDomain: 'threadTicks' })
  await page.reload()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  const paint = await page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Infinity,
  )
  const { metrics } = await debug.send('Performance.getMetrics')
  const busy = (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Infinity) * 1000
  // The clock counts what else the machine does; the processor's time for all of the load does not.
  t.diagnostic(`first paint after ${Math.round(paint)} ms, with ${Math.round(busy)} ms of work`)
  assert.ok(busy < mostMsToPaint)
})

test('the page can be installed', { skip }, async (t) => {
  const server = await docket(t, { withAlice: false })
  const { body } = await server
    .request('GET', '/docket.webmanifest')
    .then(({ text }) => ({ body: JSON.parse(text) }))
  for (const { src, type } of body.icons) {
    const icon = await server.request('GET', src)
    assert.equal(icon.status, 200)
    assert.equal(icon.headers.get('content-type'), type)
  }
  assert.equal(body.display, 'standalone')
})
