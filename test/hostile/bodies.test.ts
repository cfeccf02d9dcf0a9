import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { assertProblem, docket, password } from '../harness.ts'
import { only, requestText, sendRaw } from './raw-socket.ts'

const json = { 'content-type': 'application/json' }
const tooLarge = 257 * 1024

test('hostile bodies', async (t) => {
  const { alice, url, request } = await docket(t)
  const bearer = `Authorization: Bearer ${alice.accessToken}`
  const postRaw = (body: string | Uint8Array, headers: Record<string, string> = json) =>
    alice.post('/tasks', body, headers)

  await t.test('a body of 257 KiB is refused with 413, with or without Content-Length', async () => {
    const body = JSON.stringify({ title: 'x', description: 'a'.repeat(tooLarge) })
    const sized = requestText('POST /tasks', [bearer, 'Content-Type: application/json'], body)
    const chunks = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`
    const chunked = requestText(
      'POST /tasks',
      [bearer, 'Content-Type: application/json', 'Transfer-Encoding: chunked'],
      chunks,
    )

    for (const bytes of [sized, chunked]) {
      const exchange = await sendRaw(url, bytes)
      assertProblem(only(exchange), 413, 'payload-too-large')
      assert.equal(exchange.closed, true)
    }
  })

  await t.test('a body of 256 KiB is accepted', async () => {
    const body = JSON.stringify({ title: 'x' }).padEnd(256 * 1024, ' ')

    assert.equal((await postRaw(body)).status, 201)
    assertProblem(await postRaw(`${body} `), 413, 'payload-too-large')
  })

  await t.test('a compressed body is refused with 415 and a list of what is accepted', async () => {
    for (const encoding of ['gzip', 'br', 'deflate', 'gzip, identity', 'GZIP']) {
      const answer = await postRaw(gzipSync('{"title":"x"}'), { ...json, 'content-encoding': encoding })
      assertProblem(answer, 415, 'unsupported-media-type')
      assert.equal(answer.headers.get('accept-encoding'), 'identity')
    }
    assert.equal((await postRaw('{"title":"x"}', { ...json, 'content-encoding': 'identity' })).status, 201)
  })

  await t.test('any media type other than JSON in UTF-8 is refused with 415', async () => {
    const wrong = [
      'application/json\ta',
      'text/plain',
      'application/json; charset=utf-16',
      'application/json; charset=utf-8; charset=utf-8',
      'application/json; boundary=x',
      'application/json, text/plain',
      'application/jsonx',
      'application/merge-patch+json',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application',
      ';',
    ]
    for (const type of wrong) {
      const answer = await postRaw('{"title":"x"}', { 'content-type': type })
      assertProblem(answer, 415, 'unsupported-media-type')
      assert.equal(answer.headers.get('accept-post'), 'application/json', type)
    }
    const untyped = await sendRaw(url, requestText('POST /tasks', [bearer], '{"title":"x"}'))
    assertProblem(only(untyped), 415, 'unsupported-media-type')
  })

  await t.test('every valid spelling of JSON and UTF-8 is accepted', async () => {
    const right = [
      'application/json',
      'Application/JSON',
      'application/json; charset=UTF-8',
      'application/json;charset="utf-8"',
    ]
    for (const type of right)
      assert.equal((await postRaw('{"title":"x"}', { 'content-type': type })).status, 201, type)
  })

  const unreadable = [
    { input: 'JSON nested 5,000 deep', body: '['.repeat(5000) + ']'.repeat(5000) },
    { input: 'JSON nested 33 deep', body: `{"title":${'['.repeat(32)}${']'.repeat(32)}}` },
    { input: 'objects nested 5,000 deep', body: '{"a":'.repeat(5000) + '1' + '}'.repeat(5000) },
    { input: 'brackets that never close', body: '['.repeat(200_000) },
    { input: 'the bytes FF C0 AF within a string', body: Buffer.from('{"title":"\xff\xc0\xaf"}', 'latin1') },
    { input: 'a surrogate in UTF-8', body: Buffer.from('{"title":"\xed\xa0\x80"}', 'latin1') },
    { input: 'UTF-16', body: Buffer.from('{"title":"x"}', 'utf16le') },
    { input: 'a byte order mark', body: '\ufeff{"title":"x"}' },
    { input: 'repeated keys', body: '{"title":"a","title":"b"}' },
    { input: 'keys repeated by an escape', body: '{"title":"a","\\u0074itle":"b"}' },
    { input: 'repeated keys in a nested object', body: '{"title":"a","dueDate":{"x":1,"x":2}}' },
    { input: 'a repeated __proto__', body: '{"title":"a","__proto__":1,"__proto__":2}' },
    { input: 'an empty body', body: '' },
    { input: 'only white space', body: ' \n' },
    { input: 'a trailing comma', body: '{"title":"a",}' },
    { input: 'two JSON texts', body: '{"title":"a"}{"title":"b"}' },
    { input: 'NaN', body: '{"title":NaN}' },
    { input: 'single quotes', body: "{'title':'a'}" },
    { input: 'a raw line break within a string', body: '{"title":"a\nb"}' },
  ]
  for (const { input, body } of unreadable) {
    await t.test(`${input} is refused with 400`, async () => {
      assertProblem(await postRaw(body), 400, 'malformed-request')
    })
  }

  await t.test('a Content-Type without a body is ignored by DELETE, logout and GET', async () => {
    const task = await alice.createTask({ title: 'a' })
    const { body: again } = await request('POST', '/auth/login', { body: { email: alice.email, password } })
    const other = { ...json, authorization: `Bearer ${again.accessToken}` }

    for (const type of ['application/json', 'text/plain', 'nonsense']) {
      assert.equal((await alice.get('/tasks', { 'content-type': type })).status, 200)
    }
    assert.equal((await alice.delete(`/tasks/${task.id}`, json)).status, 204)
    assert.equal((await request('POST', '/auth/logout', { headers: other })).status, 204)
  })

  await t.test('a body on an operation without one is refused, not ignored', async () => {
    const task = await alice.createTask({ title: 'a' })

    assertProblem(
      await alice.request('DELETE', `/tasks/${task.id}`, { body: { force: true } }),
      422,
      'validation-failed',
    )
    assert.equal((await alice.get(`/tasks/${task.id}`)).status, 200)
  })
})
