import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { docket } from '../harness.ts'

interface Got {
  status: number
  headers: IncomingHttpHeaders
  bytes: Buffer
}

/** Asks without fetch, which would name codings of its own and decode them. */
async function ask(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Got> {
  const [response] = (await once(request(url, { method, headers }).end(), 'response')) as [IncomingMessage]
  return { status: response.statusCode ?? 0, headers: response.headers, bytes: await buffer(response) }
}

const decoders: Record<string, (bytes: Buffer) => Buffer> = { br: brotliDecompressSync, gzip: gunzipSync }

const decoded = ({ headers, bytes }: Got): string =>
  String(decoders[headers['content-encoding'] ?? '']?.(bytes) ?? bytes)

const fixed = [
  '/openapi.json',
  '/docs',
  '/docs/',
  '/docs/static/swagger-ui-bundle.js',
  '/docs/static/swagger-ui.css',
  '/docs/static/swagger-initializer.js',
]

/** What an Accept-Encoding field gets (RFC 9110 §12.5.3); undefined is no coding. */
const negotiations: [accepted: string | undefined, coding: string | undefined][] = [
  [undefined, undefined],
  ['', undefined],
  ['br', 'br'],
  ['gzip', 'gzip'],
  ['GZip', 'gzip'],
  ['gzip, deflate, br, zstd', 'br'],
  ['deflate, gzip;q=1.0, *;q=0.5', 'gzip'],
  ['br;q=0.5, gzip;q=0.8', 'gzip'],
  ['br;q=0.001', 'br'],
  ['*', 'br'],
  ['*, br;q=0', 'gzip'],
  ['gzip, *;q=0', 'gzip'],
  ['gzip;q=0', undefined],
  ['gzip;q=0.000, br;q=0', undefined],
  ['*;q=0', undefined],
  ['identity', undefined],
  ['identity, gzip;q=0.5', undefined],
  ['identity;q=0.5, gzip', 'gzip'],
  ['identity;q=0, gzip;q=0.1', 'gzip'],
  ['deflate', undefined],
  ['gzip;q=2', undefined],
  ['gzip;level=9', undefined],
  ['gzipped, brotli', undefined],
]

test('an answer that is the same for everyone is compressed if the client accepts that', async (t) => {
  const { url } = await docket(t, { withAlice: false })

  for (const [accepted, coding] of negotiations) {
    await t.test(`Accept-Encoding: ${accepted ?? 'not sent'} gets ${coding ?? 'it as it is'}`, async () => {
      const plain = await ask(`${url}/openapi.json`)
      const got = await ask(
        `${url}/openapi.json`,
        accepted === undefined ? {} : { 'accept-encoding': accepted },
      )
      assert.equal(got.status, 200)
      assert.equal(got.headers['content-encoding'], coding)
      assert.equal(decoded(got), String(plain.bytes))
    })
  }

  for (const path of fixed) {
    await t.test(`${path}: every form has Vary, its own length and the same tag`, async () => {
      const [plain, ...packed] = await Promise.all(
        ['identity', 'br', 'gzip'].map((accepted) => ask(url + path, { 'accept-encoding': accepted })),
      )
      assert.ok(plain)
      for (const got of [plain, ...packed]) {
        assert.equal(got.headers.vary, 'accept-encoding')
        assert.equal(got.headers.etag, plain.headers.etag)
        assert.equal(got.headers['content-type'], plain.headers['content-type'])
        assert.equal(got.headers['content-length'], String(got.bytes.length))
        assert.equal(decoded(got), String(plain.bytes))
      }
      assert.deepEqual(
        packed.map(({ headers }) => headers['content-encoding']),
        ['br', 'gzip'],
      )
      assert.ok(packed.every(({ bytes }) => bytes.length < plain.bytes.length))
    })

    await t.test(`${path}: HEAD has the headers of GET, and no content`, async () => {
      for (const accepted of ['identity', 'br', 'gzip']) {
        const get = await ask(url + path, { 'accept-encoding': accepted })
        const head = await ask(url + path, { 'accept-encoding': accepted }, 'HEAD')
        assert.equal(head.status, 200)
        assert.equal(head.bytes.length, 0)
        for (const name of ['content-encoding', 'content-length', 'content-type', 'etag', 'vary'])
          assert.equal(head.headers[name], get.headers[name], name)
      }
    })

    await t.test(`${path}: 304 if the tag matches, whichever form it came with`, async () => {
      const { headers } = await ask(url + path, { 'accept-encoding': 'br' })
      for (const accepted of ['identity', 'br', 'gzip']) {
        const conditions = { 'if-none-match': headers.etag ?? '', 'accept-encoding': accepted }
        const again = await ask(url + path, conditions)
        assert.equal(again.status, 304)
        assert.equal(again.bytes.length, 0)
        assert.equal(again.headers.etag, headers.etag)
        assert.equal(again.headers.vary, 'accept-encoding')
        assert.equal(again.headers['content-encoding'], undefined)
      }
      assert.equal((await ask(url + path, { 'if-none-match': '"another"' })).status, 200)
    })
  }

  await t.test('an image, which is compressed already, stays as it is', async () => {
    const got = await ask(`${url}/docs/static/favicon-32x32.png`, { 'accept-encoding': 'br' })
    assert.equal(got.headers['content-type'], 'image/png')
    assert.equal(got.headers['content-encoding'], undefined)
  })
})

test('Vary names both Origin and Accept-Encoding with CORS', async (t) => {
  const { url } = await docket(t, { withAlice: false, env: { CORS_ORIGINS: 'https://app.example.com' } })
  const { headers } = await ask(`${url}/openapi.json`, { origin: 'https://app.example.com' })
  assert.deepEqual(headers.vary?.toLowerCase().split(/, */).toSorted(), ['accept-encoding', 'origin'])
})

test("an answer with a user's data is never compressed", async (t) => {
  const { url, alice } = await docket(t)
  const task = await alice.createTask({ title: 'a'.repeat(200), description: 'b'.repeat(5000) })
  const headers = { authorization: `Bearer ${alice.accessToken}`, 'accept-encoding': 'br, gzip' }
  for (const path of [
    '/tasks',
    `/tasks/${task.id}`,
    `/tasks/${task.id}/history`,
    '/changes?since=0',
    '/me',
  ]) {
    const got = await ask(url + path, headers)
    assert.equal(got.status, 200, path)
    assert.equal(got.headers['content-encoding'], undefined, path)
    JSON.parse(String(got.bytes))
  }
})
