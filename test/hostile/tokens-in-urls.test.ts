import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertProblem, docket } from '../harness.ts'

test('a token in the URL grants no access and is not logged', async (t) => {
  const server = await docket(t)
  const { accessToken, refreshToken } = server.alice
  const calls = [
    await server.request('GET', `/me?access_token=${accessToken}`),
    await server.request('GET', `/tasks?access_token=${accessToken}`),
    await server.request('POST', `/tasks?access_token=${accessToken}`, { body: { title: 'x' } }),
    await server.request('POST', '/tasks', {
      body: `access_token=${accessToken}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    }),
  ]
  for (const answer of calls) {
    assertProblem(answer, 401, 'invalid-token')
    assert.equal(answer.headers.get('www-authenticate'), 'Bearer realm="docket"') // as for a request without a token
  }
  const further: [status: number, path: string][] = [
    [400, `/me?access_token=${accessToken}`],
    [400, `/tasks?access_token=${accessToken}`],
    [404, `/nowhere/${accessToken}?access_token=${accessToken}`],
    [404, `/tasks/${accessToken}`],
    [404, `/me/${refreshToken}`],
  ]
  for (const [status, path] of further) assert.equal((await server.alice.get(path)).status, status, path)
  const refreshing = await server.request('POST', `/auth/refresh?refresh_token=${refreshToken}`, {
    body: { refreshToken },
  })
  assertProblem(refreshing, 400, 'invalid-parameter')

  const text = JSON.stringify(server.logs)
  assert.ok(server.logs.length >= calls.length + further.length)
  for (const part of [...accessToken.split('.'), ...refreshToken.split('.').slice(2)]) {
    assert.ok(!text.includes(part))
  }
})
