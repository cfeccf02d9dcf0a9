import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { builtPage } from '../../src/page/build.ts'
import { docket } from '../harness.ts'

const isBuilt = existsSync(join(builtPage, 'files.json'))

test('the page', { skip: isBuilt ? false : 'the page is not built: npm run page' }, async (t) => {
  const { request } = await docket(t, { withAlice: false })
  const page = await request('GET', '/')
  const asset = /src="(\/assets\/[^"]+\.js)"/.exec(page.text)?.[1] ?? ''

  await t.test('is checked each time, and sent only if it changed', async () => {
    assert.equal(page.status, 200)
    assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8')
    assert.equal(page.headers.get('cache-control'), 'private, no-cache')
    const again = await request('GET', '/', { headers: { 'if-none-match': page.headers.get('etag') ?? '' } })
    assert.equal(again.status, 304)
  })

  await t.test('loads files that never change under their name', async () => {
    const file = await request('GET', asset)
    assert.equal(file.status, 200)
    assert.equal(file.headers.get('content-type'), 'text/javascript; charset=utf-8')
    assert.equal(file.headers.get('cache-control'), 'public, max-age=31536000, immutable')
  })

  for (const coding of ['br', 'gzip']) {
    await t.test(`comes as ${coding} to those who take it`, async () => {
      const small = await request('HEAD', asset, { headers: { 'accept-encoding': coding } })
      const plain = await request('HEAD', asset)
      assert.equal(small.headers.get('content-encoding'), coding)
      assert.match(small.headers.get('vary') ?? '', /accept-encoding/)
      assert.ok(Number(small.headers.get('content-length')) < Number(plain.headers.get('content-length')))
    })
  }

  await t.test('allows no script or style but its own', () => {
    const policy = page.headers.get('content-security-policy') ?? ''
    assert.match(policy, /default-src 'none'/)
    assert.match(policy, /require-trusted-types-for 'script'/)
    assert.doesNotMatch(policy, /unsafe|https?:|\*/)
    assert.doesNotMatch(page.text, /<style|\sstyle=|<script>|\son[a-z]+="/)
  })

  await t.test('has a service worker that browsers check each time', async () => {
    const worker = await request('GET', '/service-worker.js')
    assert.equal(worker.status, 200)
    assert.equal(worker.headers.get('cache-control'), 'private, no-cache')
    assert.ok(worker.text.includes(asset))
  })
})

test('without a build, / says how to get the page', async (t) => {
  const { request } = await docket(t, { withAlice: false, page: join(tmpdir(), 'no-such-page') })
  const { status, headers, text } = await request('GET', '/')
  assert.equal(status, 200)
  assert.equal(headers.get('content-type'), 'text/html; charset=utf-8')
  assert.equal(headers.get('cache-control'), 'no-store')
  assert.match(text, /npm run page/)
  assert.equal((await request('GET', '/livez')).status, 200)
})
